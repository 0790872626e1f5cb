import { basename } from 'node:path';
import { unwrap } from '../base/result.js';
import { latexEquations } from '../express/latex.js';
import { createRun, type RunFacts } from '../runs/folder.js';
import type { InferRequest } from './from-file.js';
import { EXCHANGES } from './hidden/assess-courses.js';
import type { InferResult } from './result.js';
import { USUAL_PRICE } from './sparse/criterion.js';
import { LEVEL, RESAMPLES, SHIFTS } from './trust/assess.js';
import { CHANCE_LEVEL, ESTABLISHED, NULL_LEVEL, TENTATIVE } from './trust/verdicts.js';

/** What was asked, for the record. */
export interface KeepFacts extends Pick<RunFacts, 'command' | 'versions'> {
  readonly request: InferRequest & {
    readonly activation?: string;
    readonly decision?: string;
    readonly window?: number | 'fit';
    readonly alike?: boolean;
  };
}

/** The request with everything that nobody was asked for. */
function configOf({ recording, observed }: InferResult, request: KeepFacts['request']) {
  const { activation = null, ...asked } = request;
  return {
    infer: recording,
    ...(observed === 'activity' ? { ...asked, activation } : asked),
    resamples: RESAMPLES,
    ...(observed === 'changes' ? { shifts: SHIFTS } : { exchanges: EXCHANGES }),
    level: LEVEL,
    ...(observed === 'changes' && { criterion: USUAL_PRICE }),
    verdicts: {
      chance: CHANCE_LEVEL,
      nullTest: NULL_LEVEL,
      established: ESTABLISHED,
      tentative: TENTATIVE,
    },
  };
}

/**
 * Writes a result into a run folder of its own: the rule, its LaTeX, the whole result, what was asked,
 * and the hash of the recording. Throws an `EngrammarError` for a folder that is taken or unwritable.
 */
export function keepInference(folder: string, result: InferResult, facts: KeepFacts): InferResult {
  const { recording, seed, rule } = result;
  const { request, ...rest } = facts;
  const own = { config: configOf(result, request), name: basename(recording), seed };
  const run = unwrap(createRun(folder, { ...rest, ...own, data: [recording] }));
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
