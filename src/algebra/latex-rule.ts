import { visit } from '../language/check/walk.js';
import type { CheckedChange, CheckedMemory, CheckedRule, Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import { isReduction } from './atoms.js';
import { binary } from './build-expression.js';
import { gatesKey, gatesOf } from './gates.js';
import { boundLines, changeLine, transmitLine } from './latex-changes.js';
import { isNotOn, type LatexForm, NotInThisForm, withSpikes } from './latex-form.js';
import { type LatexLine, laidOut } from './latex-layout.js';
import { memoryLines } from './latex-memory.js';
import { matrixLatexForm } from './latex-of-matrices.js';
import { synapseLatexForm } from './latex-of-synapse.js';
import { indexOf, type Symbols, symbolsOf } from './latex-symbols.js';

/**
 * A rule about the synapse from neuron j to neuron i, with lets replaced, as they are abbreviations:
 * `\Delta w_{ij} = …`, or several formulas below each other: memory first, then what is sent, the
 * changes and the bounds.
 */
export function latexSynapse(rule: CheckedRule): string {
  const { scope, symbols } = wordsOf(rule);
  const form = synapseLatexForm(scope, symbols);
  return laidOut([
    ...inOrder(rule.memory).flatMap((memory) => memoryLines(memory, form)),
    ...(rule.transmit ? [transmitLine(rule.transmit, form)] : []),
    ...rule.changes.map((change) => changeLine(change, form)),
    ...boundLines(rule, form),
  ]);
}

/**
 * A rule about the whole projection: `\Delta W = …`. Spikes of `on` are factors, so that changes which
 * differ by these only are one formula. What cannot be said of whole populations is said of one synapse.
 */
export function latexMatrix(rule: CheckedRule): string {
  const { scope, symbols } = wordsOf(rule);
  const extentOf = ({ name }: CheckedMemory): Extent =>
    scope.memories.get(name)?.extent ?? 'global';
  const forms = [matrixLatexForm(scope, symbols), synapseLatexForm(scope, symbols)] as const;
  return laidOut([
    ...inOrder(rule.memory).flatMap((memory) =>
      either(forms, extentOf(memory), (form) => memoryLines(memory, form)),
    ),
    ...(rule.transmit
      ? either(forms, 'synapse', (form) => [transmitLine(rule.transmit!, form)])
      : []),
    ...together(rule.changes).flatMap(
      ({ joined, parts }) =>
        sayable(() => [changeLine(joined, forms[0])]) ??
        parts.map((part) => forAll(changeLine(part, forms[1]), 'synapse')),
    ),
    ...boundLines(rule, forms[1]),
  ]);
}

/** The scope with the length of a step, which formulas need even where a circuit does not offer it. */
function wordsOf(rule: CheckedRule): { scope: Scope; symbols: Symbols } {
  const { scope } = rule;
  const { signals } = scope.table;
  const dt = signals.some(({ name }) => name === 'dt')
    ? []
    : wholeVocabulary.signals.filter(({ name }) => name === 'dt');
  const table = { ...scope.table, signals: [...signals, ...dt] };
  return { scope: { ...scope, table }, symbols: ruleSymbols(rule) };
}

/** What the names of a rule look like in all its formulas. */
export function ruleSymbols({ scope, reads, memory, changes, transmit }: CheckedRule): Symbols {
  let sums = false;
  const parts = [...memory, ...changes].map(({ value }) => value);
  for (const part of transmit ? [...parts, transmit] : parts) {
    visit(part, (node) => {
      if (node.kind === 'call') sums ||= isReduction(node.callee);
    });
  }
  // Sums may need numbers of neurons in the matrix form.
  const counts = sums || reads.some((name) => name.endsWith('.size'));
  return symbolsOf(scope, reads, counts);
}

const inOrder = (memory: readonly CheckedMemory[]): CheckedMemory[] =>
  [...memory].sort((a, b) => a.line.span.start - b.line.span.start);

function either(
  [matrices, synapse]: readonly [LatexForm, LatexForm],
  extent: Extent,
  lines: (form: LatexForm) => readonly LatexLine[],
): readonly LatexLine[] {
  return sayable(() => lines(matrices)) ?? lines(synapse).map((line) => forAll(line, extent));
}

function sayable<T>(say: () => T): T | null {
  try {
    return say();
  } catch (error) {
    if (error instanceof NotInThisForm) return null;
    throw error;
  }
}

/** The note on a line that is about one neuron or synapse among lines about all. */
function forAll(line: LatexLine, extent: Extent): LatexLine {
  const indices = indexOf(extent, 'i', 'j').split('').join(', ');
  if (indices === '') return line;
  return { ...line, remarks: [...line.remarks, `\\text{for all } ${indices}`] };
}

interface Together {
  readonly joined: Pick<CheckedChange, 'form' | 'value' | 'clauses'>;
  readonly parts: readonly CheckedChange[];
}

/** Changes of one form that differ only by the spikes that make them act, as one sum. */
function together(changes: readonly CheckedChange[]): Together[] {
  const groups = new Map<string, CheckedChange[]>();
  changes.forEach((change, position) => {
    const { form, clauses } = change;
    const others = gatesKey(gatesOf(clauses));
    const key = form === 'set' ? `set ${position}` : `${form} ${others}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  });
  return [...groups.values()].map((parts) => {
    const first = parts[0]!;
    if (first.form === 'set') return { joined: first, parts };
    const values = parts.map(({ value, clauses }) => withSpikes(value, clauses));
    const value = values.reduce((sum, each) => binary('+', sum, each));
    return { joined: { form: first.form, value, clauses: first.clauses.filter(isNotOn) }, parts };
  });
}
