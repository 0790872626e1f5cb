import type { Html } from '../html.js';
import { note, section, table } from '../layout.js';
import { exact, NONE, orDash, range, short } from '../numbers.js';
import type { Reported } from '../read.js';

/** Time constants and the like, which stand inside the terms, with how far the data tell them. */
export function fittedSection({ inferred }: Reported): Html | null {
  const fitted = inferred?.fitted ?? [];
  if (fitted.length === 0) return null;
  const columns = [
    { heading: 'parameter' },
    { heading: 'value', isNumber: true },
    { heading: 'interval', isNumber: true },
    { heading: 'remark' },
  ];
  const rows = fitted.map(({ name, value, unit, interval: [lo, hi], isTold }) => {
    const of = unit === '' ? '' : ` ${unit}`;
    const between = range({ mean: null, lo, hi }, short);
    return [
      name,
      `${orDash(value, exact)}${value === null ? '' : of}`,
      between === '' ? NONE : `${between}${of}`,
      isTold ? 'told by these data' : 'these data hardly tell it',
    ];
  });
  const hasUntold = fitted.some(({ isTold }) => !isTold);
  return section(
    'fitted',
    'Fitted with the rule',
    table('Parameters inside the terms, fitted together with the coefficients', columns, rows),
    note(`The interval holds 90 % of the resampled values.${hasUntold ? ` ${UNTOLD}` : ''}`),
  );
}

const UNTOLD =
  'Hardly told: the interval reaches an end of the range that the space allows, or is as wide as the value: other values explain the data as well.';
