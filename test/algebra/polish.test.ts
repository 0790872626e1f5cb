import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundSignificant, roundToSpread } from '../../src/algebra/polish.js';
import { parse } from '../../src/language/parse.js';

describe('rounding to digits', () => {
  it.each([
    [0.013579, 3, '0.0136'],
    [-0.054321, 2, '-0.054'],
    [1e-3, 3, '0.001'],
    [123456, 3, '123000'],
    [1234567, 3, '1.23e6'],
    [0.000012345, 3, '1.23e-5'],
    [9.9999, 3, '10'],
    [1.005, 3, '1.01'],
    [-0, 3, '0'],
    [5e-324, 3, '5e-324'],
  ])('%s to %s digits is %s', (value, digits, text) => {
    expect(roundSignificant(value, digits)).toBe(text);
  });

  it('is a number of the language and as near as its digits allow', () => {
    const value = fc.double({ noNaN: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 15 }), (x, digits) => {
        const text = roundSignificant(x, digits);
        expect(text).toMatch(/^-?\d+(\.\d+)?(e-?\d+)?$/);
        expect(Math.abs(Number(text) - x)).toBeLessThanOrEqual(
          0.500001 * Math.abs(x) * 10 ** (1 - digits),
        );
        expect(roundSignificant(Number(text), digits)).toBe(text);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('refuses what is no number', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => roundSignificant(value, 3)).toThrow(RangeError);
      expect(() => roundToSpread(value, 1)).toThrow(RangeError);
      expect(() => roundToSpread(1, value)).toThrow(RangeError);
    }
    expect(() => roundSignificant(1, 0)).toThrow(RangeError);
    expect(() => roundToSpread(1, -1)).toThrow(RangeError);
  });
});

describe('rounding to a spread', () => {
  it.each([
    [0.01357, 0.00042, '0.0136', '0.0004'],
    [-0.0536, 0.003, '-0.054', '0.003'],
    [0.0077, 0.0003, '0.0077', '0.0003'],
    [0.0077, 0.00014, '0.00770', '0.00014'],
    [3, 0.196, '3.0', '0.2'],
    [0.054, 0.00096, '0.0540', '0.0010'],
    [1234, 56, '1230', '60'],
    [1234, 156, '1230', '160'],
    [2.5, 97, '0', '100'],
    [0.0001, 0.2, '0.0', '0.2'],
    [-0.0004, 0.01, '0.000', '0.010'],
    [1.234e-7, 2e-9, '1.23e-7', '2e-9'],
    [0.1 + 0.2, 0.001, '0.3000', '0.0010'],
    [5.25, 0, '5.25', '0'],
  ])('%s ± %s is %s ± %s', (value, spread, valueText, spreadText) => {
    expect(roundToSpread(value, spread)).toEqual({ value: valueText, spread: spreadText });
  });

  it('ends where the spread ends, and parses as a parameter', () => {
    const size = fc.double({ noNaN: true, min: 1e-9, max: 1e9 });
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), size, (x, s) => {
        const { value, spread } = roundToSpread(x, s);
        // One digit from 2 on, two digits below: at most a quarter off.
        expect(Math.abs(Number(spread) - s)).toBeLessThanOrEqual(0.26 * s);
        const digits = spread.replace(/e.*/, '').replace('.', '').replace(/^0+/, '');
        expect(digits).toMatch(/^(1\d|[2-9])0*$/);
        const place = 10 ** placeOf(spread);
        expect(Math.abs(Number(value) - x)).toBeLessThanOrEqual(
          0.500001 * place + 1e-15 * Math.abs(x),
        );
        const rule = parse({ name: 't', text: `rule r { param a = ${value} ± ${spread} dw = a }` });
        expect(rule.ok).toBe(true);
      }),
      { numRuns: 1000, seed: 2 },
    );
  });
});

/** The power of ten of the last digit that means something. */
function placeOf(spread: string): number {
  const [mantissa = '', exponent = '0'] = spread.split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  if (decimals > 0 || spread.includes('e')) return Number(exponent) - decimals;
  const zeros = /0*$/.exec(mantissa)![0].length;
  return mantissa.startsWith('1') ? mantissa.length - 2 : zeros;
}
