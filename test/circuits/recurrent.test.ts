import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { recurrent } from '../../src/circuits/recurrent.js';
import type { Arrays, Engine } from '../../src/engine/engine.js';
import { createTfjsEngine } from '../../src/engine/tfjs/engine.js';
import { signalNamed } from '../../src/language/signals.js';
import { onCircuit, repeated, trials } from '../support/on-circuit.js';
import {
  gradient,
  range,
  realTimeDiagonal,
  rfloTraces,
  trajectory,
  type Weights,
} from './recurrent-by-hand.js';

const SIZES = { inputs: 2, neurons: 6, outputs: 3, tau: 4 };
const STEPS = 25;
const RULES = {
  recurrent: `rule rflo for recurrent {
    param eta = 0.03, tau = 4 steps
    average e = post.slope * pre keeping 1 - dt / tau since trial.start
    average g = post.feedback * e since trial.start
    at trial.end: dw = -eta * g
  }`,
  readout: 'seeds.rule: rflo_readout',
};

/** Small random task: inputs and targets of one trial, by step. */
function smallTask(seed: number) {
  const stream = new Stream(seed, 'recurrent task');
  const rows = (size: number) => range(STEPS).map(() => range(size).map(() => stream.normal()));
  const [stimulus, target] = [rows(SIZES.inputs), rows(SIZES.outputs)];
  return { stimulus, target, flat: flatten({ stimulus, target }) };
}

const flatten = (rows: Record<string, number[][]>): Arrays =>
  Object.fromEntries(
    Object.entries(rows).map(([name, each]) => [name, Float64Array.from(each.flat())]),
  );

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, k) => Math.abs(x - b[k]!)));
}

/** The author's target: three sines, one period a trial. */
const sines = (steps: number): number[] =>
  range(steps).map((t) => {
    const phase = (2 * Math.PI * (t + 1)) / steps;
    return Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(4 * phase);
  });

