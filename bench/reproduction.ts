import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/package-root.js';
import type { CellResult, OverSeeds, SweepResult } from '../src/discover/sweep/result.js';

/** A recorded sweep (see bench/record.ts). */
export type Recorded = Omit<SweepResult, 'runFolder'> & {
  readonly day: string;
  /** User and system; 0 where it was not measured. */
  readonly cpuSeconds: number;
};

/** What is recorded, by name; a sweep that was not run is not there. */
export const SWEEPS = ['digits', 'pool', 'terms', 'glyphs'] as const;
export type Recordings = Readonly<Partial<Record<(typeof SWEEPS)[number], Recorded>>>;

/** What bench/record.ts has put into docs/PAGE/NAME.json; null where there is nothing. */
export function recorded<T>(page: string, name: string): T | null {
  const path = join(packageRoot(), 'docs', page, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null;
}

export function recordings(): Recordings {
  const found = SWEEPS.flatMap((name) => {
    const sweep = recorded<Recorded>('reproduction', name);
    return sweep ? [[name, sweep] as const] : [];
  });
  return Object.fromEntries(found);
}

export const cellOf = (sweep: Recorded | undefined, name: string): CellResult | undefined =>
  sweep?.cells.find((cell) => cell.name === name);

/** Tables of docs/reproduction.md by the name of their mark. */
export const REPRODUCTION_TABLES: Readonly<Record<string, (all: Recordings) => string[]>> = {
  'reproduction-runs': runs,
  'reproduction-training': ({ digits }) => training(digits),
  'reproduction-layers': ({ digits, pool }) => layers([digits, pool]),
  'reproduction-held-out': ({ digits }) => heldOut(digits),
  'reproduction-coefficients': ({ digits }) => coefficients(digits),
  'reproduction-pool': ({ pool }) => poolTerms(pool),
  'reproduction-left': ({ pool }) => left(pool),
  'reproduction-terms': ({ terms }) => single(terms),
  'reproduction-glyphs': ({ glyphs }) => heldOut(glyphs),
};

export const NOT_RUN = ['Not run yet.'];

function runs(all: Recordings): string[] {
  const rows = SWEEPS.flatMap((name) => {
    const sweep = all[name];
    if (!sweep) return [];
    const { experiment, seeds, tasks, cells, seconds, cpuSeconds, level, day } = sweep;
    return [
      [
        `\`engrammar sweep ${experiment}\``,
        String(cells.length),
        String(seeds),
        String(tasks),
        `${percent(level, 0)} %`,
        cpuSeconds > 0 ? minutes(cpuSeconds) : 'not measured',
        minutes(seconds),
        day,
      ],
    ];
  });
  const headings = ['command', 'cells', 'seeds', 'held-out tasks a seed', 'intervals'];
  return table([...headings, 'CPU minutes', 'minutes of the last run', 'day'], rows);
}

function training(sweep: Recorded | undefined): string[] {
  if (!sweep) return NOT_RUN;
  const rows = sweep.cells.map(({ name, training: { accuracy, loss }, divergedEpisodes }) => [
    name,
    written(accuracy!, (x) => percent(x, 1)),
    written(loss, (x) => x.toFixed(3)),
    String(divergedEpisodes),
  ]);
  return table(['', 'accuracy %', 'loss', 'episodes diverged'], rows);
}

function layers(sweeps: readonly (Recorded | undefined)[]): string[] {
  const cells = sweeps.flatMap((sweep) => sweep?.cells ?? []);
  const rows = cells.flatMap(({ name, training: { measures } }) => {
    const { angles = [], orthonormality = [] } = measures;
    return [
      [`${name}: angle, degrees`, ...padded(angles, (x) => x.toFixed(1))],
      [`${name}: orthonormality error`, ...padded(orthonormality, (x) => short(x))],
    ];
  });
  if (rows.length === 0) return NOT_RUN;
  return table(['', 'layer 1', 'layer 2', 'layer 3', 'layer 4', 'output'], rows);
}

const padded = (
  values: readonly (OverSeeds | null)[],
  write: (value: number) => string,
): string[] => Array.from({ length: 5 }, (_, k) => (values[k] ? written(values[k], write) : ''));

export function heldOut(sweep: Recorded | undefined): string[] {
  if (!sweep) return NOT_RUN;
  const shots = sweep.cells[0]!.heldOut.map((each) => each.shots);
  const rows = sweep.cells.flatMap(({ name, heldOut: scores, difference }) => [
    [name, ...scores.map(({ accuracy }) => written(accuracy!, (x) => percent(x, 1)))],
    ...(difference
      ? [
          [
            `minus ${difference.against}`,
            ...difference.heldOut.map(({ accuracy }) =>
              written(accuracy!, (x) => signed(percent(x, 1))),
            ),
          ],
        ]
      : []),
  ]);
  const headings = shots.map((count) => (count === null ? 'accuracy %' : `K = ${count}`));
  return table(['', ...headings], rows);
}

function coefficients(sweep: Recorded | undefined): string[] {
  if (!sweep) return NOT_RUN;
  const ids = ['F0', 'F2', 'F9'];
  const rows = sweep.cells.map(({ name, parameters }) => [
    name,
    ...ids.map((id) => {
      const found = parameters.find((each) => each.id === id);
      return found ? written(found.value, (x) => x.toFixed(4)) : '';
    }),
  ]);
  return table(['', ...ids.map((id) => `θ of ${id}`)], rows);
}

function poolTerms(sweep: Recorded | undefined): string[] {
  const cell = sweep?.cells[0];
  if (!cell) return NOT_RUN;
  const rows = cell.parameters.map(({ id, text, value, standardised, left: share }) => {
    const ablation = cell.ablations.find(
      ({ without }) => typeof without !== 'string' && without[0] === id,
    );
    return [
      id,
      `\`${text}\``,
      written(value, short),
      written(standardised!, short),
      `${percent(share!, 0)} %`,
      ablation ? written(ablation.accuracy!, (x) => signed(percent(x, 1))) : '',
      ablation ? written(ablation.loss, (x) => signed(x.toFixed(3))) : '',
    ];
  });
  return table(
    ['', 'term', 'θ', 'standardised θ', 'left in', 'accuracy without it', 'loss without it'],
    rows,
  );
}

function left(sweep: Recorded | undefined): string[] {
  const cell = sweep?.cells[0];
  if (!sweep || !cell) return NOT_RUN;
  const sets = (cell.left ?? []).map(({ terms, seeds }) => `${terms.join(' ')} (${seeds})`);
  const rest = cell.ablations.find(({ without }) => typeof without === 'string');
  const change = rest
    ? ` Without all terms that are not left the accuracy changes by ${written(rest.accuracy!, (x) => signed(percent(x, 1)))} points.`
    : '';
  return [`Left, with the number of seeds out of ${sweep.seeds}: ${sets.join(', ')}.${change}`];
}

function single(sweep: Recorded | undefined): string[] {
  if (!sweep) return NOT_RUN;
  const rows = sweep.cells.map((cell) => {
    const { accuracy, loss } = cell.heldOut[0]!;
    const gain = cell.difference?.heldOut[0]?.accuracy;
    const added = cell.parameters.find(({ id }) => id !== 'F0');
    return [
      cell.name,
      added ? written(added.value, short) : '',
      written(accuracy!, (x) => percent(x, 1)),
      gain ? written(gain, (x) => signed(percent(x, 1))) : '',
      written(loss, (x) => x.toFixed(3)),
    ];
  });
  const headings = ['', 'θ of the other term', 'accuracy %', `minus ${sweep.against}`, 'loss'];
  return table(headings, rows);
}

/** `71.2 [69.8, 72.5]`. */
export function written(
  { mean, lo, hi }: Pick<OverSeeds, 'mean' | 'lo' | 'hi'>,
  write: (value: number) => string,
): string {
  const isKnown = lo !== null && hi !== null;
  return isKnown ? `${write(mean)} [${write(lo)}, ${write(hi)}]` : write(mean);
}

export const percent = (share: number, digits: number): string =>
  (100 * share).toFixed(digits).replace(/^-(?=0\.?0*$)/, '');
export const signed = (text: string): string => (/^-|^0\.?0*$/.test(text) ? text : `+${text}`);
const short = (value: number): string => String(Number(value.toPrecision(3)));
const minutes = (seconds: number): string => (seconds / 60).toFixed(1);

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)];
}
