import type { Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { extentOf, reductionAtom } from './atoms.js';
import { monomialContent, niceScale } from './laurent.js';
import {
  atomMonomial,
  divideMonomials,
  multiplyMonomials,
  powerMonomial,
  splitMonomial,
  withCoefficient,
} from './monomial.js';
import { signalAtomNamed } from './names.js';
import {
  Collector,
  multiplyByMonomial,
  ofAtom,
  polynomial,
  scalePolynomial,
  single,
  UNIT,
} from './polynomial.js';
import * as Q from './rational.js';
import type { Monomial, Polynomial } from './types.js';

/**
 * Sums, means and maxima: split per monomial and freed of factors that do not vary over the index.
 * What a `_all` sum ranges over is fixed by what was written, so a monomial that varies over less
 * than that is counted: Σ over synapses of post is Σ over neurons of post · sum_pre(1).
 */
export function reduction(
  callee: string,
  argument: Polynomial,
  range: Extent,
  scope: Scope,
): Polynomial {
  if (argument.monomials.length === 0) return argument;
  if (callee.startsWith('max_')) return maximum(callee, argument, range);
  if (callee === 'mean_all') return meanOverAll(argument, range, scope);
  const result = new Collector();
  for (const m of argument.monomials) {
    result.add(callee === 'sum_all' ? sumOverAll(m, range, scope) : alongOneSide(callee, m));
  }
  return result.polynomial();
}

/** Extents that do not vary over the index of a one-sided sum. */
const FIXED: Record<string, readonly Extent[]> = {
  sum_pre: ['global', 'post'],
  mean_pre: ['global', 'post'],
  sum_post: ['global', 'pre'],
  mean_post: ['global', 'pre'],
  sum_upto_post: ['global', 'pre'],
};

function alongOneSide(callee: string, m: Monomial): Monomial {
  const fixed = FIXED[callee] ?? [];
  const { kept, rest } = splitMonomial(m, (atom) => !fixed.includes(atom.extent));
  const range: Extent = callee.endsWith('_pre') ? 'pre' : 'post';
  return multiplyMonomials(rest, atomMonomial(reductionAtom(callee, single(kept), range)));
}

/** Σ of one monomial over all neurons of a side, or over all synapses. */
function sumOverAll(m: Monomial, range: Extent, scope: Scope): Monomial {
  const { kept, rest } = splitMonomial(m, (atom) => atom.extent !== 'global');
  const total = range === 'synapse' ? sumOverSynapses(kept) : sumOverNeurons(kept, range, scope);
  return multiplyMonomials(rest, total);
}

/** `m` has no global factors and coefficient 1; so has the result's sum. */
function sumOverSynapses(m: Monomial): Monomial {
  if (m.extent === 'synapse') return sumAtom(m);
  // What varies over one side only is summed there, times the number of synapses of each neuron.
  const counted = countedBy(m.extent === 'pre' ? 'sum_post' : 'sum_pre');
  return sumAtom(multiplyMonomials(m, counted));
}

function sumOverNeurons(m: Monomial, side: Extent, scope: Scope): Monomial {
  if (m.extent === 'global') return sizeOf(side, scope);
  // Σ_i a_i · sum_pre(b) is the sum of a·b over synapses.
  const callee = side === 'post' ? 'sum_pre' : 'sum_post';
  const nested = m.factors.find(
    ({ atom, exponent }) =>
      exponent === 1 &&
      atom.kind === 'reduction' &&
      atom.callee === callee &&
      atom.inner.key !== '1',
  )?.atom;
  if (nested?.kind === 'reduction') {
    const others = divideMonomials(m, atomMonomial(nested));
    return sumOverSynapses(multiplyMonomials(others, nested.inner.monomials[0]!));
  }
  // The number of all synapses, counted from either side.
  if (m.key === 'sum_post(1)') return sumAtom(countedBy('sum_pre'));
  return sumAtom(m);
}

const sumAtom = (m: Monomial): Monomial =>
  atomMonomial(reductionAtom('sum_all', single(m), m.extent));

const countedBy = (callee: string): Monomial =>
  atomMonomial(reductionAtom(callee, UNIT, callee === 'sum_pre' ? 'pre' : 'post'));

/** The number of neurons of a side: a signal where the table has it. */
function sizeOf(side: Extent, scope: Scope): Monomial {
  const signal = signalAtomNamed(`${side}.size`, scope);
  return atomMonomial(signal ?? reductionAtom('sum_all', UNIT, side));
}

/** Linear where the range stays the same; else kept whole, freed of its scale and global factors. */
function meanOverAll(p: Polynomial, range: Extent, scope: Scope): Polynomial {
  const varying = p.monomials.map((m) => splitMonomial(m, (atom) => atom.extent !== 'global'));
  if (range !== 'synapse' || varying.every(({ kept }) => kept.extent === range)) {
    return polynomial(
      varying.map(({ kept, rest }) =>
        kept.extent === 'global'
          ? rest
          : multiplyMonomials(rest, atomMonomial(reductionAtom('mean_all', single(kept), range))),
      ),
    );
  }
  if (extentOf(p) === 'synapse') return wholeMean(p);
  // Nothing inside varies over synapses any more: the weighted mean, as a quotient of sums.
  const count = powerMonomial(sumAtom(countedBy('sum_pre')), -1);
  return polynomial(p.monomials.map((m) => multiplyMonomials(sumOverAll(m, range, scope), count)));
}

function wholeMean(p: Polynomial): Polynomial {
  const common = splitMonomial(monomialContent(p), (atom) => atom.extent === 'global').kept;
  const free = multiplyByMonomial(p, powerMonomial(common, -1));
  const scale = niceScale(free);
  const atom = reductionAtom('mean_all', scalePolynomial(free, scale), 'synapse');
  return single(withCoefficient(multiplyMonomials(common, atomMonomial(atom)), Q.invert(scale)));
}

function maximum(callee: string, argument: Polynomial, range: Extent): Polynomial {
  if (callee !== 'max_all') {
    return ofAtom(reductionAtom(callee, argument, callee === 'max_pre' ? 'pre' : 'post'));
  }
  // Over all of something there is always one, so what does not vary is its own maximum.
  if (extentOf(argument) === 'global') return argument;
  return ofAtom(reductionAtom(callee, argument, range));
}
