import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import type { LearningCurve } from '../../src/experiments/courses.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { type RunResult, runExperiment } from '../../src/experiments/run.js';
import { curveFigures, writeCurves } from '../../src/report/run/curves.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-curves-'));
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;
function run(text: string): Promise<RunResult> {
  runs += 1;
  const experiment = unwrap(parseExperiment({ name: 'my.yaml', text }, folder));
  return runExperiment(experiment, {
    out: join(folder, `run-${runs}`),
    command: ['test'],
    versions: {},
    signal: new AbortController().signal,
  });
}

const sines = (trials: number, measures = '[]'): string => `
rules: {recurrent: rflo, readout: rflo_readout}
circuit: {name: recurrent, neurons: 8, tau: 5, measures: ${measures}}
task: {name: sines, steps: 12, trials: ${trials}}
evaluate: {tasks: 2}
baselines: []
engine: {name: interpret}
workers: 1
`;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

describe('a learning curve', () => {
  it('has the loss of every trial, whether or not anybody looked then', async () => {
    const { curves } = (await run(sines(50))).rules[0]!;
    expect(curves.loss!.trials).toEqual(Array.from({ length: 50 }, (_, k) => k + 1));
    for (const trials of [2, 7, 33]) {
      // A shorter run ends in that trial.
      const { metrics } = (await run(sines(trials))).rules[0]!;
      expect(curves.loss!.mean[trials - 1]).toBeCloseTo(metrics.loss!.mean, 12);
    }
    const { mean: middle, lo, hi, tasks } = curves.loss!;
    expect(tasks).toBe(2);
    expect(lo[20]! <= middle[20]! && middle[20]! <= hi[20]!).toBe(true);
    expect(middle.at(-1)).toBeLessThan(middle[0]!);
  });

  it('has at most 200 points, each the average over its trials', async () => {
    const whole = (await run(sines(50))).rules[0]!.curves.loss!;
    const long = (await run(sines(450))).rules[0]!.curves.loss!;
    expect(long.trials).toHaveLength(150);
    expect(long.trials.slice(0, 2)).toEqual([3, 6]);
    expect(long.trials.at(-1)).toBe(450);
    for (const point of [0, 5, 15]) {
      const own = whole.mean.slice(3 * point, 3 * point + 3);
      expect(long.mean[point]).toBeCloseTo(mean(own), 12);
    }
  });

  it('averages over what belongs together, such as all patterns once', async () => {
    const { curves, metrics } = (
      await run(`
rules: {recurrent: contrastive, bias: contrastive}
circuit: {name: relaxing}
task: {name: patterns, epochs: 60, steps: 20}
evaluate: {tasks: 2}
workers: 1
`)
    ).rules[0]!;
    expect(curves.loss!.trials.slice(0, 2)).toEqual([4, 8]);
    expect(curves.loss!.mean[0]).toBeCloseTo(metrics['first loss']!.mean, 5);
    expect(curves.loss!.mean.at(-1)).toBeCloseTo(metrics.loss!.mean, 5);
  });

  it('of what weights make has the trials at which it was looked at', async () => {
    const { curves, metrics } = (await run(sines(50, '[alignment]'))).rules[0]!;
    const { trials, mean: values } = curves.alignment!;
    expect(trials[0]).toBe(1);
    expect(trials.at(-1)).toBe(50);
    expect(values.at(-1)).toBeCloseTo(metrics.alignment!.mean, 12);
  });

  it('is missing where there is one trial, or no loss', async () => {
    const oja = await run(`
rule: oja
circuit: {name: layer}
task: {name: gaussian, eigenvalues: [3, 1], steps: 10, trials: 4}
evaluate: {tasks: 2}
workers: 1
`);
    expect(oja.rules.map(({ curves }) => curves)).toEqual([{}, {}]);
    expect(writeCurves(oja.runFolder, oja.rules, 0.95)).toEqual([]);
  });
});

describe('its files', () => {
  const curve = (values: readonly number[], tasks: number): LearningCurve => ({
    trials: values.map((_, k) => k + 1),
    mean: values,
    lo: values.map((value) => (tasks < 2 ? null : value - 0.2)),
    hi: values.map((value) => (tasks < 2 ? null : value + 0.2)),
    tasks,
  });
  const learners = [
    {
      name: 'fast, <sure>',
      baseline: false,
      curves: { loss: curve([1, 0.1, 0.01], 3), 'share right': curve([0, 0.5, 1], 3) },
    },
    {
      name: 'still, as the circuit was when it began',
      baseline: true,
      curves: { loss: curve([1, 1, 1], 3) },
    },
  ];

  it('are a table, and a figure for each quantity, on a scale of ratios where these are large', () => {
    expect(writeCurves(folder, learners, 0.9)).toEqual([
      'curves.csv',
      'curves.svg',
      'curves-share-right.svg',
    ]);
    const table = readFileSync(join(folder, 'curves.csv'), 'utf8').split('\n');
    expect(table.slice(0, 2)).toEqual([
      'contestant,quantity,trial,mean,lo,hi,tasks',
      '"fast, <sure>",loss,1,1,0.8,1.2,3',
    ]);
    expect(table).toHaveLength(1 + 9 + 1);
    const [loss, share] = curveFigures(learners, 0.9);
    expect([loss, share].map((each) => each!.figure.logarithmic)).toEqual([true, false]);
    expect(loss!.figure.lines.map(({ label }) => label)).toEqual([
      'fast, <sure>',
      'still, as the circuit was when …',
    ]);
    // An interval that reaches below 0 ends at its mean: no decade has room for it.
    expect(loss!.figure.lines[0]!.band![2]).toEqual([3, 0.01, 0.21000000000000002]);
    const svg = readFileSync(join(folder, 'curves.svg'), 'utf8');
    expect(svg).toContain('fast, &lt;sure&gt;');
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg).toContain('prefers-color-scheme: dark');
  });
});
