import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import type { Arrays } from '../../src/engine/engine.js';
import { readRuleTexts } from '../../src/experiments/attached.js';
import { contestantsOf } from '../../src/experiments/contest.js';
import { descended } from '../../src/experiments/descent.js';
import { type Experiment, parseExperiment } from '../../src/experiments/load.js';
import { type RunResult, runExperiment } from '../../src/experiments/run.js';
import { setupOf, studyOf } from '../../src/experiments/study.js';
import { simulate } from '../../src/tasks/simulate.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-descent-'));
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string): Experiment =>
  unwrap(parseExperiment({ name: 'my.yaml', text }, folder));

let runs = 0;
function run(text: string): Promise<RunResult> {
  runs += 1;
  return runExperiment(parse(`${text}\nworkers: 1\n`), {
    out: join(folder, `run-${runs}`),
    command: ['test'],
    versions: {},
    signal: new AbortController().signal,
  });
}

const STEPS = 6;
const recurrent = (engine: string, trials = 4): string => `
descent: {rate: 0.5}
circuit: {name: recurrent, neurons: 3, tau: 1, gain: 0.7, start: 1}
task: {name: sines, steps: ${STEPS}, trials: ${trials}}
evaluate: {tasks: 2}
baselines: []
engine: {name: ${engine}}
`;

const product = (w: Float64Array, x: readonly number[]): number[] =>
  Array.from({ length: w.length / x.length }, (_, i) =>
    x.reduce((sum, value, j) => sum + w[i * x.length + j]! * value, 0),
  );
const transposed = (w: Float64Array, x: readonly number[]): number[] =>
  Array.from({ length: w.length / x.length }, (_, j) =>
    x.reduce((sum, value, i) => sum + w[(i * w.length) / x.length + j]! * value, 0),
  );
const norm = (w: Float64Array): number => Math.hypot(...w);

/** Backpropagation through time of h ← tanh(W h), y = R h, with the mean of (y − target)² / 2, by hand. */
function byHand(start: Arrays, target: Float64Array, rate: number) {
  const [W, R] = [start.recurrent!, start.readout!];
  const h = [[...start['initial activity']!]];
  for (let t = 0; t < STEPS; t++) h.push(product(W, h[t]!).map(Math.tanh));
  const errors = h.slice(1).map((each, t) => product(R, each)[0]! - target[t]!);
  const loss = errors.reduce((sum, error) => sum + error * error, 0) / (2 * STEPS);
  const [dW, dR] = [new Float64Array(W.length), new Float64Array(R.length)];
  let delta = h[0]!.map(() => 0);
  for (let t = STEPS; t > 0; t--) {
    const error = errors[t - 1]! / STEPS;
    const back = transposed(W, delta);
    delta = back.map((value, i) => (value + R[i]! * error) * (1 - h[t]![i]! ** 2));
    for (const [i, value] of delta.entries()) {
      dR[i]! += error * h[t]![i]!;
      for (const [j, before] of h[t - 1]!.entries()) dW[i * delta.length + j]! += value * before;
    }
  }
  const down = (w: Float64Array, slope: Float64Array) => w.map((x, at) => x - rate * slope[at]!);
  return { loss, start: { ...start, recurrent: down(W, dW), readout: down(R, dR) } };
}

