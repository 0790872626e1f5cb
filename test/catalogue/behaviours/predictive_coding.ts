import { Stream } from '../../../src/base/random.js';
import { unwrap } from '../../../src/base/result.js';
import { predictiveCodingKind } from '../../../src/circuits/predictive-coding.js';
import type { Trial } from '../../../src/program/circuit.js';
import type { Behaviour, Figure } from '../behaviour.js';
import { atMost } from './support/figures.js';
import { normals } from './support/inputs.js';
import { difference } from './support/network.js';
import { type RuleFor, run, written } from './support/run.js';
import { distance, type Matrix, norm, scaled, total } from './support/vectors.js';

const SMALL = { inputs: 3, hidden: [5, 4], outputs: 2 };
const LAYERS = ['W1', 'W2', 'W3'];

/** A trial of so many steps, of which so many relax. */
const relaxing = (relaxed: number, steps = relaxed): Trial => ({
  steps,
  events: [{ name: 'relax.end', step: relaxed - 1 }],
});

const circuitOf = (settings: Readonly<Record<string, unknown>>) =>
  unwrap(predictiveCodingKind.make({ ...SMALL, ...settings }));

/** One sample, in one trial, whose steps go on after the relaxation. */
function oneSample(rule: RuleFor | null, settings: Readonly<Record<string, unknown>>) {
  const circuit = circuitOf(settings);
  const [trial, sample, target] = [relaxing(3, 5), normals(1, 3, 21)[0]!, normals(1, 2, 22)[0]!];
  const held = (row: readonly number[]): Matrix => Array.from({ length: trial.steps }, () => row);
  const drawn = circuit.draw(new Stream(4, 'predictive coding'));
  const start = Object.fromEntries(
    circuit.projections.map(({ name, preSize, postSize }) => [
      name,
      Array.from({ length: postSize }, (_, i) => [
        ...drawn[name]!.subarray(i * preSize, (i + 1) * preSize),
      ]),
    ]),
  );
  const rules: Record<string, ReturnType<RuleFor>> = rule
    ? { forward: rule(circuit.tables.forward!) }
    : {};
  return run({
    circuit,
    rules,
    timeline: { trials: [trial] },
    inputs: { pattern: held(sample), target: held(target) },
    start,
    gradient: !rule,
  }).then((done) => ({ done, start, rate: rule ? written(rules.forward!, 'eta') : 0 }));
}

const EXCLUSIVE_OR = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;
const EPOCHS = 150;

/** The cost of the four patterns while exclusive or is learned, epoch by epoch. */
export async function trajectory(
  rule: RuleFor,
  inference: string,
  seed: number,
): Promise<number[]> {
  const circuit = circuitOf({ inputs: 3, hidden: [6], outputs: 1, inference, rate: 0.3 });
  const order = new Stream(seed, 'exclusive or');
  const shown = Array.from({ length: EPOCHS }, () => order.choose(EXCLUSIVE_OR)).flat();
  const trial = relaxing(12);
  const rows = <T>(of: (one: (typeof shown)[number]) => T): T[] =>
    shown.flatMap((one) => Array.from({ length: trial.steps }, () => of(one)));
  const done = await run({
    circuit,
    rules: { forward: rule(circuit.tables.forward!) },
    timeline: { trials: shown.map(() => trial) },
    // The third input is always 1, in place of a threshold.
    inputs: { pattern: rows(([a, b]) => [a, b, 1]), target: rows(([a, b]) => [a === b ? -1 : 1]) },
    record: ['trial cost'],
    every: trial.steps,
    seed,
  });
  const costs = done.moments('trial cost').map((moment) => moment[0]![0]!);
  return Array.from({ length: EPOCHS }, (_, k) => total(costs.slice(4 * k, 4 * k + 4)));
}

export const behaviour: Behaviour = {
  rule: 'predictive_coding',
  claims: [
    {
      says: 'with fixed predictions, an inner rate of 1 and as many steps as layers, a trial changes the weights by −η times the gradient of its cost, once, at the end of relaxation',
      async measure(rule) {
        const fixed = { inference: 'fixed', rate: 1 };
        const { done, start, rate } = await oneSample(rule, fixed);
        const still = await oneSample(null, fixed);
        return LAYERS.map((name): Figure => {
          const change = difference(done.end(name), start[name]!);
          const wanted = still.done.slopes(name).map((row) => scaled(-rate, row));
          const size = Math.max(...wanted.flat().map(Math.abs));
          return atMost(`${name}, relative to the largest`, distance(change, wanted) / size, 1e-9);
        });
      },
    },
    {
      says: 'with strict inference the change is another one, but goes downhill, too',
      // Of a small error strict inference makes nearly the gradient; this one is of order 1.
      async measure(rule) {
        const { done, start } = await oneSample(rule, { inference: 'strict', rate: 0.5 });
        const still = await oneSample(null, { inference: 'strict', rate: 0.5 });
        const change = LAYERS.flatMap((name) => difference(done.end(name), start[name]!).flat());
        const slopes = LAYERS.flatMap((name) => still.done.slopes(name).flat());
        const along = total(change.map((x, k) => -x * slopes[k]!));
        const cosine = along / (norm(change) * norm(slopes));
        return [{ name: 'cosine with the way downhill', value: cosine, within: [0.5, 0.999] }];
      },
    },
    {
      says: 'a network with six hidden neurons learns exclusive or by strict inference within 150 epochs',
      // To answer 0 costs ½ for each of the four, 2 together.
      async measure(rule) {
        const costs = await trajectory(rule, 'strict', 1);
        return [
          { name: 'cost of the four patterns, first epoch', value: costs[0]!, within: [1.5, 6] },
          atMost('cost of the four patterns, last epoch', costs.at(-1)!, 0.02),
        ];
      },
    },
  ],
};
