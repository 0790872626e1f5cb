import type { RunContents } from '../../runs/list.js';
import { linesFigure } from '../figures/lines.js';
import { type Html, html } from '../html.js';
import { count, facts, paragraph, section, table } from '../layout.js';
import { fixed, NONE, percent, range, short, signed, type Write } from '../numbers.js';
import { documentOf } from '../page.js';
import { runSection } from '../sections/run.js';
import type { NamedFigure } from './figures.js';
import type { ReportedSweep } from './read-sweep.js';

type Measured = ReportedSweep['cells'][number]['training']['loss'];

/** The report of a sweep: one HTML document that needs nothing else; null as long as it has no result. */
export function sweepPage(
  run: RunContents,
  sweep: ReportedSweep | null,
  figures: readonly NamedFigure[],
): string {
  const curves = section(
    'curves',
    'How the searches went',
    ...figures.map(({ figure }) => linesFigure(figure)),
  );
  if (!sweep) {
    const about = `A comparison of searches that has no result yet: it is ${run.status}.`;
    return documentOf(run, about, [curves, runSection(run, null)]);
  }
  const { cells, seeds, engine, seconds } = sweep;
  const divergedEpisodes = cells.reduce((sum, each) => sum + each.divergedEpisodes, 0);
  return documentOf(
    run,
    `${count(cells.length, 'search', 'searches')} compared, each with ${count(seeds, 'seed')}.`,
    [
      heldOut(sweep),
      training(sweep),
      found(sweep),
      ...ablations(sweep),
      curves,
      runSection(run, {
        kind: 'discovery',
        engine: engine.name,
        seconds,
        divergedEpisodes,
        notices: [],
      }),
    ],
  );
}

const number = (heading: string) => ({ heading, isNumber: true });

function heldOut({ cells, tasks, against, level, seeds }: ReportedSweep): Html {
  const rows = cells.flatMap(({ name, heldOut: horizons, difference }) =>
    horizons.map(({ shots, accuracy, loss, diverged }, k) => [
      name,
      shots === null ? 'as searched' : String(shots),
      accuracy ? cell(accuracy, percent) : NONE,
      cell(loss, fixed),
      difference ? cell(difference.heldOut[k]!.accuracy, points) : NONE,
      String(diverged),
    ]),
  );
  const columns = [
    { heading: 'cell' },
    number('images a class'),
    number('accuracy %'),
    number('loss'),
    number(`accuracy minus ${against}`),
    number('diverged'),
  ];
  return section(
    'held-out',
    'On held-out tasks',
    table('The rules that were found, on tasks that no search has seen', columns, rows),
    facts([
      ['tasks', `${tasks} of each seed, the same for all cells`],
      [
        'in brackets',
        `${Number((100 * level).toPrecision(4))} % bootstrap intervals over ${seeds} seeds`,
      ],
    ]),
  );
}

function training({ cells }: ReportedSweep): Html {
  const rows = cells.map(({ name, training: figures }) => [
    name,
    figures.accuracy ? cell(figures.accuracy, percent) : NONE,
    cell(figures.loss, fixed),
  ]);
  const measures = [...new Set(cells.flatMap((each) => Object.keys(each.training.measures)))];
  const measured = cells.flatMap(({ name, training: { measures: own } }) => {
    const places = Math.max(0, ...Object.values(own).map((all) => all.length));
    return Array.from({ length: places }, (_, k) => [
      name,
      String(k + 1),
      ...measures.map((measure) => cell(own[measure]?.[k] ?? null, short)),
    ]);
  });
  const columns = [{ heading: 'cell' }, number('accuracy %'), number('loss')];
  return section(
    'training',
    'At the end of the searches',
    table('Means over the last tenth of each search', columns, rows),
    measured.length === 0
      ? null
      : table(
          'What the read-out measures in each layer, from the input on',
          [{ heading: 'cell' }, number('layer'), ...measures.map(number)],
          measured,
        ),
  );
}

function found({ cells }: ReportedSweep): Html {
  const rows = cells.flatMap(({ name, parameters }) =>
    parameters.map(({ id, text, value, standardised, left }) => [
      name,
      id,
      cell(value, short),
      standardised ? cell(standardised, short) : NONE,
      left === null ? NONE : `${Math.round(100 * left)} %`,
      text === null ? '' : html`<code>${text}</code>`,
    ]),
  );
  const columns = [
    { heading: 'cell' },
    { heading: 'parameter' },
    number('value'),
    number('standardised'),
    number('left in'),
    { heading: 'text' },
  ];
  const sets = cells.flatMap(({ name, left }) =>
    left === null
      ? []
      : [
          paragraph(
            `Left of ${name}: ${left.map(({ terms, seeds }) => `${terms.join(' ') || 'none'} (${count(seeds, 'seed')})`).join(', ')}.`,
          ),
        ],
  );
  return section(
    'found',
    'What was found',
    table('Means of the last third of each search', columns, rows),
    ...sets,
  );
}

function ablations({ cells }: ReportedSweep): Html[] {
  const rows = cells.flatMap(({ name, ablations: all }) =>
    all.map(({ without, accuracy, loss }) => [
      name,
      typeof without === 'string' ? without : without.join(' '),
      cell(accuracy, points),
      cell(loss, signed),
      String(loss.seeds),
    ]),
  );
  if (rows.length === 0) return [];
  const columns = [
    { heading: 'cell' },
    { heading: 'without' },
    number('accuracy, points'),
    number('loss'),
    number('seeds'),
  ];
  return [
    section('ablations', 'Without some terms', table('Change on the same tasks', columns, rows)),
  ];
}

/** A value with its interval; a dash where there is none. */
function cell(value: Measured | null, write: Write): Html | string {
  if (value === null || value.mean === null) return NONE;
  return html`${write(value.mean)} <span class="interval">${range(value, write)}</span>`;
}

/** A difference of shares in points, with its sign. */
const points: Write = (value) => {
  const text = percent(value);
  return value > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text;
};
