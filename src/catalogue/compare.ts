import { memoryAtom } from '../algebra/atoms.js';
import { canonicalExpression } from '../algebra/canonical.js';
import { canonicalRule } from '../algebra/canonical-rule.js';
import { gatesKey } from '../algebra/gates.js';
import { NOTHING, ofAtom, scalePolynomial, subtractPolynomials } from '../algebra/polynomial.js';
import * as Q from '../algebra/rational.js';
import { numericForm, sameForms, withMemoryNamed, withSharedNames } from '../algebra/rule-equal.js';
import { changeKey, ruleForm } from '../algebra/rule-form.js';
import { type Replacement, substitute } from '../algebra/substitute.js';
import type { ChangeForm, MemoryForm, Polynomial, Rational, RuleForm } from '../algebra/types.js';
import type { CheckedRule } from '../language/checked.js';
import { printExpression, printLine } from '../language/print.js';

/** How two rules differ. */
export interface RuleDifference {
  /** They do the same with the values their parameters have. */
  readonly equal: boolean;
  /** The number by which the second rule's changes are multiplied for the difference: learning rates differ. */
  readonly scale: number;
  /** The first less the second, one line for each place: `dw: + 0.01 * w`. Empty where they are equal up to scale. */
  readonly difference: string;
  /**
   * The share of their terms that differ, from 0 (equal up to scale) to 1. A term of one rule only
   * counts 1; one of both rules counts by how much its coefficient is off, 1 from a factor of ten or
   * another sign on; other constants of memory and bounds count half.
   */
  readonly distance: number;
}

/** Compares what two rules do with the values of their parameters; names do not matter. */
export function compareRules(a: CheckedRule, b: CheckedRule): RuleDifference {
  return described(align(numeric(a), numeric(b)));
}

/** A rule of a catalogue with its difference. */
export interface Neighbour extends RuleDifference {
  readonly name: string;
}

/**
 * The nearest `count` rules of a catalogue, the nearest first; of those as near, the one that has more
 * products in common with the rule, and of these the one with the nearest learning rate.
 */
export function nearestRules(
  rule: CheckedRule,
  catalogue: Iterable<CheckedRule>,
  count = 5,
): Neighbour[] {
  const own = numeric(rule);
  return [...catalogue]
    .map((each) => ({ name: each.rule.name, aligned: align(own, numeric(each)) }))
    .sort(
      ({ aligned: x }, { aligned: y }) =>
        x.distance - y.distance || y.shared - x.shared || rateOff(x) - rateOff(y),
    )
    .slice(0, count)
    .map(({ name, aligned }) => ({ name, ...described(aligned) }));
}

const rateOff = ({ scale }: Aligned): number => Math.abs(Math.log(Q.toNumber(scale)));

const known = new WeakMap<CheckedRule, RuleForm>();

function numeric(rule: CheckedRule): RuleForm {
  let form = known.get(rule);
  if (!form) {
    const own = numericForm(ruleForm(rule), rule.scope.parameters);
    form = withSharedNames([own], nameOf)[0]!;
    known.set(rule, form);
  }
  return form;
}

/** Two rules with the same names for what is the same. */
interface Aligned {
  readonly a: RuleForm;
  readonly b: RuleForm;
  readonly equal: boolean;
  readonly scale: Rational;
  readonly distance: number;
  /** Products that both have, with the same sign. */
  readonly shared: number;
  /** How memory and bounds differ, one line each. */
  readonly others: readonly string[];
}

function align(first: RuleForm, second: RuleForm): Aligned {
  const bothRemember = first.memory.length > 0 && second.memory.length > 0;
  const forms = bothRemember ? withSharedNames([first, second], nameOf) : [first, second];
  const [a, sharing] = forms as [RuleForm, RuleForm];
  const { b, constants } = withAlikeMemory(a, sharing);
  const terms = termsOf(a, b);
  const scale = bestScale(terms);
  const others = [...constants, ...boundLines(a, b)];
  const off = terms.reduce((sum, term) => sum + mismatch(term, scale), 0.5 * others.length);
  const weight = terms.length + 0.5 * others.length;
  const distance = weight === 0 ? 0 : off / weight;
  return {
    a,
    b,
    equal: sameForms(a, sharing),
    scale,
    distance,
    shared: terms.filter(
      ({ a: mine, b: theirs }) => mine && theirs && Q.compare(Q.multiply(mine, theirs), Q.ZERO) > 0,
    ).length,
    others,
  };
}

function described({ a, b, equal, scale, distance, others }: Aligned): RuleDifference {
  const difference = [...changeLines(a, b, scale), ...others].join('\n');
  return { equal, scale: Q.toNumber(scale), difference, distance };
}

/** The first rule's name for a memory; the second's, marked, where only that has it. */
function nameOf(members: readonly { readonly rule: number; readonly name: string }[]): string {
  const own = members.find(({ rule }) => rule === 0);
  return own ? own.name : `${members[0]!.name}_there`;
}

/**
 * The second rule with its memory called as memory of the first that differs in nothing but constants,
 * and what these constants are.
 */
function withAlikeMemory(a: RuleForm, b: RuleForm): { b: RuleForm; constants: string[] } {
  const constants: string[] = [];
  let current = b;
  for (let again = true; again; ) {
    again = false;
    const free = a.memory.filter(({ name }) => !current.memory.some((each) => each.name === name));
    for (const theirs of current.memory) {
      if (a.memory.some(({ name }) => name === theirs.name)) continue;
      const mine = free.find((each) => shape(each) === shape(theirs));
      if (!mine) continue;
      constants.push(`${mine.name}: ${constantsOf(mine)} instead of ${constantsOf(theirs)}`);
      current = withMemoryNamed(current, new Map([[theirs.name, mine.name]]));
      again = true;
      break;
    }
  }
  return { b: current, constants };
}

