import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalidTaskSize, tooFewClasses, tooFewImages } from '../../src/base/diagnostics/data.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import {
  sampleTask,
  splitClasses,
  splitImages,
  splitSet,
  wholePool,
} from '../../src/tasks/sampler.js';
import type { ImageSet, Pool } from '../../src/tasks/types.js';

/** Images of one pixel that holds the image's own number, so that a task shows which it drew. */
function numbered(classes: number, each: number): ImageSet {
  const count = classes * each;
  return {
    name: 'numbered',
    height: 1,
    width: 1,
    classes,
    pixels: Float32Array.from({ length: count }, (_, i) => i),
    labels: Uint16Array.from({ length: count }, (_, i) => i % classes),
  };
}

const all = (pool: Pool): number[] => [...pool.images.values()].flat();

describe('sampleTask', () => {
  it('draws distinct classes and disjoint images, of the right number', () => {
    const sizes = fc.record({
      ways: fc.integer({ min: 2, max: 8 }),
      shots: fc.integer({ min: 1, max: 12 }),
      queries: fc.integer({ min: 1, max: 12 }),
    });
    const pool = wholePool(numbered(8, 24));
    fc.assert(
      fc.property(sizes, fc.integer(), fc.nat(), (options, seed, k) => {
        const task = unwrap(sampleTask(pool, options, new Stream(seed, 'task', k)));
        expect(new Set(task.classes).size).toBe(options.ways);
        const drawn = [...task.support.images, ...task.query.images];
        expect(new Set(drawn).size).toBe(options.ways * (options.shots + options.queries));
        for (const [part, each] of [
          [task.support, options.shots],
          [task.query, options.queries],
        ] as const) {
          expect(part.labels.every((label, i) => part.images[i]! % 8 === label)).toBe(true);
          for (const c of task.classes)
            expect(part.labels.filter((l) => l === c).length).toBe(each);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('depends on the stream alone, not on what was drawn before', () => {
    const pool = wholePool(numbered(10, 30));
    const options = { ways: 5, shots: 10, queries: 5 };
    const draw = (seed: number, k: number) =>
      unwrap(sampleTask(pool, options, new Stream(seed, 'task', k)));
    const forwards = [0, 1, 2, 3].map((k) => draw(7, k));
    const backwards = [3, 2, 1, 0].map((k) => draw(7, k)).reverse();
    expect(backwards).toEqual(forwards);
    const texts = [draw(7, 0), draw(7, 1), draw(8, 0), draw(8, 1)].map((t) =>
      [...t.support.images].join(),
    );
    expect(new Set(texts).size).toBe(4);
  });

  it('does not move the stream it is given', () => {
    const stream = new Stream(3, 'task');
    unwrap(sampleTask(wholePool(numbered(4, 8)), { ways: 2, shots: 2, queries: 2 }, stream));
    expect(stream.bits()).toBe(new Stream(3, 'task').bits());
  });

  it('shuffles classes together and takes classes and images about equally often', () => {
    const pool = wholePool(numbered(10, 20));
    const options = { ways: 5, shots: 6, queries: 4 };
    const classCounts = new Array<number>(10).fill(0);
    const imageCounts = new Array<number>(200).fill(0);
    let sorted = 0;
    const tasks = 2000;
    for (let k = 0; k < tasks; k++) {
      const task = unwrap(sampleTask(pool, options, new Stream(5, k)));
      for (const c of task.classes) classCounts[c]! += 1;
      for (const image of task.support.images) imageCounts[image]! += 1;
      if (task.support.labels.slice(0, 6).every((l) => l === task.support.labels[0])) sorted += 1;
    }
    // Binomial: 2000 × 1/2 and 2000 × 1/2 × 6/20, six standard deviations either way.
    const within = (count: number, p: number) =>
      Math.abs(count - tasks * p) < 6 * Math.sqrt(tasks * p * (1 - p));
    expect(classCounts.every((count) => within(count, 0.5))).toBe(true);
    expect(imageCounts.every((count) => within(count, 0.15))).toBe(true);
    expect(sorted).toBeLessThan(5);
  });

  it('leaves out classes with too few images, and says when too few are left', () => {
    const set: ImageSet = {
      ...numbered(3, 1),
      labels: Uint16Array.of(0, 0, 0, 1, 1, 1, 2),
      pixels: new Float32Array(7),
    };
    const pool = wholePool(set);
    const task = unwrap(sampleTask(pool, { ways: 2, shots: 2, queries: 1 }, new Stream(1)));
    expect(task.classes).toEqual([0, 1]);
    const three = sampleTask(pool, { ways: 3, shots: 2, queries: 1 }, new Stream(1));
    expect(!three.ok && three.diagnostics).toEqual([
      tooFewClasses({ set: 'numbered', ways: 3, classes: 2 }),
    ]);
    const many = sampleTask(pool, { ways: 2, shots: 2, queries: 2 }, new Stream(1));
    expect(!many.ok && many.diagnostics).toEqual([
      tooFewImages({ set: 'numbered', needed: 4, most: 3 }),
    ]);
    const empty = sampleTask(
      { set, images: new Map() },
      { ways: 2, shots: 1, queries: 1 },
      new Stream(1),
    );
    expect(!empty.ok && empty.diagnostics).toEqual([
      tooFewImages({ set: 'numbered', needed: 2, most: 0 }),
    ]);
  });

  it('refuses impossible sizes, all at once', () => {
    const result = sampleTask(
      wholePool(numbered(3, 9)),
      { ways: 1, shots: 1.5, queries: Number.NaN },
      new Stream(1),
    );
    expect(!result.ok && result.diagnostics).toEqual([
      invalidTaskSize({ name: 'ways', value: 1, least: 2 }),
      invalidTaskSize({ name: 'shots', value: 1.5, least: 1 }),
      invalidTaskSize({ name: 'queries', value: Number.NaN, least: 1 }),
    ]);
  });
});

describe('splits', () => {
  it('of images share no image and lose none', () => {
    const set = numbered(10, 21);
    const { search, evaluation, heldOut } = splitImages(set, new Stream(2, 'split'), 0.3);
    expect(heldOut).toBe('images');
    expect([...search.images.values()].every((images) => images.length === 15)).toBe(true);
    expect([...evaluation.images.values()].every((images) => images.length === 6)).toBe(true);
    expect([...all(search), ...all(evaluation)].sort((a, b) => a - b)).toEqual([
      ...set.labels.keys(),
    ]);
  });

  it('of images keep at least one on each side', () => {
    for (const share of [0, 0.01, 0.99, 1]) {
      const { search, evaluation } = splitImages(numbered(2, 3), new Stream(2), share);
      expect(
        [...search.images.values(), ...evaluation.images.values()].every((i) => i.length > 0),
      ).toBe(true);
    }
  });

  it('of classes share no class and leave enough on both sides', () => {
    const set = numbered(24, 5);
    for (const share of [0.01, 0.3, 0.9]) {
      const { search, evaluation } = splitClasses(set, new Stream(2, 'split'), share, 5);
      const used = (pool: Pool) =>
        [...pool.images].filter(([, images]) => images.length > 0).map(([c]) => c);
      expect(used(search).filter((c) => used(evaluation).includes(c))).toEqual([]);
      expect(used(search).length + used(evaluation).length).toBe(24);
      expect(Math.min(used(search).length, used(evaluation).length)).toBeGreaterThanOrEqual(5);
      const options = { ways: 5, shots: 3, queries: 2 };
      expect(sampleTask(evaluation, options, new Stream(1)).ok).toBe(true);
      expect(sampleTask(search, options, new Stream(1)).ok).toBe(true);
    }
  });

  it('hold out classes where there are four times as many as ways, images otherwise', () => {
    expect(splitSet(numbered(20, 4), new Stream(1), 0.3, 5).heldOut).toBe('classes');
    expect(splitSet(numbered(19, 4), new Stream(1), 0.3, 5).heldOut).toBe('images');
  });

  it('follow the seed', () => {
    const split = (seed: number) =>
      all(splitImages(numbered(4, 30), new Stream(seed), 0.3).evaluation);
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });
});
