import { beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import type { Engine, RunOptions } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { interpreter } from '../../src/engine/interpret/interpret.js';
import { loadBackend, type Tf } from '../../src/engine/tfjs/backends.js';
import { createTfjsEngine } from '../../src/engine/tfjs/engine.js';
import type { Timeline } from '../../src/program/circuit.js';
import { rulesIn } from '../support/corpus.js';
import { differences } from '../support/differences.js';
import { type ReplaySetting, replayed } from '../support/replayed.js';

const TIMELINE: Timeline = {
  trials: [0, 1].map(() => ({
    steps: 8,
    phases: [
      { name: 'free', steps: 3 },
      { name: 'clamped', steps: 3 },
    ],
  })),
};

function made(text: string, seed: number, setting: Partial<ReplaySetting> = {}) {
  const shape = { preSize: 4, postSize: 3, masked: true, streams: 1, stepLength: null };
  const rules = rulesIn({ name: 'test.rule', text: `rule test { param a = 0.05 fit ${text} }` });
  return replayed(rules, { ...shape, timeline: TIMELINE, ...setting }, new Stream(seed, 'safety'));
}

let engines: Engine[];
let tf: Tf;
beforeAll(async () => {
  engines = [
    interpreter,
    createFusedEngine(),
    await createTfjsEngine('cpu'),
    await createTfjsEngine('wasm'),
  ];
  tf = (await loadBackend('wasm')).tf;
});

/*
 * Where a line does not act, where a condition does not hold and where no synapse is, there may be no
 * number at all; neither weights nor gradients may show it.
 */
describe('what does not act may be no number', () => {
  it.each([
    [
      'a phase',
      'trace n = 1 since clamped.start trace m = 1 since free.start during clamped: dw = a * pre * sqrt(m - n - 2)',
    ],
    ['an if', 'dw = if post > 0 then a * log(post) * pre else a * post * pre'],
    ['an if, the other way round', 'dw = if post <= 0 then 0 else a * sqrt(post) / post * w'],
    [
      'an if within an if',
      'dw = if post > 0 then (if pre > 0 then a * log(post * pre) else a * sqrt(-pre) * w) else a * pre',
    ],
    [
      'a spike',
      'trace n = pre.spike since trial.start on pre.spike: state last = 0 then log(1 + a * n) + 1 / (n + 1) dw = a * last',
    ],
    ['a trial’s end', 'trace n = a since trial.start at trial.end: dw = log(n - 0.2) * pre'],
    ['the logarithm of 0 where a power of 0 is 0', 'param k = 2 fit dw = a * relu(pre)^k * post'],
    ['a synapse', 'dw = a * sqrt(w^2) * pre'],
    [
      'a synapse, in memory and sums',
      'trace e = a * w / abs(w) keeping 0.5 dw = e * pre + a * mean_pre(sqrt(w^2)) * 0.1',
    ],
    [
      'a neuron with no synapse',
      'dw = a * (mean_pre(pre * sqrt(w^2)) + max_post(pre * w / abs(w)) + sum_upto_post(sqrt(w^2)))',
    ],
    ['a new weight', 'at clamped.end: set w = w / sqrt(sum_pre(w^2)) + a'],
  ])('%s', async (_, text) => {
    for (const seed of [1, 2]) {
      const one = made(text, seed);
      const options: RunOptions = { gradient: true, startGradient: true, states: true };
      let exact: number[] | null = null;
      for (const engine of engines) {
        const runner = await engine.prepare(one.program);
        const [result] = await runner.run([one.episode], one.parameters, options);
        runner.dispose();
        expect(result!.divergence, `${engine.backend}`).toBeNull();
        const found = [...result!.gradient!, ...result!.startGradient!.forward!];
        expect(found.every(Number.isFinite)).toBe(true);
        if (!exact) {
          exact = found;
          const compared = await differences(one, result!, new Stream(seed, 'ways'));
          expect(compared!.distance).toBeLessThan(1e-5);
          expect(Math.abs(found[0]!)).toBeGreaterThan(1e-6);
        }
        const scale = Math.max(...exact.map(Math.abs));
        found.forEach((value, k) => {
          expect(Math.abs(value - exact![k]!)).toBeLessThan(2e-4 * scale);
        });
      }
    }
  });

  it('but what acts and is none is reported', async () => {
    const one = made('trace e = log(a - 1) keeping 0.5 at free.end: dw = e', 1);
    for (const engine of engines) {
      const runner = await engine.prepare(one.program);
      const [result] = await runner.run([one.episode], one.parameters, { gradient: true });
      runner.dispose();
      expect(result!.divergence).toEqual({ step: 0, where: 'forward: e' });
    }
  });
});

describe('single precision', () => {
  it('follows averages that are slow beside a step', async () => {
    const text =
      'average r = post.spike over 100 s trace e = pre.spike over 10 s dw = a * r * 1 s * e';
    const timeline = { trials: [{ steps: 400 }] };
    const one = made(text, 3, { stepLength: 0.1, masked: false, timeline });
    const slots = { slots: ['forward: r', 'forward'], every: 400 };
    const results = [];
    for (const engine of engines) {
      const runner = await engine.prepare(one.program);
      const options = { gradient: true, record: slots };
      const [result] = await runner.run([one.episode], one.parameters, options);
      runner.dispose();
      results.push(result!);
    }
    const [exact, ...single] = results;
    for (const { record } of single) {
      exact!.record!['forward: r']!.forEach((value, k) => {
        expect(Math.abs(record!['forward: r']![k]! / value - 1)).toBeLessThan(2e-5);
      });
    }
  });
});

describe('tensors', () => {
  it('do not leak with memory, recordings and gradients of the start, nor when tasks diverge', async () => {
    const text = `trace x = pre.spike over 5 steps  average y = post keeping 0.9 since trial.start
      state s = 0.1 then 0.5 * s + 0.1 * post@previous * pre@2 steps  during free: trace g = x * y since trial.start
      dw = a * s * x + log(reward + 8) * 0.01  at trial.end: dw = a * g * post@free  bound w in [-3, 3]`;
    const timeline = (steps: number): Timeline => ({
      trials: [{ steps, phases: [{ name: 'free', steps: 2 }] }],
    });
    const engine = await createTfjsEngine('wasm', { memoryBudget: 2 ** 15, batch: 2 });
    const atFirst = tf.memory().numTensors;
    const runOf = async (steps: number, reward: number) => {
      const one = made(text, 5, { timeline: timeline(steps), streams: 2 });
      const stepInputs = { ...one.episode.stepInputs };
      stepInputs['forward reward'] = stepInputs['forward reward']!.map((x) => x + reward);
      const { program, parameters } = one;
      const episodes = [one.episode, { ...one.episode, stepInputs }];
      const slots = [...program.states, ...program.observed].map(({ name }) => name);
      const options = {
        gradient: true,
        startGradient: true,
        states: true,
        record: { slots, every: 3 },
      };
      const runner = await engine.prepare(program);
      await runner.run(episodes, parameters, options);
      const before = tf.memory();
      const results = await runner.run(episodes, parameters, options);
      const after = tf.memory();
      expect(after.numTensors).toBe(before.numTensors);
      expect(after.numBytes).toBe(before.numBytes);
      runner.dispose();
      expect(tf.memory().numTensors).toBe(atFirst);
      return results.map(({ divergence }) => divergence === null);
    };
    expect(await runOf(6, 0)).toEqual([true, true]);
    expect(await runOf(60, 0)).toEqual([true, true]);
    expect(await runOf(60, -50)).toEqual([true, false]);
  });
});
