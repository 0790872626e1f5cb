import { expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { recurrent } from '../../src/circuits/recurrent.js';
import { relaxing } from '../../src/circuits/relaxing.js';
import { patterns } from '../../src/tasks/kinds/patterns.js';
import { sines } from '../../src/tasks/kinds/sines.js';
import { trajectories } from '../../src/tasks/kinds/trajectories.js';

const inputsOf = (sequence: ReturnType<typeof patterns.make>, seed: number) =>
  unwrap(sequence).episode(new Stream(seed)).stepInputs as Record<string, Float64Array>;

test('targets are dealt anew in every episode, each once, and stay where they are in it', () => {
  const circuit = unwrap(relaxing.make({ inputs: 1 }));
  const rows = [
    [-1, 0.1],
    [0, 0.2],
    [0.5, 0.3],
    [1, 0.4],
  ];
  const options = { patterns: rows, phases: ['free'], steps: 1, epochs: 5 };
  const dealtIn = (seed: number, dealt: boolean): string => {
    const { sample, target } = inputsOf(patterns.make({ ...options, dealt }, circuit), seed);
    const pairs = new Map(Array.from(sample!, (x, k) => [x, target![k]!]));
    expect([...pairs.values()].sort()).toEqual([0.1, 0.2, 0.3, 0.4]);
    sample!.forEach((x, k) => {
      expect(target![k]).toBe(pairs.get(x));
    });
    return rows.map(([x]) => pairs.get(x!)).join(' ');
  };
  const seeds = [1, 2, 3, 4, 5];
  expect(new Set(seeds.map((seed) => dealtIn(seed, true))).size).toBeGreaterThan(2);
  expect(new Set(seeds.map((seed) => dealtIn(seed, false)))).toEqual(new Set(['0.1 0.2 0.3 0.4']));
});

test('phases of sines are drawn anew in every episode, and the same in all of its trials', () => {
  const circuit = unwrap(recurrent.make({ neurons: 2 }));
  const made = sines.make({ steps: 8, trials: 2, shifted: true }, circuit);
  const [one, other] = [inputsOf(made, 1).target!, inputsOf(made, 2).target!];
  expect(one.subarray(8)).toEqual(one.subarray(0, 8));
  expect(other).not.toEqual(one);
});

test('a path is gone through once in every phase, inputs and targets together', () => {
  const circuit = unwrap(relaxing.make({ loss: 'course' }));
  const made = trajectories.make({ steps: 4, trials: 1, amplitudes: [2], cycles: [1] }, circuit);
  const { sample, target } = inputsOf(made, 1);
  expect(sample).toHaveLength(2 * 4 * 2);
  const around = [0, 1, -1, 0, 0, -1, 1, 0];
  [...around, ...around].forEach((x, k) => {
    expect(sample![k]).toBeCloseTo(x, 12);
  });
  [2, 0, -2, 0, 2, 0, -2, 0].forEach((y, k) => {
    expect(target![k]).toBeCloseTo(y, 12);
  });
  expect(trajectories.make({ amplitudes: [1, 2], cycles: [1] }, circuit).ok).toBe(false);
});
