import { notNumbers, sizesDiffer } from '../base/diagnostics/testing.js';
import { EngrammarError } from '../base/result.js';
import type { Shape } from '../program/ir.js';

/** Numbers as tests write them: one for all, one for each neuron, or rows. */
export type Numbers = number | ArrayLike<number> | readonly ArrayLike<number>[];

export type Matrix = readonly (readonly number[])[];

/** The rows; a list is one row. Throws an `EngrammarError` where they are none. */
export function rowsOf(name: string, given: unknown): Matrix {
  const refuse = (what: string): never => {
    throw new EngrammarError(notNumbers({ name, given: what }));
  };
  const finite = (value: unknown): number =>
    typeof value === 'number' && Number.isFinite(value)
      ? value
      : refuse(`not made of finite numbers: it holds ${String(value)}`);
  if (typeof given === 'number') return [[finite(given)]];
  if (!isList(given)) return refuse(given === null ? 'null' : `of type ${typeof given}`);
  const rows = isList(given[0]) ? [...given] : [given];
  if (rows.some((row) => isList(row) && row.length === 0)) refuse('empty');
  const matrix = rows.map((row) =>
    isList(row) ? Array.from(row, finite) : refuse('a list of mixed kinds'),
  );
  const width = matrix[0]!.length;
  if (matrix.some(({ length }) => length !== width)) refuse('rows of different lengths');
  return matrix;
}

/** A list, also a typed one, as an array. */
function isList(given: unknown): given is readonly unknown[] {
  return Array.isArray(given) || ArrayBuffer.isView(given);
}

/** Values of a shape, row after row; a single number stands for all of them. */
export function valuesOf(name: string, given: unknown, shape: Shape): Float64Array {
  const matrix = rowsOf(name, given);
  const [rows, columns] = shape;
  const [only] = matrix;
  if (matrix.length === 1 && only!.length === 1) {
    return new Float64Array(rows * columns).fill(only![0]!);
  }
  if (matrix.length !== rows || only!.length !== columns) {
    const needed = `${rows} × ${columns}`;
    const sizes = { name, given: `${matrix.length} × ${only!.length} values`, needed };
    throw new EngrammarError(sizesDiffer(sizes));
  }
  return Float64Array.from(matrix.flat());
}

/** A number as messages show it. */
export const shown = (value: number): string => String(Number(value.toPrecision(6)));
