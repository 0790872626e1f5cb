import { intervalNotWhole, stepsOrTime } from '../base/diagnostics/program.js';
import { EngrammarError } from '../base/result.js';
import { inBaseUnits } from '../base/units.js';
import type { Measure } from '../language/ast.js';
import { printMeasure } from '../language/print.js';

/** How far from a whole number of steps an interval may be: decimals of time are rarely exact. */
const TOLERANCE = 1e-6;

/**
 * How many steps an interval lasts. Throws an `EngrammarError` where it is no whole number of steps, or
 * a time in a circuit that counts steps.
 */
export function stepsIn(
  time: number,
  unit: 'step' | 'ms',
  stepLength: number | null,
  least = 1,
  text = unit === 'step' ? `${time} steps` : `${time} ms`,
): number {
  if (unit === 'ms' && stepLength === null) throw new EngrammarError(stepsOrTime({ text }));
  const exact = unit === 'step' ? time : time / stepLength!;
  const steps = Math.round(exact);
  const isWhole = Math.abs(exact - steps) <= TOLERANCE * Math.max(1, steps);
  if (!isWhole || steps < least) throw new EngrammarError(intervalNotWhole({ text, stepLength }));
  return steps;
}

/** How many steps a delay lasts; 0 is this step. */
export function stepsOfDelay(delay: Measure, stepLength: number | null): number {
  const inSteps = delay.unit === 'step';
  const time = inSteps ? delay.number : inBaseUnits(delay).value;
  return stepsIn(time, inSteps ? 'step' : 'ms', stepLength, 0, printMeasure(delay));
}
