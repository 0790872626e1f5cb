import { describe, expect, test } from 'vitest';
import { inputWidth, tooMany } from '../../src/base/diagnostics/task.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { CIRCUITS } from '../../src/circuits/registry.js';
import type { Circuit } from '../../src/program/circuit.js';
import { stepsOf } from '../../src/program/schedule.js';
import { inputsBetween, madeByTrial } from '../../src/tasks/inputs/made.js';
import { sineBasis } from '../../src/tasks/inputs/sine-basis.js';
import { latentInputs } from '../../src/tasks/kinds/latent-inputs.js';
import { reservoirInputs } from '../../src/tasks/kinds/reservoir-inputs.js';
import { simulate } from '../../src/tasks/simulate.js';

const circuitOf = (settings: Readonly<Record<string, unknown>>): Circuit =>
  unwrap(CIRCUITS.find(({ name }) => name === 'perturbed')!.make(settings));

const W = [0.5, -1, 2, 0.25, 0, 1];
const PATTERNS = [1, 2, -1, 0.5, 0, 3];
const TARGETS = [1, 0, -1, 2];

describe('the circuit perturbed', () => {
  test('perturbs only where it should, and tells what the perturbation was worth', async () => {
    // Two bins of baseline, the same two perturbed; three inputs, two outputs.
    const phases = [
      { name: 'baseline', steps: 2 },
      { name: 'perturbed', steps: 2 },
    ];
    const xi = [0.3, -0.2, 0.1, 0.4];
    const inputs = {
      pattern: Float64Array.from([...PATTERNS, ...PATTERNS]),
      target: Float64Array.from([...TARGETS, ...TARGETS]),
      noise: Float64Array.from([9, 9, 9, 9, ...xi]),
    };
    const outputs = (t: number): number[] =>
      [0, 1].map((m) =>
        [0, 1, 2].reduce((sum, i) => sum + W[3 * m + i]! * PATTERNS[3 * t + i]!, 0),
      );
    const plain = [0, 1].flatMap(outputs);
    const error = (values: readonly number[]): number =>
      values.reduce((sum, value, k) => sum + (value - TARGETS[k]!) ** 2 / 4, 0);
    const shifted = plain.map((value, k) => value + xi[k]!);
    const rewards: number[] = [];
    for (const reward of ['absolute', 'difference']) {
      const done = await simulate({
        circuit: circuitOf({ inputs: 3, outputs: 2, reward }),
        rules: {},
        timeline: { trials: [{ steps: 4, phases }] },
        stepInputs: inputs,
        start: { readout: Float64Array.from(W) },
        seed: 1,
        record: { slots: ['output', 'phase reward'], every: 2 },
      });
      expect(done.loss).toBeCloseTo(error(plain), 14);
      expect([...done.record.output!]).toEqual(
        [plain[2], plain[3], shifted[2], shifted[3]].map((value) => expect.closeTo(value!, 14)),
      );
      const [before, after] = done.record['phase reward']!;
      expect(before).toBeCloseTo(reward === 'absolute' ? -error(plain) : 0, 14);
      rewards.push(after! - before!);
    }
    for (const each of rewards) expect(each).toBeCloseTo(error(plain) - error(shifted), 14);
  });

  test('perturbs all outputs through the weights, and tells of weights whose input was never used', async () => {
    const noise = [0.1, 0, -0.2, 0.3, 0.4, 0];
    const done = await simulate({
      circuit: circuitOf({ inputs: 3, outputs: 2, perturbs: 'weights' }),
      rules: {},
      timeline: { trials: [{ steps: 1, phases: [{ name: 'perturbed', steps: 1 }] }] },
      stepInputs: {
        pattern: Float64Array.from([1, 0, -2]),
        target: new Float64Array(2),
        noise: Float64Array.from(noise),
      },
      start: { readout: Float64Array.from(W) },
      seed: 1,
      record: { slots: ['output'], every: 1 },
    });
    expect([...done.record.output!]).toEqual([
      expect.closeTo(0.5 + 0.1 - 2 * (2 - 0.2), 14),
      expect.closeTo(0.25 + 0.3 - 2 * 1, 14),
    ]);
    // Of the weights −1 and 0 from the second input.
    expect(done.outputs['rms of idle weights']![0]).toBeCloseTo(Math.sqrt(1 / 2), 14);
  });
});

