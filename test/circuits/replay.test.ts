import { describe, expect, test } from 'vitest';
import { PLAIN } from '../../src/base/dimension.js';
import { replay } from '../../src/circuits/replay.js';
import { tableOffering } from '../../src/language/vocabulary.js';
import { simulate } from '../../src/tasks/simulate.js';
import { checkedText } from '../support/checked-text.js';

const LOCAL = { grade: 'synapse', dimension: PLAIN, event: false } as const;
const table = tableOffering('my recording', ['w', 'pre', 'post', 'reward'], ['recorded'], {
  own: [
    {
      ...LOCAL,
      name: 'distance',
      extent: 'synapse',
      symbol: 'd',
      matrixSymbol: 'D',
      meaning: 'Distance of the synapse from the soma.',
    },
  ],
  phases: ['free'],
});

describe('a recording', () => {
  const values = {
    pre: Float64Array.of(1, 2, 3, 4),
    post: Float64Array.of(1, -1, 2, -2, 3, -3),
    reward: Float64Array.of(1, 0.5),
    distance: Float64Array.from({ length: 12 }, (_, k) => k / 10),
  };
  const text = 'rule r { during free: dw = reward * post * pre - distance * w }';

  test('gives a rule every signal of its header, step by step', async () => {
    const circuit = replay(table, { preSize: 2, postSize: 3 });
    expect(circuit.stepInputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['pre', [1, 2]],
      ['post', [1, 3]],
      ['reward', [1, 1]],
      ['distance', [3, 2]],
    ]);
    const start = { w: Float64Array.of(1, 2, 3, 4, 5, 6) };
    const { states } = await simulate({
      circuit,
      rules: { recorded: checkedText(text, circuit.tables.recorded) },
      timeline: { trials: [{ steps: 2, phases: [{ name: 'free', steps: 1 }] }] },
      stepInputs: { ...values, post: Float64Array.of(1, -1, 2, 1, 1, 1) },
      start,
      seed: 1,
    });
    const post = [1, -1, 2];
    const wanted = start.w.map((w, k) => {
      const [i, j] = [Math.floor(k / 2), k % 2];
      return w + 1 * post[i]! * values.pre[j]! - values.distance[k]! * w;
    });
    expect([...states.w!]).toEqual([...wanted].map((w) => expect.closeTo(w, 12)));
  });

  test('may hold fewer signals than its table, and wanted weights', async () => {
    const circuit = replay(table, {
      preSize: 1,
      postSize: 1,
      signals: ['pre'],
      wanted: true,
      masked: true,
    });
    expect(circuit.stepInputs.map(({ name }) => name)).toEqual(['pre']);
    expect(() => checkedText('rule r { dw = post }', circuit.tables.recorded)).toThrow();
    const result = await simulate({
      circuit,
      rules: {
        recorded: checkedText('rule r { param a = 2 fit dw = a * pre }', circuit.tables.recorded),
      },
      timeline: { trials: [{ steps: 1 }] },
      stepInputs: { pre: Float64Array.of(3) },
      queryInputs: { 'wanted weights': Float64Array.of(1) },
      start: { w: Float64Array.of(0) },
      seed: 1,
      gradient: true,
    });
    expect(result.loss).toBe(25);
    expect(result.gradient).toEqual({ a: 2 * 5 * 3 });
    expect(result.startGradient.w).toEqual(Float64Array.of(10));
  });
});
