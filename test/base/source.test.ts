import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, placeOf, type Source, spanning } from '../../src/base/source.js';

const source = (text: string): Source => ({ name: 'a.rule', text });

describe('the place of an offset', () => {
  it('counts lines and columns from 1', () => {
    const text = source('ab\ncd\n');
    expect([0, 1, 2, 3, 4, 5, 6].map((offset) => placeOf(text, offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 2 },
      { line: 2, column: 3 },
      { line: 3, column: 1 },
    ]);
  });

  it('is 1:1 in an empty text, and just after the last character past the end', () => {
    expect(placeOf(source(''), 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf(source(''), 99)).toEqual({ line: 1, column: 1 });
    expect(placeOf(source('ab'), 99)).toEqual({ line: 1, column: 3 });
    expect(placeOf(source('ab'), -1)).toEqual({ line: 1, column: 1 });
  });

  it('is the same with either kind of line break', () => {
    expect(placeOf(source('ab\r\ncd'), 4)).toEqual(placeOf(source('ab\ncd'), 3));
  });

  it('and the line lead back to the character', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\t', '\n', 'µ'), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.nat(), (written, at) => {
        fc.pre(written.length > 0);
        const offset = at % written.length;
        fc.pre(written[offset] !== '\n');
        const { line, column } = placeOf(source(written), offset);
        expect(lineOf(source(written), line)[column - 1]).toBe(written[offset]);
      }),
      { seed: 20262, numRuns: 500 },
    );
  });
});

describe('a line', () => {
  it('comes without its break, and is empty where there is none', () => {
    const text = source('ab\r\ncd\n');
    expect([0, 1, 2, 3, 4].map((line) => lineOf(text, line))).toEqual(['', 'ab', 'cd', '', '']);
  });
});

describe('spanning', () => {
  it('gives the smallest span that holds both, in either order', () => {
    const [a, b] = [
      { start: 3, end: 5 },
      { start: 7, end: 9 },
    ];
    expect(spanning(a, b)).toEqual({ start: 3, end: 9 });
    expect(spanning(b, a)).toEqual({ start: 3, end: 9 });
    expect(spanning({ start: 1, end: 9 }, a)).toEqual({ start: 1, end: 9 });
  });
});