describe('the task latent-inputs', () => {
  const settings = { steps: 12, relevant: 5, active: 2, unreachable: 3, trials: 4 };

  test('shows orthogonal inputs of equal strength, and targets with a part that no input has', () => {
    const circuit = circuitOf({ inputs: 8, outputs: 2 });
    const episode = unwrap(latentInputs.make(settings, circuit)).episode(new Stream(1, 'task'));
    const whole = stepsOf(episode.timeline);
    expect(whole).toBe(48);
    const { pattern, target } = inputsBetween(episode, { from: 12, to: 24, whole });
    const column = (values: Float64Array, width: number, k: number): number[] =>
      Array.from({ length: 12 }, (_, t) => values[t * width + k]!);
    const inner = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, t) => sum + (value * b[t]!) / 12, 0);
    const columns = Array.from({ length: 8 }, (_, k) => column(pattern!, 8, k));
    const used = columns.flatMap((each, k) => (inner(each, each) > 0 ? [k] : []));
    expect(used).toHaveLength(2);
    expect(used.every((k) => k < 5)).toBe(true);
    const [one, two] = used.map((k) => columns[k]!);
    // Eight inputs, two of them active: a strength of 4.
    expect(inner(one!, one!)).toBeCloseTo(4, 12);
    expect(inner(one!, two!)).toBeCloseTo(0, 12);
    for (const m of [0, 1]) {
      const rest = column(target!, 2, m).map((value, t) => value - 0.1 * (one![t]! + two![t]!));
      for (const each of columns) expect(inner(rest, each)).toBeCloseTo(0, 12);
      // Half of the squares, summed over two outputs, is 3.
      expect(inner(rest, rest)).toBeCloseTo(3, 12);
    }
  });

  test('draws other inputs in other trials, and the same whoever asks', () => {
    const circuit = circuitOf({ inputs: 8, outputs: 2, perturbs: 'weights' });
    const make = () => unwrap(latentInputs.make(settings, circuit)).episode(new Stream(1, 'task'));
    const all = inputsBetween(make(), { from: 0, to: 48, whole: 48 });
    const part = inputsBetween(make(), { from: 30, to: 41, whole: 48 });
    expect(part.pattern).toEqual(all.pattern!.subarray(30 * 8, 41 * 8));
    expect(part.noise).toEqual(all.noise!.subarray(30 * 16, 41 * 16));
    expect(all.pattern!.subarray(0, 96)).not.toEqual(all.pattern!.subarray(96, 192));
    // The noise of weights stays for a trial.
    expect(all.noise!.subarray(0, 16)).toEqual(all.noise!.subarray(11 * 16, 12 * 16));
    expect(all.noise!.subarray(0, 16)).not.toEqual(all.noise!.subarray(12 * 16, 13 * 16));
  });

  test('shows every trial twice where it has a baseline, and asks for absolute rewards', () => {
    expect(unwrap(latentInputs.sizes({ ...settings, baseline: true }))).toEqual({
      reward: 'absolute',
    });
    const circuit = circuitOf({ inputs: 8, outputs: 2 });
    const sequence = unwrap(latentInputs.make({ ...settings, baseline: true }, circuit));
    const episode = sequence.episode(new Stream(1, 'task'));
    expect(episode.timeline.trials[0]).toEqual({
      steps: 24,
      phases: [
        { name: 'baseline', steps: 12 },
        { name: 'perturbed', steps: 12 },
      ],
    });
    const { pattern } = inputsBetween(episode, { from: 0, to: 24, whole: 96 });
    expect(pattern!.subarray(0, 96)).toEqual(pattern!.subarray(96));
  });

  test('draws the weights that should be, one for an input and an output, for every episode', () => {
    const circuit = circuitOf({ inputs: 8, outputs: 2 });
    const drawn = { ...settings, active: 5, unreachable: 0, weight: 0.5, drawn: true };
    const sequence = unwrap(latentInputs.make(drawn, circuit));
    /** What the targets of a trial say the weights are, by output; inputs are 8 / 5 strong. */
    const wanted = (seed: number, trial: number): number[] => {
      const episode = sequence.episode(new Stream(seed, 'task'));
      const between = { from: 12 * trial, to: 12 * (trial + 1), whole: 48 };
      const { pattern, target } = inputsBetween(episode, between);
      return Array.from({ length: 10 }, (_, at) => {
        const products = Array.from(
          { length: 12 },
          (_, t) => pattern![8 * t + (at % 5)]! * target![2 * t + Math.floor(at / 5)]!,
        );
        return products.reduce((sum, each) => sum + each, 0) / 12 / (8 / 5);
      });
    };
    const one = wanted(1, 0);
    wanted(1, 3).forEach((weight, k) => {
      expect(weight).toBeCloseTo(one[k]!, 12);
    });
    const all = Array.from({ length: 40 }, (_, seed) => wanted(seed, 0)).flat();
    expect(new Set(all.map((weight) => weight.toFixed(9))).size).toBe(400);
    const square = all.reduce((sum, weight) => sum + weight ** 2, 0) / 400;
    expect(Math.sqrt(square)).toBeGreaterThan(0.45);
    expect(Math.sqrt(square)).toBeLessThan(0.55);
  });

  test('refuses more inputs than there are, or than can be orthogonal', () => {
    const circuit = circuitOf({ inputs: 8, outputs: 2 });
    const message = (given: object): string => {
      const made = latentInputs.make({ ...settings, ...given }, circuit);
      if (made.ok) return 'made';
      expect(made.diagnostics.map(({ code }) => code)).toEqual([tooMany.code]);
      return made.diagnostics[0]!.message;
    };
    expect(message({ relevant: 9 })).toBe(
      'relevant is 9, but perturbed 8-2 (outputs) has 8 inputs',
    );
    expect(message({ active: 6 })).toBe('active is 6, but relevant is 5');
    expect(message({ steps: 5 })).toMatch(/^relevant is 5, but steps is 5/);
    expect(message({ steps: 6 })).toBe('made');
  });
});

