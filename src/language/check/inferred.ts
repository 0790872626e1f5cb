import { type Dimension, PLAIN, sameDimension } from '../../base/dimension.js';
import type { Span } from '../../base/source.js';
import type { Expression } from '../ast.js';
import { printExpression } from '../print.js';
import { type Extent, type Grade, higherGrade, joinExtents } from '../signals.js';

/** What follows from the names in an expression. */
export interface Inferred {
  readonly extent: Extent;
  readonly dimension: Dimension;
  readonly grade: Grade;
  /** The part that raises it to its grade; null where nothing does. */
  readonly because: { readonly text: string; readonly span: Span } | null;
  /** Names of the signals read. */
  readonly reads: ReadonlySet<string>;
  /** A spike count. */
  readonly event: boolean;
}

/** What the checker carries from part to whole. */
export interface Facts extends Inferred {
  /** False after a mistake was reported, and for names whose unit is open: no further complaints. */
  readonly known: boolean;
  /** Not known, but only because of memory whose unit is still being found out. */
  readonly open: boolean;
  /** A sum of a spike and something else is `mixed`. */
  readonly kind: 'plain' | 'event' | 'mixed';
  /** Reads a quantity of the postsynaptic neurons, so that a sum over them carries it backwards. */
  readonly readsPost: boolean;
  /** Reads memory without saying whether it means the value before. */
  readonly readsMemory: boolean;
  /** A name read that changes in a run; null where all is known before. */
  readonly varies: string | null;
  /** The value, of numbers written out. */
  readonly literal: number | null;
  /** The extents of the parts of a sum, other than global; null for what is not a sum. */
  readonly parts: ReadonlySet<Extent> | null;
}

const NO_READS: ReadonlySet<string> = new Set();

export const NUMBER: Facts = {
  extent: 'global',
  dimension: PLAIN,
  grade: 'synapse',
  because: null,
  reads: NO_READS,
  event: false,
  known: true,
  open: false,
  kind: 'plain',
  readsPost: false,
  readsMemory: false,
  varies: null,
  literal: null,
  parts: null,
};

/** After a mistake: fits everywhere. */
export const UNKNOWN: Facts = { ...NUMBER, extent: 'synapse', known: false };

/** A memory of which nothing is known yet, not even that it has a value for more than the projection. */
export const OPEN: Facts = { ...UNKNOWN, extent: 'global', open: true };

/** Facts of a whole made of two parts; unit and kind are the first one's. */
export function join(a: Facts, b: Facts): Facts {
  const grade = higherGrade(a.grade, b.grade);
  return {
    ...a,
    extent: joinExtents(a.extent, b.extent),
    grade,
    because: grade === a.grade ? a.because : b.because,
    reads: b.reads.size === 0 ? a.reads : a.reads.size === 0 ? b.reads : union(a.reads, b.reads),
    known: a.known && b.known,
    open: !(a.known && b.known) && (a.known || a.open) && (b.known || b.open),
    readsPost: a.readsPost || b.readsPost,
    readsMemory: a.readsMemory || b.readsMemory,
    varies: a.varies ?? b.varies,
    literal: null,
    parts: null,
  };
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return [...b].every((name) => a.has(name)) ? a : new Set([...a, ...b]);
}

/** The extents, other than global, of the parts that are added up. */
export function partExtents({ parts, extent }: Facts): ReadonlySet<Extent> {
  return parts ?? new Set(extent === 'global' ? [] : [extent]);
}

/** At least of this grade, because of this part. */
export function raised(facts: Facts, grade: Grade, part: Expression): Facts {
  return raisedBy(facts, grade, () => ({ text: printExpression(part), span: part.span }));
}

/** As `raised`, for what is no expression. */
export function raisedBy(
  facts: Facts,
  grade: Grade,
  because: () => NonNullable<Inferred['because']>,
): Facts {
  if (higherGrade(facts.grade, grade) === facts.grade) return facts;
  return { ...facts, grade, because: because() };
}

/** The same unit, or a 0, or not known. */
export function alike(a: Facts, b: Facts): boolean {
  if (!a.known || !b.known || a.literal === 0 || b.literal === 0) return true;
  return sameDimension(a.dimension, b.dimension);
}

export const isPlain = (facts: Facts): boolean =>
  !facts.known || facts.literal === 0 || sameDimension(facts.dimension, PLAIN);
