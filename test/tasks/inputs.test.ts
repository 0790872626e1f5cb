import { describe, expect, test } from 'vitest';
import {
  covarianceWrong,
  inputOutOfRange,
  meanWrong,
  rowsDiffer,
} from '../../src/base/diagnostics/circuit.js';
import { Stream } from '../../src/base/random.js';
import { type Result, unwrap } from '../../src/base/result.js';
import { bernoulliPatterns } from '../../src/tasks/inputs/bernoulli.js';
import { gaussianInputs } from '../../src/tasks/inputs/gaussian.js';
import { imageInputs } from '../../src/tasks/inputs/images.js';
import { recordedInputs } from '../../src/tasks/inputs/recorded.js';
import { poissonSpikes } from '../../src/tasks/inputs/spikes.js';

const codesOf = (result: Result<unknown>): string[] =>
  result.ok ? [] : result.diagnostics.map(({ code }) => code);

/** Mean of each column and covariance of each pair, of rows one after the other. */
function moments(values: Float64Array, n: number) {
  const rows = values.length / n;
  const mean = Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < rows; t++) sum += values[t * n + i]!;
    return sum / rows;
  });
  const covariance = mean.map((a, i) =>
    mean.map((b, j) => {
      let sum = 0;
      for (let t = 0; t < rows; t++) sum += (values[t * n + i]! - a) * (values[t * n + j]! - b);
      return sum / rows;
    }),
  );
  return { mean, covariance };
}

describe('Gaussian inputs', () => {
  const stream = () => new Stream(1, 'gaussian');

  test('have the mean and the covariance asked for, also where it is singular', () => {
    const steps = 40_000;
    for (const covariance of [
      [
        [2, 0.6, -0.3],
        [0.6, 1, 0.2],
        [-0.3, 0.2, 0.5],
      ],
      [
        [1, 1, 0],
        [1, 1, 0],
        [0, 0, 0],
      ],
    ]) {
      const mean = [1, -2, 0];
      const values = unwrap(gaussianInputs(stream(), { steps, covariance, mean }));
      const found = moments(values, 3);
      // Five standard errors of a mean, √(variance / steps), and of a variance, variance · √(2 / steps).
      found.mean.forEach((m, i) => {
        expect(Math.abs(m - mean[i]!)).toBeLessThan(5 * Math.sqrt(2 / steps));
      });
      found.covariance.forEach((row, i) => {
        row.forEach((c, j) => {
          expect(Math.abs(c - covariance[i]![j]!)).toBeLessThan(10 * Math.sqrt(2 / steps));
        });
      });
    }
  });

  test('are refused where there is no such distribution', () => {
    const of = (covariance: number[][], mean?: number[]) =>
      codesOf(gaussianInputs(stream(), { steps: 1, covariance, ...(mean && { mean }) }));
    expect(of([[1, 2]])).toEqual([covarianceWrong.code]);
    expect(of([])).toEqual([covarianceWrong.code]);
    expect(
      of([
        [1, 0.5],
        [0.4, 1],
      ]),
    ).toEqual([covarianceWrong.code]);
    expect(
      of([
        [1, 2],
        [2, 1],
      ]),
    ).toEqual([covarianceWrong.code]);
    expect(
      of([
        [0, 0.5],
        [0.5, 1],
      ]),
    ).toEqual([covarianceWrong.code]);
    expect(of([[Number.NaN]])).toEqual([covarianceWrong.code]);
    expect(of([[1]], [0, 0])).toEqual([meanWrong.code]);
  });
});

describe('Poisson spikes', () => {
  test('have mean and variance of their rate, for small and large counts', () => {
    const steps = 20_000;
    const rates = [5, 200, 700_000];
    const values = unwrap(
      poissonSpikes(new Stream(1, 'spikes'), { steps: 500, rates, stepLength: 1 }),
    );
    const few = unwrap(
      poissonSpikes(new Stream(2, 'spikes'), { steps, rates: [5, 200], stepLength: 10 }),
    );
    const { mean, covariance } = moments(few, 2);
    [0.05, 2].forEach((expected, i) => {
      expect(Math.abs(mean[i]! - expected)).toBeLessThan(5 * Math.sqrt(expected / steps));
      expect(Math.abs(covariance[i]![i]! / expected - 1)).toBeLessThan(0.2);
    });
    const large = moments(values, 3);
    expect(Math.abs(large.mean[2]! - 700)).toBeLessThan(5 * Math.sqrt(700 / 500));
    expect(large.covariance[2]![2]! / 700).toBeGreaterThan(0.6);
    expect(large.covariance[2]![2]! / 700).toBeLessThan(1.5);
    expect(values.every(Number.isInteger)).toBe(true);
  });

  test('may change their rate from step to step; no rate is below 0', () => {
    const rates = (step: number): number[] => [step < 10 ? 0 : 1e5];
    const values = unwrap(poissonSpikes(new Stream(1, 'r'), { steps: 20, rates, stepLength: 1 }));
    expect(values.slice(0, 10).every((n) => n === 0)).toBe(true);
    expect(values.slice(10).every((n) => n > 0)).toBe(true);
    for (const rate of [-1, Number.NaN, 1e12]) {
      const options = { steps: 1, rates: [rate], stepLength: 1 };
      expect(codesOf(poissonSpikes(new Stream(1, 'r'), options))).toEqual([inputOutOfRange.code]);
    }
  });
});

describe('patterns of two values', () => {
  test('are high as often as asked', () => {
    const options = { steps: 10_000, probabilities: [0, 0.25, 1], low: -1, high: 1 };
    const values = unwrap(bernoulliPatterns(new Stream(1, 'b'), options));
    const { mean } = moments(values, 3);
    expect([mean[0], mean[2]]).toEqual([-1, 1]);
    expect(Math.abs((mean[1]! + 1) / 2 - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / 10_000));
    const wrong = bernoulliPatterns(new Stream(1, 'b'), { steps: 1, probabilities: [1.5] });
    expect(codesOf(wrong)).toEqual([inputOutOfRange.code]);
  });
});

describe('images and recordings', () => {
  const set = {
    name: 'tiny',
    height: 1,
    width: 2,
    classes: 2,
    pixels: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0),
    labels: Uint16Array.of(0, 1, 1),
  };

  test('images are rows of their set, of the classes asked for', () => {
    const { patterns, labels } = imageInputs(new Stream(1, 'i'), set, { steps: 50 });
    expect(new Set(labels)).toEqual(new Set([0, 1]));
    labels.forEach((label, t) => {
      const shown = [...patterns.slice(2 * t, 2 * t + 2)];
      const rows =
        label === 0
          ? [[0, 0.25]]
          : [
              [0.5, 0.75],
              [1, 0],
            ];
      expect(rows).toContainEqual(shown);
    });
    const ones = imageInputs(new Stream(1, 'i'), set, { steps: 20, classes: [1] });
    expect(new Set(ones.labels)).toEqual(new Set([1]));
    const none = imageInputs(new Stream(1, 'i'), set, { steps: 20, classes: [7] });
    expect(none).toEqual({ patterns: new Float64Array(0), labels: [], images: [] });
  });

  test('recordings are taken as they are, all rows equally long', () => {
    expect(
      unwrap(
        recordedInputs([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toEqual(Float64Array.of(1, 2, 3, 4));
    expect(codesOf(recordedInputs([[1, 2], [3]]))).toEqual([rowsDiffer.code]);
  });

  test('the same stream gives the same inputs', () => {
    const draw = (seed: number) =>
      unwrap(gaussianInputs(new Stream(seed, 'g'), { steps: 3, covariance: [[1]] }));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
  });
});
