import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { EngrammarError } from '../../src/base/result.js';
import type { Episode, Runner, RunOptions } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { createTfjsEngine } from '../../src/engine/tfjs/engine.js';
import { rulesIn } from '../support/corpus.js';
import { type Replayed, randomTimeline, replayed } from '../support/replayed.js';

/** Memory of every extent and kind, synapses missing, two streams. */
const TEXT = `rule test {
  param eta = 0.1 fit, tau = 8 steps fit, gain0 = 0.2 per post fit
  trace x = pre over tau
  average y = post keeping 0.8 since trial.start
  state c = 0.5 then 0.5 * c + 0.1 * reward
  average e = post * x over tau
  dw = eta * gain0 * e - 0.1 * y@before * c * w
}`;

const made: Replayed = (() => {
  const stream = new Stream(4, 'recording');
  const timeline = randomTimeline(stream);
  const shape = { preSize: 4, postSize: 3, masked: true, streams: 2, stepLength: null };
  return replayed(rulesIn({ name: 'test.rule', text: TEXT }), { ...shape, timeline }, stream);
})();
const { program, episode, parameters } = made;
const SLOTS = [...program.states, ...program.observed].map(({ name }) => name);
const STATES = program.states.map(({ name }) => name);

/** The first steps of the episode. */
function beginning(steps: number): Episode {
  const cut = ([name, values]: [string, Float64Array]) =>
    [name, values.slice(0, (values.length / episode.steps) * steps)] as const;
  const stepInputs = Object.fromEntries(Object.entries(episode.stepInputs).map(cut));
  return { ...episode, steps, stepInputs };
}

const ALL: RunOptions = { gradient: true, states: true, startGradient: true };

const runners: [string, () => Promise<Runner>][] = [
  ['the interpreter', async () => prepareInterpreter(program)],
  ['the interpreter without room for a history', async () => prepareInterpreter(program, 0)],
  ['fused', () => createFusedEngine().prepare(program)],
  ['fused without room for a tape', () => createFusedEngine({ memoryBudget: 1 }).prepare(program)],
  ['cpu', async () => (await createTfjsEngine('cpu')).prepare(program)],
  ['wasm', async () => (await createTfjsEngine('wasm')).prepare(program)],
  [
    'wasm without room for a history',
    async () => (await createTfjsEngine('wasm', { memoryBudget: 1 })).prepare(program),
  ],
];

describe.each(runners)('recording on %s', (_, prepare) => {
  const run = async (runner: Runner, options: RunOptions, given = episode, at = parameters) => {
    const [result] = await runner.run([given], at, options);
    return result!;
  };

  it('gives what a shorter episode ends with, of memory and weights, every so many steps', async () => {
    const runner = await prepare();
    for (const every of [1, 5]) {
      const record = { slots: SLOTS, every };
      const { record: taken, divergence } = await run(runner, { gradient: false, record });
      expect(divergence).toBeNull();
      expect(Object.keys(taken!).sort()).toEqual([...SLOTS].sort());
      const times = Math.floor(episode.steps / every);
      for (let k = 1; k <= times; k++) {
        const ended = await run(runner, { gradient: false, states: true }, beginning(k * every));
        for (const { name, shape } of program.states) {
          const size = shape[0] * shape[1];
          expect(taken![name]).toHaveLength(times * size);
          expect(taken![name]!.slice((k - 1) * size, k * size)).toEqual(ended.states![name]);
        }
      }
      // What is observed and not kept: what arrives in a step is what is added to \`sent\`.
      const [sent, arrived] = [taken!.sent!, taken!.arrived!];
      if (every === 1) {
        for (let k = 3; k < sent.length; k++) {
          expect(sent[k]! - sent[k - 3]!).toBeCloseTo(arrived[k]!, 5);
        }
      }
    }
    runner.dispose();
  });

  it('changes nothing', async () => {
    const runner = await prepare();
    const plain = await run(runner, ALL);
    const { record, ...recorded } = await run(runner, {
      ...ALL,
      record: { slots: SLOTS, every: 2 },
    });
    expect(recorded).toEqual(plain);
    expect(record).toBeDefined();
    expect(Object.keys(plain.startGradient!)).toEqual(STATES);
    expect(Object.keys(plain.states!)).toEqual(STATES);
    runner.dispose();
  });

  it('of an episode that diverges stops before it does', async () => {
    const runner = await prepare();
    const broken = beginning(episode.steps);
    const reward = broken.stepInputs['forward reward']!.slice();
    const at = 7;
    reward[at] = Number.POSITIVE_INFINITY;
    const wild = { ...broken, stepInputs: { ...broken.stepInputs, 'forward reward': reward } };
    const options = { ...ALL, record: { slots: ['forward: c', 'forward'], every: 2 } };
    const found = await run(runner, options, wild);
    // The weights follow in the same step; the report names what came first.
    expect(found.divergence).toEqual({ step: at, where: 'forward: c' });
    const whole = await run(runner, options);
    expect(found.record!['forward: c']).toEqual(whole.record!['forward: c']!.slice(0, 3));
    expect(found.record!.forward).toEqual(whole.record!.forward!.slice(0, 3 * 12));
    expect(found.loss).toBeNaN();
    expect(found.gradient).toBeUndefined();
    runner.dispose();
  });

  it('is refused for names and numbers of steps that are none', async () => {
    const runner = await prepare();
    const code = (slots: string[], every: number) =>
      run(runner, { gradient: false, record: { slots, every } }).then(
        () => null,
        (error) => (error instanceof EngrammarError ? error.diagnostics[0]!.code : error),
      );
    expect(await code(['forward: d'], 1)).toBe('E707');
    expect(await code(['forward'], 0)).toBe('E708');
    expect(await code(['forward'], 1.5)).toBe('E708');
    expect(await code([], 100)).toBeNull();
    runner.dispose();
  });
});

it('all engines give the same gradient of the start, with a history and without', async () => {
  const results = [];
  for (const [, prepare] of runners) {
    const runner = await prepare();
    const [result] = await runner.run([episode], parameters, ALL);
    runner.dispose();
    results.push(result!);
  }
  const [exact, again, ...single] = results;
  expect(again!.startGradient).toEqual(exact!.startGradient);
  for (const { startGradient } of single) {
    for (const [name, wanted] of Object.entries(exact!.startGradient!)) {
      wanted.forEach((value, k) => {
        expect(Math.abs(startGradient![name]![k]! - value)).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(value)),
        );
      });
    }
  }
});
