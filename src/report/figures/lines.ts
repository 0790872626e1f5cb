import * as Plot from '@observablehq/plot';
import type { Html } from '../html.js';
import { drawn, figure, GRID } from './canvas.js';
import { inLines, widthOf } from './letters.js';

export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly isStrong: boolean;
  /** Written at its end; lines without are told by a legend, or not at all. */
  readonly label?: string;
  readonly points: readonly (readonly [x: number, y: number | null])[];
  /** Around it: an interval at each place. */
  readonly band?: readonly (readonly [x: number, lo: number, hi: number])[];
}

export interface LinesFigure {
  readonly says: string;
  readonly caption: Html | string;
  readonly legend?: Html;
  readonly x: string;
  readonly y: string;
  /** Where something begins, with its name. */
  readonly marks?: readonly { readonly at: number; readonly name: string }[];
  readonly zero?: boolean;
  /** Equal ratios, equal distances; all values are above 0. */
  readonly logarithmic?: boolean;
  readonly lines: readonly Line[];
}

const HEIGHT = 280;
/** Of a line of a label. */
const LINE = 14;
/** Share of the width that labels take at most. */
const BESIDE = 0.38;
/** A line through more points is no better drawn. */
const MOST_POINTS = 240;

/** Lines over one x. */
export function linesFigure(given: LinesFigure): Html {
  return figure(
    given.says,
    given.caption,
    (width) => options(withFewerPoints(given), width),
    given.legend,
  );
}

/** The same as one drawing that stands by itself, without its caption. */
export function linesDrawing(given: LinesFigure, width: number): Html {
  return drawn(given.says, options(withFewerPoints(given), width), width);
}

const withFewerPoints = (given: LinesFigure): LinesFigure => ({
  ...given,
  lines: given.lines.map((line) => ({
    ...line,
    points: thinned(line.points),
    ...(line.band && { band: thinned(line.band) }),
  })),
});

function options(given: LinesFigure, width: number) {
  const { lines, x, y, marks = [], zero = false, logarithmic = false } = given;
  const values = lines.flatMap(({ points, band = [] }) => [
    ...points.flatMap(([, value]) => value ?? []),
    ...band.flatMap(([, lo, hi]) => [lo, hi]),
  ]);
  const [low, high] = logarithmic ? decadesOf(values) : domainOf(values, zero);
  const places = lines.flatMap(({ points }) => points.map(([place]) => place));
  const written = lines.map(({ label }) => (label ? inLines(label, BESIDE * width) : []));
  const widest = Math.max(0, ...written.flat().map(widthOf));
  const ticks = ticksOf(low, high);
  const tickWidth = Math.max(widthOf(ticks(low + 0.2 * (high - low))), widthOf(ticks(high)));
  const left = Math.max(52, Math.ceil(tickWidth) + 10);
  const margin = { top: 24, bottom: 40, left, right: widest > 0 ? 8 + widest : 14 };
  const height = (value: number): number =>
    logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const pixel = (value: number): number =>
    margin.top + (HEIGHT - margin.top - margin.bottom) * (1 - height(value));
  const labels = lines.flatMap(({ colour, points }, k) => {
    const end = points.findLast(([, value]) => value !== null)?.[1];
    const text = written[k]!;
    return text.length === 0 || end == null ? [] : [{ text, colour, at: pixel(end) }];
  });
  return {
    height: HEIGHT,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    marginRight: margin.right,
    x: {
      label: x,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: width > 500 ? 8 : 4,
      domain: [Math.min(...places), Math.max(...places, Math.min(...places) + 1)],
    },
    y: {
      label: y,
      labelArrow: 'none',
      ticks: 5,
      domain: [low, high],
      tickFormat: ticks,
      type: logarithmic ? 'log' : 'linear',
    },
    marks: [
      Plot.gridY({ ...GRID, ticks: 5 }),
      ...(low < 0 && high > 0
        ? [Plot.ruleY([0], { stroke: 'var(--soft)', strokeOpacity: 0.6 })]
        : []),
      Plot.ruleX(
        marks.map(({ at }) => at),
        { stroke: 'var(--soft)', strokeDasharray: '3 3', strokeOpacity: 0.7 },
      ),
      Plot.text(marks, {
        x: 'at',
        text: 'name',
        frameAnchor: 'top',
        textAnchor: 'start',
        dx: 4,
        dy: 2,
        fill: 'var(--soft)',
      }),
      ...lines.flatMap(({ band, colour }) =>
        band
          ? [
              Plot.areaY(band, {
                x: ([place]) => place,
                y1: ([, lo]) => lo,
                y2: ([, , hi]) => hi,
                fill: colour,
                fillOpacity: 0.18,
              }),
            ]
          : [],
      ),
      ...lines.map(({ points, colour, isStrong }) =>
        Plot.line(
          points.map(([px, value]) => [px, value ?? Number.NaN] as [number, number]),
          { stroke: colour, strokeWidth: isStrong ? 2 : 1, strokeOpacity: isStrong ? 1 : 0.55 },
        ),
      ),
      ...spread(labels, margin.top, HEIGHT - margin.bottom).map(({ text, colour, at }) =>
        Plot.text([text.join('\n')], {
          frameAnchor: 'top-right',
          textAnchor: 'start',
          lineAnchor: 'middle',
          lineHeight: LINE / 12,
          dx: 6,
          dy: at - margin.top,
          fill: colour,
          fontWeight: 600,
        }),
      ),
    ],
  } satisfies Plot.PlotOptions;
}

