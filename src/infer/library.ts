import { tokenize } from '../../grammar/lexer.js';
import { enumerate } from '../algebra/enumerate.js';
import { nameSymbol } from '../algebra/latex-symbols.js';
import type { Term, TermLibrary } from '../algebra/types.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  columnUnnameable,
  noSuchColumn,
  notOneRow,
  targetInLibrary,
  tooManyMonomials,
} from '../base/diagnostics/recording.js';
import { PLAIN } from '../base/dimension.js';
import { nearest } from '../base/nearest.js';
import { failure, type Result, success } from '../base/result.js';
import type { Source, Span } from '../base/source.js';
import { type Frame, frameOf } from '../discover/frame.js';
import type { Clause, Expression, Item, Space } from '../language/ast.js';
import { checkSpace } from '../language/check/space.js';
import { visit } from '../language/check/walk.js';
import type { CheckedSpace } from '../language/checked.js';
import { functionNamed, functionNames } from '../language/functions.js';
import { parse } from '../language/parse.js';
import type { Signal, SignalTable } from '../language/signals.js';
import { circularMemory } from './memory/columns.js';
import { LABELS } from './recording.js';

/** The terms a recording is searched for. */
export interface Library {
  readonly terms: readonly Term[];
  readonly space: CheckedSpace;
  readonly frame: Frame;
  readonly table: SignalTable;
  /** Columns that the terms read. */
  readonly reads: readonly string[];
  /** Whether the terms have names of their own; else they are numbered when it is known which stay. */
  readonly named: boolean;
}

/** What a recording offers to rules: its header. */
export interface Offer {
  readonly header: readonly string[];
  /** The column with the changes of the weight: no rule may read it. */
  readonly target: string;
  /** Columns with counts of events. */
  readonly events: readonly string[];
}

/** A column's name in the language (Greek letters are written out); null if it can have none. */
export function nameOfColumn(column: string): string | null {
  const tokens = tokenize(column);
  const isName = [tokens[0], tokens[2]].every(
    (token) => token === undefined || token.type === 'name',
  );
  const isPlain = tokens.length === 1 || (tokens.length === 3 && tokens[1]!.value === '.');
  const asWritten = tokens.map(({ text }) => text).join('') === column.trim();
  const name = tokens.map(({ value }) => value).join('');
  return isName && isPlain && asWritten && !functionNames.includes(name) ? name : null;
}

/**
 * A recording is a circuit whose signals are its columns. Each has a value in every row, so each
 * belongs to a synapse; columns whose names are no names of the language, and those that only tell
 * neurons and trials apart, are not offered.
 */
function tableOf({ header, target, events }: Offer): SignalTable {
  const signals = header.flatMap((column): Signal[] => {
    const name = nameOfColumn(column);
    if (name === null || column === target || LABELS.includes(column)) return [];
    const { symbol, matrixSymbol } = nameSymbol(name);
    return [
      {
        name,
        extent: 'synapse',
        grade: 'synapse',
        dimension: PLAIN,
        event: events.includes(column),
        symbol,
        matrixSymbol,
        meaning: `The column ${column} of the recording.`,
      },
    ];
  });
  return {
    name: 'the recording',
    signals,
    projections: [],
    phases: [],
    events: [],
    time: 'either',
  };
}

/** STEM1, STEM2, … without names that mean a column. */
export function freeNames(table: SignalTable, stem: string): () => string {
  const taken = new Set(table.signals.map(({ name }) => name));
  let number = 0;
  return () => {
    do number += 1;
    while (taken.has(`${stem}${number}`));
    return `${stem}${number}`;
  };
}

/** A library that is all products of columns up to a degree. */
export interface Monomials {
  readonly columns: readonly string[];
  /** Of a product in all. */
  readonly degree: number;
  /** Of a single factor. */
  readonly maxPower: number;
}

/** More products than this are no library that a table of numbers could tell apart. */
const MOST_MONOMIALS = 2000;

/** The text of a space with every such product; with events, once with each as a factor. */
export function monomialSpace(
  { columns, degree, maxPower }: Monomials,
  events: readonly string[],
): Result<Source> {
  const products = powersUpTo(columns.length, degree, maxPower);
  const derived = (products?.length ?? Number.POSITIVE_INFINITY) * Math.max(1, events.length);
  if (products === null || derived > MOST_MONOMIALS) {
    return failure(tooManyMonomials({ columns: columns.length, degree, most: MOST_MONOMIALS }));
  }
  const written = products.map((powers) => {
    const factors = powers.flatMap((power, k) => {
      if (power === 0) return [];
      return [power === 1 ? columns[k]! : `${columns[k]}^${power}`];
    });
    return factors.length === 0 ? '1' : factors.join(' * ');
  });
  const lines =
    events.length === 0
      ? [`  term = ${written.join(' | ')}`]
      : events.map((event) => {
          const gated = written.map((text) => (text === '1' ? event : `${event} * ${text}`));
          return `  term = ${gated.join(' | ')}`;
        });
  return success({ name: 'monomials', text: `space monomials {\n${lines.join('\n')}\n}\n` });
}

