import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { drawFeedForward } from '../../src/circuits/feed-forward.js';
import { adamStep, startAdam } from '../../src/discover/adam.js';
import type { ScoreResult, TrainResult } from '../../src/discover/jobs.js';
import { measureScales } from '../../src/discover/scale.js';
import { dropEffect, leastMissed, survivors } from '../../src/discover/select.js';
import {
  type LabelledEpisode,
  startTraining,
  type TrainingOptions,
  trainedCoefficients,
  trainStep,
} from '../../src/discover/train.js';
import type { Episode, EpisodeResult, Runner } from '../../src/engine/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { bootstrapMean, pairedDifference } from '../../src/experiments/intervals.js';
import { programOf } from '../support/program.js';

describe('Adam', () => {
  const options = { rate: 0.1, penalty: 0, form: 'proximal' } as const;

  test('the first step has the size of the rate, whatever the gradient', () => {
    const { coefficients } = adamStep([0, 0], [1e-3, -70], startAdam(2), options);
    expect(coefficients[0]).toBeCloseTo(-0.1, 5);
    expect(coefficients[1]).toBeCloseTo(0.1, 5);
  });

  test('three steps equal the published recursion written out', () => {
    const gradients = [0.5, -0.2, 0.9];
    let [m, v, x] = [0, 0, 1];
    let state = startAdam(1);
    let found = [1];
    gradients.forEach((g, k) => {
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      x -= (0.1 * (m / (1 - 0.9 ** (k + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (k + 1))) + 1e-8);
      ({ coefficients: found, state } = adamStep(found, [g], state, options));
      expect(found[0]).toBeCloseTo(x, 12);
    });
  });

  /** ½(x − 1)² + ½ y² with gradients that carry noise of size 1 and 10. */
  const minimise = (form: 'proximal' | 'subgradient', penalty: number) => {
    const noise = new Stream(6, 'noise');
    let [x, state] = [[0, 0], startAdam(2)];
    let zeros = 0;
    const steps = 3000;
    for (let k = 0; k < steps; k++) {
      const gradient = [x[0]! - 1 + noise.normal(), x[1]! + 10 * noise.normal()];
      const next = adamStep(x, gradient, state, { rate: 0.01, penalty, form });
      ({ coefficients: x, state } = next);
      if (x[1] === 0) zeros += 1;
    }
    return { x: x[0]!, y: x[1]!, zeros: zeros / steps };
  };

  test('the proximal form keeps what has a gradient and zeroes what has only noise', () => {
    const { x, zeros } = minimise('proximal', 0.5);
    expect(x).toBeGreaterThan(0.25);
    expect(zeros).toBeGreaterThan(0.8);
  });

  test("the paper's subgradient is never exactly zero", () => {
    const { x, zeros } = minimise('subgradient', 0.5);
    expect(x).toBeGreaterThan(0.25);
    expect(zeros).toBe(0);
  });

  test('without a penalty both forms are plain Adam', () => {
    expect(minimise('proximal', 0)).toEqual(minimise('subgradient', 0));
  });
});

describe('a meta-step', () => {
  const options: TrainingOptions = {
    steps: 400,
    batch: 1,
    rate: 0.02,
    schedule: 'constant',
    penalty: 0,
    form: 'proximal',
    clip: 1,
    averaged: 0.25,
    scales: [2, 0.5],
  };

  /** Loss ½|θ − (3, −1)|²; with `broken` every third run diverges. */
  function quadratic(broken: boolean): Runner {
    let runs = 0;
    return {
      program: null as never,
      run: async (_, parameters) => {
        runs += 1;
        if (broken && runs % 3 === 0) {
          return [
            { loss: Number.NaN, outputs: {}, divergence: { step: 0, where: 'W1' } },
          ] satisfies EpisodeResult[];
        }
        const gradient = Float64Array.of(parameters[0]! - 3, parameters[1]! + 1);
        const loss = 0.5 * (gradient[0]! ** 2 + gradient[1]! ** 2);
        return [{ loss, outputs: {}, gradient, divergence: null }] satisfies EpisodeResult[];
      },
      dispose: () => {},
    };
  }

  const episodes: LabelledEpisode[] = [{ episode: null as unknown as Episode, accuracy: () => 1 }];

  test.each([false, true])('finds the minimum in scaled units (diverging: %s)', async (broken) => {
    const runner = quadratic(broken);
    let state = startTraining([0, 0]);
    let diverged = 0;
    for (let k = 0; k < options.steps; k++) {
      const next = await trainStep(state, runner, episodes, options);
      state = next.state;
      diverged += next.record.diverged;
      expect(next.record.loss === null).toBe(next.record.diverged === 1);
      expect(state.coefficients.every(Number.isFinite)).toBe(true);
    }
    const [a, b] = trainedCoefficients(state);
    expect(a! * 2).toBeCloseTo(3, 1);
    expect(b! * 0.5).toBeCloseTo(-1, 1);
    expect(state.diverged).toBe(diverged);
    expect(diverged).toBe(broken ? 133 : 0);
  });

  test('goes half-way back to the last finite coefficients, and only where all episodes diverge', async () => {
    const ran = (finite: boolean): EpisodeResult =>
      finite
        ? { loss: 1, outputs: {}, gradient: Float64Array.of(1, 0), divergence: null }
        : { loss: Number.NaN, outputs: {}, divergence: { step: 0, where: 'W1' } };
    const answers = [
      [true, true],
      [false, false],
      [false, false],
      [true, false],
    ];
    const steps: (readonly number[])[] = [];
    let state = startTraining([0, 0.5]);
    for (const each of answers) {
      const runner: Runner = {
        program: null as never,
        run: async () => each.map(ran),
        dispose: () => {},
      };
      const before = state;
      state = (await trainStep(state, runner, [...episodes, ...episodes], options)).state;
      // What diverged is no gradient, and leaves nothing in the optimizer.
      if (!each[0]) expect(state.adam).toBe(before.adam);
      steps.push(state.coefficients);
    }
    const [first, , second] = steps.map(([a]) => a!);
    expect(first).toBeCloseTo(-0.02, 9);
    expect(steps[1]).toEqual([first! / 2, 0.5]);
    expect(second).toBeCloseTo(first! / 4, 12);
    expect(steps[3]![0]).toBeLessThan(second!);
    expect(state).toMatchObject({ finite: steps[2], diverged: 5 });
  });

  test('comes back from coefficients with which everything diverges', async () => {
    const whole = quadratic(false);
    const edge: Runner = {
      ...whole,
      run: async (given, parameters, how) =>
        parameters[0]! > 3.1
          ? [{ loss: Number.NaN, outputs: {}, divergence: { step: 0, where: 'W1' } }]
          : whole.run(given, parameters, how),
    };
    let state = startTraining([0, 0]);
    const fast = { ...options, rate: 0.4, steps: 120 };
    for (let k = 0; k < fast.steps; k++) {
      state = (await trainStep(state, edge, episodes, fast)).state;
    }
    expect(state.diverged).toBeGreaterThan(0);
    expect(state.coefficients[0]! * 2).toBeCloseTo(3, 0);
    expect(state.coefficients[1]! * 0.5).toBeCloseTo(-1, 0);
  });
});

describe('scales', () => {
  test('a term a thousand times too large gets a thousandth; none is blown up', async () => {
    const sizes = [6, 5, 3];
    const rule = `rule r { param a = 1e-3 fit, b = 0 fit, c = 0 fit
      dw = -a * post.error * pre - b * 1000 * post.error * pre - c * 0.001 * post.error * pre }`;
    const runner = prepareInterpreter(programOf(rule, sizes, 2));
    const stream = new Stream(4, 'scales');
    const numbers = (n: number) => Float64Array.from({ length: n }, () => stream.uniform());
    const episode: Episode = {
      start: drawFeedForward({ sizes, beta: 10, feedback: 'random' }, stream),
      steps: 4,
      stepInputs: {
        image: numbers(24),
        target: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0),
      },
      queryInputs: {
        'query images': numbers(12),
        'query targets': Float64Array.of(1, 0, 0, 0, 1, 0),
      },
    };
    const scales = await measureScales(runner, [{ episode, accuracy: () => 0 }], {
      index: 0,
      coefficient: 1e-3,
    });
    expect(scales[0]).toBe(1);
    expect(scales[1]).toBeCloseTo(1e-3, 12);
    expect(scales[2]).toBe(1);
  });
});