describe('the recurrent rate network', () => {
  test('runs as its equations say, and every trial begins anew', async () => {
    const { stimulus, target, flat } = smallTask(1);
    const on = onCircuit(recurrent, SIZES);
    const start = on.drawn(1);
    const byHand = trajectory(SIZES, start as unknown as Weights, 0.1, stimulus, target);
    const twice = Object.fromEntries(
      Object.entries(flat).map(([name, values]) => [name, Float64Array.of(...values, ...values)]),
    );
    const result = await on.run({
      timeline: trials(2, { steps: STEPS }),
      stepInputs: twice,
      start,
      options: { record: { slots: ['activity', 'trial loss'], every: 1 } },
    });
    expect(Math.abs(result.loss - byHand.loss)).toBeLessThan(1e-12);
    const whole = byHand.activity.slice(1).flat();
    expect(largest(result.record!.activity!, [...whole, ...whole])).toBeLessThan(1e-12);
    expect(Math.abs(result.record!['trial loss']![STEPS - 1]! - byHand.loss)).toBeLessThan(1e-12);
  });

  test('the derivative of the loss by the first weights is that of backpropagation through time', async () => {
    const { stimulus, target, flat } = smallTask(2);
    const on = onCircuit(recurrent, SIZES);
    const start = on.drawn(2);
    const weights = start as unknown as Weights;
    const byHand = gradient(SIZES, weights, trajectory(SIZES, weights, 0.1, stimulus, target));
    const result = await on.run({
      timeline: trials(1, { steps: STEPS }),
      stepInputs: flat,
      start,
      options: { gradient: true, startGradient: true },
    });
    for (const [name, expected] of Object.entries(byHand)) {
      expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1e-4);
      expect(largest(result.startGradient![name]!, expected)).toBeLessThan(1e-10);
    }
    expect(Math.max(...result.startGradient!.feedback!.map(Math.abs))).toBe(0);
  });

  test('RFLO changes weights as its recursion written out', async () => {
    const { stimulus, target, flat } = smallTask(3);
    const on = onCircuit(recurrent, SIZES, RULES);
    const start = on.drawn(3);
    const weights = start as unknown as Weights;
    const trial = trajectory(SIZES, weights, 0.1, stimulus, target);
    const traces = rfloTraces(SIZES, trial);
    const { neurons: n, outputs } = SIZES;
    const expected = weights.recurrent.map((w, at) => {
      const i = Math.floor(at / n);
      const changes = trial.error.map((error, t) => {
        const brought = error.map((e, k) => weights.feedback[i * outputs + k]! * e);
        return brought.reduce((a, b) => a + b, 0) * traces[t]![at]!;
      });
      return w - (0.03 / STEPS) * changes.reduce((a, b) => a + b, 0);
    });
    const result = await on.run({ timeline: trials(1, { steps: STEPS }), stepInputs: flat, start });
    expect(largest(result.states!.recurrent!, weights.recurrent)).toBeGreaterThan(1e-4);
    expect(largest(result.states!.recurrent!, expected)).toBeLessThan(1e-12);
    expect(result.states!.input).toEqual(start.input);
    // The readout learns by the gradient of its own error.
    const readout = gradient(SIZES, weights, trial).readout.map(
      (slope, at) => weights.readout[at]! - 0.03 * slope,
    );
    expect(largest(result.states!.readout!, readout)).toBeLessThan(1e-12);
  });

  test.each([
    [0, (gap: number) => gap <= 1e-12],
    [1.5, (gap: number) => gap > 0.01],
  ])(
    'with gain %d its trace is, or is not, the diagonal of real-time recurrent learning',
    async (gain, isRight) => {
      const { stimulus, target, flat } = smallTask(4);
      const on = onCircuit(recurrent, { ...SIZES, gain }, RULES);
      const start = on.drawn(4);
      const weights = start as unknown as Weights;
      const trial = trajectory(SIZES, weights, 0.1, stimulus, target);
      const diagonal = realTimeDiagonal(SIZES, weights.recurrent, trial);
      const result = await on.run({
        timeline: trials(1, { steps: STEPS }),
        stepInputs: flat,
        start,
      });
      expect(Math.max(...diagonal.map(Math.abs))).toBeGreaterThan(0.03);
      expect(largest(result.states!['recurrent: e']!, diagonal)).toSatisfy(isRight);
    },
  );

  test('without recurrence and with symmetric feedback RFLO is gradient descent', async () => {
    const { flat } = smallTask(5);
    const settings = { ...SIZES, gain: 0, feedback: 'symmetric' };
    const learning = onCircuit(recurrent, settings, RULES);
    const start = learning.drawn(5);
    const timeline = trials(1, { steps: STEPS });
    const learned = await learning.run({ timeline, stepInputs: flat, start });
    const still = await onCircuit(recurrent, settings).run({
      timeline,
      stepInputs: flat,
      start,
      options: { gradient: true, startGradient: true },
    });
    const slopes = still.startGradient!.recurrent!;
    expect(Math.max(...slopes.map(Math.abs))).toBeGreaterThan(1e-4);
    const changed = learned.states!.recurrent!;
    expect(
      largest(
        changed,
        slopes.map((slope) => -0.03 * slope),
      ),
    ).toBeLessThan(1e-12);
  });

  test('two streams learn by the mean of what each would have learned', async () => {
    const timeline = trials(1, { steps: STEPS });
    const [one, two] = [smallTask(6).flat, smallTask(7).flat];
    const alone = onCircuit(recurrent, SIZES, RULES);
    const start = alone.drawn(6);
    const each = await Promise.all(
      [one, two].map((stepInputs) => alone.run({ timeline, stepInputs, start })),
    );
    const second = Object.entries(two).map(([name, values]) => [`${name} (stream 2)`, values]);
    const together = await onCircuit(recurrent, SIZES, RULES, { streams: 2 }).run({
      timeline,
      stepInputs: { ...one, ...Object.fromEntries(second) },
      start,
    });
    const mean = (k: number, of: string): number =>
      (each[0]!.states![of]![k]! + each[1]!.states![of]![k]!) / 2;
    expect(together.loss).toBeCloseTo((each[0]!.loss + each[1]!.loss) / 2, 12);
    for (const name of ['recurrent', 'readout']) {
      const wanted = start[name]!.map((_, k) => mean(k, name));
      expect(largest(together.states![name]!, wanted)).toBeLessThan(1e-12);
      expect(largest(together.states![name]!, each[0]!.states![name]!)).toBeGreaterThan(1e-5);
    }
  });

  test('the loss of a later trial has its derivative by the learning rate', async () => {
    const rule = (eta: number) => `rule rflo for recurrent { param eta = ${eta} fit
      average e = post.slope * pre keeping 0.75 since trial.start
      average g = post.feedback * e since trial.start
      at trial.end: dw = -eta * g }`;
    const { flat } = smallTask(8);
    const thrice = Object.fromEntries(
      Object.entries(flat).map(([name, values]) => [name, repeated([...values], 3)]),
    );
    const runWith = (eta: number, gradient: boolean) => {
      const on = onCircuit(recurrent, SIZES, {
        recurrent: rule(eta),
        readout: 'seeds.rule: rflo_readout',
      });
      return on.run({
        timeline: trials(3, { steps: STEPS }),
        stepInputs: thrice,
        start: on.drawn(8),
        options: { gradient },
      });
    };
    const { gradient } = await runWith(0.5, true);
    const [above, below] = [await runWith(0.501, false), await runWith(0.499, false)];
    const slope = (above.loss - below.loss) / 0.002;
    expect(Math.abs(slope)).toBeGreaterThan(1e-5);
    expect(Math.abs(gradient![0]! / slope - 1)).toBeLessThan(1e-5);
  });

  test('errors are carried by feedback weights, or transported back through the read-out', () => {
    const grade = (feedback: string) =>
      signalNamed(onCircuit(recurrent, { feedback }).circuit.tables.recurrent!, 'post.feedback')!
        .grade;
    expect(grade('random')).toBe('feedback');
    expect(grade('symmetric')).toBe('transport');
  });

  describe('learns to make sines', () => {
    const [steps, count] = [50, 200];
    const on = onCircuit(
      recurrent,
      { neurons: 30, tau: 5 },
      { recurrent: 'seeds.rule: rflo', readout: 'seeds.rule: rflo_readout' },
      { values: { 'rflo.eta': 0.1, 'rflo.tau': 5, 'rflo_readout.eta': 0.1 } },
    );
    const lossesOf = async (seed: number, many: number, engine?: Engine) => {
      const { record } = await on.run({
        timeline: trials(many, { steps }),
        stepInputs: { target: repeated(sines(steps), many) },
        start: on.drawn(seed),
        options: { record: { slots: ['trial loss'], every: steps } },
        ...(engine ? { engine } : {}),
      });
      return record!['trial loss']!;
    };

    // Measured over three seeds: 13, 14 and 14 times lower after 200 trials.
    test.each([1, 2])('by RFLO, eight times better after 200 trials (seed %d)', async (seed) => {
      const losses = await lossesOf(seed, count);
      expect(losses[0]).toBeCloseTo(0.33, 1);
      expect(losses[0]! / losses.at(-1)!).toBeGreaterThan(8);
    });

    test('and the same on tfjs', async () => {
      const [exact, single] = [
        await lossesOf(1, 8),
        await lossesOf(1, 8, await createTfjsEngine('cpu')),
      ];
      exact.forEach((loss, trial) => {
        expect(Math.abs(single[trial]! / loss - 1)).toBeLessThan(1e-5);
      });
      expect(exact[7]).toBeLessThan(0.95 * exact[0]!);
    });
  });
});
