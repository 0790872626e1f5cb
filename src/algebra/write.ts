import { type Expression, NOWHERE, type UnitName } from '../language/ast.js';
import { joinExtents } from '../language/signals.js';
import { reductionExtent } from './atoms.js';
import { BEFORE, binary, called, leadingMinus, measured, named } from './build-expression.js';
import { degreeOf, degreeOfMonomial } from './degree.js';
import { joinConditionals } from './join-conditionals.js';
import { compareFactors, type Factor, splitMonomial } from './monomial.js';
import { type Part, splitSum } from './parts.js';
import { constantOf } from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Polynomial, Rational } from './types.js';
import { writeCondition } from './write-condition.js';

/** Writes parts as syntax trees. `write` writes what stands inside functions and sums. */

type Write = (p: Polynomial) => Expression;

/**
 * The sum of the parts: positive ones first, then by degree, then by the printing order of atoms.
 * `finish` has the last word on how each part is written.
 */
export function writeSum(
  parts: readonly Part[],
  write: Write,
  finish: (written: Expression, part: Part) => Expression = (written) => written,
): Expression {
  const written = [...parts].sort(compareParts).map((part) => ({
    negative: Q.isNegative(part.monomial.coefficient),
    magnitude: finish(writePart(part, write), part),
  }));
  if (written.length <= LONGEST) return sumOf(written);
  // Long sums in brackets, so that no tree gets too deep to print or read.
  const chunks: Signed[] = [];
  for (let i = 0; i < written.length; i += LONGEST) {
    chunks.push({ negative: false, magnitude: sumOf(written.slice(i, i + LONGEST)) });
  }
  return sumOf(chunks);
}

const LONGEST = 500;

interface Signed {
  readonly negative: boolean;
  readonly magnitude: Expression;
}

function sumOf(parts: readonly Signed[]): Expression {
  let sum: Expression | undefined;
  for (const { negative, magnitude } of parts) {
    if (sum) sum = binary(negative ? '-' : '+', sum, magnitude);
    else sum = negative ? leadingMinus(magnitude) : magnitude;
  }
  return sum ?? measured('0');
}

function compareParts(a: Part, b: Part): number {
  const signs =
    Number(Q.isNegative(a.monomial.coefficient)) - Number(Q.isNegative(b.monomial.coefficient));
  const order =
    signs || degreeOfPart(a) - degreeOfPart(b) || compareFactors(a.monomial, b.monomial);
  return order || (bracketKey(a) < bracketKey(b) ? -1 : 1);
}

const bracketKey = ({ brackets }: Part): string =>
  brackets.map(({ sum, exponent }) => `${sum.key}^${exponent}`).join();

function degreeOfPart({ monomial, brackets }: Part): number {
  const inBrackets = brackets.map(({ sum, exponent }) => Math.abs(exponent) * degreeOf(sum));
  return inBrackets.reduce((a, b) => a + b, degreeOfMonomial(monomial));
}

/** A part without its sign: number, atoms, brackets, then divisors. */
function writePart({ monomial, brackets }: Part, write: Write): Expression {
  const { kept: units, rest } = splitMonomial(monomial, (atom) => atom.kind === 'unit');
  const { top, bottom } = numberTexts(Q.absolute(rest.coefficient));
  const factors = leadingNumber(top, units.factors);
  const divisors = bottom === '1' ? [] : [measured(bottom)];
  for (const { atom, exponent } of rest.factors) {
    const side = exponent > 0 ? factors : divisors;
    const written = writeAtom(atom, write);
    // The language has no powers of spikes.
    if (atom.event) for (let k = 0; k < exponent; k++) side.push(written);
    else side.push(powered(written, exponent));
  }
  for (const { sum, exponent } of brackets) {
    const side = exponent > 0 ? factors : divisors;
    side.push(powered(writeBracket(sum, write), exponent));
  }
  const [first = measured('1'), ...others] = factors;
  const product = others.reduce((left, right) => binary('*', left, right), first);
  return divisors.reduce((left, right) => binary('/', left, right), product);
}

function writeBracket(sum: Polynomial, write: Write): Expression {
  return writeSum(splitSum(joinConditionals(sum)), write);
}

/** The power |exponent|. */
function powered(base: Expression, exponent: number): Expression {
  const magnitude = Math.abs(exponent);
  return magnitude === 1 ? base : binary('^', base, measured(String(magnitude)));
}

/** A decimal where there is one that is short, else numerator and divisor. */
function numberTexts(value: Rational): { top: string; bottom: string } {
  const decimal = Q.decimalText(value);
  const [top, bottom] = [String(value.numerator), String(value.denominator)];
  const isShort = decimal !== null && decimal.length <= top.length + bottom.length + 3;
  return isShort ? { top: decimal, bottom: '1' } : { top, bottom };
}

/** The number with its units: nothing, or `20 ms`; a second unit of the same kind is a factor. */
function leadingNumber(text: string, units: readonly Factor[]): Expression[] {
  const names: UnitName[] = [];
  const per: UnitName[] = [];
  for (const { atom, exponent } of units) {
    if (atom.kind !== 'unit') continue;
    const repeated = Array.from({ length: Math.abs(exponent) }, () => atom.name);
    (exponent > 0 ? names : per).push(...repeated);
  }
  if (names.length + per.length === 0) return text === '1' ? [] : [measured(text)];
  const [first = null, ...others] = names;
  return [measured(text, first, per), ...others.map((name) => measured('1', name))];
}

function writeAtom(atom: Atom, write: Write): Expression {
  switch (atom.kind) {
    case 'signal':
      return named(atom.name.split('@')[0]!, atom.moment);
    case 'parameter':
      return named(atom.name);
    case 'memory':
      return named(atom.name, atom.reading === 'before' ? BEFORE : null);
    case 'conditional':
      return {
        kind: 'if',
        condition: writeCondition(atom.condition, write),
        // biome-ignore lint/suspicious/noThenProperty: this is the word of the language
        then: write(atom.then),
        otherwise: write(atom.otherwise),
        span: NOWHERE,
      };
    case 'unit':
      return measured('1', atom.name);
    case 'function':
      return called(atom.callee, atom.args.map(write));
    case 'reduction':
      return called(atom.callee, [reductionArgument(atom, write)]);
    case 'group':
      return writeBracket(atom.inner, write);
    case 'power': {
      const exponent = constantOf(atom.exponent);
      const base = write(atom.base);
      if (exponent && Q.equals(exponent, Q.ONE)) return base;
      return binary('^', base, write(atom.exponent));
    }
  }
}

/** What stands inside a sum; inside an `_all` one it must still say what is ranged over. */
function reductionArgument(
  { callee, inner, range }: Extract<Atom, { kind: 'reduction' }>,
  write: Write,
): Expression {
  const argument = write(inner);
  if (reductionExtent(callee) !== 'global') return argument;
  if (inner.key === '1') {
    // Σ over neurons of 1, where the table has no name for their number.
    const fan = called('sum_pre', [measured('1')]);
    return binary('/', fan, fan);
  }
  // A sum of parts that vary over different things is refused there; as a product it is one thing.
  const asProduct = (sum: Expression): Expression => binary('*', measured('1'), sum);
  const extents = new Set(inner.monomials.map((m) => m.extent));
  extents.delete('global');
  if ([...extents].reduce(joinExtents, 'global') !== range) {
    // The maximum over synapses of what varies over one side only.
    return asProduct(binary('+', argument, binary('*', measured('0'), named('w'))));
  }
  const isSum = argument.kind === 'binary' && '+-'.includes(argument.operator);
  return isSum && extents.size > 1 ? asProduct(argument) : argument;
}
