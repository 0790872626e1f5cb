import type { Token } from './lexer.js';

/**
 * What the grammar's rules build. Plain tagged objects with spans and no meaning; their exact types
 * are those of `src/language/ast.ts`, which stands above this folder and is therefore not imported.
 */

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Spanned {
  readonly span: Span;
}

interface Measure {
  readonly text: string;
  readonly number: number;
  readonly unit: string | null;
  readonly per: readonly string[];
}

/** A token, a node or a list of what a rule matched. */
export type Part = Token | Spanned | null;

const isToken = (part: Token | Spanned): part is Token => 'offset' in part;

export function spanOf(part: Token | Spanned): Span {
  return isToken(part) ? { start: part.offset, end: part.offset + part.text.length } : part.span;
}

/** From the first to the last part that is there. Lists are long: only their ends are looked at. */
export function between(...parts: readonly (Part | readonly Part[] | undefined)[]): Span {
  let first: Part | undefined;
  let last: Part | undefined;
  for (const part of parts) {
    const list: readonly Part[] | null = Array.isArray(part) ? part : null;
    const [start, end] = list ? [list[0], list.at(-1)] : [part as Part, part as Part];
    first ??= start;
    last = end ?? last;
  }
  return { start: first ? spanOf(first).start : 0, end: last ? spanOf(last).end : 0 };
}

/** `head ("," tail)*` as one list. */
export function listOf<T>(head: T, tail: readonly (readonly [Token, T])[]): T[] {
  return [head, ...tail.map((pair) => pair[1])];
}

const unitName = (word: string): string => (word === 'steps' ? 'step' : word);

/** `8e-5 per mV per mV` → number, unit and divisors. */
export function measureOf(token: Token): Measure & Spanned {
  const text = /^[0-9.]+(?:[eE][+-]?[0-9]+)?/.exec(token.text)?.[0] ?? token.text;
  const [unit = '', ...per] = token.text
    .slice(text.length)
    .trim()
    .split(/[ \t]*\bper[ \t]+/);
  return {
    text,
    number: Number(text),
    unit: unit === '' ? null : unitName(unit),
    per: per.map(unitName),
    span: spanOf(token),
  };
}

/** Without the span: measures inside other nodes have none. */
export function bare({ text, number, unit, per }: Measure): Measure {
  return { text, number, unit, per };
}

export function negative(measure: Measure): Measure {
  return { ...measure, text: `-${measure.text}`, number: -measure.number };
}

const OPERATORS: Readonly<Record<string, string>> = {
  plus: '+',
  minus: '-',
  times: '*',
  over: '/',
  power: '^',
};

export function binary<E extends Spanned>(left: E, operator: Token, right: E) {
  return {
    kind: 'binary',
    operator: OPERATORS[operator.type] ?? operator.text,
    left,
    right,
    span: between(left, right),
  };
}

/** `x²` is `x^2`. */
export function raised<E extends Spanned>(left: E, token: Token) {
  const text = token.text === '²' ? '2' : '3';
  const right = {
    kind: 'number',
    measure: { text, number: Number(text), unit: null, per: [] },
    span: spanOf(token),
  };
  return { kind: 'binary', operator: '^', left, right, span: between(left, token) };
}

const COMPARISONS: Readonly<Record<string, string>> = {
  below: '<',
  above: '>',
  atmost: '<=',
  atleast: '>=',
};

export function comparison<E extends Spanned>(left: E, operator: Token, right: E) {
  return {
    kind: 'compare',
    operator: COMPARISONS[operator.type] ?? operator.text,
    left,
    right,
    span: between(left, right),
  };
}

/** Clauses stand before their line and belong to its span. */
export function behind<L extends Spanned>(clauses: readonly Spanned[], line: L) {
  return { ...line, clauses, span: between(clauses, line) };
}
