import { describe, expect, it } from 'vitest';
import {
  type Dimension,
  describeDimension,
  multiplyDimension,
  PLAIN,
  sameDimension,
  TIME,
  VOLTAGE,
} from '../../src/base/dimension.js';

describe('a dimension', () => {
  it('equals one with the same powers', () => {
    expect(sameDimension(TIME, { time: 1, voltage: 0 })).toBe(true);
    expect(sameDimension(TIME, VOLTAGE)).toBe(false);
    expect(sameDimension(TIME, PLAIN)).toBe(false);
  });

  it('of a product adds the powers', () => {
    expect(multiplyDimension(TIME, VOLTAGE)).toEqual({ time: 1, voltage: 1 });
    expect(multiplyDimension(VOLTAGE, TIME, -1)).toEqual({ time: -1, voltage: 1 });
    expect(sameDimension(multiplyDimension(TIME, TIME, -1), PLAIN)).toBe(true);
    expect(multiplyDimension(PLAIN, TIME, 0.5)).toEqual({ time: 0.5, voltage: 0 });
  });

  it.each<[Dimension, string]>([
    [PLAIN, 'a plain number'],
    [TIME, 'a time'],
    [VOLTAGE, 'a voltage'],
    [{ time: -1, voltage: 0 }, 'a rate (1/time)'],
    [{ time: -1, voltage: 1 }, 'voltage · time^-1'],
    [{ time: 2, voltage: 0 }, 'time^2'],
    [{ time: 0, voltage: -2 }, 'voltage^-2'],
  ])('%j reads "%s"', (dimension, words) => {
    expect(describeDimension(dimension)).toBe(words);
  });
});
