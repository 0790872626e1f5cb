import {
  divisionByLiteralZero,
  exponentNotLiteral,
  mixedTimesMemory,
  needsPlainNumber,
  spikeInside,
  unlikeUnits,
} from '../../base/diagnostics/language.js';
import { mixedBranches } from '../../base/diagnostics/memory.js';
import { describeDimension, multiplyDimension, PLAIN } from '../../base/dimension.js';
import { inBaseUnits } from '../../base/units.js';
import type { BinaryExpression, Condition, Expression, IfExpression } from '../ast.js';
import { inferCall } from './calls.js';
import { checkNumber } from './finite.js';
import { alike, type Facts, isPlain, join, NUMBER, partExtents } from './inferred.js';
import { atMoment } from './moments.js';
import { at, lookUp, type Names } from './names.js';

/** The facts of an expression. Reports every mistake in it once and goes on. */
export function infer(expression: Expression, names: Names): Facts {
  switch (expression.kind) {
    case 'number': {
      const { value, dimension } = inBaseUnits(expression.measure);
      return { ...NUMBER, dimension, literal: value };
    }
    case 'name':
      return atMoment(expression, lookUp(expression, names), names);
    case 'call':
      return inferCall(expression, names, infer);
    case 'negate': {
      const facts = infer(expression.operand, names);
      return { ...facts, literal: facts.literal === null ? null : -facts.literal };
    }
    case 'if':
      return inferIf(expression, names);
    case 'binary':
      return inferBinary(expression, names);
  }
}

function inferBinary(expression: BinaryExpression, names: Names): Facts {
  const left = infer(expression.left, names);
  const right = infer(expression.right, names);
  switch (expression.operator) {
    case '+':
    case '-':
      return inferSum(expression, left, right, names);
    case '^':
      return inferPower(expression, left, right, names);
    default:
      return inferProduct(expression, left, right, names);
  }
}

const isZero = (facts: Facts): boolean => facts.literal === 0;

function inferSum(expression: BinaryExpression, left: Facts, right: Facts, names: Names): Facts {
  const fit = alike(left, right);
  if (!fit) {
    const what =
      expression.operator === '+' ? 'these cannot be added' : 'these cannot be subtracted';
    names.report(unlikeUnits(unlike(what, left, right), at(names, expression.span)));
  }
  const sign = expression.operator === '+' ? 1 : -1;
  return {
    ...addends(left, right),
    ...(fit ? {} : FAULTY),
    literal: folded(left, right, (a, b) => a + sign * b),
    parts: new Set([...partExtents(left), ...partExtents(right)]),
  };
}

const FAULTY = { known: false, open: false } as const;

/** The parts of a sum, or branches: a literal 0, or memory of open unit, takes the other's unit. */
function addends(a: Facts, b: Facts): Facts {
  const whole = isZero(a) || (a.open && b.known && !isZero(b)) ? join(b, a) : join(a, b);
  const settled = (a.open && b.known && !isZero(b)) || (b.open && a.known && !isZero(a));
  const kind = isZero(a) ? b.kind : isZero(b) || a.kind === b.kind ? a.kind : 'mixed';
  const known = settled ? { known: true, open: false } : {};
  return { ...whole, ...known, kind, event: kind === 'event' };
}

function inferProduct(
  expression: BinaryExpression,
  left: Facts,
  right: Facts,
  names: Names,
): Facts {
  const divides = expression.operator === '/';
  const where = at(names, expression.span);
  let known = left.known && right.known;
  if (divides && isZero(right)) names.report(divisionByLiteralZero({}, where));
  if (divides && right.kind !== 'plain') {
    names.report(spikeInside({ where: 'in a denominator' }, at(names, expression.right.span)));
    known = false;
  }
  const mixed =
    (left.kind === 'mixed' && right.readsMemory) || (right.kind === 'mixed' && left.readsMemory);
  if (mixed) names.report(mixedTimesMemory({}, where));
  const kinds = [left.kind, right.kind];
  const kind = kinds.includes('event') ? 'event' : kinds.includes('mixed') ? 'mixed' : 'plain';
  return {
    ...join(left, right),
    dimension: multiplyDimension(left.dimension, right.dimension, divides ? -1 : 1),
    known,
    kind,
    event: kind === 'event',
    literal: folded(left, right, (a, b) => (divides ? a / b : a * b)),
  };
}

function inferPower(
  expression: BinaryExpression,
  base: Facts,
  exponent: Facts,
  names: Names,
): Facts {
  let known = base.known && exponent.known;
  const fault = (report: () => void): void => {
    report();
    known = false;
  };
  const ofExponent = at(names, expression.right.span);
  if (base.kind !== 'plain' || exponent.kind !== 'plain') {
    fault(() => names.report(spikeInside({ where: 'in a power' }, at(names, expression.span))));
  } else if (!isPlain(exponent)) {
    const given = describeDimension(exponent.dimension);
    fault(() => names.report(needsPlainNumber({ what: 'an exponent', given }, ofExponent)));
  } else if (!isPlain(base) && exponent.literal === null && exponent.known) {
    const given = describeDimension(base.dimension);
    fault(() => names.report(exponentNotLiteral({ given }, ofExponent)));
  }
  const literal = folded(base, exponent, (a, b) => a ** b);
  // A power of 0 that is none is a division by 0, which the normal form tells.
  if (literal !== null && !isZero(base)) checkNumber(expression, literal, names);
  return {
    ...join(base, exponent),
    dimension: isPlain(base)
      ? PLAIN
      : multiplyDimension(PLAIN, base.dimension, exponent.literal ?? 1),
    known,
    kind: 'plain',
    event: false,
    literal,
  };
}

function inferIf(expression: IfExpression, names: Names): Facts {
  const condition = inferCondition(expression.condition, names);
  const then = infer(expression.then, names);
  const otherwise = infer(expression.otherwise, names);
  const where = at(names, expression.span);
  const branches = addends(then, otherwise);
  const fit = alike(then, otherwise);
  const mixes = branches.kind === 'mixed' && then.kind !== 'mixed' && otherwise.kind !== 'mixed';
  if (!fit) {
    names.report(
      unlikeUnits(unlike('the branches of an `if` must be alike', then, otherwise), where),
    );
  } else if (mixes && then.known && otherwise.known) {
    names.report(mixedBranches({}, where));
  } else if (branches.kind === 'mixed' && condition.readsMemory) {
    names.report(mixedTimesMemory({}, where));
  }
  return { ...join(branches, condition), ...(fit && !mixes ? {} : FAULTY) };
}

function inferCondition(condition: Condition, names: Names): Facts {
  if (condition.kind !== 'compare') {
    return join(inferCondition(condition.left, names), inferCondition(condition.right, names));
  }
  const left = infer(condition.left, names);
  const right = infer(condition.right, names);
  const where = at(names, condition.span);
  if (left.kind !== 'plain' || right.kind !== 'plain') {
    names.report(spikeInside({ where: 'in a comparison' }, where));
  } else if (!alike(left, right)) {
    names.report(unlikeUnits(unlike('these cannot be compared', left, right), where));
  }
  return { ...join(left, right), kind: 'plain', event: false, dimension: PLAIN };
}

function unlike(what: string, left: Facts, right: Facts) {
  return {
    what,
    left: describeDimension(left.dimension),
    right: describeDimension(right.dimension),
  };
}

function folded(a: Facts, b: Facts, compute: (a: number, b: number) => number): number | null {
  return a.literal === null || b.literal === null ? null : compute(a.literal, b.literal);
}
