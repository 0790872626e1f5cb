import type { CheckedRule } from '../../../src/language/checked.js';
import type { SignalTable } from '../../../src/language/signals.js';

/** The data of the figure beside a rule in docs/catalogue: what is drawn, not how. */
export interface Picture {
  /** What one sees, with the setting. */
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Where something is predicted or aimed at: horizontal dashed lines. */
  readonly levels?: readonly { readonly at: number; readonly name: string }[];
}

export interface Axis {
  /** With the unit in brackets where there is one. */
  readonly label: string;
  /** What must be seen; default: what the data need. */
  readonly range?: readonly [low: number, high: number];
  readonly scale?: 'linear' | 'log';
}

export interface Series {
  /** Empty where the y label says it all. */
  readonly name: string;
  /** Default: `line`. `stems` are lines from 0 with a dot on them. */
  readonly mark?: 'line' | 'dots' | 'stems';
  /** The name of the series that this one belongs to: it has its colour and no name beside it. */
  readonly like?: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Runs the rule and says what to draw; the same data whenever it is called. As a claim is measured. */
export type Draw = (
  rule: (table: SignalTable) => CheckedRule,
  companion: (name: string, table: SignalTable) => CheckedRule,
) => Promise<Picture>;

/** Moments that are `every` apart, from `first` on, with a value each. */
export const over = (
  values: ArrayLike<number>,
  every = 1,
  first = 0,
): (readonly [number, number])[] =>
  Array.from(values, (value, k) => [first + k * every, value] as const);

/** Values at given places. */
export const at = (
  places: readonly number[],
  values: ArrayLike<number>,
): (readonly [number, number])[] => places.map((x, k) => [x, values[k]!] as const);
