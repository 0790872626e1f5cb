import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { estimateGradient } from '../../src/discover/evolution.js';
import { inThisThread } from '../../src/discover/execute.js';
import { startDiscovery } from '../../src/discover/session.js';
import {
  type LabelledEpisode,
  startTraining,
  type TrainingOptions,
  trainedCoefficients,
  trainStep,
} from '../../src/discover/train.js';
import type { Episode, EpisodeResult, Runner } from '../../src/engine/engine.js';
import { parseExperiment } from '../../src/experiments/load.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-evolution-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A loss without derivatives; an infinite one diverges. */
const losing = (lossOf: (parameters: readonly number[]) => number): Runner => ({
  program: null as never,
  run: async (episodes, parameters, { gradient }) => {
    if (gradient) throw new TypeError('there is no gradient');
    return episodes.map((): EpisodeResult => {
      const loss = lossOf(Array.from(parameters));
      const divergence = Number.isFinite(loss) ? null : { step: 0, where: 'W1' };
      return { loss: divergence ? Number.NaN : loss, outputs: {}, divergence };
    });
  },
  dispose: () => {},
});

const episodes: LabelledEpisode[] = [{ episode: null as unknown as Episode, accuracy: () => 1 }];
const evolution = { pairs: 8, spread: 0.02, seed: 3 };
const options: TrainingOptions = {
  steps: 300,
  batch: 1,
  rate: 0.03,
  schedule: 'cosine',
  penalty: 0,
  form: 'proximal',
  clip: 1,
  averaged: 0.25,
  scales: [2, 0.5],
  evolution,
};

async function trained(runner: Runner, changes: Partial<TrainingOptions> = {}) {
  const all = { ...options, ...changes };
  let state = startTraining([0, 0]);
  for (let k = 0; k < all.steps; k++) {
    ({ state } = await trainStep(state, runner, episodes, all));
  }
  return { state, values: trainedCoefficients(state).map((value, k) => value * all.scales[k]!) };
}

describe('the evolution strategy', () => {
  it('estimates the gradient of a linear loss as well as pairs can', async () => {
    const runner = losing(([a, b]) => 3 * a! - 2 * b!);
    const at = { coefficients: [0.1, 0.2], step: 0 };
    const given = episodes.map(({ episode }) => episode);
    const many = { ...evolution, pairs: 4000 };
    const { gradient, results } = await estimateGradient(runner, given, at, (x) => [...x], many);
    expect(gradient![0]).toBeCloseTo(3, 0);
    expect(gradient![1]).toBeCloseTo(-2, 0);
    expect(results[0]!.loss).toBeCloseTo(-0.1, 12);
  });

  it('finds the minimum of a loss of steps, the same for the same seed', async () => {
    // In steps of a hundredth: flat wherever one looks closely.
    const steps = (value: number): number => Math.round(100 * value) / 100;
    const runner = losing(([a, b]) => steps((a! - 1) ** 2 + (b! + 0.4) ** 2));
    const { values, state } = await trained(runner);
    expect(values[0]).toBeCloseTo(1, 0);
    expect(Math.abs(values[0]! - 1)).toBeLessThan(0.1);
    expect(Math.abs(values[1]! + 0.4)).toBeLessThan(0.1);
    expect((await trained(runner)).state).toEqual(state);
    const other = await trained(runner, { evolution: { ...evolution, seed: 4 } });
    expect(other.state.coefficients).not.toEqual(state.coefficients);
  });

  it('leaves out pairs that diverge, counts them, and keeps within ranges', async () => {
    const edge = losing(([a, b]) =>
      a! > 1 ? Number.POSITIVE_INFINITY : (a! - 0.95) ** 2 + b! ** 2,
    );
    const { values, state } = await trained(edge);
    expect(Math.abs(values[0]! - 0.95)).toBeLessThan(0.1);
    expect(state.diverged).toBeGreaterThan(0);
    const ranges = [null, [-0.3, 0.3]] as const;
    const seen: number[] = [];
    const bounded = losing(([a, b]) => {
      seen.push(b!);
      return (a! - 1) ** 2 + (b! - 2) ** 2;
    });
    const within = await trained(bounded, { steps: 100, ranges });
    expect(within.values[1]).toBeGreaterThan(0.25);
    expect(Math.max(...seen)).toBeLessThanOrEqual(0.3);
    const nowhere = await trained(
      losing(() => Number.NaN),
      { steps: 3 },
    );
    expect(nowhere.state).toMatchObject({ coefficients: [0, 0], diverged: 3 * 17 });
  });

  it('fits a rule in a circuit of spikes, where derivatives are 0', async () => {
    const rule = 'rule grow {\n  param a = 0 in [-1, 1] fit\n  dw = a * pre.spike\n}\n';
    writeFileSync(join(folder, 'grow.rule'), rule);
    let [done, expected] = [0, 0];
    const fitted = (optimizer: string) =>
      startDiscovery(
        unwrap(
          parseExperiment(
            {
              name: 'spikes.yaml',
              text: `
rule: grow.rule
circuit: {name: spiking, neurons: 2, excitatory: 5, excitation: 30}
task: {name: poisson, rate: 40, steps: 300}
learner: {optimizer: ${optimizer}, episodes: 15, rate: 0.05, pairs: 4}
select: {refitEpisodes: 2, tasks: 4}
evaluate: {tasks: 8}
engine: {name: interpret}
seed: 1
`,
            },
            folder,
          ),
        ),
        {
          out: join(folder, optimizer),
          command: ['test'],
          versions: {},
          signal: new AbortController().signal,
          threads: inThisThread,
          onProgress: (progress) => {
            ({ done, expected } = progress);
          },
        },
      );
    const blind = await fitted('proximal');
    expect(blind.terms[0]!.coefficient).toBe(0);
    const { terms, gain } = await fitted('evolution');
    // Without learning the neurons fire far more often than the 5 Hz that the loss asks for.
    expect(terms[0]!.coefficient).toBeLessThan(-0.2);
    expect(gain!.loss.hi).toBeLessThan(0);
    // Each of 17 meta-steps is nine runs, four of them there and four back; that was foreseen.
    expect(done).toBeGreaterThan(17 * 9);
    expect(expected).toBeLessThan(1.5 * 17 * 9);
  });
});
