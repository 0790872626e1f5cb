import { roundSignificant, roundToSpread } from '../algebra/polish.js';
import { Stream } from '../base/random.js';
import type { Crew } from './crew.js';
import { chooseJob, type Setting } from './plan.js';

import { dropEffect, meanLoss } from './select.js';
import { intervalOfMean } from './verdicts.js';

/** Values by name, in base units: coefficients of terms, and parameters that are searched. */
export type Values = ReadonlyMap<string, number>;

/** By name; null where nothing has measured it. */
export type Intervals = ReadonlyMap<string, readonly [low: number, high: number] | null>;

/** More digits than any interval supports here; values are rounded before. */
export const DIGITS = 6;
/** Digits of a value of which nothing says how certain it is. */
export const PLAIN_DIGITS = 3;

/** The mean of each value over those who have it. */
export function meanOf(all: readonly Values[], names: readonly string[]): Values {
  return new Map(
    names.flatMap((name): [string, number][] => {
      const values = all.flatMap((each) => each.get(name) ?? []);
      if (values.length === 0) return [];
      return [[name, values.reduce((sum, value) => sum + value, 0) / values.length]];
    }),
  );
}

/** Of the means, where there is more than one fit. */
export function intervalsOf(
  fits: readonly Values[],
  names: readonly string[],
  level: number,
): Intervals {
  return new Map(
    names.map((name) => {
      const values = fits.flatMap((fit) => fit.get(name) ?? []);
      return [name, values.length > 1 ? intervalOfMean(values, level) : null] as const;
    }),
  );
}

/**
 * The first of several fits, unless one of the others is clearly better on fresh tasks: where the loss
 * has several valleys, a mean may lie in none.
 */
export async function steadiest(
  plan: Setting,
  crew: Crew,
  fits: readonly Values[],
  textOf: (values: Values) => string,
): Promise<Values> {
  const texts = [...new Set(fits.map(textOf))];
  const scores = await crew.run(texts.map((text) => chooseJob(plan, text)));
  const losses = scores.map((score) => meanLoss(score, scores));
  const best = losses.indexOf(Math.min(...losses));
  const stream = new Stream(plan.study.seed, 'steadiest');
  // The best of many is better by chance: as many comparisons share the error of one.
  const level = 1 - (1 - plan.evaluate.level) / Math.max(1, fits.length - 1);
  const isWorse = dropEffect(scores[best]!, scores[0]!, level, stream).lo > 0;
  return isWorse ? fits.find((values) => textOf(values) === texts[best])! : fits[0]!;
}

/** Base units in one unit as written, of the values that have one. */
export const unitsIn = ({ searched }: Setting): ReadonlyMap<string, number> =>
  new Map(searched.map(({ name, unit }) => [name, unit]));

/**
 * Values with the digits that their intervals support, in the units in which they are written; with two
 * where an interval supports fewer, since the rule has to work as it is printed.
 */
export function rounded(
  values: Values,
  intervals: Intervals,
  units: ReadonlyMap<string, number>,
): Values {
  return new Map(
    [...values].map(([name, value]) => {
      const unit = units.get(name) ?? 1;
      const interval = intervals.get(name) ?? null;
      const spread = interval && (interval[1] - interval[0]) / 2 / unit;
      return [name, roundedTo(value / unit, spread) * unit];
    }),
  );
}

function roundedTo(value: number, spread: number | null): number {
  if (spread === null) return Number(roundSignificant(value, PLAIN_DIGITS));
  const supported = Number(roundToSpread(value, spread).value);
  const least = Number(roundSignificant(value, 2));
  return Math.abs(supported - value) < Math.abs(least - value) ? supported : least;
}
