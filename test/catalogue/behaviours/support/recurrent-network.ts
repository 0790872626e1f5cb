import { Stream } from '../../../../src/base/random.js';
import { unwrap } from '../../../../src/base/result.js';
import { recurrent } from '../../../../src/circuits/recurrent.js';
import type { Circuit } from '../../../../src/program/circuit.js';
import type { Figure } from '../../behaviour.js';
import { atMost } from './figures.js';
import { normals } from './inputs.js';
import { difference } from './network.js';
import { type Done, type RuleFor, run } from './run.js';
import { distance, type Matrix, scaled } from './vectors.js';

export type RecurrentSettings = Readonly<Record<string, unknown>>;

/** A small network with inputs, and one trial of random inputs and targets. */
export const [SMALL, TRIAL] = [{ inputs: 2, neurons: 6, outputs: 2 }, 25];

export const networkOf = (settings: RecurrentSettings): Circuit => unwrap(recurrent.make(settings));

const rulesOn = (
  circuit: Circuit,
  rules: Readonly<Record<string, RuleFor>>,
): Record<string, ReturnType<RuleFor>> => {
  // The same rule on two kinds of projection is one rule.
  const known = new Map<RuleFor, ReturnType<RuleFor>>();
  return Object.fromEntries(
    Object.entries(rules).map(([kind, rule]) => {
      const checked = known.get(rule) ?? rule(circuit.tables[kind]!);
      known.set(rule, checked);
      return [kind, checked];
    }),
  );
};

/** One trial with the small network; without rules, and `gradient`: the derivatives of its loss. */
export function oneTrial(
  settings: RecurrentSettings,
  rules: Readonly<Record<string, RuleFor>>,
  options: { readonly seed: number; readonly values?: Readonly<Record<string, number>> },
): Promise<Done> {
  const circuit = networkOf({ ...SMALL, ...settings });
  return run({
    circuit,
    rules: rulesOn(circuit, rules),
    inputs: { stimulus: normals(TRIAL, 2, 11), target: normals(TRIAL, 2, 12) },
    start: startOf(circuit, options.seed),
    gradient: Object.keys(rules).length === 0,
    ...(options.values && { values: options.values }),
  });
}

/** The weights a seed gives to the small network, by kind of projection. */
export function startOf(circuit: Circuit, seed: number): Record<string, Matrix> {
  const values = circuit.draw(new Stream(seed, 'recurrent network'));
  return Object.fromEntries(
    circuit.projections.map(({ name, preSize, postSize }) => [
      name,
      Array.from({ length: postSize }, (_, i) => [
        ...values[name]!.subarray(i * preSize, (i + 1) * preSize),
      ]),
    ]),
  );
}

/** How far the changes of one trial are from so many times the gradient, relative to the largest. */
export async function againstGradient(
  settings: RecurrentSettings,
  rules: Readonly<Record<string, RuleFor>>,
  options: {
    readonly times: number;
    readonly most: number;
    readonly values?: Readonly<Record<string, number>>;
  },
): Promise<Figure[]> {
  const start = startOf(networkOf({ ...SMALL, ...settings }), 3);
  const learned = await oneTrial(settings, rules, { seed: 3, ...options });
  const still = await oneTrial(settings, {}, { seed: 3 });
  return Object.keys(rules).map((kind) => {
    const change = difference(learned.end(kind), start[kind]!);
    const wanted = still.slopes(kind).map((row) => scaled(options.times, row));
    const size = Math.max(...wanted.flat().map(Math.abs));
    const name = `${kind}: relative distance from the gradient`;
    return atMost(name, distance(change, wanted) / size, options.most);
  });
}

/** Three sines, one period a trial (Murray 2019). */
const sines = (steps: number): number[][] =>
  Array.from({ length: steps }, (_, t) => {
    const phase = (2 * Math.PI * (t + 1)) / steps;
    return [Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(4 * phase)];
  });

/** Losses of the trials while a network without inputs learns to make three sines. */
export async function learningSines(
  rules: Readonly<Record<string, RuleFor>>,
  options: {
    readonly trials: number;
    readonly seed: number;
    readonly values?: Readonly<Record<string, number>>;
  },
): Promise<number[]> {
  const [steps, circuit] = [40, networkOf({ neurons: 20, tau: 5 })];
  const { trials, seed, values } = options;
  const target = Array.from({ length: trials }, () => sines(steps)).flat();
  const done = await run({
    circuit,
    rules: rulesOn(circuit, rules),
    timeline: { trials: Array.from({ length: trials }, () => ({ steps })) },
    inputs: { target },
    start: startOf(circuit, seed),
    record: ['trial loss'],
    every: steps,
    ...(values && { values }),
  });
  return done.moments('trial loss').map((moment) => moment[0]![0]!);
}
