import { wrongNumberOfValues } from '../base/diagnostics/program.js';
import { EngrammarError } from '../base/result.js';
import { maskOf } from './circuit.js';
import type { Program, Slot } from './ir.js';

const STREAM = / \(stream \d+\)$/;

/**
 * Where all states and constants of a program start: what is given; else, in a further stream, what is
 * given for the first; else the program's own initial value; else 0. Weights of synapses that do not
 * exist are 0 whatever is given. Throws an `EngrammarError` where the number of values is wrong.
 */
export function startOf(
  program: Pick<Program, 'states' | 'constants' | 'initial'>,
  given: Readonly<Record<string, Float64Array>>,
): Record<string, Float64Array> {
  const start: Record<string, Float64Array> = {};
  for (const slot of [...program.constants, ...program.states]) {
    start[slot.name] = valuesOf(slot, program.initial, given);
  }
  for (const { name } of program.states) {
    const mask = start[maskOf(name)];
    if (mask) start[name] = start[name]!.map((value, k) => (mask[k] === 0 ? 0 : value));
  }
  return start;
}

function valuesOf(
  { name, shape: [rows, columns] }: Slot,
  initial: Program['initial'],
  given: Readonly<Record<string, Float64Array>>,
): Float64Array {
  const needed = rows * columns;
  const value = given[name] ?? given[name.replace(STREAM, '')] ?? initial[name] ?? 0;
  if (typeof value === 'number') return new Float64Array(needed).fill(value);
  if (value.length === needed) return Float64Array.from(value);
  throw new EngrammarError(wrongNumberOfValues({ name, given: value.length, needed }));
}
