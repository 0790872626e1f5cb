import { type Result, success } from '../base/result.js';
import type { SignalTable } from '../language/signals.js';
import type { Circuit } from '../program/circuit.js';
import { type OptionSet, readOptions, type ValuesOf } from './options.js';

/** A kind of circuit, for experiments and for `engrammar circuits` and `engrammar signals`. */
export interface CircuitKind {
  readonly name: string;
  readonly meaning: string;
  /** What one step is. */
  readonly step: string;
  /** What a trial is: the time between `trial.start` and `trial.end`. */
  readonly trial: string;
  /** What a rule can be attached to. The tables are those of the default settings. */
  readonly projections: readonly ProjectionKind[];
  readonly options: readonly OptionInWords[];
  /** The same for programs that read experiments. */
  readonly settings: OptionSet;
  /** The circuit of these settings, or what is wrong with them. */
  make(options: Readonly<Record<string, unknown>>): Result<Circuit>;
}

/** A kind of projection: what stands behind `for` in a rule. */
export interface ProjectionKind {
  readonly kind: string;
  readonly meaning: string;
  /** What it offers to a rule. Every table of a circuit names all its kinds of projections. */
  readonly table: SignalTable;
}

/** A setting of a circuit as people read about it. */
export interface OptionInWords {
  readonly name: string;
  readonly meaning: string;
  /** Null: it must be given. */
  readonly fallback: unknown;
  readonly range: string;
}

/** Declares a kind of circuit: settings are read by their descriptions before it is made. */
export function circuitKind<S extends OptionSet>(
  parts: Omit<CircuitKind, 'options' | 'settings' | 'make'> & {
    readonly options: S;
    make(options: ValuesOf<S>): Circuit | Result<Circuit>;
  },
): CircuitKind {
  const { options, make, ...words } = parts;
  return {
    ...words,
    settings: options,
    options: Object.entries(options).map(([name, { meaning, fallback = null, range }]) => ({
      name,
      meaning,
      fallback,
      range,
    })),
    make: (given) => {
      const values = readOptions(parts.name, options, given);
      if (!values.ok) return values;
      const made = make(values.value);
      return 'ok' in made ? made : success(made);
    },
  };
}
