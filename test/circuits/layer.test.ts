import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { ACTIVATIONS, type Activation } from '../../src/circuits/activation.js';
import { LAYER_OFFERS, layer, layerTable } from '../../src/circuits/layer.js';
import { simulate } from '../../src/tasks/simulate.js';
import { checkedText } from '../support/checked-text.js';

const [INPUTS, OUTPUTS, STEPS] = [4, 3, 5];

const of: Record<Activation, (u: number[]) => { y: number[]; slope: number[] }> = {
  linear: (u) => ({ y: u, slope: u.map(() => 1) }),
  relu: (u) => ({ y: u.map((x) => Math.max(x, 0)), slope: u.map((x) => (x > 0 ? 1 : 0)) }),
  sigmoid: (u) => {
    const y = u.map((x) => 1 / (1 + Math.exp(-x)));
    return { y, slope: y.map((x) => x * (1 - x)) };
  },
  tanh: (u) => ({ y: u.map(Math.tanh), slope: u.map((x) => 1 - Math.tanh(x) ** 2) }),
  softmax: (u) => {
    const e = u.map(Math.exp);
    return { y: e.map((x) => x / e.reduce((a, b) => a + b)), slope: u.map(() => 1) };
  },
};

const ENGINES = [
  ['interpret', { name: 'interpret' }, 1e-12],
  ['tfjs cpu', { name: 'tfjs', backend: 'cpu' }, 2e-6],
] as const;

function numbers(name: string, count: number, low = -1, high = 1): Float64Array {
  const stream = new Stream(11, name);
  return Float64Array.from({ length: count }, () => stream.uniform(low, high));
}

describe.each(ENGINES)('a layer on %s', (_, engine, tolerance) => {
  test.each(ACTIVATIONS)('that is %s answers and learns as by hand', async (activation) => {
    const circuit = layer({ inputs: INPUTS, outputs: OUTPUTS, activation, offers: ['target'] });
    const text = `rule delta { dw = -0.2 * post.error * pre + 0.05 * post.slope * post.input * pre
      - 0.03 * post.feedback * post.target * pre - 0.01 * cost * w }`;
    const start = { W: numbers('W', INPUTS * OUTPUTS) };
    const pattern = numbers('pattern', STEPS * INPUTS);
    const target = numbers('target', STEPS * OUTPUTS, 0, 1);
    const result = await simulate({
      circuit,
      rules: { forward: checkedText(text, circuit.tables.forward) },
      timeline: { trials: [{ steps: STEPS }] },
      stepInputs: { pattern, target },
      start,
      seed: 1,
      record: { slots: ['activity', 'W'], every: 1 },
      engine,
    });
    const w = [...start.W];
    const shown: number[] = [];
    for (let t = 0; t < STEPS; t++) {
      const x = [...pattern.slice(t * INPUTS, (t + 1) * INPUTS)];
      const d = [...target.slice(t * OUTPUTS, (t + 1) * OUTPUTS)];
      const u = d.map((__, i) => x.reduce((sum, xj, j) => sum + w[i * INPUTS + j]! * xj, 0));
      const { y, slope } = of[activation](u);
      shown.push(...y);
      const cost =
        activation === 'softmax'
          ? -d.reduce((sum, p, i) => sum + p * u[i]!, 0) +
            Math.log(u.map(Math.exp).reduce((a, b) => a + b))
          : d.reduce((sum, p, i) => sum + (y[i]! - p) ** 2 / 2, 0);
      for (let i = 0; i < OUTPUTS; i++) {
        for (let j = 0; j < INPUTS; j++) {
          const feedback = y[i]! - d[i]!;
          const k = i * INPUTS + j;
          w[k]! +=
            -0.2 * feedback * slope[i]! * x[j]! +
            0.05 * slope[i]! * u[i]! * x[j]! -
            0.03 * feedback * d[i]! * x[j]! -
            0.01 * cost * w[k]!;
        }
      }
    }
    const worst = (a: ArrayLike<number>, b: readonly number[]) =>
      Math.max(...b.map((value, k) => Math.abs(a[k]! - value)));
    expect(worst(result.states.W!, w)).toBeLessThan(tolerance);
    expect(worst(result.record.activity!, shown)).toBeLessThan(tolerance);
    expect(result.record.W).toHaveLength(STEPS * INPUTS * OUTPUTS);
  });

  test('passes on what is asked for, and only that', async () => {
    const offers = LAYER_OFFERS.filter((offer) => offer !== 'target');
    const circuit = layer({ inputs: 1, outputs: 1, offers });
    const text = `rule all { dw = reward + 10 * gain + 100 * sample_weight + 1000 * post.plateau
      + 1e4 * post.noise + 1e5 * w.noise + 1e6 * post.partner + 1e7 * post + 1e8 * post.input }`;
    const result = await simulate({
      circuit,
      rules: { forward: checkedText(text, circuit.tables.forward) },
      timeline: { trials: [{ steps: 1 }] },
      stepInputs: Object.fromEntries(
        ['pattern', ...offers].map((name, k) => [name, Float64Array.of(k + 1)]),
      ),
      start: { W: Float64Array.of(0.5) },
      seed: 1,
      engine,
    });
    const [pattern, reward, gain, weight, noise, wNoise, plateau, partner] = [
      1, 2, 3, 4, 5, 6, 7, 8,
    ];
    const input = (0.5 + wNoise) * pattern + partner;
    const wanted = 0.5 + reward + 10 * gain + 100 * weight + 1000 * plateau + 1e4 * noise;
    const rest = 1e5 * wNoise + 1e6 * partner + 1e7 * (input + noise) + 1e8 * input;
    expect(Math.abs(result.states.W![0]! / (wanted + rest) - 1)).toBeLessThan(1e-6);
    expect(() =>
      checkedText('rule r { dw = reward * pre }', layerTable({ ...NO_OFFERS })),
    ).toThrow();
  });
});

