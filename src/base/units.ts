import { createRequire } from 'node:module';
import { type Dimension, multiplyDimension, PLAIN, TIME } from './dimension.js';

/** A unit in base units (milliseconds, millivolts). */
export interface UnitMeaning {
  readonly factor: number;
  readonly dimension: Dimension;
}

/** A number with units, as the language writes it. */
export interface Quantity {
  readonly number: number;
  readonly unit: string | null;
  readonly per: readonly string[];
}

const require = createRequire(import.meta.url);
const known = new Map<string, UnitMeaning>([
  // One step is one base unit of time: circuits that count steps have no other time.
  ['step', { factor: 1, dimension: TIME }],
]);

/**
 * What a unit means, from mathjs, which is loaded when the first unit is met (it takes longer to load
 * than most rules take to check).
 */
export function unitMeaning(name: string): UnitMeaning {
  let meaning = known.get(name);
  if (!meaning) {
    meaning = fromMathjs(name);
    known.set(name, meaning);
  }
  return meaning;
}

function fromMathjs(name: string): UnitMeaning {
  const math = require('mathjs') as typeof import('mathjs');
  const unit = math.unit(1, name) as import('mathjs').Unit & { dimensions: readonly number[] };
  // mathjs lists mass, length, time, current, …; a volt is kg m² s⁻³ A⁻¹.
  const [mass = 0, , seconds = 0] = unit.dimensions;
  const dimension: Dimension = { voltage: mass, time: seconds + 3 * mass };
  const value = unit.toSI().toJSON().value;
  return { dimension, factor: value * 1000 ** dimension.time * 1000 ** dimension.voltage };
}

/** The size of a quantity in base units, and its dimension. */
export function inBaseUnits({ number, unit, per }: Quantity): {
  value: number;
  dimension: Dimension;
} {
  let value = number;
  let dimension = PLAIN;
  const apply = (name: string, power: 1 | -1): void => {
    const meaning = unitMeaning(name);
    value = power === 1 ? value * meaning.factor : value / meaning.factor;
    dimension = multiplyDimension(dimension, meaning.dimension, power);
  };
  if (unit !== null) apply(unit, 1);
  for (const name of per) apply(name, -1);
  return { value, dimension };
}
