import { unknownInput } from '../../base/diagnostics/circuit.js';
import { failure, type Result, success } from '../../base/result.js';
import { countOption, textOption } from '../../circuits/options.js';
import type { Circuit, Timeline } from '../../program/circuit.js';
import type { Slot } from '../../program/ir.js';

/** How often and how long, of every task that shows something step by step. */
export const LENGTHS = {
  steps: countOption({ meaning: 'steps of a trial', fallback: 1000, least: 1, most: 1e7 }),
  trials: countOption({ meaning: 'trials of an episode', fallback: 1, least: 1, most: 1e6 }),
};

/** Where inputs go. */
export const INPUT = textOption({
  meaning: 'the input of the circuit that is filled; first: the first it has',
  fallback: 'first',
});

/** The step input of this name (`first`: the first there is). */
export function inputNamed({ name, stepInputs }: Circuit, wanted: string): Result<Slot> {
  const found = wanted === 'first' ? stepInputs[0] : stepInputs.find((it) => it.name === wanted);
  if (found) return success(found);
  const known = stepInputs.map((slot) => slot.name);
  return failure(unknownInput({ circuit: name, what: 'input', given: wanted, known }));
}

/** Trials of equal length without phases; a circuit that relaxes has done so in the last step of a trial. */
export function plainTrials({ tables }: Circuit, trials: number, steps: number): Timeline {
  const relaxes = Object.values(tables).some(({ events }) => events.includes(RELAXED));
  const events = [{ name: RELAXED, step: steps - 1 }];
  const trial = relaxes ? { steps, events } : { steps };
  return { trials: Array.from({ length: trials }, () => trial) };
}

const RELAXED = 'relax.end';

/** The same values over and over. */
export function repeated(values: ArrayLike<number>, times: number): Float64Array {
  const all = new Float64Array(values.length * times);
  if (all.length === 0) return all;
  all.set(values);
  // What is there already is copied behind itself: few copies, however short the values.
  for (let there = values.length; there < all.length; there *= 2) all.copyWithin(there, 0, there);
  return all;
}
