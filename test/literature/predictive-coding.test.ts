import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { loadRule } from '../../src/catalogue/load.js';
import { predictiveCodingKind } from '../../src/circuits/predictive-coding.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { runExperiment } from '../../src/experiments/run.js';
import { checkRule } from '../../src/language/check/rule.js';
import { parse } from '../../src/language/parse.js';
import { simulate } from '../../src/tasks/simulate.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-predictive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Rosenbaum 2022, PLoS ONE 17:e0266102: when predictive coding is backpropagation, and when it is not.
const SIZES = [8, 10, 9, 7, 5];
const DEPTH = SIZES.length - 1;
const BATCH = 16;

type Settings = Readonly<Record<string, unknown>>;
type Matrix = readonly (readonly number[])[];

const draws = new Stream(1, 'predictive coding');
const normal = (count: number, size = 1): Float64Array =>
  Float64Array.from({ length: count }, () => size * draws.normal());
const WEIGHTS = SIZES.slice(1).map((post, l) => normal(post * SIZES[l]!, SIZES[l]! ** -0.5));
const SAMPLES = Array.from({ length: BATCH }, () => normal(SIZES[0]!));
const TARGETS = Array.from({ length: BATCH }, () => normal(SIZES.at(-1)!));

/** The change of every layer in one trial of a batch, one sample a stream, with a learning rate of 1. */
async function changes(settings: Settings, steps: number): Promise<Float64Array[]> {
  const circuit = unwrap(
    predictiveCodingKind.make({
      inputs: SIZES[0],
      hidden: SIZES.slice(1, -1),
      outputs: SIZES.at(-1),
      ...settings,
    }),
  );
  const { item, source } = unwrap(loadRule('predictive_coding'));
  const rule = unwrap(checkRule(item, source, circuit.tables.forward!));
  const inputs = SAMPLES.flatMap((sample, k) => {
    const of = k === 0 ? '' : ` (stream ${k + 1})`;
    const held = (values: Float64Array) =>
      Float64Array.from({ length: steps * values.length }, (_, i) => values[i % values.length]!);
    return [
      [`pattern${of}`, held(sample)],
      [`target${of}`, held(TARGETS[k]!)],
    ] as const;
  });
  const { states, divergence } = await simulate({
    circuit,
    rules: { forward: rule },
    values: { eta: 1 },
    streams: BATCH,
    timeline: { trials: [{ steps, events: [{ name: 'relax.end', step: steps - 1 }] }] },
    stepInputs: Object.fromEntries(inputs),
    start: Object.fromEntries(WEIGHTS.map((w, l) => [`W${l + 1}`, w])),
    seed: 1,
  });
  expect(divergence).toBeNull();
  return WEIGHTS.map((w, l) => states[`W${l + 1}`]!.map((value, k) => value - w[k]!));
}

/** Minus the gradient of the mean cost of the batch, in plain numbers, for tanh hidden layers. */
function backpropagation(output: 'linear' | 'softmax'): Float64Array[] {
  const gradients = WEIGHTS.map((w) => new Float64Array(w.length));
  SAMPLES.forEach((sample, k) => {
    const activities: number[][] = [[...sample]];
    const weights = WEIGHTS.map((w, l) => rows(w, SIZES[l]!));
    weights.forEach((w, l) => {
      const u = w.map((row) => row.reduce((sum, x, j) => sum + x * activities[l]![j]!, 0));
      activities.push(l < DEPTH - 1 ? u.map(Math.tanh) : answer(u, output));
    });
    let error = activities[DEPTH]!.map((y, i) => y - TARGETS[k]![i]!);
    for (let l = DEPTH - 1; l >= 0; l--) {
      const below = activities[l]!;
      error.forEach((e, i) => {
        below.forEach((x, j) => {
          gradients[l]![i * below.length + j]! -= (e * x) / BATCH;
        });
      });
      error = below.map((y, j) => {
        const back = weights[l]!.reduce((sum, row, i) => sum + row[j]! * error[i]!, 0);
        return back * (1 - y ** 2);
      });
    }
  });
  return gradients;
}

const rows = (w: Float64Array, columns: number): Matrix =>
  Array.from({ length: w.length / columns }, (_, i) => [
    ...w.subarray(i * columns, (i + 1) * columns),
  ]);

