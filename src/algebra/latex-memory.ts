import type { Expression, NameExpression } from '../language/ast.js';
import { visit, withParts } from '../language/check/walk.js';
import type { CheckedMemory, Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { binary, called, measured, named, negated } from './build-expression.js';
import { bracketed } from './latex-brackets.js';
import { isNotOn, type LatexForm, rateLatex, requireWhole, withSpikes } from './latex-form.js';
import type { LatexLine } from './latex-layout.js';
import { between } from './latex-synapse.js';
import { clauseWords, eventWords, isSpike, rangeWords, spikeWords } from './latex-words.js';
import * as Q from './rational.js';

/**
 * Memory as formulas. What is printed is what runs: x \leftarrow … is the value after this step, and on
 * its right the memory's own name is the value before.
 */

const DT = named('dt');
const ONE = measured('1');
const BEFORE = { kind: 'named', name: 'before' } as const;

/** The formulas of a memory line. */
export function memoryLines(checked: CheckedMemory, form: LatexForm): readonly LatexLine[] {
  const { name, kind, clauses } = checked;
  const { table, memories } = form.scope;
  const extent = memories.get(name)?.extent ?? 'global';
  const symbol = form.write(named(name), extent);
  const acts = clauses.map((clause) => clauseWords(clause, table));
  const line = (relation: LatexLine['relation'], right: string, remarks: string[]): LatexLine[] => [
    { left: symbol, relation, right, remarks },
  ];
  if (kind === 'whiten') {
    return form.whitening(checked, extent).map((each) => ({
      ...each,
      remarks: [...acts, ...each.remarks],
    }));
  }
  if (checked.line.kind === 'draw') {
    const { distribution } = checked.line;
    const law = distribution === 'normal' ? '\\mathcal{N}(0, 1)' : '\\mathcal{U}(0, 1)';
    return line('\\sim', law, acts);
  }
  return kind === 'state' ? stateLines(checked, extent, form) : fadingLines(checked, extent, form);
}

/** The start of a memory, said where it is not 0 at the very first step. */
function startOf(
  checked: CheckedMemory,
  extent: Extent,
  form: LatexForm,
  moment: NameExpression['moment'] = null,
): string[] {
  const { name, since, from } = checked;
  const symbol = form.write({ ...named(name), moment }, extent);
  const value = from ? form.write(from, 'global') : '0';
  if (since !== null) {
    return [`${symbol} = ${value} \\text{ at ${eventWords(since, form.scope.table)}}`];
  }
  return value === '0' ? [] : [`${symbol}(0) = ${value}`];
}

function stateLines(checked: CheckedMemory, extent: Extent, form: LatexForm): LatexLine[] {
  const { name, value, clauses, since } = checked;
  requireWhole(clauses, since, form);
  const left = form.write(named(name), extent);
  const input = withOldValue(value, name);
  const acts = clauses.map((clause) => clauseWords(clause, form.scope.table));
  const relation = '\\leftarrow';
  if (!isSpike(since)) {
    const right = form.write(input, extent);
    return [{ left, relation, right, remarks: [...acts, ...startOf(checked, extent, form)] }];
  }
  const restarted = replaced(input, name, checked.from ?? measured('0'));
  const right = restarting(since, form.write(restarted, extent), form.write(input, extent));
  return [{ left, relation, right, remarks: acts }];
}

function fadingLines(
  checked: CheckedMemory,
  extent: Extent,
  form: LatexForm,
): readonly LatexLine[] {
  const { kind, fading } = checked;
  const input = inputOf(checked);
  if (fading === null && kind === 'average') {
    // A mean of what it takes in, whatever it starts from; its own name in it is the mean so far.
    return totalLines(checked, checked.ofSpikes ? input : checked.value, extent, form);
  }
  if (fading === null && !readsItself(input, checked.name) && checked.from === null) {
    return totalLines(checked, input, extent, form);
  }
  if (kind === 'average' && isContinuous(checked, input, form.scope)) {
    return rateLines(checked, input, extent, form);
  }
  return stepLines(checked, input, extent, form);
}

/** The plain sum or mean since an event. */
function totalLines(
  checked: CheckedMemory,
  input: Expression,
  extent: Extent,
  form: LatexForm,
): LatexLine[] {
  const { name, kind, since } = checked;
  const { table } = form.scope;
  const clauses = kind === 'trace' ? checked.clauses.filter(isNotOn) : checked.clauses;
  requireWhole(clauses, since, form);
  const range = [
    rangeWords(since ?? 'trial.start', table),
    ...clauses.map((clause) => clauseWords(clause, table)),
  ];
  const under = range.length === 1 ? range[0] : `\\substack{${range.join(' \\\\ ')}}`;
  const right =
    kind === 'trace'
      ? `\\sum_{${under}} ${afterSum(form.write(input, extent, 'factor'))}`
      : `\\left\\langle ${form.write(input, extent)} \\right\\rangle_{${under}}`;
  // Where a mean starts from is forgotten with the first input.
  const remarks = checked.from && !isSpike(since) ? startOf(checked, extent, form, BEFORE) : [];
  return [{ left: form.write(named(name), extent), relation: '=', right, remarks }];
}

const afterSum = (text: string): string => (text.startsWith('-') ? bracketed(text) : text);

/** T dx/dt = -x + E: what the step of a running mean solves exactly, its input held in the step. */
function rateLines(
  checked: CheckedMemory,
  input: Expression,
  extent: Extent,
  form: LatexForm,
): LatexLine[] {
  const memory = named(checked.name);
  const time = form.write(checked.fading?.value ?? ONE, 'global', 'factor');
  const rate = rateLatex(form.write(memory, extent));
  const acts = checked.clauses.map((clause) => clauseWords(clause, form.scope.table));
  return [
    {
      left: time + between(time, rate) + rate,
      relation: '=',
      right: form.recursion({ memory, kept: measured('-1'), gain: null, input }, extent),
      remarks: [...acts, ...startOf(checked, extent, form)],
    },
  ];
}

function stepLines(
  checked: CheckedMemory,
  input: Expression,
  extent: Extent,
  form: LatexForm,
): LatexLine[] {
  const { name, kind, fading, since } = checked;
  const { table } = form.scope;
  const memory = named(name);
  const kept = fading && keptOf(fading);
  const gain = kind === 'average' && kept ? complement(kept) : null;
  const left = form.write(memory, extent);
  // What a trace takes in `on` a spike has the spike as a factor, and it fades meanwhile.
  const fadesOn = kind === 'trace' && fading?.kind === 'over';
  const clauses = fadesOn ? checked.clauses.filter(isNotOn) : checked.clauses;
  requireWhole(fadesOn ? [] : clauses, since, form);
  const acts = clauses.map((clause) => clauseWords(clause, table));
  const normal = form.recursion({ memory, kept, gain, input }, extent);
  let right = normal;
  if (isSpike(since)) {
    const start = checked.from ?? measured('0');
    const again = { memory: start, kept: kind === 'average' ? kept : null, gain, input };
    right = restarting(since, form.recursion(again, extent), normal);
  } else if (fadesOn && acts.length > 0) {
    const nothing = { memory, kept, gain: null, input: measured('0') };
    right = casesOf([normal, acts.join(', ')], form.recursion(nothing, extent));
  }
  const remarks = fadesOn ? [] : acts;
  const start = isSpike(since) ? [] : startOf(checked, extent, form);
  return [{ left, relation: '\\leftarrow', right, remarks: [...remarks, ...start] }];
}

const casesOf = ([first, when]: readonly [string, string], otherwise: string): string =>
  `\\begin{cases} ${first} & ${when} \\\\ ${otherwise} & \\text{otherwise} \\end{cases}`;

const restarting = (since: string | null, again: string, normal: string): string =>
  casesOf([again, `\\text{${spikeWords(since ?? '')}}`], normal);

/** What a memory takes in: with the spikes of `on` for traces, per dt for rates. */
function inputOf({ kind, name, value, clauses, ofSpikes }: CheckedMemory): Expression {
  if (kind === 'trace') return withSpikes(value, clauses);
  return ofSpikes ? binary('/', value, DT) : withOldValue(value, name);
}

/** The memory's own name without `@before`: on the right of an arrow it is the old value anyway. */
function withOldValue(value: Expression, name: string): Expression {
  return replaced(value, name, named(name));
}

function replaced(value: Expression, name: string, by: Expression): Expression {
  return mapNames(value, (node) => (node.name === name && node.member === null ? by : node));
}

function readsItself(value: Expression, name: string): boolean {
  let found = false;
  visit(value, (node) => {
    if (node.kind === 'name' && node.member === null && node.name === name) found = true;
  });
  return found;
}

/** A running mean over a time that is no number of steps, of what does not depend on the mean. */
function isContinuous(checked: CheckedMemory, input: Expression, scope: Scope): boolean {
  const { fading, since, name } = checked;
  if (fading?.kind !== 'over' || isSpike(since) || readsItself(input, name)) return false;
  let inSteps = scope.table.time === 'steps';
  visit(fading.value, (node) => {
    if (node.kind === 'number') inSteps ||= node.measure.unit === 'step';
    if (node.kind !== 'name' || node.member !== null) return;
    inSteps ||= scope.parameters.get(node.name)?.definition.value.unit === 'step';
  });
  return !inSteps;
}

function keptOf({ kind, value }: NonNullable<CheckedMemory['fading']>): Expression {
  return kind === 'keeping' ? value : called('exp', [binary('/', negated(DT), value)]);
}

/** 1 - f, worked out where f is a number or itself 1 - g. */
function complement(kept: Expression): Expression {
  if (kept.kind === 'number' && kept.measure.unit === null && kept.measure.per.length === 0) {
    const text = Q.decimalText(Q.add(Q.ONE, Q.negate(Q.parseRational(kept.measure.text))));
    if (text !== null) return measured(text);
  }
  const isOneMinus =
    kept.kind === 'binary' &&
    kept.operator === '-' &&
    kept.left.kind === 'number' &&
    kept.left.measure.number === 1;
  return isOneMinus ? kept.right : binary('-', ONE, kept);
}

/** The expression with its names replaced. */
function mapNames(
  expression: Expression,
  change: (name: NameExpression) => Expression,
): Expression {
  return expression.kind === 'name'
    ? change(expression)
    : withParts(expression, (part) => mapNames(part, change));
}
