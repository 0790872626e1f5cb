import { basename } from 'node:path';
import { unwrap } from '../base/result.js';
import { latexEquations } from '../express/latex.js';
import { createRun, type RunFacts } from '../runs/folder.js';
import type { InferResult } from './result.js';

/** What was asked, for the record. */
export type KeepFacts = Pick<RunFacts, 'config' | 'command' | 'versions'>;

/**
 * Writes a result into a run folder of its own: the rule, its LaTeX, the whole result, what was asked,
 * and the hash of the recording. Throws an `EngrammarError` for a folder that is taken or unwritable.
 */
export function keepInference(folder: string, result: InferResult, facts: KeepFacts): InferResult {
  const { recording, seed, rule } = result;
  const name = basename(recording);
  const run = unwrap(createRun(folder, { ...facts, name, seed, data: [recording] }));
  try {
    const kept = { ...result, runFolder: run.path };
    if (rule !== null) {
      run.writeRule(rule.text);
      run.writeLatex(latexEquations(rule.latex));
    }
    run.writeResult(kept);
    run.finish('done');
    return kept;
  } catch (error) {
    run.finish('failed');
    throw error;
  }
}