describe('selection', () => {
  const search = (standardised: number[]): TrainResult => ({
    kind: 'train',
    names: standardised.map((_, k) => `t${k}`),
    coefficients: standardised,
    standardised,
    diverged: 0,
  });
  const score = (losses: (number | null)[]): ScoreResult => ({
    kind: 'score',
    accuracies: losses.map(() => 0),
    losses,
  });

  test('keeps what is large beside the largest; zeros never', () => {
    expect(survivors(search([0.5, -0.06, 0.04, 0]), 0.1)).toEqual(['t0', 't1']);
    expect(survivors(search([0.5, 0.1, 0]), 0)).toEqual(['t0', 't1']);
    expect(survivors(search([0, 0]), 0)).toEqual([]);
  });

  test('a term that is not missed is named, one that is stays', () => {
    const whole = score([1, 1.2, 0.9, 1.1, 1]);
    const missed = score([2, 2.1, 1.8, 2.3, null]);
    const idle = score([1.01, 1.19, 0.9, 1.1, 1]);
    const effect = (without: ScoreResult) => dropEffect(whole, without, 0.95, new Stream(1));
    expect(leastMissed(new Map([['a', effect(missed)]]))).toBeNull();
    const both = new Map([
      ['a', effect(missed)],
      ['b', effect(idle)],
    ]);
    expect(leastMissed(both)).toBe('b');
  });
});

describe('intervals', () => {
  test('a 95 % interval holds the true mean in about 95 of 100 samples', () => {
    const stream = new Stream(2, 'coverage');
    let held = 0;
    for (let sample = 0; sample < 100; sample++) {
      const values = Array.from({ length: 40 }, () => 3 + stream.normal());
      const { lo, hi } = bootstrapMean(values, 0.95, new Stream(sample, 'bootstrap'));
      if (lo <= 3 && 3 <= hi) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(88);
    expect(held).toBeLessThanOrEqual(99);
  });

  test('pairing removes what tasks share', () => {
    const stream = new Stream(3, 'paired');
    const tasks = Array.from({ length: 40 }, () => 10 * stream.normal());
    const better = tasks.map((value) => value - 0.5 + 0.1 * stream.normal());
    const { mean, lo, hi } = pairedDifference(better, tasks, 0.95, new Stream(1));
    expect(mean).toBeCloseTo(-0.5, 1);
    expect(hi).toBeLessThan(-0.4);
    expect(lo).toBeGreaterThan(-0.6);
  });
});