function answer(u: number[], output: 'linear' | 'softmax'): number[] {
  if (output === 'linear') return u;
  const e = u.map(Math.exp);
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((value) => value / total);
}

const inner = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, k) => sum + value * b[k]!, 0);
const distance = (a: Float64Array, b: Float64Array): number => {
  const off = a.map((value, k) => value - b[k]!);
  return Math.sqrt(inner(off, off) / inner(b, b));
};
const degrees = (a: Float64Array, b: Float64Array): number =>
  (180 / Math.PI) * Math.acos(inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b)));

/** Relative error of each layer's change, first layer first. */
async function errors(settings: Settings, steps: number): Promise<number[]> {
  const exact = backpropagation(settings.output === 'softmax' ? 'softmax' : 'linear');
  return (await changes(settings, steps)).map((change, l) => distance(change, exact[l]!));
}

describe('predictive coding, beside backpropagation', () => {
  test.each([{}, { nonlinearity: 'before' }, { output: 'softmax' }])(
    'with fixed predictions and a rate of 1 the same after as many steps as layers: %o',
    async (settings) => {
      const fixed = { ...settings, inference: 'fixed', rate: 1 };
      expect(Math.max(...(await errors(fixed, DEPTH)))).toBeLessThan(1e-12);
      expect(Math.max(...(await errors(fixed, DEPTH + 2)))).toBeLessThan(1e-12);
      // One step fewer, and nothing has reached the first layer.
      const [first, ...others] = await errors(fixed, DEPTH - 1);
      expect(first).toBeGreaterThan(0.5);
      expect(Math.max(...others)).toBeLessThan(1e-12);
    },
  );

  test('with fixed predictions and a small rate ever nearer', async () => {
    const found: number[][] = [];
    for (const steps of [20, 50, 100, 200]) {
      found.push(await errors({ inference: 'fixed', rate: 0.1 }, steps));
    }
    for (let l = 0; l < DEPTH - 1; l++) {
      const ofLayer = found.map((each) => each[l]!);
      expect([...ofLayer].sort((a, b) => b - a)).toEqual(ofLayer);
      expect(new Set(ofLayer).size).toBe(ofLayer.length);
    }
    expect(Math.max(...found.at(-1)!)).toBeLessThan(1e-5);
    expect(found[0]![0]).toBeGreaterThan(0.1);
  });

  test.each([
    ['exact', 1],
    ['exact', 3],
    ['z-il', DEPTH],
    ['z-il', DEPTH + 3],
  ])('%s is the same, in %i steps', async (inference, steps) => {
    for (const settings of [{}, { nonlinearity: 'before' }, { output: 'softmax' }]) {
      const found = await errors({ ...settings, inference }, steps);
      expect(Math.max(...found)).toBeLessThan(1e-12);
    }
  });

  test('strict inference differs, the less the smaller the error at the output', async () => {
    // The cost is the mean over the batch, so that the error of a sample is a 16th of its distance.
    const gain = 1 / BATCH;
    const exact = backpropagation('linear');
    const strict = async (outputGain: number) =>
      (await changes({ inference: 'strict', outputGain }, 400)).map((each) =>
        each.map((value) => value / outputGain),
      );
    const [large, small] = [await strict(gain), await strict(gain / 10)];
    for (let l = 0; l < DEPTH; l++) {
      const angle = degrees(large[l]!, exact[l]!);
      expect(angle).toBeGreaterThan(1);
      expect(angle).toBeLessThan(60);
      const shrinks = distance(large[l]!, exact[l]!) / distance(small[l]!, exact[l]!);
      expect(shrinks).toBeGreaterThan(5);
      expect(shrinks).toBeLessThan(12);
    }
  });
});

