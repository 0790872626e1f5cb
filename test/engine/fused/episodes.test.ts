import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { EngrammarError } from '../../../src/base/result.js';
import type { Episode, RunOptions } from '../../../src/engine/engine.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { EpisodeRun } from '../../../src/engine/fused/episode.js';
import { offers } from '../../../src/engine/fused/features.js';
import { DOUBLE, SINGLE } from '../../../src/engine/fused/lanes.js';
import { Machine } from '../../../src/engine/fused/machine.js';
import { FusedMemory } from '../../../src/engine/fused/memory.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import type { Program } from '../../../src/program/ir.js';
import { rulesIn } from '../../support/corpus.js';
import { POOL, programOf } from '../../support/program.js';
import { randomTimeline, replayed } from '../../support/replayed.js';
import { disagreement, imageEpisode, relativeDistance } from '../tfjs/episodes.js';

const SIZES = [21, 13, 10, 6];
const QUERIES = 7;
const COEFFICIENTS = [0.03, 1e-3, -0.03, 1e-4, 1e-3, 1e-4, 1e-3, 1e-3, 1e-3, 0.008];
const ALL: RunOptions = { gradient: true, states: true, startGradient: true };

const pool = programOf(POOL, SIZES, QUERIES);
const images = (steps: number, seed = 1): Episode =>
  imageEpisode(
    { sizes: SIZES, beta: 10, feedback: 'random' },
    steps,
    QUERIES,
    new Stream(seed, 'e'),
  );

async function exactly(program: Program, episode: Episode, parameters: readonly number[]) {
  const [result] = await prepareInterpreter(program).run([episode], parameters, ALL);
  return result!;
}