const NO_OFFERS = { offers: [], stepLength: null, phases: [] } as const;

describe('a layer', () => {
  test('has only the synapses of its density, and keeps it so', async () => {
    const circuit = layer({ inputs: 60, outputs: 50, density: 0.3 });
    const { W, 'mask W': mask } = circuit.draw(new Stream(1, 'sparse'));
    const exist = mask!.reduce((sum, m) => sum + m, 0);
    expect(exist / mask!.length).toBeGreaterThan(0.27);
    expect(exist / mask!.length).toBeLessThan(0.33);
    expect(W!.every((w, k) => (w !== 0) === (mask![k] === 1))).toBe(true);
    const result = await simulate({
      circuit,
      rules: { forward: checkedText('rule r { dw = 0.1 * pre + 0.2 }', circuit.tables.forward) },
      timeline: { trials: [{ steps: 2 }] },
      stepInputs: { pattern: numbers('sparse', 120) },
      start: { W: W!, 'mask W': mask! },
      seed: 1,
    });
    expect(result.states.W!.every((w, k) => (w !== 0) === (mask![k] === 1))).toBe(true);
  });

  test('is asked after learning: the loss is the mean cost, and its gradient exact', async () => {
    const circuit = layer({
      inputs: 2,
      outputs: 1,
      activation: 'sigmoid',
      offers: ['target'],
      queries: 2,
    });
    const run = (eta: number) =>
      simulate({
        circuit,
        rules: {
          forward: checkedText(
            `rule delta { param eta = ${eta} fit dw = -eta * post.error * pre }`,
            circuit.tables.forward,
          ),
        },
        timeline: { trials: [{ steps: 3 }] },
        stepInputs: { pattern: numbers('p', 6), target: numbers('t', 3, 0, 1) },
        queryInputs: { 'query patterns': numbers('q', 4), 'query targets': numbers('d', 2, 0, 1) },
        seed: 4,
        gradient: true,
      });
    const { loss, outputs, gradient, states } = await run(0.5);
    const [q, d, w] = [numbers('q', 4), numbers('d', 2, 0, 1), states.W!];
    const answers = [0, 1].map(
      (k) => 1 / (1 + Math.exp(-(w[0]! * q[2 * k]! + w[1]! * q[2 * k + 1]!))),
    );
    expect([...outputs.answers!]).toEqual(answers.map((y) => expect.closeTo(y, 12)));
    const costs = answers.map((y, k) => (y - d[k]!) ** 2 / 2);
    expect(loss).toBeCloseTo((costs[0]! + costs[1]!) / 2, 12);
    const difference = ((await run(0.5 + 1e-5)).loss - (await run(0.5 - 1e-5)).loss) / 2e-5;
    expect(gradient.eta! / difference).toBeCloseTo(1, 6);
  });

  test('lasts dt a step where it is told how long', async () => {
    const circuit = layer({ inputs: 1, outputs: 1, stepLength: 2 });
    expect(circuit.tables.forward).toMatchObject({ time: 'milliseconds' });
    const result = await simulate({
      circuit,
      rules: { forward: checkedText('rule r { dw/dt = 3 per s * pre }', circuit.tables.forward) },
      timeline: { trials: [{ steps: 1 }] },
      stepInputs: { pattern: Float64Array.of(1) },
      start: { W: Float64Array.of(0) },
      seed: 1,
    });
    expect(result.states.W![0]).toBeCloseTo(0.006, 14);
  });
});
