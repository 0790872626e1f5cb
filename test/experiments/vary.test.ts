import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { setupOf, studyOf } from '../../src/experiments/study.js';
import { variationOf } from '../../src/experiments/vary.js';

const experiment = (text: string) => unwrap(parseExperiment({ name: 'my.yaml', text }, '.')).config;

const SMALL = `
space: shervani_tabar_2023
circuit: {name: feed-forward, hidden: [3]}
task: {name: digits, ways: 3, shots: 3, queries: 2, pool: 7, validation: 0.2}
seed: 3
`;

describe('what varies', () => {
  const vary = { shots: [1, 2, 3], feedbackScale: [0.5, 2] };

  it('takes every value once in as many episodes as there are values', () => {
    for (const from of [0, 3, 2 ** 32 - 1]) {
      const first = 3 * Math.floor(from / 3);
      const shots = [0, 1, 2].map((k) => variationOf(vary, 7, 'search', first + k).shots);
      expect([...shots].sort()).toEqual([1, 2, 3]);
    }
  });

  it('is another order in other rounds and kinds, and always the same', () => {
    const orders = (kind: string) =>
      Array.from({ length: 30 }, (_, k) => variationOf(vary, 7, kind, k).shots).join('');
    expect(orders('search')).toBe(orders('search'));
    expect(orders('search')).not.toBe(orders('choose'));
    expect(new Set(orders('search').match(/.{3}/g)).size).toBeGreaterThan(3);
  });

  it('is in episodes of the search and of comparison, not in held-out ones', () => {
    const study = studyOf(
      experiment(`${SMALL}vary: {shots: [1, 4], weightScale: [2], feedbackScale: [0.5]}\n`),
    );
    const [setup, plain] = [setupOf(study), setupOf({ ...study, vary: undefined })];
    const steps = (kind: 'search' | 'choose' | 'score') =>
      [0, 1].map((k) => setup.episode(kind, k).timeline.trials[0]!.steps).sort((a, b) => a - b);
    expect(steps('search')).toEqual([3, 12]);
    expect(steps('choose')).toEqual([3, 12]);
    expect(steps('score')).toEqual([9, 9]);
    const [drawn, own] = [setup, plain].map((each) => each.episode('search', 0).start);
    for (let i = 0; i < 9; i++) {
      expect(drawn!.W2![i]).toBe(2 * own!.W2![i]!);
      expect(drawn!.B2![i]).toBe(0.5 * own!.B2![i]!);
    }
    expect(setup.episode('score', 0).start).toEqual(plain.episode('score', 0).start);
  });

  it('beyond what the images allow is found out before anything runs', () => {
    const study = studyOf(experiment(`${SMALL}vary: {shots: [1, 400]}\n`));
    expect(() => setupOf(study)).toThrow(/402 different images/);
  });
});

describe('images for validation', () => {
  it('are seen by nothing but the comparison of candidates', () => {
    const { task, ...config } = experiment(SMALL);
    const seen = (validation: number, kind: 'search' | 'choose' | 'score') => {
      const setup = setupOf(studyOf({ ...config, task: { ...task, validation } as typeof task }));
      const images = new Set<string>();
      for (let k = 0; k < 400; k++) {
        const { image } = setup.episode(kind, k).stepInputs;
        for (let at = 0; at < image!.length; at += 16)
          images.add(image!.subarray(at, at + 16).join());
      }
      return images;
    };
    const [search, choose, score] = [seen(0.2, 'search'), seen(0.2, 'choose'), seen(0.2, 'score')];
    const shared = (a: Set<string>, b: Set<string>) => [...a].filter((each) => b.has(each)).length;
    // Pooled to 4 × 4, a few images are the same.
    expect(shared(search, choose)).toBeLessThan(3);
    expect(shared(search, score)).toBeLessThan(3);
    expect(shared(choose, score)).toBeLessThan(3);
    // Held out is the same whatever is set aside, and without it the search has the images itself.
    expect(seen(0, 'score')).toEqual(score);
    expect(shared(seen(0, 'search'), seen(0, 'choose'))).toBeGreaterThan(50);
  });
});