describe('an episode of ten terms', () => {
  // A budget of 1 byte: only the tape of a segment is kept.
  it.each([
    ['float64', 2 ** 24, 1e-11],
    ['float64', 1, 1e-11],
    ['float32', 2 ** 24, 1e-5],
    ['float32', 1, 1e-5],
  ] as const)(
    '%s, %i bytes, is that of the interpreter',
    async (precision, memoryBudget, bound) => {
      const runner = await createFusedEngine({ precision, memoryBudget }).prepare(pool);
      for (const steps of [130, 1, 0, 60]) {
        const wanted = await exactly(pool, images(steps), COEFFICIENTS);
        const [got] = await runner.run([images(steps)], COEFFICIENTS, ALL);
        const { loss, gradient, outputs } = disagreement([got!], [wanted]);
        expect(Math.max(loss, gradient, outputs)).toBeLessThan(bound);
        for (const kind of ['states', 'startGradient'] as const) {
          for (const [name, values] of Object.entries(wanted[kind]!)) {
            expect(relativeDistance(got![kind]![name]!, values)).toBeLessThan(bound);
          }
        }
      }
    },
  );

  it('has the same bytes every time, after whatever else ran, and with coefficients in between', async () => {
    const engine = createFusedEngine();
    const runner = await engine.prepare(pool);
    const [first] = await runner.run([images(130)], COEFFICIENTS, ALL);
    await runner.run([images(7, 2), images(7, 3)], COEFFICIENTS, { gradient: false });
    await runner.run(
      [images(200, 4)],
      COEFFICIENTS.map((value) => 2 * value),
      ALL,
    );
    const [again] = await runner.run([images(130)], COEFFICIENTS, ALL);
    expect(again).toEqual(first);
    const [other] = await (await engine.prepare(pool)).run([images(130)], COEFFICIENTS, ALL);
    expect(other).toEqual(first);
  });

  it('is the same whether all its inputs are held or some at a time, recorded or not', async () => {
    const runner = await createFusedEngine({ memoryBudget: 2 ** 28 }).prepare(pool);
    const long = images(5000);
    const [all] = await runner.run([long], COEFFICIENTS, { gradient: true, states: true });
    const [some] = await runner.run([long], COEFFICIENTS, { gradient: false, states: true });
    expect([some!.loss, some!.states]).toEqual([all!.loss, all!.states]);
    const record = { slots: pool.states.map(({ name }) => name), every: 2500 };
    const [recorded] = await runner.run([long], COEFFICIENTS, { gradient: false, record });
    for (const name of record.slots) {
      const values = all!.states![name]!;
      expect(recorded!.record![name]!.subarray(values.length)).toEqual(values);
    }
  });

  it('holds its bounds with coefficients three times as large', async () => {
    const large = COEFFICIENTS.map((value) => 3 * value);
    const wanted = await exactly(pool, images(130), large);
    for (const [precision, bound] of [
      ['float64', 1e-10],
      ['float32', 2e-4],
    ] as const) {
      const runner = await createFusedEngine({ precision }).prepare(pool);
      const [got] = await runner.run([images(130)], large, ALL);
      expect(relativeDistance(got!.gradient!, wanted.gradient!)).toBeLessThan(bound);
    }
  });

  it('decays as strongly as it likes', async () => {
    const runners = await Promise.all(
      (['float64', 'float32'] as const).flatMap((precision) =>
        [2 ** 24, 1].map(async (memoryBudget) => {
          const runner = await createFusedEngine({ precision, memoryBudget }).prepare(pool);
          return [runner, precision === 'float64' ? 1e-10 : 1e-4] as const;
        }),
      ),
    );
    // What is left of a weight after a step: half, a thousandth, nothing, and with the other sign.
    for (const decay of [0.5, 0.999, 1, 1.4]) {
      const at = COEFFICIENTS.map((value, k) => (k === 3 ? decay : value));
      const wanted = await exactly(pool, images(60), at);
      expect(wanted.divergence).toBeNull();
      for (const [runner, bound] of runners) {
        const [got] = await runner.run([images(60)], at, ALL);
        const { loss, gradient } = disagreement([got!], [wanted]);
        expect(Math.max(loss, gradient), `${decay}`).toBeLessThan(bound);
      }
    }
  });

  it('lasts ten thousand steps', async () => {
    const small = programOf(POOL, [5, 4, 3], 2);
    const stream = new Stream(5, 'long');
    const circuit = { sizes: [5, 4, 3], beta: 10, feedback: 'random' } as const;
    const episode = imageEpisode(circuit, 10_000, 2, stream);
    const at = COEFFICIENTS.map((value, k) => (k === 3 ? 0.01 : value));
    const wanted = await exactly(small, episode, at);
    expect(wanted.divergence).toBeNull();
    for (const [precision, bound] of [
      ['float64', 1e-10],
      ['float32', 1e-4],
    ] as const) {
      const runner = await createFusedEngine({ precision }).prepare(small);
      const [got] = await runner.run([episode], at, ALL);
      const { loss, gradient } = disagreement([got!], [wanted]);
      expect(Math.max(loss, gradient)).toBeLessThan(bound);
    }
  });
});

