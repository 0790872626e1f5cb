import { tooManyConditions } from '../base/diagnostics/algebra.js';
import { EngrammarError } from '../base/result.js';
import { conditionalAtom } from './atoms.js';
import {
  allOf,
  type Comparison,
  comparisonOf,
  holdsIn,
  type Literal,
  type Logic,
  logicOfForm,
  testsIn,
} from './conditions.js';
import { product } from './divide.js';
import { reduceFractions } from './fractions.js';
import { visitAtoms } from './inside.js';
import { atomMonomial, multiplyMonomials, splitMonomial, withCoefficient } from './monomial.js';
import { addPolynomials, Collector, constantOf, NOTHING, single, UNIT } from './polynomial.js';
import * as Q from './rational.js';
import type { Atom, Monomial, Polynomial, Rational } from './types.js';

/**
 * `if` in normal forms. A sum with conditions has one value for each way in which their comparisons
 * can come out. Each of its products is found in the values by a decision tree over the comparisons
 * in their order, without those on which it does not depend; so the form depends on the values alone
 * (an ordered binary decision diagram for each product; Bryant 1986, IEEE Trans Comput 35:677).
 *
 * A comparison that has to hold is a factor `if a > b then 1 else 0`, so what is made of post and pre
 * parts stays so. What may have no value where it does not hold (a quotient, a root) stays inside.
 */

/** Sums with more different comparisons than this are refused: their values are as many as 2^8. */
const MOST_TESTS = 8;

type Conditional = Extract<Atom, { kind: 'conditional' }>;

const isConditional = (atom: Atom): atom is Conditional => atom.kind === 'conditional';

const hasConditionals = ({ monomials }: Polynomial): boolean =>
  monomials.some(({ factors }) => factors.some(({ atom }) => isConditional(atom)));

/** `if logic then … else …`, settled. */
export function choose(logic: Logic, then: Polynomial, otherwise: Polynomial): Polynomial {
  if (typeof logic === 'boolean') return logic ? then : otherwise;
  const tests = new Map<string, Comparison>();
  testsIn(logic, tests);
  return decide([then, otherwise], tests, (holding) =>
    holdsIn(logic, holding) ? chosenValue(then, holding) : chosenValue(otherwise, holding),
  );
}

/** Fractions divided out and conditions decided on: the last step to a normal form. */
export function settle(p: Polynomial): Polynomial {
  if (!hasConditionals(p)) return reduceFractions(p);
  return decide([p], new Map(), (holding) => reduceFractions(chosenValue(p, holding)));
}

type Holding = ReadonlyMap<string, boolean>;

/** The normal form of what has these values; `tests` are comparisons it depends on besides those in the sums. */
function decide(
  sums: readonly Polynomial[],
  tests: Map<string, Comparison>,
  valueIn: (holding: Holding) => Polynomial,
): Polynomial {
  for (const sum of sums) {
    for (const { factors } of sum.monomials) {
      for (const { atom, exponent } of factors) {
        if (isConditional(atom) && exponent > 0) testsIn(logicOfForm(atom.condition), tests);
      }
    }
  }
  if (tests.size > MOST_TESTS) {
    throw new EngrammarError(tooManyConditions({ most: MOST_TESTS, found: tests.size }));
  }
  const order = [...tests.keys()].sort().map((key) => tests.get(key)!);
  const result = new Collector();
  for (const { base, ways } of tableOf(order, new Map(), valueIn).values()) {
    for (const { literals, coefficient } of ways) {
      result.add(withCoefficient(guarded(base, literals), coefficient));
    }
  }
  return result.polynomial();
}

/** The sum where comparisons come out so. */
function chosenValue(p: Polynomial, holding: Holding): Polynomial {
  const plain = new Collector();
  let rest: Polynomial = NOTHING;
  for (const m of p.monomials) {
    const { kept, rest: others } = splitMonomial(m, isConditional);
    if (kept.factors.length === 0) {
      plain.add(m);
      continue;
    }
    let value = single(others);
    for (const { atom, exponent } of kept.factors) {
      if (!isConditional(atom) || value.monomials.length === 0) continue;
      if (exponent < 0) value = product(value, single(atomMonomial(atom, exponent)));
      else value = timesChosen(value, atom, exponent, holding);
    }
    rest = addPolynomials(rest, value);
  }
  return addPolynomials(plain.polynomial(), rest);
}