describe('weights that go down the gradient of each trial', () => {
  it('do what backpropagation through time does that is written out by hand', async () => {
    const text = recurrent('interpret');
    const { metrics, curves, name, about } = (await run(text)).rules[0]!;
    expect([name, about]).toEqual([
      'gradient',
      'gradient of the loss on recurrent, readout, feedback, rate 0.5',
    ]);
    const setup = setupOf(studyOf(parse(text).config));
    const figures = [0, 1].map((task) => {
      const episode = setup.episode('score', task);
      let { start } = episode;
      const losses: number[] = [];
      for (let trial = 0; trial < 4; trial++) {
        const target = episode.stepInputs.target!.subarray(trial * STEPS, (trial + 1) * STEPS);
        const after = byHand(start, target, 0.5);
        losses.push(after.loss);
        start = after.start;
      }
      return { losses, norm: norm(start.recurrent!) };
    });
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    for (let trial = 0; trial < 4; trial++) {
      const expected = mean(figures.map(({ losses }) => losses[trial]!));
      expect(curves.loss!.mean[trial]).toBeCloseTo(expected, 12);
    }
    expect(metrics['norm of recurrent']!.mean).toBeCloseTo(mean(figures.map((f) => f.norm)), 12);
    expect(metrics.loss!.mean).toBeLessThan(metrics['first loss']!.mean);
  });

  it('do the same on the fused engine', async () => {
    const [slow, fast] = [await run(recurrent('interpret', 30)), await run(recurrent('fused', 30))];
    const course = (result: RunResult) => result.rules[0]!.curves.loss!.mean;
    for (const [trial, loss] of course(slow).entries())
      expect(course(fast)[trial]! / loss).toBeCloseTo(1, 3);
  });

  it('go where central differences of the loss say, also where others learn by a rule meanwhile', async () => {
    const text = `
rules: {readout: rflo_readout}
values: {eta: 0.2}
descent: {kinds: [recurrent, input], rate: 1}
circuit: {name: recurrent, neurons: 4, inputs: 2, tau: 3}
task: {name: sines, steps: 8, trials: 1}
`;
    const experiment = parse(text);
    const [own] = contestantsOf(experiment);
    const setup = setupOf(own!.study);
    const { circuit } = setup;
    const episode = setup.episode('score', 0);
    const stimulus = Float64Array.from({ length: 16 }, (_, k) => Math.sin(3 * k));
    const simulation = {
      circuit,
      rules: readRuleTexts('own', own!.rules, circuit),
      values: own!.values,
      timeline: episode.timeline,
      stepInputs: { ...episode.stepInputs, stimulus },
      seed: 1,
    };
    const lossFrom = async (start: Arrays) => (await simulate({ ...simulation, start })).loss;
    const { start } = episode;
    const result = await simulate({ ...simulation, start, gradient: true });
    const next = descended(result, { circuit, start }, own!.descent!);
    expect(next.readout).toEqual(result.states.readout);
    for (const name of ['recurrent', 'input']) {
      for (let at = 0; at < start[name]!.length; at++) {
        const moved = (by: number) =>
          lossFrom({ ...start, [name]: start[name]!.map((w, k) => (k === at ? w + by : w)) });
        const slope = ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5;
        expect(next[name]![at]! - start[name]![at]!).toBeCloseTo(-slope, 8);
      }
    }
  });

  it('are no synapses that do not exist', async () => {
    const text = `
descent: {rate: 0.1}
circuit: {name: relaxing}
task: {name: patterns, phases: [free], epochs: 1, steps: 10}
`;
    const setup = setupOf(studyOf(parse(text).config));
    const { start, timeline, stepInputs } = setup.episode('score', 0);
    const { circuit } = setup;
    const trials = timeline.trials.slice(-1);
    const steps = trials[0]!.steps;
    const inputs = Object.entries(stepInputs).map(([name, values]) => {
      const size = values.length / (steps * timeline.trials.length);
      return [name, values.slice(-steps * size)] as const;
    });
    const result = await simulate({
      circuit,
      rules: {},
      timeline: { trials },
      stepInputs: Object.fromEntries(inputs),
      start,
      seed: 1,
      gradient: true,
    });
    const kinds = [...new Set(circuit.projections.map(({ kind }) => kind))];
    const next = descended(result, { circuit, start }, { kinds, rate: 0.1 });
    const mask = start['mask recurrent']!;
    const changed = next.recurrent!.map((w, at) => w - start.recurrent![at]!);
    expect(changed.some((by, at) => mask[at] === 1 && by !== 0)).toBe(true);
    expect(changed.filter((by, at) => mask[at] === 0 && by !== 0)).toHaveLength(0);
  });
});

describe('contestants without rules', () => {
  const FILE = `
rules: {recurrent: rflo, readout: rflo_readout}
circuit: {name: recurrent, neurons: 4}
task: {name: sines, steps: 5, trials: 3}
evaluate: {tasks: 2}
`;
  const codes = async (text: string) => {
    const error = await run(text).catch((caught: unknown) => caught);
    return error instanceof EngrammarError ? error.diagnostics.map(({ code }) => code) : error;
  };

  it('stand beside those with rules, or alone', async () => {
    const { rules } = await run(`${FILE}
compare:
  - {name: BPTT, descent: {rate: 0.03}}
  - {name: half, rules: {recurrent: rflo}, descent: {kinds: [readout]}}
  - {name: still, rules: {}}
`);
    expect(rules.map(({ name, about }) => `${name}: ${about}`)).toEqual([
      'rflo + rflo_readout: rflo on recurrent, rflo_readout on readout',
      'BPTT: gradient of the loss on recurrent, readout, feedback, rate 0.03',
      'half: rflo on recurrent, gradient of the loss on readout, rate 0.03',
      'still: nothing learns',
      'no-learning: the circuit as it starts',
    ]);
    expect(rules[3]!.metrics).toMatchObject(JSON.parse(JSON.stringify({ loss: { tasks: 2 } })));
    expect(rules[3]!.metrics.loss!.mean).toBe(rules[4]!.metrics.loss!.mean);
    expect(rules[1]!.metrics.loss!.mean).not.toBe(rules[4]!.metrics.loss!.mean);
  });

  it('are refused where there is nothing to go down, or weights have two masters', async () => {
    expect(await codes(`${FILE}descent: {kinds: [readout]}\n`)).toEqual(['E549']);
    expect(await codes(`${FILE}descent: {kinds: [forward]}\n`)).toEqual(['E443']);
    expect(
      await codes(
        'descent: {}\ncircuit: {name: layer}\ntask: {name: gaussian, eigenvalues: [1], trials: 2}',
      ),
    ).toEqual(['E550']);
    expect(
      await codes('descent: {}\ncircuit: {name: feed-forward, hidden: [4]}\ntask: {name: digits}'),
    ).toEqual(['E550']);
  });
});
