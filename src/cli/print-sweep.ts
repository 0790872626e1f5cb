import type { CellResult, OverSeeds, SweepResult } from '../discover/sweep/result.js';
import { count, pairs, section, table, wrap } from './layout.js';
import { clock } from './progress.js';
import type { Style } from './style.js';

/** A sweep as a person reads it. */
export function printSweep(result: SweepResult, style: Style): string {
  const inner = { ...style, width: style.width - 2 };
  const blocks = [
    section('At the end of the search (its last tenth)', training(result, inner), style),
    section(`On held-out tasks, ${result.tasks} of each seed`, heldOut(result, inner), style),
    ...differences(result, inner).map((text) =>
      section(`Difference to ${result.against}, on the same tasks`, text, style),
    ),
    section('What was found', found(result, inner), style),
    ...ablations(result, inner).map((text) => section('Without some terms', text, style)),
    pairs(
      [
        ['experiment', `${result.experiment}, seed ${result.seed}`],
        [
          'seeds',
          `${result.seeds}; in brackets ${Number((100 * result.level).toPrecision(4))} % bootstrap intervals over them`,
        ],
        ['computed by', `${result.engine.name} in ${clock(result.seconds)}`],
        ['files', result.runFolder],
      ],
      style,
    ),
  ];
  return blocks.join('\n\n');
}

function training({ cells }: SweepResult, style: Style): string {
  const measured = [...new Set(cells.flatMap((cell) => Object.keys(cell.training.measures)))];
  const rows = cells.map(({ name, training: figures, divergedEpisodes }) => [
    name,
    figures.accuracy ? written(figures.accuracy, percent) : '–',
    written(figures.loss, fixed),
    ...measured.map((what) =>
      (figures.measures[what] ?? []).map((value) => (value ? short(value.mean) : '–')).join(' '),
    ),
    String(divergedEpisodes),
  ]);
  const headings = ['cell', 'accuracy %', 'loss', ...measured, 'diverged'];
  return table(headings, rows, style, headings.slice(1));
}

function heldOut({ cells }: SweepResult, style: Style): string {
  const rows = cells.flatMap(({ name, heldOut: horizons }) =>
    horizons.map(({ shots, accuracy, loss, diverged }, k) => [
      k === 0 ? name : '',
      shots === null ? 'as searched' : String(shots),
      accuracy ? written(accuracy, percent) : '–',
      written(loss, fixed),
      String(diverged),
    ]),
  );
  const headings = ['cell', 'shots', 'accuracy %', 'loss', 'diverged'];
  return table(headings, rows, style, headings.slice(1));
}

function differences({ cells }: SweepResult, style: Style): string[] {
  const rows = cells.flatMap(({ name, difference }) =>
    (difference?.heldOut ?? []).map(({ shots, accuracy, loss }, k) => [
      k === 0 ? name : '',
      shots === null ? 'as searched' : String(shots),
      accuracy ? written(accuracy, signed(percent)) : '–',
      written(loss, signed(fixed)),
    ]),
  );
  const headings = ['cell', 'shots', 'accuracy, points', 'loss'];
  return rows.length === 0 ? [] : [table(headings, rows, style, headings.slice(1))];
}

function found({ cells }: SweepResult, style: Style): string {
  // Only terms of a space have units of equal size, and are left or not.
  const hasTerms = cells.some(({ subject }) => subject === 'space');
  const rows = cells.flatMap(({ name, parameters }) =>
    parameters.map(({ id, value, standardised, left }, k) => [
      k === 0 ? name : '',
      id,
      written(value, short),
      ...(hasTerms
        ? [
            standardised ? written(standardised, short) : '–',
            left === null ? '–' : `${Math.round(100 * left)}`,
          ]
        : []),
    ]),
  );
  const headings = [
    'cell',
    'parameter',
    'value',
    ...(hasTerms ? ['standardised', 'left in %'] : []),
  ];
  const sets = cells.flatMap((cell) => setsText(cell, style));
  return [table(headings, rows, style, headings.slice(2)), ...sets].join('\n\n');
}

function setsText({ name, left }: CellResult, style: Style): string[] {
  if (!left) return [];
  const sets = left.map(
    ({ terms, seeds }) => `${terms.join(' ') || 'none'} (${count(seeds, 'seed')})`,
  );
  return [wrap(`Left of ${name}: ${sets.join(', ')}.`, Math.min(style.width, 96)).join('\n')];
}

function ablations({ cells }: SweepResult, style: Style): string[] {
  const rows = cells.flatMap(({ name, ablations: all }) =>
    all.map(({ without, accuracy, loss }, k) => [
      k === 0 ? name : '',
      typeof without === 'string' ? without : without.join(' '),
      accuracy ? written(accuracy, signed(percent)) : '–',
      written(loss, signed(fixed)),
      String(loss.seeds),
    ]),
  );
  const headings = ['cell', 'without', 'accuracy, points', 'loss', 'seeds'];
  return rows.length === 0 ? [] : [table(headings, rows, style, headings.slice(2))];
}

/** `0.74 [0.72, 0.76]`; of one seed the value alone. */
function written({ mean, lo, hi }: OverSeeds, write: (value: number) => string): string {
  if (!Number.isFinite(mean)) return '–';
  const isKnown = Number.isFinite(lo) && Number.isFinite(hi);
  return isKnown ? `${write(mean)} [${write(lo)}, ${write(hi)}]` : write(mean);
}

const fixed = (value: number): string => plain(value.toFixed(3));
const percent = (value: number): string => plain((100 * value).toFixed(1));
const short = (value: number): string => String(Number(value.toPrecision(3)));
const signed = (write: (value: number) => string) => (value: number) =>
  value > 0 ? `+${write(value)}` : write(value);

/** No minus before a zero. */
const plain = (text: string): string => text.replace(/^-(?=0\.?0*$)/, '');
