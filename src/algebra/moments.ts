import type { Measure, Moment } from '../language/ast.js';
import * as Q from './rational.js';
import type { Rational } from './types.js';

/** The same moment is always written the same: `@13.70 ms` and `@0.0137 s` are `@13.7 ms`. */
export function normalMoment(moment: Moment | null): Moment | null {
  if (moment === null || moment.kind === 'named') return moment;
  const { value, unit } = timeOf(moment.delay);
  if (Q.isZero(value)) return null;
  if (unit === 'step' && Q.equals(value, Q.ONE)) return { kind: 'named', name: 'previous' };
  const text = Q.decimalText(value) ?? moment.delay.text;
  return { kind: 'delay', delay: { text, number: Number(text), unit, per: [] } };
}

/** A span of time in milliseconds or steps. */
export function timeOf({ text, unit }: Measure): { value: Rational; unit: 'ms' | 'step' } {
  const value = Q.parseRational(text);
  if (unit === 's') return { value: Q.multiply(value, Q.rational(1000)), unit: 'ms' };
  return { value, unit: unit === 'step' ? 'step' : 'ms' };
}
