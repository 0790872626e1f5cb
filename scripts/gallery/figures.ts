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
      plot.axisX({ ...axisOf(x, 6), labelAnchor: 'center' }),
      plot.axisY(axisOf(y, 5)),
      ...(y.domain[0]! < 0 && y.domain[1]! > 0 ? [plot.ruleY([0], { stroke: '#bbb' })] : []),
      ...(picture.levels ?? []).map(({ at }) =>
        plot.ruleY([at], { stroke: '#888', strokeDasharray: '4 3' }),
      ),
      ...picture.series.flatMap((series) => marksOf(plot, series, colourOf(series, picture))),
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
      inset: picture.series.some(({ mark = 'line' }) => mark !== 'line') ? 4 : 0,
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
function labels(picture: Picture): Label[] {
  const own = picture.series
    .filter(({ like }) => like === undefined)
    .map((each) => ({
      name: each.name,
      at: each.points.at(-1)![1],
      colour: colourOf(each, picture),
    }));
  const others = (picture.levels ?? []).map(({ at, name }) => ({ name, at, colour: '#666' }));
  return [...own, ...others].filter(({ name }) => name !== '');
}

/** Each series has a colour of its own, but for those that have that of another. */
function colourOf({ name, like }: Series, { series }: Picture): string {
  const own = series.filter((each) => each.like === undefined);
  const place = own.findIndex((each) => each.name === (like ?? name));
  if (place < 0) throw new Error(`no series ${like} to be like`);
  return COLOURS[place % COLOURS.length]!;
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

interface Scale {
  readonly domain: readonly number[];
  readonly type: string;
}

function pixelOf(value: number, { domain, type }: Scale): number {
  const turned = (v: number): number => (type === 'log' ? Math.log(v) : v);
  const [low, high, at] = [domain[0]!, domain[1]!, value].map(turned) as [number, number, number];
  const height = HEIGHT - MARGINS.top - MARGINS.bottom;
  return MARGINS.top + height * (1 - (at - low) / (high - low));
}

const axisOf = (axis: Scale, count: number) => ({
  ticks: ticksOf(axis, count),
  ...(axis.type === 'log' ? { tickFormat: short } : {}),
  tickSize: 4,
  fontSize: SMALL,
  labelArrow: 'none',
});

/** Powers of ten too long to write out as such. */
function short(value: number): string {
  const power = Math.round(Math.log10(value));
  if (Math.abs(power) < 4 || Math.abs(value / 10 ** power - 1) > 1e-9) return String(value);
  const digits = [...String(power)].map((d) => (d === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]));
  return `10${digits.join('')}`;
}

/** On a logarithmic axis powers of ten, or few round numbers where it has at most one. */
function ticksOf({ domain, type }: Scale, count: number): unknown {
  if (type !== 'log') return count;
  const [low, high] = domain as [number, number];
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const within = (numbers: readonly number[]): number[] =>
    numbers.filter((number) => number >= low * 0.999 && number <= high * 1.001);
  const tens = within(powers.map((power) => Number(`1e${power}`)));
  if (tens.length > 1) return tens;
  return within(powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`))));
}

function valuesOf({ series, levels = [] }: Picture, which: 0 | 1): number[] {
  const points = series.flatMap((each) => each.points.map((point) => point[which]));
  return which === 1 ? [...points, ...levels.map(({ at }) => at)] : points;
}

/** What is asked for; else what the values take, from 0 where that is near. */
function domainOf({ range, scale }: Axis, values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!Number.isFinite(low + high)) throw new Error('a picture holds numbers that are not finite');
  if (range) {
    if (low < range[0] || high > range[1]) {
      throw new Error(`values from ${low} to ${high} do not fit into ${range.join(' to ')}`);
    }
    return [...range];
  }
  if (scale === 'log') return [low, high];
  if (low === high) return [low - 1, high + 1];
  return low > 0 && low < high / 2 ? [0, high] : [low, high];
}

/** Coordinates to tenths of a pixel; what is written stays. */
const tidy = (svg: string): string =>
  svg
    .replaceAll(/="[^"]*"/g, (value) =>
      value.replaceAll(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (number) =>
        String(Math.round(Number(number) * 10) / 10),
      ),
    )
    .replaceAll(' />', '/>')
    .replace(/ xmlns:xlink="[^"]*"/, '');
