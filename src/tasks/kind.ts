import { type Result, success } from '../base/result.js';
import {
  type OptionForm,
  type OptionSet,
  readOptions,
  type ValuesOf,
} from '../circuits/options.js';
import type { Circuit } from '../program/circuit.js';
import type { Task } from './types.js';

/** One option of a task as written in an experiment file. */
export interface TaskOption {
  readonly name: string;
  /** Undefined: it must be given. */
  readonly fallback: unknown;
  readonly meaning: string;
  readonly least?: number;
  readonly most?: number;
}

/** A kind of task, for `engrammar tasks`. */
export interface TaskKind {
  readonly name: string;
  readonly meaning: string;
  /** Circuits that can do it. */
  readonly circuits: string;
  readonly options: readonly TaskOption[];
}

/** What a circuit is shown in an episode: inputs in trials, and nothing is asked afterwards. */
export interface Sequence {
  readonly episode: Task;
  /** Trials that belong together, such as all patterns once: their losses are averaged. */
  readonly together: number;
}

/** A kind of task that shows a circuit inputs, step by step. */
export interface SequenceKind extends TaskKind {
  readonly settings: OptionSet;
  /** Sizes of the circuit that follow from the task; used where the circuit has them and nobody gave them. */
  sizes(given: Readonly<Record<string, unknown>>): Result<Readonly<Record<string, unknown>>>;
  /** The task on a circuit, or what the circuit lacks for it. */
  make(given: Readonly<Record<string, unknown>>, circuit: Circuit): Result<Sequence>;
}

/** Declares a kind of task by the descriptions of its options. */
export function sequenceKind<S extends OptionSet>(parts: {
  readonly name: string;
  readonly meaning: string;
  readonly circuits: string;
  readonly settings: S;
  sizes?(given: ValuesOf<S>): Result<Readonly<Record<string, unknown>>>;
  make(given: ValuesOf<S>, circuit: Circuit): Result<Sequence>;
}): SequenceKind {
  const { name, meaning, circuits, settings, sizes, make } = parts;
  const reading = <T>(
    given: Readonly<Record<string, unknown>>,
    use: (values: ValuesOf<S>) => Result<T>,
  ): Result<T> => {
    const values = readOptions(name, settings, given);
    return values.ok ? use(values.value) : values;
  };
  return {
    name,
    meaning,
    circuits,
    settings,
    options: Object.entries(settings).map(([option, said]) => ({
      name: option,
      fallback: said.fallback,
      meaning: said.meaning,
      ...edgesOf(said.form),
    })),
    sizes: (given) => reading(given, (values) => sizes?.(values) ?? success({})),
    make: (given, circuit) => reading(given, (values) => make(values, circuit)),
  };
}

function edgesOf(form: OptionForm): Pick<TaskOption, 'least' | 'most'> {
  if (form.kind !== 'count' && form.kind !== 'number') return {};
  const { least, most } = form;
  return { ...(least !== undefined && { least }), ...(most !== undefined && { most }) };
}