function domainOf(values: readonly number[], zero: boolean): [number, number] {
  const finite = values.filter((value) => Number.isFinite(value));
  const all = zero || finite.length === 0 ? [...finite, 0] : finite;
  const low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (low === high) return [low - 1, high + 1];
  const margin = 0.04 * (high - low);
  return [low === 0 ? 0 : low - margin, high + margin];
}

/** A little beyond the smallest and the largest value above 0. */
function decadesOf(values: readonly number[]): [number, number] {
  const above = values.filter((value) => Number.isFinite(value) && value > 0);
  if (above.length === 0) return [1, 10];
  const low = above.reduce((a, b) => Math.min(a, b));
  return [low / 1.2, above.reduce((a, b) => Math.max(a, b), 1.5 * low) * 1.2];
}

/** Ticks with three digits, or as many more as tell them apart. */
function ticksOf(low: number, high: number): (value: number) => string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const digits = Math.min(15, Math.max(3, 2 + Math.ceil(Math.log10(size / (high - low)))));
  return (value) => String(Number(value.toPrecision(digits))).replaceAll('-', '−');
}

/** Every so manieth point, the first and the last among them. */
function thinned<T>(points: readonly T[]): readonly T[] {
  if (points.length <= MOST_POINTS) return points;
  const stride = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, k) => points[Math.round(k * stride)]!);
}

/** Labels moved up and down until none covers another. */
function spread<T extends { readonly at: number; readonly text: readonly string[] }>(
  given: readonly T[],
  top: number,
  bottom: number,
) {
  const placed = [...given].sort((a, b) => a.at - b.at).map((label) => ({ ...label }));
  /** Between the middles of a label and the one before it; of the first and the last, to the edge. */
  const apart = (k: number): number => {
    const [above, below] = [placed[k - 1]?.text.length ?? 1, placed[k]?.text.length ?? 1];
    const isEdge = k === 0 || k === placed.length;
    return (LINE * (above + below - (isEdge ? 2 : 0))) / 2;
  };
  placed.forEach((label, k) => {
    const edge = (k === 0 ? top : placed[k - 1]!.at) + apart(k);
    placed[k] = { ...label, at: Math.max(label.at, edge) };
  });
  for (let k = placed.length - 1; k >= 0; k--) {
    const edge = (placed[k + 1]?.at ?? bottom) - apart(k + 1);
    placed[k] = { ...placed[k]!, at: Math.min(placed[k]!.at, edge) };
  }
  return placed;
}
