import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import type { Episode } from '../../../src/engine/engine.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { POOL, programOf } from '../../support/program.js';
import { disagreement, imageEpisode } from '../tfjs/episodes.js';

describe('an episode whose inputs are not all in memory at once', () => {
  const SIZES = [21, 13, 10, 6];
  const QUERIES = 7;
  const COEFFICIENTS = [0.01, 1e-3, -0.01, 1e-4, 1e-3, 1e-4, 1e-3, 1e-3, 1e-3, 0.001];
  const pool = programOf(POOL, SIZES, QUERIES);
  const given = { sizes: SIZES, beta: 10, feedback: 'random' } as const;
  const images = (steps: number): Episode =>
    imageEpisode(given, steps, QUERIES, new Stream(4, 'windows'));
  const plain = { gradient: false, states: true } as const;

  it('is that of the interpreter, and its record too', async () => {
    const record = { slots: [pool.states[0]!.name], every: 700 };
    const episode = images(2500);
    const options = { ...plain, record };
    const [wanted] = await prepareInterpreter(pool).run([episode], COEFFICIENTS, options);
    const runner = await createFusedEngine({ precision: 'float64' }).prepare(pool);
    const [got] = await runner.run([episode], COEFFICIENTS, options);
    expect(wanted!.divergence).toBeNull();
    const { loss, outputs } = disagreement([got!], [wanted!]);
    expect(Math.max(loss, outputs)).toBeLessThan(1e-11);
    const [slot] = record.slots;
    const [seen, held] = [got!.record![slot!]!, wanted!.record![slot!]!];
    expect(seen.length).toBe(held.length);
    expect(Math.max(...held.map((value, k) => Math.abs(value - seen[k]!)))).toBeLessThan(1e-11);
  });

  it('takes no more memory the longer it lasts', async () => {
    const runner = await createFusedEngine().prepare(pool);
    const sizes: number[] = [];
    for (const steps of [4000, 8000]) {
      await runner.run([images(steps)], COEFFICIENTS, { gradient: false });
      sizes.push(runner.spent!().memoryBytes);
    }
    expect(sizes[1]).toBe(sizes[0]);
  });

  it('tells the step at which it diverges', async () => {
    const episode = images(2500);
    const [name, values] = Object.entries(episode.stepInputs).find(
      ([, { length }]) => length === 2500 * SIZES[0]!,
    )!;
    const wrong = values.slice();
    wrong[2100 * SIZES[0]! + 3] = Number.NaN;
    const stepInputs = { ...episode.stepInputs, [name]: wrong };
    const runner = await createFusedEngine().prepare(pool);
    const [got] = await runner.run([{ ...episode, stepInputs }], COEFFICIENTS, plain);
    expect(got!.divergence).toMatchObject({ step: 2100 });
  });
});
