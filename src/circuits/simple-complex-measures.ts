import type { Measures } from '../program/circuit.js';

/** What the read-out can tell of simple and complex cells besides the loss. */
export const CELL_MEASURES = [
  'alignment',
  'length',
  'parity',
  'simple variation',
  'complex variation',
  'mirror',
] as const;
export type CellMeasure = (typeof CELL_MEASURES)[number];

export const CELL_MEASURES_MEANING =
  'what the read-out also tells; alignment: |cos| of the weights of a simple cell and the axis of its number; length: of its weights; parity: 1 for weights that are even under reflection, −1 for odd ones; simple and complex variation: of the answers to all views of a thing, standard deviation over mean size; mirror: correlation of the squared answers to mirrored views';

export interface CellNumbers {
  readonly inputs: number;
  readonly outputs: number;
  readonly things: number;
  readonly views: number;
}

/** Rows that the read-out gives: weights, axes, answers of both kinds of cells to all views. */
export interface CellOutputs {
  readonly weights: Float64Array;
  readonly axes: Float64Array;
  readonly simple: Float64Array;
  readonly complex: Float64Array;
}

/** One number for each simple cell, but of `complex variation` for each complex one. */
export function measureCells(
  wanted: readonly CellMeasure[],
  { weights, axes, simple, complex }: CellOutputs,
  { inputs, outputs, things, views }: CellNumbers,
): Measures {
  const cells = Array.from({ length: outputs }, (_, k) =>
    weights.subarray(k * inputs, (k + 1) * inputs),
  );
  const pools = complex.length / (things * views);
  const simpleOf = (k: number) => answersOf(simple, k, outputs, views);
  const complexOf = (k: number) => answersOf(complex, k, pools, views);
  const all: Readonly<Record<CellMeasure, () => Measures>> = {
    alignment: () => ({
      alignment: cells.slice(0, axes.length / inputs).map((w, k) => {
        const axis = axes.subarray(k * inputs, (k + 1) * inputs);
        return ratio(Math.abs(dot(w, axis)), Math.sqrt(dot(w, w) * dot(axis, axis)));
      }),
    }),
    length: () => ({ length: cells.map((w) => Math.sqrt(dot(w, w))) }),
    parity: () => ({
      parity: cells.map((w) => ratio(dot(w, Float64Array.from(w).reverse()), dot(w, w))),
    }),
    'simple variation': () => ({
      'simple variation': cells.map((_, k) => meanVariation(simpleOf(k))),
    }),
    'complex variation': () => ({
      'complex variation': Array.from({ length: pools }, (_, k) => meanVariation(complexOf(k))),
    }),
    mirror: () => ({
      mirror: cells.map((_, k) => {
        const squares = simpleOf(k).map((row) => row.map((y) => y * y));
        const turned = squares.map((row) => [...row].reverse());
        return correlation(squares.flat(), turned.flat());
      }),
    }),
  };
  return Object.assign({}, ...wanted.map((each) => all[each]()));
}

/** A row a thing: what one cell answers to its views. */
function answersOf(values: Float64Array, cell: number, cells: number, views: number): number[][] {
  const own = [...values].filter((_, k) => k % cells === cell);
  return Array.from({ length: own.length / views }, (_, thing) =>
    own.slice(thing * views, (thing + 1) * views),
  );
}

/** Standard deviation of the answers over the mean of their sizes, averaged over things. */
function meanVariation(rows: readonly (readonly number[])[]): number | null {
  const each = rows.map((row) => {
    const middle = mean(row);
    const spread = Math.sqrt(mean(row.map((y) => (y - middle) ** 2)));
    return ratio(spread, mean(row.map(Math.abs)));
  });
  return each.some((value) => value === null) || each.length === 0 ? null : mean(each as number[]);
}

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [mid, other] = [mean(a), mean(b)];
  const [x, y] = [a.map((value) => value - mid), b.map((value) => value - other)];
  return ratio(dot(x, y), Math.sqrt(dot(x, x) * dot(y, y)));
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, k) => sum + value * b[k]!, 0);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null);
