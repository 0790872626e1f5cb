import { binary, called, measured, named, negated } from '../../src/algebra/build-expression.js';
import type { Stream } from '../../src/base/random.js';
import type { Expression, NameExpression } from '../../src/language/ast.js';
import type { Scope } from '../../src/language/checked.js';
import { type Extent, joinExtents } from '../../src/language/signals.js';
import { extentOfExpression, fullName } from './network.js';

/** Random rewrites that keep the value of an expression, and small changes that do not. */

/** A place in an expression: the part there, how to put another in, and what may stand there. */
export interface Place {
  readonly part: Expression;
  readonly put: (part: Expression) => Expression;
  /**
   * Inside `_all` sums what is written decides the range, so nothing of a larger extent may be
   * brought in: this is the largest.
   */
  readonly extent: Extent;
}

/** All places of an expression, itself first. Exponents are left alone. */
function placesIn(whole: Expression, scope: Scope): Place[] {
  const found: Place[] = [];
  const visit = (part: Expression, put: Place['put'], extent: Extent): void => {
    found.push({ part, put, extent });
    if (part.kind === 'negate') {
      visit(part.operand, (inner) => put({ ...part, operand: inner }), extent);
    } else if (part.kind === 'binary') {
      visit(part.left, (inner) => put({ ...part, left: inner }), extent);
      if (part.operator === '^') return;
      visit(part.right, (inner) => put({ ...part, right: inner }), extent);
    } else if (part.kind === 'call') {
      for (const [k, arg] of part.args.entries()) {
        const at = (inner: Expression): Expression =>
          put({ ...part, args: part.args.with(k, inner) });
        visit(arg, at, insideExtent(part.callee, arg, extent, scope));
      }
    }
  };
  visit(whole, (part) => part, 'synapse');
  return found;
}

function insideExtent(callee: string, arg: Expression, outside: Extent, scope: Scope): Extent {
  if (callee.endsWith('_all')) return extentOfExpression(arg, scope);
  return /^(sum|mean|max)_/.test(callee) ? 'synapse' : outside;
}

type Rewrite = (place: Place, stream: Stream, scope: Scope) => Expression | null;

const isBinary = (e: Expression, ...operators: string[]): e is Expression & { kind: 'binary' } =>
  e.kind === 'binary' && operators.includes(e.operator);

const fits = (e: Expression, extent: Extent, scope: Scope): boolean =>
  joinExtents(extentOfExpression(e, scope), extent) === extent;

/** A name that may stand at a place. */
function someName(extent: Extent, stream: Stream, scope: Scope): Expression {
  const known = [...scope.table.signals, ...scope.parameters.values()]
    .map(({ name }) => named(name))
    .filter((e) => fits(e, extent, scope));
  return stream.choose(known, 1)[0]!;
}

/** Something that is not zero: a name, or a sum of a name and a number or two names. */
function someDivisor(extent: Extent, stream: Stream, scope: Scope): Expression {
  const name = someName(extent, stream, scope);
  const other = someName(extent, stream, scope);
  const sums = [name, binary('+', name, measured('2')), binary('+', name, other)];
  return sums[stream.integer(sums.length)]!;
}

const NUMBERS = ['2', '3', '0.5', '0.1', '7', '1.25'];
const someNumber = (stream: Stream): Expression =>
  measured(NUMBERS[stream.integer(NUMBERS.length)]!);

