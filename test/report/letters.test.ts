import { describe, expect, test } from 'vitest';
import { inLines, widthOf } from '../../src/report/figures/letters.js';
import { linesDrawing } from '../../src/report/figures/lines.js';

/** Pixels in DejaVu Sans Bold of 12 pixels, as a browser measures them. */
const MEASURED = {
  'reward pathway blocked': 166.8,
  'backpropagation through time': 207.6,
  'weights, large perturbations': 194.5,
  'rflo + rflo_readout': 124.8,
  SUPERTREX: 79.3,
  'WWMM mmww': 101.6,
  'illicit fill': 55,
  F9: 16.6,
};

describe('the width of a text in a figure', () => {
  test.each(Object.entries(MEASURED))('%s is enough, and not much too wide', (text, measured) => {
    expect(widthOf(text)).toBeGreaterThanOrEqual(measured);
    expect(widthOf(text)).toBeLessThan(1.2 * measured + 4);
  });
});

describe('a text in lines', () => {
  test('is broken between words, and cut within them', () => {
    expect(inLines('reward pathway blocked', 1000)).toEqual(['reward pathway blocked']);
    expect(inLines('reward pathway blocked', 130)).toEqual(['reward pathway', 'blocked']);
    const [word, ...others] = inLines('backpropagation', 80);
    expect(others).toEqual([]);
    expect(word).toMatch(/^backp\w+…$/);
    expect(widthOf(word!)).toBeLessThanOrEqual(80);
    expect(inLines('', 80)).toEqual(['']);
  });
});

describe('labels beside lines', () => {
  const name = (k: number): string => `a rather long name of line ${k}`;
  const drawn = (width: number): string =>
    linesDrawing(
      {
        ...{ says: 'lines', caption: '', x: 'trial', y: 'loss' },
        lines: [1, 2, 3].map((k) => ({
          ...{ name: name(k), label: name(k), colour: 'red', isStrong: true },
          points: [
            [0, 0],
            [1, 1],
          ],
        })),
      },
      width,
    ).markup;
  /** Where labels begin, how far down each stands, and its lines. */
  const labelsIn = (svg: string) =>
    [
      ...svg.matchAll(
        /translate\(6,([\d.-]+)\)" font-weight="600".*?translate\(([\d.]+),.*?<\/g>/g,
      ),
    ].map(([whole, down, right]) => ({
      down: Number(down),
      right: Number(right) + 6,
      lines: [...whole.matchAll(/>([^<>]+)</g)].map(([, text]) => text!),
    }));

  test.each([
    [760, 1],
    [350, 2],
  ])('end within a figure of %d pixels, and leave room', (width, count) => {
    const labels = labelsIn(drawn(width));
    expect(labels).toHaveLength(3);
    labels.forEach(({ down, right, lines }, k) => {
      expect(lines.join(' ')).toBe(name(k + 1));
      expect(lines).toHaveLength(count);
      expect(right).toBeGreaterThan(width / 2);
      for (const line of lines) expect(right + widthOf(line)).toBeLessThanOrEqual(width);
      // None covers another: 14 pixels a line.
      if (k > 0) expect(down - labels[k - 1]!.down).toBeCloseTo(14 * count, 6);
    });
  });
});

test('ticks of lines that differ little are told apart, and have the room they need', () => {
  const drawn = (low: number, high: number): string =>
    linesDrawing(
      {
        ...{ says: 'lines', caption: '', x: 'trial', y: 'loss' },
        lines: [
          {
            ...{ name: 'a', colour: 'red', isStrong: true },
            points: [
              [10, low],
              [20, high],
            ],
          },
        ],
      },
      760,
    ).markup;
  const ticksIn = (svg: string): string[] =>
    [...svg.matchAll(/>([−\d.]+)<\/text>/g)]
      .map(([, text]) => text!)
      .filter((text) => text.startsWith('0.1') || text.startsWith('0.2'));
  const near = ticksIn(drawn(0.1999997, 0.2));
  expect(near.length).toBeGreaterThan(3);
  expect(new Set(near).size).toBe(near.length);
  expect(near).toContain('0.1999998');
  expect(ticksIn(drawn(0.1, 0.2))).toEqual(['0.1', '0.12', '0.14', '0.16', '0.18', '0.2']);
});
