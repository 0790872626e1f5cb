import { describe, expect, test } from 'vitest';
import { notForImages } from '../../src/base/diagnostics/circuit.js';
import { unwrap } from '../../src/base/result.js';
import { feedForward } from '../../src/circuits/feed-forward.js';
import { layer } from '../../src/circuits/layer.js';
import { accuracyOf, fewShotEpisode } from '../../src/tasks/episodes.js';
import { wholePool } from '../../src/tasks/sampler.js';
import type { ImageSet } from '../../src/tasks/types.js';

const set: ImageSet = {
  name: 'tiny',
  height: 1,
  width: 3,
  classes: 4,
  pixels: Float32Array.from({ length: 24 * 3 }, (_, k) => (k % 7) / 7),
  labels: Uint16Array.from({ length: 24 }, (_, k) => k % 4),
};
const few = { ways: 2, shots: 3, queries: 2 };
const net = (sizes: readonly number[], queries: number) =>
  feedForward({ sizes, beta: 10, feedback: 'random', queries });

describe('a few-shot episode', () => {
  test('fills the inputs of any circuit that is shown images and their classes', () => {
    const made = unwrap(fewShotEpisode(wholePool(set), few, net([3, 5, 4], 4), 1, 'search', 0));
    const { episode, labels } = made;
    expect(episode.steps).toBe(6);
    expect(Object.keys(episode.start)).toEqual(['W1', 'W2', 'B1', 'B2']);
    expect(episode.stepInputs.image).toHaveLength(6 * 3);
    expect(episode.stepInputs.target).toHaveLength(6 * 4);
    // Each query target is 1 at its label, 0 elsewhere.
    expect(accuracyOf(episode.queryInputs['query targets']!, labels)).toBe(1);
    expect(episode.queryInputs['query targets']!.reduce((a, b) => a + b)).toBe(labels.length);
  });

  test('asks outputs beyond the classes to be silent', () => {
    const made = unwrap(fewShotEpisode(wholePool(set), few, net([3, 6], 4), 1, 'search', 0));
    const { target } = made.episode.stepInputs;
    expect(target).toHaveLength(6 * 6);
    const perOutput = [0, 1, 2, 3, 4, 5].map((k) =>
      target!.filter((_, i) => i % 6 === k).reduce((a, b) => a + b),
    );
    expect(perOutput.slice(4)).toEqual([0, 0]);
    expect(perOutput.reduce((a, b) => a + b)).toBe(6);
  });

  test('is the same whatever the feedback', () => {
    const inputs = (['random', 'symmetric', 'plastic'] as const).map((feedback) => {
      const circuit = feedForward({ sizes: [3, 5, 4], beta: 10, feedback, queries: 4 });
      const { episode } = unwrap(fewShotEpisode(wholePool(set), few, circuit, 1, 'search', 3));
      const { W1, W2 } = episode.start;
      return { ...episode, start: { W1, W2 } };
    });
    expect(inputs[1]).toEqual(inputs[0]);
    expect(inputs[2]).toEqual(inputs[0]);
  });

  test('is refused for circuits of other inputs or sizes', () => {
    const refusal = (circuit: ReturnType<typeof net>) => {
      const made = fewShotEpisode(wholePool(set), few, circuit, 1, 'search', 0);
      return made.ok ? null : made.diagnostics;
    };
    const wrong = layer({ inputs: 3, outputs: 4, offers: ['target'] });
    const facts = { circuit: wrong.name, name: 'image', rows: 1, columns: 3, found: undefined };
    expect(refusal(wrong)).toEqual([notForImages(facts)]);
    expect(refusal(net([4, 4], 4))).toMatchObject([{ message: expect.stringContaining('1 × 4') }]);
    expect(refusal(net([3, 3], 4))).toMatchObject([{ message: expect.stringContaining('target') }]);
    expect(refusal(net([3, 4], 5))).toMatchObject([{ message: expect.stringContaining('5 × 3') }]);
  });
});
