import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../runs/files.js';
import { csv } from '../csv.js';
import { svgFile } from '../figures/canvas.js';
import { linesDrawing } from '../figures/lines.js';
import type { Curve } from './curves.js';
import type { NamedFigure } from './figures.js';

const FIGURES = 'figures';
const CURVES = 'curves.csv';
const WIDTH = 760;

/** Writes what a sweep's curves are as CSV, and its figures as SVG, into its run folder. */
export function writeSweepFiles(
  folder: string,
  curves: readonly Curve[],
  figures: readonly NamedFigure[],
): void {
  const rows = curves.flatMap(({ cell, figure, points }) =>
    points.map(({ mean, lo, hi }, episode) => [cell, figure, episode, mean, lo, hi]),
  );
  const header = ['cell', 'figure', 'episode', 'mean', 'lo', 'hi'];
  replaceFile(join(folder, CURVES), csv(header, rows));
  mkdirSync(join(folder, FIGURES), { recursive: true });
  for (const { name, figure } of figures) {
    replaceFile(join(folder, FIGURES, `${name}.svg`), svgFile(linesDrawing(figure, WIDTH)));
  }
}