export const REWRITES: Readonly<Record<string, Rewrite>> = {
  commute: ({ part }) =>
    isBinary(part, '+', '*') ? binary(part.operator, part.right, part.left) : null,
  regroup: ({ part }) =>
    isBinary(part, '+', '*') && isBinary(part.left, part.operator)
      ? binary(part.operator, part.left.left, binary(part.operator, part.left.right, part.right))
      : null,
  distribute: ({ part }) => {
    if (!isBinary(part, '*', '/') || !isBinary(part.left, '+', '-')) return null;
    const over = (e: Expression): Expression => binary(part.operator, e, part.right);
    return binary(part.left.operator, over(part.left.left), over(part.left.right));
  },
  'distribute from the left': ({ part }) => {
    if (!isBinary(part, '*') || !isBinary(part.right, '+', '-')) return null;
    const over = (e: Expression): Expression => binary('*', part.left, e);
    return binary(part.right.operator, over(part.right.left), over(part.right.right));
  },
  factor: ({ part, extent }, stream, scope) => {
    if (!isBinary(part, '+', '-')) return null;
    const divisor = someName(extent, stream, scope);
    const inside = (e: Expression): Expression => binary('/', e, divisor);
    return binary('*', divisor, binary(part.operator, inside(part.left), inside(part.right)));
  },
  'multiply and divide': ({ part, extent }, stream, scope) => {
    const divisor = someDivisor(extent, stream, scope);
    return binary('/', binary('*', part, divisor), divisor);
  },
  'divide and multiply': ({ part, extent }, stream, scope) => {
    const divisor = someDivisor(extent, stream, scope);
    return binary('*', divisor, binary('/', part, divisor));
  },
  'add and subtract': ({ part, extent }, stream, scope) => {
    const other = someName(extent, stream, scope);
    return binary('-', binary('+', part, other), other);
  },
  'split a number': ({ part }, stream) => {
    const number = someNumber(stream);
    return part.kind === 'number'
      ? binary('+', binary('-', part, number), number)
      : binary('/', binary('*', number, part), number);
  },
  'split in two': ({ part }) =>
    binary('+', binary('*', measured('0.25'), part), binary('*', measured('0.75'), part)),
  'negate twice': ({ part }) => negated(negated(part)),
  'subtract the negative': ({ part }) => {
    if (!isBinary(part, '+', '-')) return null;
    return binary(part.operator === '+' ? '-' : '+', part.left, negated(part.right));
  },
  'write out a power': ({ part }) =>
    isBinary(part, '^') && part.right.kind === 'number' && part.right.measure.number === 2
      ? binary('*', part.left, part.left)
      : null,
  'divide by the inverse': ({ part }) =>
    isBinary(part, '*') && part.right.kind === 'name'
      ? binary('/', part.left, binary('^', part.right, measured('-1')))
      : null,
  'split a sum': ({ part }) => {
    const [argument] = part.kind === 'call' ? part.args : [];
    if (part.kind !== 'call' || !argument || !isBinary(argument, '+', '-')) return null;
    // A mean over all synapses of what varies less is a different mean.
    if (!/^(sum|mean)_(pre|post|upto_post)$/.test(part.callee)) return null;
    const over = (e: Expression): Expression => called(part.callee, [e]);
    return binary(argument.operator, over(argument.left), over(argument.right));
  },
  'move into a sum': ({ part }, _, scope) => {
    if (!isBinary(part, '*') || part.right.kind !== 'call') return null;
    const fixed = FIXED[part.right.callee];
    if (!fixed?.includes(extentOfExpression(part.left, scope))) return null;
    return called(part.right.callee, [binary('*', part.left, part.right.args[0]!)]);
  },
  'double sum': ({ part }, stream, scope) => {
    if (part.kind !== 'call' || part.callee !== 'sum_all') return null;
    if (extentOfExpression(part.args[0]!, scope) !== 'synapse') return null;
    const side = stream.uniform() < 0.5 ? 'sum_pre' : 'sum_post';
    return called('sum_all', [called(side, [part.args[0]!])]);
  },
};

const FIXED: Record<string, readonly Extent[]> = {
  sum_pre: ['global', 'post'],
  mean_pre: ['global', 'post'],
  sum_post: ['global', 'pre'],
  mean_post: ['global', 'pre'],
  sum_upto_post: ['global', 'pre'],
};

/** `count` random rewrites at random places where they apply; names of those made. */
export function rewritten(
  expression: Expression,
  count: number,
  stream: Stream,
  scope: Scope,
): { expression: Expression; made: string[] } {
  let current = expression;
  const made: string[] = [];
  const names = Object.keys(REWRITES);
  while (made.length < count) {
    const name = names[stream.integer(names.length)]!;
    for (const place of stream.choose(placesIn(current, scope))) {
      const part = REWRITES[name]!(place, stream, scope);
      if (!part) continue;
      current = place.put(part);
      made.push(name);
      break;
    }
  }
  return { expression: current, made };
}

/** The expression with one sign, one exponent or one index (pre for post) changed; null if it has none. */
export function spoiled(
  expression: Expression,
  stream: Stream,
  scope: Scope,
): { expression: Expression; how: string } | null {
  for (let attempt = 0; attempt < 200; attempt++) {
    const place = stream.choose(placesIn(expression, scope), 1)[0]!;
    const how = ['sign', 'exponent', 'index'][stream.integer(3)]!;
    const part = SPOILERS[how]!(place, scope);
    if (part) return { expression: place.put(part), how };
  }
  return null;
}

const SPOILERS: Readonly<Record<string, (place: Place, scope: Scope) => Expression | null>> = {
  sign: ({ part }) => {
    if (isBinary(part, '+')) return binary('-', part.left, part.right);
    return isBinary(part, '-') ? binary('+', part.left, part.right) : null;
  },
  exponent: ({ part }) => {
    if (part.kind === 'name') return binary('^', part, measured('2'));
    if (!isBinary(part, '^') || part.right.kind !== 'number') return null;
    return binary('^', part.left, measured(String(part.right.measure.number + 1)));
  },
  index: ({ part, extent }, scope) => {
    if (part.kind !== 'name') return null;
    const swapped = otherSide(part);
    const known = scope.table.signals.some(({ name }) => name === fullName(swapped));
    return known && fullName(swapped) !== fullName(part) && fits(swapped, extent, scope)
      ? swapped
      : null;
  },
};

function otherSide(e: NameExpression): NameExpression {
  const side: Record<string, string> = { pre: 'post', post: 'pre' };
  return { ...e, name: side[e.name] ?? e.name };
}
