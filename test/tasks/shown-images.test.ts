import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { layer } from '../../src/circuits/layer.js';
import { predictiveCodingKind } from '../../src/circuits/predictive-coding.js';
import { inputsBetween } from '../../src/tasks/inputs/made.js';
import { shownImages } from '../../src/tasks/kinds/shown-images.js';

const [STEPS, TRIALS, QUERIES, PIXELS] = [3, 40, 50, 16];
const SHOWN = { pool: 7, classes: [3, 8], steps: STEPS, trials: TRIALS };

const rows = (values: Float64Array, size: number): string[] =>
  Array.from({ length: values.length / size }, (_, k) =>
    values.subarray(k * size, (k + 1) * size).join(' '),
  );

describe('images that are shown', () => {
  test('stay for a whole trial where that is asked for, with their classes', () => {
    const circuit = unwrap(predictiveCodingKind.make({ inputs: PIXELS, outputs: 2 }));
    const { episode } = unwrap(shownImages.make({ ...SHOWN, held: 'trial' }, circuit));
    const made = episode(new Stream(1));
    const whole = STEPS * TRIALS;
    const { pattern, target } = inputsBetween(made, { from: 0, to: whole, whole });
    const [images, classes] = [rows(pattern!, PIXELS), rows(target!, 2)];
    expect(images.length).toBe(whole);
    for (let trial = 0; trial < TRIALS; trial++) {
      const of = images.slice(trial * STEPS, (trial + 1) * STEPS);
      expect(new Set(of).size).toBe(1);
      expect(new Set(classes.slice(trial * STEPS, (trial + 1) * STEPS)).size).toBe(1);
    }
    expect(new Set(images).size).toBeGreaterThan(TRIALS / 2);
    expect([...new Set(classes)].sort()).toEqual(['0 1', '1 0']);
    // Parts of an episode are the same numbers.
    const part = inputsBetween(made, { from: 4, to: 11, whole });
    expect(rows(part.pattern!, PIXELS)).toEqual(images.slice(4, 11));
    // A circuit that relaxes has done so when the image goes.
    const relaxed = { name: 'relax.end', step: STEPS - 1 };
    expect(made.timeline.trials[0]).toEqual({ steps: STEPS, events: [relaxed] });
  });

  test('are not those that are asked about', () => {
    const circuit = layer({ inputs: PIXELS, outputs: 2, offers: ['target'], queries: QUERIES });
    const settings = { ...SHOWN, steps: 2000, trials: 1, asked: QUERIES };
    expect(unwrap(shownImages.sizes(settings))).toEqual({ inputs: PIXELS, queries: QUERIES });
    const { episode } = unwrap(shownImages.make(settings, circuit));
    const { stepInputs, queryInputs } = episode(new Stream(1));
    const asked = rows(queryInputs!['query patterns']!, PIXELS);
    const shown = new Set(rows(stepInputs.pattern!, PIXELS));
    expect(asked.length).toBe(QUERIES);
    // Of about 2,000 images most are shown once in 2,000 steps.
    expect(shown.size).toBeGreaterThan(1000);
    expect(asked.filter((image) => shown.has(image))).toEqual([]);
    expect(new Set(rows(queryInputs!['query targets']!, 2))).toEqual(new Set(['0 1', '1 0']));
  });
});
