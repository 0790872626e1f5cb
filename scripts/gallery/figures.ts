import type { Axis, Picture, Series } from '../../test/catalogue/pictures/picture.js';
import { loadLinkedom, loadPlot } from './libraries.js';
import { FONT, sheet } from './paper.js';

/** The picture on a sheet. */
export type DrawFigure = (picture: Picture) => string;

const WIDTH = 600;
const HEIGHT = 280;
const MARGINS = { top: 26, bottom: 42, left: 58 };
/** Told apart by people with any colour vision (Okabe & Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const SMALL = 12;
const AXIS = { tickSize: 4, fontSize: SMALL };
/** Width of a letter and height of a line of labels. */
const LETTER = 6.4;
const LINE = 15;

export async function illustrator(): Promise<DrawFigure> {
  const [plot, { parseHTML }] = [await loadPlot(), await loadLinkedom()];
  const { document } = parseHTML('<html><body></body></html>');
  return (picture) => {
    const names = labels(picture);
    const longest = Math.max(0, ...names.map(({ name }) => name.length));
    const scale = (axis: Axis, values: readonly number[]) => {
      const domain = domainOf(axis, values);
      return { domain, type: axis.scale ?? 'linear', label: axis.label };
    };
    const [x, y] = [scale(picture.x, valuesOf(picture, 0)), scale(picture.y, valuesOf(picture, 1))];
    const inside = names.map((each) => ({ ...each, at: pixelOf(each.at, y) }));
    const marks = [
      plot.gridY({ ticks: ticksOf(y, 5), stroke: '#eee', strokeOpacity: 1 }),
      plot.axisX({ ticks: ticksOf(x, 6), ...AXIS, labelAnchor: 'center', labelArrow: 'none' }),
      plot.axisY({ ticks: ticksOf(y, 5), ...AXIS, labelArrow: 'none' }),
      ...(y.domain[0]! < 0 && y.domain[1]! > 0 ? [plot.ruleY([0], { stroke: '#bbb' })] : []),
      ...(picture.levels ?? []).map(({ at }) =>
        plot.ruleY([at], { stroke: '#888', strokeDasharray: '4 3' }),
      ),
      ...picture.series.flatMap((series, k) => marksOf(plot, series, COLOURS[k % COLOURS.length]!)),
      ...spread(inside).map(({ name, at, colour }) =>
        plot.text([name], {
          frameAnchor: 'top-right',
          textAnchor: 'start',
          dx: 8,
          dy: at - MARGINS.top,
          lineAnchor: 'middle',
          fill: colour,
          fontSize: SMALL,
        }),
      ),
    ];
    const { outerHTML } = plot.plot({
      document,
      width: WIDTH,
      height: HEIGHT,
      marginTop: MARGINS.top,
      marginBottom: MARGINS.bottom,
      marginLeft: MARGINS.left,
      marginRight: longest > 0 ? Math.min(190, 18 + longest * LETTER) : 20,
      className: 'plot',
      style: { fontFamily: FONT, fontSize: `${SMALL}px`, color: '#222' },
      x,
      y,
      marks,
    });
    return sheet(picture.title, [{ svg: tidy(outerHTML), width: WIDTH, height: HEIGHT }]);
  };
}

type Plot = Awaited<ReturnType<typeof loadPlot>>;

function marksOf(plot: Plot, { mark = 'line', points }: Series, colour: string): unknown[] {
  const channels = { x: '0', y: '1' };
  switch (mark) {
    case 'line':
      return [plot.lineY(points, { ...channels, stroke: colour, strokeWidth: 1.8 })];
    case 'dots':
      return [plot.dot(points, { ...channels, fill: colour, r: 2.6 })];
    case 'stems':
      return [
        plot.ruleX(points, { x: '0', y1: 0, y2: '1', stroke: colour, strokeWidth: 1.6 }),
        plot.dot(points, { ...channels, fill: colour, r: 3 }),
      ];
  }
}

interface Label {
  readonly name: string;
  readonly at: number;
  readonly colour: string;
}

/** Names of series stand beside their last point, those of levels beside these. */
function labels({ series, levels = [] }: Picture): Label[] {
  const own = series.map(({ name, points }, k) => ({
    name,
    at: points.at(-1)![1],
    colour: COLOURS[k % COLOURS.length]!,
  }));
  const others = levels.map(({ at, name }) => ({ name, at, colour: '#666' }));
  return [...own, ...others].filter(({ name }) => name !== '');
}

/** Labels moved up and down until none covers another; `at` is in pixels. */
function spread(given: readonly Label[]): Label[] {
  const placed = [...given].sort((a, b) => a.at - b.at).map((label) => ({ ...label }));
  const [top, bottom] = [MARGINS.top, HEIGHT - MARGINS.bottom];
  placed.forEach((label, k) => {
    label.at = Math.max(label.at, k === 0 ? top : placed[k - 1]!.at + LINE);
  });
  placed.reverse().forEach((label, k) => {
    label.at = Math.min(label.at, k === 0 ? bottom : placed[k - 1]!.at - LINE);
  });
  return placed;
}

function pixelOf(value: number, { domain, type }: { domain: number[]; type: string }): number {
  const turned = (v: number): number => (type === 'log' ? Math.log(v) : v);
  const [low, high, at] = [domain[0]!, domain[1]!, value].map(turned) as [number, number, number];
  const height = HEIGHT - MARGINS.top - MARGINS.bottom;
  return MARGINS.top + height * (1 - (at - low) / (high - low));
}

/** On a logarithmic axis powers of ten only. */
function ticksOf({ domain, type }: { domain: number[]; type: string }, count: number): unknown {
  if (type !== 'log') return count;
  const [first, last] = [Math.ceil(Math.log10(domain[0]!)), Math.floor(Math.log10(domain[1]!))];
  return last - first < 1
    ? count
    : Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k));
}

function valuesOf({ series, levels = [] }: Picture, which: 0 | 1): number[] {
  const points = series.flatMap((each) => each.points.map((point) => point[which]));
  return which === 1 ? [...points, ...levels.map(({ at }) => at)] : points;
}

/** What is asked for; else what the values take, and a little more above and below. */
function domainOf({ range, scale }: Axis, values: readonly number[]): number[] {
  if (range) return [...range];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!Number.isFinite(low + high)) throw new Error('a picture holds numbers that are not finite');
  if (scale === 'log') return [low, high];
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** Coordinates to tenths of a pixel. */
const tidy = (svg: string): string =>
  svg
    .replaceAll(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (number) =>
      String(Math.round(Number(number) * 10) / 10),
    )
    .replace(/ xmlns:xlink="[^"]*"/, '');