describe('experiments with predictive coding', () => {
  const run = async (name: string, text: string) => {
    const experiment = unwrap(parseExperiment({ name: `${name}.yaml`, text }, folder));
    const { rules } = await runExperiment(experiment, {
      out: join(folder, name),
      command: [],
      versions: {},
      signal: new AbortController().signal,
    });
    return (rule: string, figure: string): number =>
      rules.find((each) => each.name === rule)!.metrics[figure]!.mean;
  };

  test('tell how far the errors are from those of backpropagation', async () => {
    const mean = await run(
      'errors',
      `name: strict
rule: predictive_coding
circuit: {name: predictive-coding, hidden: [7, 6], outputs: 3, output: softmax, measures: [backpropagation]}
task: {name: shown-images, pool: 7, classes: [0, 1, 2], held: trial, steps: 30, trials: 6}
compare:
  - {name: fixed, circuit: {inference: fixed, rate: 1}, task: {steps: 3}}
  - {name: too short, circuit: {inference: fixed, rate: 1}, task: {steps: 2}}
  - {name: z-il, circuit: {inference: z-il}, task: {steps: 3}}
evaluate: {tasks: 2}
engine: {name: interpret}
workers: 1`,
    );
    for (const layer of [1, 2, 3]) {
      expect(mean('strict', `relative error ${layer}`)).toBeGreaterThan(0.05);
      expect(mean('strict', `angle ${layer}`)).toBeGreaterThan(1);
      expect(mean('strict', `angle ${layer}`)).toBeLessThan(60);
      for (const name of ['fixed', 'z-il']) {
        expect(mean(name, `relative error ${layer}`)).toBeLessThan(1e-12);
      }
      expect(mean('too short', `relative error ${layer}`)).toBeCloseTo(layer === 1 ? 1 : 0, 12);
    }
  });

  test('learn digits about as well by strict inference as by backpropagation', async () => {
    const mean = await run(
      'digits',
      `name: strict
rule: predictive_coding
values: {eta: 0.05}
circuit: {name: predictive-coding, hidden: [24], outputs: 10, output: softmax}
task: {name: shown-images, pool: 4, held: trial, steps: 15, trials: 1500, asked: 300}
compare:
  - {name: fixed, circuit: {inference: fixed, rate: 1}, task: {steps: 2}}
  - {name: backpropagation, circuit: {inference: exact}, task: {steps: 1}}
evaluate: {tasks: 2}
workers: 1`,
    );
    const exact = mean('backpropagation', 'accuracy');
    expect(mean('no-learning', 'accuracy')).toBeLessThan(0.25);
    expect(exact).toBeGreaterThan(0.7);
    expect(Math.abs(mean('fixed', 'accuracy') - exact)).toBeLessThan(0.02);
    expect(Math.abs(mean('strict', 'accuracy') - exact)).toBeLessThan(0.1);
  });
});

test('the learning rate has an exact derivative, on every engine', async () => {
  const circuit = unwrap(
    predictiveCodingKind.make({ inputs: 3, hidden: [5, 4], outputs: 2, queries: 4 }),
  );
  const text = 'rule p { param eta = 0.1 fit at relax.end: dw = -eta * post.error * pre }';
  const source = { name: 'p.rule', text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('no rule');
  const rule = unwrap(checkRule(item, source, circuit.tables.forward!));
  const [steps, trials] = [12, 5];
  const held = (size: number): Float64Array => {
    const each = normal(trials * size);
    return Float64Array.from({ length: trials * steps * size }, (_, k) => {
      const trial = Math.floor(k / (steps * size));
      return each[trial * size + (k % size)]!;
    });
  };
  const given = {
    circuit,
    rules: { forward: rule },
    timeline: {
      trials: Array.from({ length: trials }, () => ({
        steps,
        events: [{ name: 'relax.end', step: steps - 1 }],
      })),
    },
    stepInputs: { pattern: held(3), target: held(2) },
    queryInputs: { 'query patterns': normal(12), 'query targets': normal(8) },
    seed: 1,
  };
  const loss = async (eta: number) => (await simulate({ ...given, values: { eta } })).loss;
  const slope = ((await loss(0.1 + 1e-5)) - (await loss(0.1 - 1e-5))) / 2e-5;
  expect(Math.abs(slope)).toBeGreaterThan(0.01);
  const exact = await simulate({ ...given, gradient: true });
  expect(Math.abs(exact.gradient.eta! / slope - 1)).toBeLessThan(1e-7);
  const fused = await simulate({ ...given, gradient: true, engine: { name: 'fused' } });
  expect(Math.abs(fused.gradient.eta! / slope - 1)).toBeLessThan(1e-3);
  expect(Math.abs(fused.loss / exact.loss - 1)).toBeLessThan(1e-4);
});
