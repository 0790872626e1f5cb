import type { Clause, Expression } from '../language/ast.js';
import type { CheckedChange, CheckedMemory, CheckedRule, Scope } from '../language/checked.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import { binary } from './build-expression.js';
import { gatesKey, gatesOf } from './gates.js';
import { type LatexLine, laidOut } from './latex-layout.js';
import {
  boundLines,
  changeLine,
  type LatexForm,
  memoryLines,
  NotInThisForm,
  transmitLine,
  withSpikes,
} from './latex-lines.js';
import { matrixLatexForm } from './latex-of-matrices.js';
import { synapseLatexForm } from './latex-of-synapse.js';
import { type Symbols, symbolsOf } from './latex-symbols.js';

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
  const forms = [matrixLatexForm(scope, symbols), synapseLatexForm(scope, symbols)] as const;
  return laidOut([
    ...inOrder(rule.memory).flatMap((memory) => either(forms, (form) => memoryLines(memory, form))),
    ...(rule.transmit ? either(forms, (form) => [transmitLine(rule.transmit!, form)]) : []),
    ...together(rule.changes).flatMap(
      ({ joined, parts }) =>
        sayable(() => [changeLine(joined, forms[0])]) ??
        parts.map((part) => perSynapse(changeLine(part, forms[1]))),
    ),
    ...boundLines(rule, forms[1]),
  ]);
}

/** The scope with the length of a step, which formulas need even where a circuit does not offer it. */
function wordsOf({ scope, reads }: CheckedRule): { scope: Scope; symbols: Symbols } {
  const { signals } = scope.table;
  const dt = signals.some(({ name }) => name === 'dt')
    ? []
    : wholeVocabulary.signals.filter(({ name }) => name === 'dt');
  const table = { ...scope.table, signals: [...signals, ...dt] };
  return { scope: { ...scope, table }, symbols: symbolsOf(scope, reads) };
}

const inOrder = (memory: readonly CheckedMemory[]): CheckedMemory[] =>
  [...memory].sort((a, b) => a.line.span.start - b.line.span.start);

function either(
  [matrices, synapse]: readonly [LatexForm, LatexForm],
  lines: (form: LatexForm) => readonly LatexLine[],
): readonly LatexLine[] {
  return sayable(() => lines(matrices)) ?? lines(synapse).map(perSynapse);
}

function sayable<T>(say: () => T): T | null {
  try {
    return say();
  } catch (error) {
    if (error instanceof NotInThisForm) return null;
    throw error;
  }
}

const perSynapse = (line: LatexLine): LatexLine => ({
  ...line,
  remarks: [...line.remarks, '\\text{(one by one)}'],
});

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

const isNotOn = ({ kind }: Clause): boolean => kind !== 'on';
