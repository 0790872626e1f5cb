import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { notResumable } from '../../src/base/diagnostics/discover.js';
import { runFinished } from '../../src/base/diagnostics/run.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { parseExperiment } from '../../src/experiments/load.js';
import {
  isRulesRun,
  RunInterrupted,
  type RunOptions,
  type RunResult,
  resumeRun,
  runExperiment,
} from '../../src/experiments/run.js';
import { writeReport } from '../../src/report/report.js';
import { createRun } from '../../src/runs/folder.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'my.rule'), 'rule my for readout { dw = -0.1 * post.error * pre }');

const EXPERIMENT = `
rules: {recurrent: rflo, readout: my.rule}
circuit: {name: recurrent, neurons: 6}
task: {name: sines, steps: 10, trials: 40}
compare:
  - {name: BPTT, descent: {rate: 0.1}}
  - {name: wide, circuit: {neurons: 9}, values: {rflo.eta: 0.02}}
evaluate: {tasks: 4}
workers: 1
`;

const options = (out: string, changes: Partial<RunOptions> = {}): RunOptions => ({
  out: join(folder, out),
  command: ['engrammar', 'run', 'my.yaml', '--out', out],
  versions: { engrammar: 'test' },
  signal: new AbortController().signal,
  saveEvery: 0,
  ...changes,
});

/** What does not depend on where and how fast it ran. */
function kept(out: string): string {
  const text = readFileSync(join(folder, out, 'result.json'), 'utf8');
  const { runFolder: _, seconds: __, ...result } = JSON.parse(text) as RunResult;
  return JSON.stringify(result);
}

/** Starts or goes on, and stops after so many episodes. */
async function stopped(
  begin: (changes: Partial<RunOptions>) => Promise<RunResult>,
  after: number,
): Promise<unknown> {
  const stop = new AbortController();
  return begin({
    signal: stop.signal,
    onProgress: ({ done, before }) => {
      if (done - before >= after) stop.abort();
    },
  }).catch((caught: unknown) => caught);
}

describe('a run of rules', () => {
  it('that was interrupted ends as one that was not, and runs nothing twice', async () => {
    const text = unwrap(parseExperiment({ name: 'my.yaml', text: EXPERIMENT }, folder));
    await runExperiment(text, options('whole'));
    const first = await stopped((more) => runExperiment(text, options('parts', more)), 3);
    expect(first).toBeInstanceOf(RunInterrupted);
    const path = join(folder, 'parts');
    expect(isRulesRun(path)).toBe(true);
    // Whatever happens to the file that the rule came from.
    rmSync(join(folder, 'my.rule'));
    const second = await stopped((more) => resumeRun(path, options('', more)), 3);
    expect(second).toBeInstanceOf(RunInterrupted);
    let begun = Number.NaN;
    const last = await resumeRun(
      path,
      options('', {
        onProgress: ({ before, expected }) => {
          begun = before;
          expect(expected).toBe(16);
        },
      }),
    );
    // Two episodes at least of each process that was stopped: the third was not finished for sure.
    expect(begun).toBeGreaterThanOrEqual(4);
    expect(begun).toBeLessThan(16);
    expect(kept('parts')).toBe(kept('whole'));
    expect(last.rules.map(({ name }) => name)).toEqual([
      'rflo + my',
      'BPTT',
      'wide',
      'no-learning',
    ]);
  });

  it('has a report: rules, figures, curves, and how to repeat it', () => {
    const page = readFileSync(unwrap(writeReport(join(folder, 'whole'))), 'utf8');
    for (const words of [
      'rflo + my, on recurrent',
      'Learning curves',
      'loss by trial: rflo + my, BPTT, wide, no-learning',
      'wide ran with other values than those written: rflo.eta 0.02.',
      'engrammar run my.yaml',
      'curves.csv',
    ])
      expect(page).toContain(words);
    expect(page).not.toMatch(/NaN|undefined/);
    // The rule of both contestants that have it is typeset once.
    expect(page.match(/<h3>[^<]*, on recurrent/g)).toHaveLength(1);
  });

  it('that is done, or has saved nothing, is not taken up', async () => {
    const codes = async (path: string) => {
      const error = await resumeRun(path, options('')).catch((caught: unknown) => caught);
      return error instanceof EngrammarError ? error.diagnostics.map(({ code }) => code) : error;
    };
    expect(await codes(join(folder, 'whole'))).toEqual([runFinished.code]);
    const facts = { name: 'none', config: {}, command: [], seed: 1, versions: {} };
    unwrap(createRun(join(folder, 'none'), facts)).finish('failed');
    expect(isRulesRun(join(folder, 'none'))).toBe(false);
    expect(await codes(join(folder, 'none'))).toEqual([notResumable.code]);
  });
});
