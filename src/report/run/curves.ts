import { join } from 'node:path';
import type { LearningCurve } from '../../experiments/courses.js';
import { replaceFile } from '../../runs/files.js';
import { csv } from '../csv.js';
import { colourAt, GREY, svgFile } from '../figures/canvas.js';
import { type Line, type LinesFigure, linesDrawing } from '../figures/lines.js';

/** What learned in a run, as far as its curves go. */
export interface Learner {
  readonly name: string;
  readonly baseline: boolean;
  readonly curves: Readonly<Record<string, LearningCurve>>;
}

/** A figure of one quantity with the name of its file. */
interface CurveFigure {
  readonly file: string;
  readonly figure: LinesFigure;
}

export const CURVES_CSV = 'curves.csv';
export const CURVE_COLUMNS = ['contestant', 'quantity', 'trial', 'mean', 'lo', 'hi', 'tasks'];
const WIDTH = 760;
/** Of a name beside its line, so that there is room for the lines. */
const MOST_LETTERS = 32;
/** From this ratio of the largest value to the smallest on, equal ratios have equal distances. */
const WIDE_RANGE = 30;

/** One figure for each quantity that was followed: what all contestants made of it, trial by trial. */
export function curveFigures(learners: readonly Learner[], level: number): CurveFigure[] {
  const quantities = [...new Set(learners.flatMap(({ curves }) => Object.keys(curves)))];
  return quantities.map((quantity) => {
    const shown = learners.flatMap(({ name, baseline, curves }) => {
      const curve = curves[quantity];
      return curve ? [{ name, baseline, curve }] : [];
    });
    const values = shown.flatMap(({ curve }) => curve.mean);
    const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const logarithmic = least > 0 && most / least >= WIDE_RANGE;
    const tasks = [...new Set(shown.map(({ curve }) => curve.tasks))];
    const band = tasks.some((count) => count > 1)
      ? `, with ${Number((100 * level).toPrecision(4))} % bootstrap intervals`
      : '';
    const figure: LinesFigure = {
      says: `${quantity} by trial: ${shown.map(({ name }) => name).join(', ')}`,
      caption: `${quantity[0]!.toUpperCase()}${quantity.slice(1)} over the trials, mean over ${tasks.sort((a, b) => a - b).join(' or ')} tasks${band}.`,
      x: 'trial',
      y: quantity,
      logarithmic,
      lines: shown.map(({ name, baseline, curve }, k) =>
        lineOf(curve, { name, colour: baseline ? GREY : colourAt(k), logarithmic }),
      ),
    };
    return { file: fileOf(quantity), figure };
  });
}

/** The curves as a table: a row a point. */
export const curveRows = (learners: readonly Learner[]): (string | number | null)[][] =>
  learners.flatMap(({ name, curves }) =>
    Object.entries(curves).flatMap(([quantity, { trials, mean, lo, hi, tasks }]) =>
      trials.map((trial, k) => [name, quantity, trial, mean[k]!, lo[k]!, hi[k]!, tasks]),
    ),
  );

/** Writes the curves of a run as CSV and as figures into its folder; gives the names of the files. */
export function writeCurves(folder: string, learners: readonly Learner[], level: number): string[] {
  const figures = curveFigures(learners, level);
  if (figures.length === 0) return [];
  replaceFile(join(folder, CURVES_CSV), csv(CURVE_COLUMNS, curveRows(learners)));
  for (const { file, figure } of figures)
    replaceFile(join(folder, file), svgFile(linesDrawing(figure, WIDTH)));
  return [CURVES_CSV, ...figures.map(({ file }) => file)];
}

/** The loss is what most look for; whatever else was followed has its name in that of its file. */
function fileOf(quantity: string): string {
  if (quantity === 'loss') return 'curves.svg';
  return `curves-${quantity.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.svg`;
}

function lineOf(
  { trials, mean, lo, hi }: LearningCurve,
  drawing: { readonly name: string; readonly colour: string; readonly logarithmic: boolean },
): Line {
  const { name, colour, logarithmic } = drawing;
  return {
    name,
    label: name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name,
    colour,
    isStrong: true,
    points: trials.map((trial, k) => [trial, mean[k]!]),
    band: trials.flatMap((trial, k) => {
      const [low, high] = [lo[k] ?? null, hi[k] ?? null];
      if (low === null || high === null) return [];
      // Below every decade there is another: an interval ends where its mean would be drawn.
      return [[trial, logarithmic && low <= 0 ? mean[k]! : low, high] as const];
    }),
  };
}
