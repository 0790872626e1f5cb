import { roundSignificant } from '../algebra/polish.js';
import { unwrap } from '../base/result.js';
import { ruleText } from '../discover/rule-text.js';
import type { Clause, Expression } from '../language/ast.js';
import { parseExpression } from '../language/parse.js';
import { WEIGHT } from '../language/signals.js';
import type { Design } from './design.js';
import { freeNames, type Library } from './library.js';
import { metricsOfText } from './metrics.js';
import { PLACE_COLUMNS, type Recording } from './recording.js';
import type { FittedRule } from './result.js';
import { leastSquares } from './sparse/least-squares.js';
import { momentsOf } from './sparse/moments.js';
import type { Assessment } from './trust/assess.js';

/** Digits of a baseline's coefficients. */
const DIGITS = 6;

interface Part {
  readonly expression: Expression;
  readonly clauses: readonly Clause[];
  readonly column: Float64Array;
}

/** What a rule is compared with: no change at all, the weight alone, the course of time, a single term. */
export function baselinesOf(
  design: Design,
  library: Library,
  recording: Recording,
  { path }: Assessment,
): FittedRule[] {
  const { terms, columns, target } = design;
  const fitted = (name: string, about: string, parts: readonly Part[]): FittedRule[] => {
    const moments = momentsOf(
      parts.map(({ column }) => column),
      target,
    );
    const fit = leastSquares(moments, [...parts.keys()]);
    if (!fit) return [];
    const nextName = freeNames(library.table, 'c');
    const weighted = parts.map(({ expression, clauses }, k) => {
      const value = roundSignificant(fit.coefficients[k]!, DIGITS);
      return { id: nextName(), expression, clauses, value };
    });
    const words = { name: name.replaceAll('-', '_'), frame: library.frame };
    const text = ruleText(words, weighted, false);
    return [{ name, about, text, metrics: metricsOfText(text, library, recording, target) }];
  };
  const partAt = (at: number): Part => {
    const { expression, clauses } = terms[at]!;
    return { expression, clauses, column: columns[at]! };
  };
  const ofWeight = weightTerms(design);
  const time = timeParts(recording);
  const [single] = path.find(({ support }) => support.length === 1)?.support ?? [];
  return [
    ...fitted('no-plasticity', 'weights do not change', []),
    ...(ofWeight.length > 0
      ? fitted('weights-only', 'all terms of the weight alone', ofWeight.map(partAt))
      : []),
    ...(time.length > 0 ? fitted('drift', 'a parabola in time', time) : []),
    ...(single !== undefined
      ? fitted('best-single-term', terms[single]!.text, [partAt(single)])
      : []),
  ];
}

/** Places of the terms that read nothing but the weight, with the constant; none where none reads it. */
function weightTerms({ terms }: Design): number[] {
  const namesOf = (at: number): string[] =>
    terms[at]!.normalForm.monomials.flatMap(({ factors }) =>
      factors.map(({ atom }) => (atom.kind === 'signal' ? atom.name : atom.key)),
    );
  const only = [...terms.keys()].filter((at) => namesOf(at).every((name) => name === WEIGHT));
  return only.some((at) => namesOf(at).length > 0) ? only : [];
}

function timeParts({ time }: Recording): Part[] {
  if (!time) return [];
  return ['1', PLACE_COLUMNS.time, `${PLACE_COLUMNS.time}^2`].map((text, power) => ({
    expression: unwrap(parseExpression({ name: 'drift', text })),
    clauses: [],
    column: time.map((t) => t ** power),
  }));
}
