import {
  divisionByLiteralZero,
  exponentNotLiteral,
  mixedTimesMemory,
  momentOfNoSignal,
  needsPlainNumber,
  spikeInside,
  unlikeUnits,
} from '../../base/diagnostics/language.js';
import { describeDimension, multiplyDimension, PLAIN } from '../../base/dimension.js';
import { inBaseUnits } from '../../base/units.js';
import type { BinaryExpression, Condition, Expression, IfExpression } from '../ast.js';
import { signalNamed } from '../signals.js';
import { inferCall } from './calls.js';
import { alike, type Facts, isPlain, join, NUMBER, partExtents } from './inferred.js';
import { at, fullName, lookUp, type Names } from './names.js';
import { refuseIf, refuseMoment } from './not-yet.js';

/** The facts of an expression. Reports every mistake in it once and goes on. */
export function infer(expression: Expression, names: Names): Facts {
  switch (expression.kind) {
    case 'number': {
      const { value, dimension } = inBaseUnits(expression.measure);
      return { ...NUMBER, dimension, literal: value };
    }
    case 'name': {
      const facts = lookUp(expression, names);
      if (expression.moment === null || !facts.known) return facts;
      if (signalNamed(names.table, fullName(expression))) {
        const refusal = refuseMoment(expression, names.source);
        if (refusal) names.report(refusal);
      } else {
        const where = at(names, expression.span);
        names.report(momentOfNoSignal({ name: expression.name }, where));
      }
      return facts;
    }
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
    known: fit && left.known && right.known,
    literal: folded(left, right, (a, b) => a + sign * b),
    parts: new Set([...partExtents(left), ...partExtents(right)]),
  };
}

/** The parts of a sum, or branches: a literal 0 takes the other's unit and kind. */
function addends(a: Facts, b: Facts): Facts {
  const whole = isZero(a) ? join(b, a) : join(a, b);
  const kind = isZero(a) ? b.kind : isZero(b) || a.kind === b.kind ? a.kind : 'mixed';
  return { ...whole, kind, event: kind === 'event' };
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
  return {
    ...join(base, exponent),
    dimension: isPlain(base)
      ? PLAIN
      : multiplyDimension(PLAIN, base.dimension, exponent.literal ?? 1),
    known,
    kind: 'plain',
    event: false,
    literal: folded(base, exponent, (a, b) => a ** b),
  };
}

function inferIf(expression: IfExpression, names: Names): Facts {
  const refusal = refuseIf(expression, names.source);
  if (refusal) names.report(refusal);
  const condition = inferCondition(expression.condition, names);
  const then = infer(expression.then, names);
  const otherwise = infer(expression.otherwise, names);
  const fit = alike(then, otherwise);
  if (!fit) {
    const facts = unlike('the branches of an `if` must be alike', then, otherwise);
    names.report(unlikeUnits(facts, at(names, expression.span)));
  }
  const whole = join(addends(then, otherwise), condition);
  return { ...whole, known: whole.known && fit };
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