describe('memory', () => {
  it('does not grow from run to run, nor where something diverges', () => {
    const limits = { memoryBudget: 2 ** 22, least: 1e-2 };
    const machine = new Machine(pool, { ...SINGLE, relaxed: false }, true, limits.least);
    const run = (steps: number, scale: number) =>
      new EpisodeRun(
        machine,
        images(steps),
        COEFFICIENTS.map((value) => scale * value),
        ALL,
        limits,
      ).results();
    run(120, 1);
    const { size } = machine.memory;
    for (let k = 0; k < 30; k++) {
      run(10 + 3 * k, 1);
      expect(run(100, 1e30)).toMatchObject({ divergence: { where: expect.any(String) } });
    }
    expect(machine.memory.size).toBe(size);
    expect(size).toBeLessThan(limits.memoryBudget);
  });

  it('is in the order of a segment where little is to be used', () => {
    const limits = { memoryBudget: 1, least: 1e-3 };
    const machine = new Machine(pool, DOUBLE, true, limits.least);
    const run = (steps: number): number => {
      new EpisodeRun(machine, images(steps), COEFFICIENTS, ALL, limits).results();
      return machine.memory.size;
    };
    const [short, long] = [run(100), run(1600)];
    const inputs = 1500 * machine.layout.stepBytes;
    expect((long - inputs) / short).toBeLessThan(4);
  });

  it.each([[[1, 1]], [[1, 5]], [[5, 1]], [[3, 5]], [[3, 40]], [[1, 40]]] as const)(
    'takes arrays %j of many steps, with zeros behind their rows',
    (shape) => {
      const memory = new FusedMemory(SINGLE);
      const size = shape[0] * shape[1];
      const values = Float64Array.from({ length: 3 * size }, (_, k) => k + 1);
      const placed = { name: 'x', shape, place: { base: 'step', offset: 64 } } as const;
      memory.writeSteps(placed, values, 128, 1024);
      for (let t = 0; t < 3; t++) {
        const there = memory.read(placed, 128 + t * 1024);
        expect(there).toEqual(values.subarray(t * size, (t + 1) * size));
      }
      const all = new Float32Array(memory.memory.buffer, 0, 1024);
      if (size > 1) expect(all.reduce((sum, x) => sum + x)).toBe((3 * size * (3 * size + 1)) / 2);
    },
  );

  it('that nobody has is asked for in vain', () => {
    const memory = new FusedMemory(SINGLE);
    memory.reserve(100_000);
    expect(memory.size).toBe(2 * 2 ** 16);
    expect(() => memory.reserve(2 ** 33)).toThrow(EngrammarError);
    expect(() => memory.reserve(2 ** 33)).toThrow(/fused.*too little memory.*8192 MiB/);
    expect(memory.size).toBe(2 * 2 ** 16);
  });

  it('is shared by machines that take turns', async () => {
    // One with decays put off, one without: the same memory, and neither sees what the other left.
    const runner = await createFusedEngine({ precision: 'float64' }).prepare(pool);
    const strong = COEFFICIENTS.map((value, k) => (k === 3 ? 1 : value));
    const [first] = await runner.run([images(40)], COEFFICIENTS, ALL);
    const [second] = await runner.run([images(30)], strong, ALL);
    const size = runner.spent!().memoryBytes;
    expect((await runner.run([images(40)], COEFFICIENTS, ALL))[0]).toEqual(first);
    expect((await runner.run([images(30)], strong, ALL))[0]).toEqual(second);
    expect(runner.spent!().memoryBytes).toBe(size);
  });
});

describe('divergence', () => {
  /** A state of the rule that forgets, and weights that do not. */
  const text = `rule test { param eta = 0.1 fit
    state s = 0 then reward
    bound w in [-1, 1]
    dw = eta * s * pre }`;
  const stream = new Stream(3, 'forgets');
  const shape = { preSize: 4, postSize: 3, masked: false, streams: 1, stepLength: null };
  const made = replayed(
    rulesIn({ name: 'test.rule', text }),
    { ...shape, timeline: randomTimeline(stream) },
    stream,
  );

  it.each(['float64', 'float32'] as const)(
    'of what is finite again later, in %s',
    async (precision) => {
      const { program, parameters } = made;
      const runner = await createFusedEngine({ precision }).prepare(program);
      for (const [at, value] of [
        [3, Number.POSITIVE_INFINITY],
        [0, Number.NaN],
      ] as const) {
        const reward = made.episode.stepInputs['forward reward']!.slice();
        reward[at] = value;
        const stepInputs = { ...made.episode.stepInputs, 'forward reward': reward };
        const episode = { ...made.episode, stepInputs };
        const [exact] = await prepareInterpreter(program).run([episode], parameters, ALL);
        expect(exact!.divergence).toMatchObject({ step: at });
        const [got] = await runner.run([episode], parameters, ALL);
        expect(got).toEqual(exact);
      }
      const [after] = await runner.run([made.episode], parameters, ALL);
      expect(after!.divergence).toBeNull();
    },
  );
});

it('relaxed arithmetic is refused where there is none', () => {
  if (offers('relaxed SIMD')) {
    expect(createFusedEngine({ relaxed: true }).name).toBe('fused');
    return;
  }
  expect(() => createFusedEngine({ relaxed: true })).toThrow(EngrammarError);
  try {
    createFusedEngine({ relaxed: true });
  } catch (error) {
    expect(error instanceof EngrammarError && error.diagnostics[0]!.code).toBe('E709');
  }
});