function timesChosen(
  value: Polynomial,
  { condition, then, otherwise }: Conditional,
  exponent: number,
  holding: Holding,
): Polynomial {
  const chosen = chosenValue(holdsIn(logicOfForm(condition), holding) ? then : otherwise, holding);
  let result = value;
  for (let k = 0; k < exponent; k++) result = product(result, chosen);
  return result;
}

/** One product, and the coefficients it has where these literals hold. */
interface Entry {
  readonly base: Monomial;
  readonly ways: readonly Way[];
  readonly key: string;
}

interface Way {
  readonly literals: readonly Literal[];
  readonly coefficient: Rational;
}

type Table = ReadonlyMap<string, Entry>;

function tableOf(
  order: readonly Comparison[],
  holding: Map<string, boolean>,
  valueIn: (holding: Holding) => Polynomial,
): Table {
  const [test, ...later] = order;
  if (!test) return leaf(valueIn(holding));
  const [yes, no] = [true, false].map((holds) =>
    tableOf(later, new Map(holding).set(test.key, holds), valueIn),
  );
  return branched(test, yes!, no!);
}

function leaf(p: Polynomial): Table {
  return new Map(
    p.monomials.map((m) => {
      const ways = [{ literals: [], coefficient: m.coefficient }];
      return [m.key, { base: withCoefficient(m, Q.ONE), ways, key: Q.textOf(m.coefficient) }];
    }),
  );
}

function branched(test: Comparison, yes: Table, no: Table): Table {
  const joined = new Map<string, Entry>();
  const under = (entry: Entry | undefined, holds: boolean): Way[] =>
    (entry?.ways ?? []).map(({ literals, coefficient }) => ({
      literals: [{ test, holds }, ...literals],
      coefficient,
    }));
  for (const [key, { base }] of [...yes, ...no]) {
    const [here, there] = [yes.get(key), no.get(key)];
    if (here && here.key === there?.key) joined.set(key, here);
    else {
      const ways = [...under(here, true), ...under(there, false)];
      joined.set(key, { base, ways, key: `${test.key}?${here?.key ?? ''}:${there?.key ?? ''};` });
    }
  }
  return joined;
}

/** The product times 1 where all of these hold and 0 elsewhere. */
function guarded(base: Monomial, literals: readonly Literal[]): Monomial {
  if (literals.length === 0) return base;
  const unsafe = base.factors.filter(
    ({ atom, exponent }) =>
      !isSafe(atom) ||
      (exponent < 0 &&
        (!(atom.kind === 'parameter' || atom.kind === 'unit') || reads(literals, atom))),
  );
  const inside = new Set(unsafe.map(({ atom }) => atom.key));
  const { kept, rest } = splitMonomial(base, (atom) => inside.has(atom.key));
  const factors =
    kept.factors.length > 0
      ? [conditionalAtom(allOf(literals), single(kept))]
      : literals.map((literal) => conditionalAtom(comparisonOf(literal), UNIT));
  return factors.reduce((m, atom) => multiplyMonomials(m, atomMonomial(atom)), rest);
}

/** Whether one of the comparisons depends on the atom. */
function reads(literals: readonly Literal[], { key }: Atom): boolean {
  let found = false;
  for (const { test } of literals) {
    visitAtoms(test.value, (atom) => {
      found ||= atom.key === key;
    });
  }
  return found;
}

/** Functions that have a value of moderate size wherever their arguments have one. */
const SAFE = new Set(['abs', 'sign', 'min', 'max', 'relu', 'step', 'tanh', 'sigmoid', 'clip']);

/** Whether an atom to a positive power has a value whatever its signals are. */
export function isSafe(atom: Atom): boolean {
  switch (atom.kind) {
    case 'signal':
    case 'parameter':
    case 'memory':
    case 'unit':
      return true;
    case 'reduction':
      return isSafeSum(atom.inner);
    case 'function':
      return SAFE.has(atom.callee) && atom.args.every(isSafeSum);
    case 'conditional':
      return constantOf(atom.then) !== null && constantOf(atom.otherwise) !== null;
    case 'group':
    case 'power':
      return false;
  }
}

const isSafeSum = ({ monomials }: Polynomial): boolean =>
  monomials.every(({ factors }) =>
    factors.every(({ atom, exponent }) => exponent > 0 && isSafe(atom)),
  );
