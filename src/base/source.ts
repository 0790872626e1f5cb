/** A text with a name, as read from a file or given by a caller. */
export interface Source {
  /** What a person calls it: usually the path as it was given. */
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place a person can find: both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset; an offset past the end gives the place just after the last character. */
export function placeOf(source: Source, offset: number): Place {
  const before = source.text.slice(0, Math.max(0, offset));
  const line = before.split('\n').length;
  return { line, column: before.length - (before.lastIndexOf('\n') + 1) + 1 };
}

/** The text of one line, counted from 1, without its line break. */
export function lineOf(source: Source, line: number): string {
  return (source.text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
}

/** The smallest span that holds both. */
export function spanning(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
