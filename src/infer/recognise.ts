import * as Q from '../algebra/rational.js';
import { numericForm } from '../algebra/rule-equal.js';
import { ruleForm } from '../algebra/rule-form.js';
import { nearestRules } from '../catalogue/compare.js';
import { knownRules } from '../catalogue/known.js';
import { ruleText, type WeightedTerm } from '../discover/rule-text.js';
import { readRuleText } from '../experiments/attached.js';
import type { Expression } from '../language/ast.js';
import { partsOf, withParts } from '../language/check/walk.js';
import type { CheckedRule } from '../language/checked.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import type { Library } from './library.js';
import type { KnownRule } from './result.js';
import type { Chosen } from './rule-words.js';

/** What columns are mostly called, and the signal of the language that is meant. */
const MEANT: Readonly<Record<string, string>> = {
  x: 'pre',
  pre: 'pre',
  y: 'post',
  post: 'post',
  w: 'w',
  r: 'reward',
  R: 'reward',
  reward: 'reward',
};

/**
 * The rule of the catalogue that this is, whatever its learning rate, or the nearest one: where all its
 * columns have names whose meaning is clear (`x` and `pre`, `y` and `post`, `w`, `reward`, and names of
 * the language). Null elsewhere, and where nothing of the catalogue has anything in common with it.
 * Coefficients are those of the known rule if all their intervals allow it, for one common factor.
 */
export function recognise(chosen: readonly Chosen[], library: Library): KnownRule | null {
  const terms = chosen.map(({ term, value, spread, id }) => {
    const expression = inVocabulary(term.expression, library);
    return expression && term.clauses.length === 0
      ? { id, expression, value, spread: spread ?? exactly(value) }
      : null;
  });
  const clear = terms.filter((each) => each !== null);
  if (clear.length < terms.length || clear.length === 0) return null;
  const rule = checked(clear, library);
  const own = productsOf(rule);
  const spreads = productsOf(
    checked(
      clear.map((each) => ({ ...each, value: each.spread })),
      library,
    ),
  );
  const known = knownRules();
  for (const each of known) {
    const scale = scaleTo(own, spreads, productsOf(each));
    if (scale !== null) return { name: each.rule.name, scale, distance: 0 };
  }
  const [nearest] = nearestRules(rule, known, 1);
  if (!nearest || nearest.distance >= 1) return null;
  const { name, scale, distance } = nearest;
  return { name, scale, distance };
}

/** Half of the interval of a number that is known to all digits that are printed. */
const exactly = (value: string): string => String(Math.abs(Number(value)) * 1e-6);

/** The expression about signals instead of columns; null where a column's meaning is not clear. */
function inVocabulary(expression: Expression, library: Library): Expression | null {
  if (expression.kind === 'name') {
    const { name, member } = expression;
    const whole = member === null ? name : `${name}.${member}`;
    const { parameters, memories } = library.space.scope;
    if (parameters.has(whole)) return expression;
    // What the name of a memory says is not what a column of that name would mean.
    if (memories.has(whole)) return null;
    const isSignal = wholeVocabulary.signals.some((signal) => signal.name === whole);
    const meant = isSignal ? whole : MEANT[whole];
    if (meant === undefined) return null;
    const [first = '', second = null] = meant.split('.');
    return { ...expression, name: first, member: second };
  }
  const parts = partsOf(expression).map((part) => inVocabulary(part, library));
  if (parts.some((part) => part === null)) return null;
  let at = 0;
  return withParts(expression, () => parts[at++]!);
}

function checked(terms: readonly WeightedTerm[], { frame }: Library): CheckedRule {
  const plain = terms.map(({ id, expression, value }) => ({ id, expression, value }));
  const text = ruleText({ name: 'inferred', frame }, plain, false);
  return readRuleText('rule.rule', text, wholeVocabulary);
}

type Products = ReadonlyMap<string, number>;

/** Coefficients of a rule that is one `dw` and nothing else, by product; empty for other rules. */
function productsOf(rule: CheckedRule): Products {
  const { changes, memory, range, keepsSign, transmit } = numericForm(
    ruleForm(rule),
    rule.scope.parameters,
  );
  const [only, ...more] = changes;
  const isPlain = only?.form === 'dw' && only.gates.length === 0 && more.length === 0;
  if (!isPlain || memory.length > 0 || range || keepsSign || transmit) return new Map();
  return new Map(
    only.value.monomials.map(({ key, coefficient }) => [key, Q.toNumber(coefficient)]),
  );
}

/** The number of times that the rule is the known one, as far as its intervals tell; null if it is not. */
function scaleTo(own: Products, spreads: Products, known: Products): number | null {
  if (own.size === 0 || own.size !== known.size) return null;
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let [sum, weights] = [0, 0];
  for (const [key, coefficient] of own) {
    const there = known.get(key);
    if (there === undefined) return null;
    const ratio = coefficient / there;
    const spread = Math.abs((spreads.get(key) ?? 0) / there);
    low = Math.max(low, ratio - spread);
    high = Math.min(high, ratio + spread);
    sum += ratio / spread ** 2;
    weights += 1 / spread ** 2;
  }
  const scale = sum / weights;
  return low <= high && scale > 0 ? scale : null;
}
