import type { Term } from '../algebra/types.js';
import { designTooLarge, termNotFinite } from '../base/diagnostics/recording.js';
import { EngrammarError } from '../base/result.js';
import { tagReads } from '../language/check.js';
import { evaluate } from './evaluate.js';
import type { Library } from './library.js';
import { withMemory } from './memory/columns.js';
import type { Recording } from './recording.js';

/** What a fit is made from: one column of numbers a term, and the changes they shall explain. */
export interface Design {
  readonly terms: readonly Term[];
  /** One a term, each as long as the recording has rows. */
  readonly columns: readonly Float64Array[];
  /** The recorded changes of the weight. */
  readonly target: Float64Array;
  /** Numbers of rows that belong together: what is resampled as a whole, since its rows are not independent. */
  readonly blocks: readonly Int32Array[];
  /** What a block is: a whole trial, all rows of a synapse, or a stretch of time (of a synapse). */
  readonly blocksAre: 'trial' | 'synapse' | 'stretch';
}

/** Of fewer trials a sample says little. */
const LEAST_TRIALS = 10;
/** Stretches of time that a synapse (or a table without synapses) is cut into. */
const STRETCHES = 20;

/** Numbers that are kept at most: two gigabytes of them. */
const MOST_NUMBERS = 2 ** 28;
/** Squares of larger numbers, and sums of these, may be beyond what can be held. */
const LARGEST = 1e140;

/**
 * The terms of a library in every row of a recording. Throws an `EngrammarError` where they are too many,
 * or where one is no number, or far too large, in some row.
 */
export function designOf(library: Library, recording: Recording, target: Float64Array): Design {
  const { terms } = library;
  const { rows: count } = recording;
  const columns = termColumns(library, recording);
  const faults = [...columns, target].flatMap((column, at) => {
    const bad = column.reduce((sum, value) => sum + (Math.abs(value) <= LARGEST ? 0 : 1), 0);
    const term = terms[at]?.text ?? 'the change of the weight';
    return bad > 0 ? [termNotFinite({ term, rows: bad, of: count })] : [];
  });
  if (faults.length > 0) throw new EngrammarError(...faults);
  return { terms, columns, target, ...blocksOf(recording) };
}

/**
 * Every term in every row, with whatever values the library's parameters have. Throws an
 * `EngrammarError` where they are too many, or where memory finds no order in time.
 */
export function termColumns({ terms, space }: Library, recording: Recording): Float64Array[] {
  const { rows: count } = recording;
  if (count * terms.length > MOST_NUMBERS) {
    const facts = { rows: count, terms: terms.length, most: MOST_NUMBERS };
    throw new EngrammarError(designTooLarge(facts));
  }
  const { scope, memory } = space;
  const rows = { count, columns: withMemory(recording, memory, scope), scope };
  return terms.map(({ expression, clauses }) =>
    evaluate(tagReads(expression, scope, clauses.length > 0), clauses, rows),
  );
}

/**
 * Trials where there are several; else synapses, each cut into stretches of time if they are few; else
 * stretches of rows, which are taken to be in the order of time.
 */
export function blocksOf(recording: Recording): Pick<Design, 'blocks' | 'blocksAre'> {
  const { rows, trial, pre, post } = recording;
  const trials = trial ? groups(rows, [trial]) : [];
  if (trials.length >= LEAST_TRIALS) return { blocks: trials, blocksAre: 'trial' };
  const synapses =
    pre || post
      ? groups(
          rows,
          [pre, post].flatMap((each) => each ?? []),
        )
      : [];
  const whole =
    synapses.length > 0 ? synapses : [Int32Array.from({ length: rows }, (_, row) => row)];
  const pieces = Math.max(1, Math.ceil(STRETCHES / whole.length));
  return {
    blocks: whole.flatMap((block) => cut(inTime(block, recording), pieces)),
    blocksAre: pieces === 1 ? 'synapse' : 'stretch',
  };
}

/** Rows with the same values in these columns, in the order in which they first occur. */
function groups(rows: number, columns: readonly Float64Array[]): Int32Array[] {
  const found = new Map<string | number, number[]>();
  const [only] = columns;
  for (let row = 0; row < rows; row++) {
    const key = columns.length === 1 ? only![row]! : columns.map((each) => each[row]!).join(' ');
    const members = found.get(key);
    if (members) members.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()].map((each) => Int32Array.from(each));
}

/** Trial by trial, within each by time, and otherwise as they are. */
function inTime(rows: Int32Array, { trial, time }: Recording): Int32Array {
  const by = (column: Float64Array | null, a: number, b: number): number =>
    column ? column[a]! - column[b]! : 0;
  return rows.slice().sort((a, b) => by(trial, a, b) || by(time, a, b) || a - b);
}

function cut(rows: Int32Array, pieces: number): Int32Array[] {
  const count = Math.min(pieces, rows.length);
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [k, k + 1].map((each) => Math.round((each * rows.length) / count));
    return rows.subarray(from, to);
  });
}

/** The design with some of its terms only. */
export function withTerms(design: Design, kept: readonly number[]): Design {
  return {
    ...design,
    terms: kept.map((at) => design.terms[at]!),
    columns: kept.map((at) => design.columns[at]!),
  };
}