/** All of a memory but the numbers in it and its own name. */
function shape(form: MemoryForm): string {
  const { kind, gates, spikes, value, fading, since } = form;
  const unnamed: Replacement = (atom) =>
    atom.kind === 'memory' && atom.name === form.name
      ? ofAtom(memoryAtom('·', atom.reading, atom.extent))
      : null;
  const products = (p: Polynomial): string =>
    substitute(p, unnamed)
      .monomials.map(({ key }) => key)
      .join('+');
  return [
    kind,
    gatesKey(gates),
    ...spikes.map(({ key }) => key),
    products(value),
    fading ? fading.kind : '',
    since ? (since.kind === 'spike' ? since.spike.key : since.event) : '',
    String(form.ofSpikes),
    form.distribution ?? '',
  ].join('; ');
}

function constantsOf({ kind, value, fading, from }: MemoryForm): string {
  const text = (p: Polynomial): string => printExpression(canonicalExpression(p));
  const span = fading ? ` ${fading.kind} ${text(fading.value)}` : '';
  const start = from.monomials.length > 0 ? ` from ${text(from)}` : '';
  return `${kind} of ${text(value)}${span}${start}`;
}

/** A product of one or both rules. */
interface Term {
  readonly place: string;
  readonly form: 'dw' | 'set' | 'transmit';
  readonly a: Rational | null;
  readonly b: Rational | null;
}

function termsOf(a: RuleForm, b: RuleForm): Term[] {
  const terms = new Map<string, Term>();
  const add = (rule: RuleForm, side: 'a' | 'b'): void => {
    for (const { place, form, value } of placesOf(rule)) {
      for (const { key, coefficient } of value.monomials) {
        const had = terms.get(`${place} ${key}`) ?? { place, form, a: null, b: null };
        terms.set(`${place} ${key}`, { ...had, [side]: coefficient });
      }
    }
  };
  add(a, 'a');
  add(b, 'b');
  return [...terms.values()];
}

function placesOf(rule: RuleForm): { place: string; form: Term['form']; value: Polynomial }[] {
  const changes = rule.changes.map((each) => ({
    place: changeKey(each),
    form: each.form,
    value: each.value,
  }));
  if (!rule.transmit) return changes;
  return [...changes, { place: 'transmit', form: 'transmit', value: rule.transmit }];
}

/** The factor at which the changes differ least: 1, or the quotient of two coefficients. */
function bestScale(terms: readonly Term[]): Rational {
  let best = Q.ONE;
  let least = Number.POSITIVE_INFINITY;
  const quotients = terms.flatMap(({ form, a, b }) =>
    form === 'dw' && a && b ? [Q.divide(a, b)] : [],
  );
  for (const scale of [Q.ONE, ...quotients]) {
    if (Q.compare(scale, Q.ZERO) <= 0) continue;
    const total = terms.reduce((sum, term) => sum + mismatch(term, scale), 0);
    if (total < least - 1e-12) [best, least] = [scale, total];
  }
  return best;
}

function mismatch({ form, a, b }: Term, scale: Rational): number {
  if (!a || !b) return 1;
  const there = form === 'dw' ? Q.multiply(scale, b) : b;
  if (Q.equals(a, there)) return 0;
  const ratio = Q.toNumber(Q.divide(a, there));
  return ratio > 0 ? Math.min(1, Math.abs(Math.log10(ratio))) : 1;
}

/** The first less the second, in canonical text. */
function changeLines(a: RuleForm, b: RuleForm, scale: Rational): string[] {
  const left = new Map(a.changes.map((each) => [changeKey(each), each]));
  for (const each of b.changes) {
    const factor = each.form === 'dw' ? scale : Q.ONE;
    const key = changeKey(each);
    const value = subtractPolynomials(
      left.get(key)?.value ?? NOTHING,
      scalePolynomial(each.value, factor),
    );
    left.set(key, { ...each, value });
  }
  const changes: ChangeForm[] = [...left.values()].filter(
    ({ value }) => value.monomials.length > 0,
  );
  const lines = writtenLines({
    changes,
    memory: [],
    range: null,
    keepsSign: false,
    transmit: null,
  });
  const sent = subtractPolynomials(a.transmit ?? NOTHING, b.transmit ?? NOTHING);
  if (a.transmit?.key === b.transmit?.key) return lines;
  const text = printExpression(canonicalExpression(sent));
  return [...lines, `transmit: ${signed(text)}`];
}

function writtenLines(form: RuleForm): string[] {
  if (form.changes.length === 0) return [];
  const head = { name: 'difference', targets: [], parameters: new Map() };
  return canonicalRule(form, head).lines.flatMap((line) => {
    if (line.kind !== 'change') return [];
    const [before, text] = splitOnce(printLine(line), ' = ');
    return [`${before}: ${signed(text)}`];
  });
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

const signed = (text: string): string =>
  text.startsWith('-') ? `- ${text.slice(1)}` : `+ ${text}`;

function boundLines(a: RuleForm, b: RuleForm): string[] {
  const lines: string[] = [];
  const range = ({ range: own }: RuleForm): string =>
    own
      ? `bound w in [${printExpression(canonicalExpression(own.low))}, ${printExpression(canonicalExpression(own.high))}]`
      : '';
  const sign = ({ keepsSign }: RuleForm): string => (keepsSign ? 'bound w keeping sign' : '');
  for (const of of [range, sign]) {
    const [mine, theirs] = [of(a), of(b)];
    if (mine === theirs) continue;
    if (mine !== '') lines.push(`+ ${mine}`);
    if (theirs !== '') lines.push(`- ${theirs}`);
  }
  return lines;
}
