import { describe, expect, test } from 'vitest';
import { pairsDiffer } from '../../src/base/diagnostics/task.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { CIRCUITS } from '../../src/circuits/registry.js';
import type { Engine } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { interpreter } from '../../src/engine/interpret/interpret.js';
import { checkRule } from '../../src/language/check/rule.js';
import { parse } from '../../src/language/parse.js';
import type { Circuit } from '../../src/program/circuit.js';
import { stepsOf } from '../../src/program/schedule.js';
import { butterfly } from '../../src/tasks/inputs/butterfly.js';
import { inputsBetween } from '../../src/tasks/inputs/made.js';
import { drawing } from '../../src/tasks/kinds/drawing.js';
import { type SimulationResult, simulate } from '../../src/tasks/simulate.js';

const circuitOf = (settings: Readonly<Record<string, unknown>>): Circuit =>
  unwrap(CIRCUITS.find(({ name }) => name === 'reservoir')!.make(settings));

/** Draws for some steps, with a rule on the exploring pathway that adds 0.01 to all weights of it. */
async function draws(
  settings: Readonly<Record<string, unknown>>,
  { steps = 5, training = 2, tests = 2, engine = interpreter as Engine } = {},
): Promise<{ result: SimulationResult; circuit: Circuit; start: Record<string, Float64Array> }> {
  const task = { steps, training, tests };
  const circuit = circuitOf({ neurons: 3, ...unwrap(drawing.sizes(task)), ...settings });
  const episode = unwrap(drawing.make(task, circuit)).episode(new Stream(1, 'task'));
  const whole = stepsOf(episode.timeline);
  const source = { name: 'own.rule', text: 'rule more { param eta = 0.01 dw = eta }' };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('not a rule');
  const start = { ...circuit.draw(new Stream(2)) };
  const result = await simulate({
    circuit,
    rules: { exploring: unwrap(checkRule(item, source, circuit.tables.exploring!)) },
    timeline: episode.timeline,
    stepInputs: inputsBetween(episode, { from: 0, to: whole, whole }),
    start,
    seed: 1,
    engine,
    record: { slots: ['output', 'hand', 'exploring', 'activity', 'usual cost'], every: 1 },
  });
  return { result, circuit, start };
}

const row = (values: Float64Array | undefined, width: number, k: number): number[] => [
  ...values!.subarray(k * width, (k + 1) * width),
];

describe('the circuit reservoir', () => {
  test('feeds its output back, sums its pathways and takes running means, as by hand', async () => {
    const [training, tests, steps] = [1, 1, 4];
    const { result, start } = await draws({ exploration: 0, noise: 0 }, { training, tests, steps });
    const places = butterfly(steps);
    let [x, r, z, usual] = [[...start.potential!], [...start.activity!], [0, 0], 0];
    let weight = 0;
    const squares: number[] = [];
    for (let t = 0; t < 2 * steps; t++) {
      const isTest = t >= steps;
      const target = row(places, 2, t % steps);
      const fed = isTest ? target : z;
      x = x.map((value, i) => {
        const recurrent = r.reduce((sum, rate, j) => sum + start.recurrent![3 * i + j]! * rate, 0);
        const back = fed.reduce((sum, out, j) => sum + start.feedback![2 * i + j]! * out, 0);
        return value + 0.02 * (recurrent + back - value);
      });
      r = x.map(Math.tanh);
      const sum = r.reduce((all, rate) => all + weight * rate, 0);
      z = isTest ? [0, 0] : [sum, sum];
      const cost = z.reduce((all, value, k) => all + (value - target[k]!) ** 2, 0);
      usual = 0.8 * usual + 0.2 * cost;
      if (isTest) squares.push(cost);
      if (!isTest) weight += 0.01;
      expect(row(result.record.output, 2, t)).toEqual(z.map((value) => expect.closeTo(value, 13)));
      expect(row(result.record['usual cost'], 1, t)[0]).toBeCloseTo(usual, 13);
    }
    const mean = squares.reduce((all, value) => all + value, 0) / steps;
    expect(result.loss).toBeCloseTo(mean, 13);
    expect(result.outputs['distance in the test']![0]).toBeCloseTo(Math.sqrt(mean), 13);
  });

  test('learns nothing in the test, and neither explores nor has noise there', async () => {
    const { result } = await draws({ tested: 'exploring' });
    const weights = result.record.exploring!;
    expect(row(weights, 6, 9)[0]).toBeCloseTo(0.1, 12);
    expect(row(weights, 6, 19)).toEqual(row(weights, 6, 9));
    for (const k of [12, 19]) {
      const activity = row(result.record.activity, 3, k);
      const sum = 0.1 * activity.reduce((all, value) => all + value, 0);
      expect(row(result.record.output, 2, k)[0]).toBeCloseTo(sum, 12);
    }
    const explored = row(result.record.output, 2, 4);
    expect(explored[0]).not.toBeCloseTo(explored[1]!, 6);
  });

  test.each([
    ['the interpreter', interpreter],
    ['the fused engine', createFusedEngine({ precision: 'float64' })],
  ])('moves an arm, and hears its last training again in the test, by %s', async (_, engine) => {
    const arm = { arm: [1.8, 1.2, 0.6], effort: [0.1, 0.05, 0] };
    const { result } = await draws(arm, { engine });
    for (let k = 0; k < 20; k++) {
      const joints = row(result.record.output, 3, k);
      const [x, y] = [0, 1].map((side) =>
        arm.arm.reduce((sum, length, at) => {
          const angle = Math.PI * joints.slice(0, at + 1).reduce((all, joint) => all + joint, 0);
          return sum + length * (side === 0 ? Math.sin(angle) : Math.cos(angle));
        }, 0),
      );
      expect(row(result.record.hand, 2, k)).toEqual([
        expect.closeTo(x!, 12),
        expect.closeTo(y! - 2, 12),
      ]);
    }
    // The line holds the second trial of the training, and has gone around twice.
    const last = [5, 6, 7, 8, 9].flatMap((k) => row(result.record.output, 3, k));
    expect([...result.states.echo!]).toEqual(last);
  });

  test('refuses efforts that are not those of its joints', () => {
    const kind = CIRCUITS.find(({ name }) => name === 'reservoir')!;
    const made = kind.make({ arm: [1, 1], effort: [0.1] });
    expect(made.ok ? [] : made.diagnostics.map(({ code }) => code)).toEqual([pairsDiffer.code]);
  });

  test('turns its arm by any angle', async () => {
    // Outputs are what the exploring pathway is given to start with: large weights, many turns.
    const task = { steps: 40, training: 1, tests: 1 };
    const circuit = circuitOf({
      neurons: 2,
      arm: [1],
      shoulder: 0,
      noise: 0,
      ...unwrap(drawing.sizes(task)),
    });
    const episode = unwrap(drawing.make(task, circuit)).episode(new Stream(1));
    const result = await simulate({
      circuit,
      rules: {},
      timeline: episode.timeline,
      stepInputs: inputsBetween(episode, { from: 0, to: 80, whole: 80 }),
      start: { mastery: Float64Array.of(8, -7) },
      seed: 3,
      record: { slots: ['output', 'hand'], every: 1 },
    });
    const turns = result.record.output!;
    expect(Math.max(...turns.map(Math.abs))).toBeGreaterThan(2);
    turns.forEach((turn, k) => {
      expect(result.record.hand![2 * k]).toBeCloseTo(Math.sin(Math.PI * turn), 11);
      expect(result.record.hand![2 * k + 1]).toBeCloseTo(Math.cos(Math.PI * turn), 11);
    });
  });
});
