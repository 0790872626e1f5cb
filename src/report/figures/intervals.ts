import * as Plot from '@observablehq/plot';
import { type Html, html } from '../html.js';
import type { Figure } from '../numbers.js';
import type { ScoreRow, TermRow } from '../read.js';
import { headingOf } from '../sections/scores.js';
import { drawn, GREY, GRID } from './canvas.js';
import { inLines, widthOf } from './letters.js';

const WIDTH = 360;
const ROW = 26;
/** Of the names on the left, which have two lines at most. */
const BESIDE = 158;
/** Widths of letters that are not bold, as a share of bold ones. */
const PLAIN = 0.92;
/** Pixels between two ticks at least. */
const APART = 55;
/** More figures than this are left to the table. */
const MOST = 4;

/** Each figure of all rules below one another: the mean as a dot, its interval as a line. */
export function intervalsFigure(
  names: readonly string[],
  scores: readonly ScoreRow[],
  level: number | null,
): Html | null {
  const drawings = names.slice(0, MOST).flatMap((name) => {
    const rows = scores.flatMap(({ name: rule, isOwn, figures }) => {
      const figure = figures[name];
      return isDrawable(figure) ? [{ rule, isOwn, ...scaled(figure, name) }] : [];
    });
    return rows.length < 2 ? [] : [intervals(name, rows)];
  });
  if (drawings.length === 0) return null;
  const confidence = level === null ? 'the' : `${Number((100 * level).toPrecision(4))} %`;
  return html`<figure><div class="side">${drawings}</div>
<figcaption>Dots are means over the tasks, lines ${confidence} intervals of these; the table below has the figures.</figcaption></figure>`;
}

/**
 * How certain each coefficient is, as a share of itself: of whatever size it is, an interval that
 * reaches 0 reaches the same line. Null where no interval is known.
 */
export function coefficientsFigure(terms: readonly TermRow[]): Html | null {
  const rows = terms.flatMap(({ id, coefficient, interval, verdict }) => {
    const [lo, hi] = interval ?? [null, null];
    if (!coefficient || lo === null || hi === null) return [];
    const ends = [lo / coefficient, hi / coefficient].map((end) => 100 * end) as [number, number];
    const isOwn = verdict === 'established';
    return [{ rule: id, isOwn, mean: 100, lo: Math.min(...ends), hi: Math.max(...ends) }];
  });
  if (rows.length === 0) return null;
  const drawing = intervals('interval in % of the coefficient', rows, true);
  return html`<figure>${drawing}
<figcaption>How certain each coefficient is: its interval as a share of the coefficient itself. Where a line reaches 0 the sign is not known. Grey: not established.</figcaption></figure>`;
}

type Drawable = { readonly mean: number; readonly lo: number; readonly hi: number };

const isDrawable = (figure: Figure | undefined): figure is Drawable =>
  figure !== undefined && figure.mean !== null && figure.lo !== null && figure.hi !== null;

const scaled = ({ mean, lo, hi }: Drawable, name: string): Drawable => {
  const unit = name === 'accuracy' ? 100 : 1;
  return { mean: unit * mean, lo: unit * lo, hi: unit * hi };
};

interface Row extends Drawable {
  readonly rule: string;
  readonly isOwn: boolean;
}

function intervals(name: string, rows: readonly Row[], zero = false): Html {
  const colour = ({ isOwn }: Row): string => (isOwn ? 'var(--c0)' : GREY);
  const linesOf = (rule: string): string[] => inLines(rule, BESIDE / PLAIN).slice(0, 2);
  const widest = Math.max(...rows.flatMap(({ rule }) => linesOf(rule).map(widthOf)));
  const [left, right] = [12 + PLAIN * widest, 18];
  const ticks = Math.floor((WIDTH - left - right) / APART);
  const options: Plot.PlotOptions = {
    height: ROW * rows.length + 58,
    marginLeft: left,
    marginRight: right,
    marginTop: 10,
    marginBottom: 42,
    x: {
      label: headingOf(name),
      labelAnchor: 'center',
      labelArrow: 'none',
      nice: true,
      ticks,
      ...(zero && { zero }),
    },
    y: { label: null, domain: rows.map(({ rule }) => rule), padding: 0.4 },
    marks: [
      Plot.gridX({ ...GRID, ticks }),
      Plot.axisY({
        tickSize: 0,
        label: null,
        tickFormat: (rule: string) => linesOf(rule).join('\n'),
      }),
      Plot.ruleY(rows, { y: 'rule', x1: 'lo', x2: 'hi', stroke: colour, strokeWidth: 2 }),
      Plot.dot(rows, { y: 'rule', x: 'mean', fill: colour, r: 4.5 }),
    ],
  };
  const says = rows.map(({ rule, mean }) => `${rule} ${Number(mean.toPrecision(3))}`).join(', ');
  return drawn(`${headingOf(name)}: ${says}`, options, WIDTH);
}