/** Every way to choose the powers, the lowest degrees first, `x^2` before `x * y`; null if there are too many. */
function powersUpTo(columns: number, degree: number, maxPower: number): number[][] | null {
  let choices: number[][] = [[]];
  for (let column = 0; column < columns; column++) {
    choices = choices.flatMap((powers) => {
      const left = degree - powers.reduce((sum, power) => sum + power, 0);
      const most = Math.min(maxPower, left);
      return Array.from({ length: most + 1 }, (_, k) => [...powers, most - k]);
    });
    if (choices.length > MOST_MONOMIALS) return null;
  }
  const degreeOf = (powers: readonly number[]): number => powers.reduce((a, b) => a + b, 0);
  return choices.sort((a, b) => degreeOf(a) - degreeOf(b));
}

/** The terms of the space in this text, on what the recording offers. */
export function readLibrary(source: Source, item: Item | null, offer: Offer): Result<Library> {
  const table = tableOf(offer);
  const parsed = item ? success([item]) : parse(source);
  if (!parsed.ok) return parsed;
  const [space] = parsed.value;
  if (space?.kind !== 'space') throw new TypeError(`${source.name} holds no space`);
  const checked = checkSpace(space, source, table);
  if (!checked.ok) return checked;
  const mistakes = beyondOneRow(checked.value);
  if (mistakes.length > 0) return failure(...mistakes);
  return libraryOf(checked.value, table, checked.warnings);
}

/** The terms of a space on a circuit that offers these signals. */
export function spaceOn(item: Space, source: Source, table: SignalTable): Result<Library> {
  const checked = checkSpace(item, source, table);
  return checked.ok ? libraryOf(checked.value, table, checked.warnings) : checked;
}

function libraryOf(
  space: CheckedSpace,
  table: SignalTable,
  warnings: readonly Diagnostic[],
): Result<Library> {
  const enumerated = enumerate(space);
  if (!enumerated.ok) return enumerated;
  const library = enumerated.value;
  return success(
    {
      terms: library.terms.map(asProduct),
      space,
      frame: frameOf(space, null),
      table,
      reads: readsOf(library, space, table),
      named: space.terms.some(({ name }) => name !== null),
    },
    [...warnings, ...enumerated.warnings],
  );
}

/** A term as a product, the counts of the events that gate it among its factors. */
const asProduct = (term: Term): Term =>
  term.clauses.length > 0 ? { ...term, text: term.canonical } : term;

/** What a space may say that no single row of a table can. */
function beyondOneRow({
  terms,
  memory,
  choices,
  bounds,
  source,
  space,
}: CheckedSpace): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (what: string, span: Span): void => {
    found.push(notOneRow({ what }, { source, span }));
  };
  for (const { line, kind, name } of memory) {
    if (kind === 'whiten' || kind === 'draw') report(`the ${kind} ${name}`, line.span);
  }
  for (const { line, kind, name } of circularMemory(memory)) {
    report(`the ${kind} ${name}, which reads itself`, line.span);
  }
  if (bounds.range || bounds.keepsSign) {
    const line = space.lines.find(({ kind }) => kind === 'bound' || kind === 'keeping sign');
    report('a bound of the weight', line?.span ?? space.nameSpan);
  }
  const expressions: Expression[] = [...choices.values()].flatMap((each) => each.alternatives);
  const clausesOf = (clauses: readonly Clause[]): void => {
    for (const clause of clauses) {
      if (clause.kind !== 'on') report(`\`${clause.kind}\``, clause.span);
      else expressions.push(clause.event);
    }
  };
  for (const { clauses, alternatives } of terms) {
    expressions.push(...alternatives);
    clausesOf(clauses);
  }
  for (const { clauses, line, value, fading, from } of memory) {
    expressions.push(value, ...[fading?.value, from].flatMap((each) => each ?? []));
    if ('since' in line && line.since) expressions.push(line.since);
    clausesOf(clauses);
  }
  for (const expression of expressions) {
    visit(expression, (node) => {
      const isBefore =
        node.kind === 'name' && node.moment?.kind === 'named' && node.moment.name === 'before';
      if (node.kind === 'name' && node.moment !== null && !isBefore)
        report('a value at another moment', node.span);
      const isReduction =
        node.kind === 'call' && !functionNamed(node.callee) && !choices.has(node.callee);
      if (isReduction) report(`\`${node.callee}\` over neurons`, node.span);
    });
  }
  return found;
}

function readsOf({ terms }: TermLibrary, { memory }: CheckedSpace, table: SignalTable): string[] {
  const reads = new Set<string>();
  const read = (expression: Expression): void =>
    visit(expression, (node) => {
      if (node.kind !== 'name') return;
      reads.add(node.member === null ? node.name : `${node.name}.${node.member}`);
    });
  for (const { expression, clauses } of terms) {
    read(expression);
    for (const clause of clauses) if (clause.kind === 'on') read(clause.event);
  }
  for (const { clauses, value, fading, from, since } of memory) {
    for (const each of [value, fading?.value, from]) if (each) read(each);
    for (const clause of clauses) if (clause.kind === 'on') read(clause.event);
    if (since !== null) reads.add(since);
  }
  return table.signals.map(({ name }) => name).filter((name) => reads.has(name));
}

/** Faults with columns that an option names. */
export function columnFaults(
  names: readonly string[],
  { header, target }: Pick<Offer, 'header' | 'target'>,
  option: string,
): Diagnostic[] {
  return names.flatMap((name) => {
    if (name === target) return [targetInLibrary({ target, option })];
    if (!header.includes(name)) {
      return [noSuchColumn({ name, header, option, meant: nearest(name, header) })];
    }
    if (LABELS.includes(name)) return [columnUnnameable({ name, option, isPlace: true })];
    return nameOfColumn(name) === null ? [columnUnnameable({ name, option })] : [];
  });
}
