import { momentOfNoSignal } from '../../base/diagnostics/language.js';
import {
  memoryMoment,
  needsTime,
  notPositive,
  notWholeSteps,
  signalBefore,
  unknownMoment,
} from '../../base/diagnostics/memory.js';
import { describeDimension, sameDimension, TIME } from '../../base/dimension.js';
import { nearest } from '../../base/nearest.js';
import type { Span } from '../../base/source.js';
import { inBaseUnits } from '../../base/units.js';
import type { Measure, NameExpression } from '../ast.js';
import { printExpression, printMeasure } from '../print.js';
import { signalNamed } from '../signals.js';
import { type Facts, raised } from './inferred.js';
import { at, fullName, type Names } from './names.js';

/** The facts of a name with the moment written after it; moments it cannot have are reported. */
export function atMoment(expression: NameExpression, facts: Facts, names: Names): Facts {
  const { name, member, moment } = expression;
  if (moment === null) return facts;
  const whole = fullName(expression);
  const where = at(names, expression.span);
  const alone = member === null;
  if (alone && names.memories.has(name)) {
    if (moment.kind === 'named' && moment.name === 'before')
      return { ...facts, readsMemory: false };
    const written = printExpression(expression).slice(name.length);
    names.report(memoryMoment({ name, moment: written }, where));
    return facts;
  }
  const isFormal = names.formals.has(name);
  if (!isFormal && !signalNamed(names.table, whole)) {
    const isNamed = alone && (names.local(name) !== undefined || names.choices.has(name));
    if (isNamed) names.report(momentOfNoSignal({ name }, where));
    return facts;
  }
  if (moment.kind === 'delay') {
    checkTime('a delay', moment.delay, expression.span, names);
    return facts;
  }
  if (moment.name === 'previous') return facts;
  if (moment.name === 'before') {
    // What a formal stands for may be memory.
    if (!isFormal) names.report(signalBefore({ name: whole }, where));
    return facts;
  }
  const { phases } = names.table;
  if (phases.includes(moment.name)) return raised(facts, 'modulated', expression);
  const available = ['previous', ...phases];
  const meant = nearest(moment.name, available);
  names.report(unknownMoment({ moment: moment.name, available, meant }, where));
  return facts;
}

/** A time written out (`every 10 steps`, `@13.7 ms`) is one, is positive, and no part of a step. */
export function checkTime(what: string, measure: Measure, span: Span, names: Names): void {
  const { value, dimension } = inBaseUnits(measure);
  const where = at(names, span);
  if (!sameDimension(dimension, TIME)) {
    names.report(needsTime({ what, given: describeDimension(dimension) }, where));
  } else if (!(value > 0)) {
    names.report(notPositive({ what }, where));
  } else if (measure.unit === 'step' && measure.per.length === 0 && !Number.isInteger(value)) {
    names.report(notWholeSteps({ given: printMeasure(measure) }, where));
  }
}