describe('inputs that are made when they are needed', () => {
  test('are the same in parts as as a whole', () => {
    const made = madeByTrial({ steps: 3, size: 2 }, (trial) =>
      Float64Array.from({ length: 6 }, (_, k) => 10 * trial + k),
    );
    const all = made(0, 9);
    expect([...all]).toEqual([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25]);
    expect([...made(2, 7)]).toEqual([...all.subarray(4, 14)]);
    expect(made(4, 4)).toHaveLength(0);
  });

  test('sines are orthonormal as long as there are steps enough', () => {
    for (const steps of [6, 7]) {
      const count = steps;
      const basis = sineBasis(count, steps);
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++) {
          let inner = 0;
          for (let t = 0; t < steps; t++) inner += basis[a * steps + t]! * basis[b * steps + t]!;
          expect(inner).toBeCloseTo(a === b ? 1 : 0, 12);
        }
      }
    }
    expect(() => sineBasis(8, 7)).toThrow(RangeError);
  });
});

describe('the task reservoir-inputs', () => {
  test('shows what a reservoir does, the same in every trial, and a butterfly', () => {
    const circuit = circuitOf({ inputs: 30, ...unwrap(reservoirInputs.sizes({})) });
    const settings = { steps: 60, trials: 2, size: 2 };
    const episode = unwrap(reservoirInputs.make(settings, circuit)).episode(new Stream(1, 'task'));
    const { pattern, target } = inputsBetween(episode, { from: 0, to: 120, whole: 120 });
    const first = pattern!.subarray(0, 1800);
    expect(pattern!.subarray(1800)).toEqual(first);
    expect(first.every((rate) => Math.abs(rate) < 1)).toBe(true);
    // It has been driven for a while, so that it ends where it began; and other networks do other things.
    const ends = first.subarray(59 * 30);
    const apart = ends.map((rate, i) => Math.abs(rate - first[i]!));
    expect(Math.max(...apart)).toBeLessThan(0.5);
    const other = unwrap(reservoirInputs.make(settings, circuit)).episode(new Stream(2, 'task'));
    expect(other.made!.pattern!(0, 60)).not.toEqual(first);
    const far = Array.from({ length: 60 }, (_, t) =>
      Math.hypot(target![2 * t]!, target![2 * t + 1]!),
    );
    expect(Math.max(...far)).toBeLessThan(2.01);
    expect(Math.max(...far)).toBeGreaterThan(1.6);
  });

  test('refuses a circuit whose outputs are not in the plane', () => {
    const made = reservoirInputs.make({}, circuitOf({ outputs: 3 }));
    expect(made.ok ? [] : made.diagnostics.map(({ code }) => code)).toEqual([inputWidth.code]);
  });
});
