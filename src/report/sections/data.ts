import type { RunContents } from '../../runs/list.js';
import { csv } from '../csv.js';
import { searchesOf } from '../history.js';
import { type Html, html } from '../html.js';
import { section } from '../layout.js';
import type { Reported } from '../read.js';
import { CURVE_COLUMNS, CURVES_CSV, curveRows } from '../run/curves.js';

/** Everything that is shown as files that this page carries with it. */
export function dataSection(run: RunContents, reported: Reported | null): Html {
  const files = [
    ...(run.rule === undefined ? [] : [file('rule.rule', 'text/plain', run.rule)]),
    ...(run.latex === undefined ? [] : [file('rule.tex', 'text/plain', run.latex)]),
    ...(reported ? tables(reported) : []),
    ...histories(run),
    file('config.yaml', 'text/plain', run.config),
    ...Object.entries(run.inputs).map(([name, text]) => file(name, 'text/plain', text)),
  ];
  return section('data', 'The data', html`<ul class="downloads">${files}</ul>`);
}

function file(name: string, type: string, text: string): Html {
  const bytes = Buffer.from(text, 'utf8');
  const size =
    bytes.length < 1000 ? `${bytes.length} bytes` : `${Math.round(bytes.length / 1000)} kB`;
  const url = `data:${type};charset=utf-8;base64,${bytes.toString('base64')}`;
  return html`<li><a download="${name}" href="${url}">${name}</a> <span class="interval">${size}</span></li>\n`;
}

function tables(reported: Reported): Html[] {
  const { terms, scores, learners, dropped, gains, discovered, inferred } = reported;
  const termRows = terms.map((term) => [
    term.id,
    term.text,
    term.coefficient,
    term.interval?.[0] ?? null,
    term.interval?.[1] ?? null,
    term.inclusion,
    term.verdict,
    term.effect?.mean ?? null,
    term.effect?.lo ?? null,
    term.effect?.hi ?? null,
  ]);
  const termColumns = [
    ...['term', 'text', 'coefficient', 'lo', 'hi', 'inclusion', 'verdict'],
    ...['effect', 'effect_lo', 'effect_hi'],
  ];
  const scoreRows = scores.flatMap(({ name, figures, tasks, diverged }) =>
    Object.entries(figures).map(([figure, { mean, lo, hi }]) => {
      return [name, figure, mean, lo, hi, tasks, diverged];
    }),
  );
  const gainRows = gains.flatMap(({ over, accuracy, loss }) =>
    Object.entries({ accuracy, loss }).flatMap(([figure, difference]) =>
      difference ? [[over, figure, difference.mean, difference.lo, difference.hi]] : [],
    ),
  );
  const fittedRows = (inferred?.fitted ?? []).map(({ name, value, unit, interval, isTold }) => [
    ...[name, value, unit, ...interval],
    isTold ? 'yes' : 'no',
  ]);
  const droppedRows = dropped.map(({ id, text, by }) => [id, text, by]);
  const scoreColumns = ['rule', 'figure', 'mean', 'lo', 'hi', 'tasks', 'diverged'];
  return [
    ...table('terms.csv', termColumns, termRows),
    ...table('scores.csv', scoreColumns, scoreRows),
    ...table('differences.csv', ['compared_with', 'figure', 'mean', 'lo', 'hi'], gainRows),
    ...table(
      'circumstances.csv',
      ['circumstances', ...scoreColumns.slice(0, 5)],
      alsoRows(discovered),
    ),
    ...table('fitted.csv', ['parameter', 'value', 'unit', 'lo', 'hi', 'told'], fittedRows),
    ...table(CURVES_CSV, CURVE_COLUMNS, curveRows(learners)),
    ...table('left-out.csv', ['term', 'text', 'by'], droppedRows),
  ];
}

function alsoRows(discovered: Reported['discovered']): (string | number | null)[][] {
  return (discovered?.also ?? []).flatMap(({ name: circumstances, metrics, baselines }) =>
    [{ name: 'the rule', metrics }, ...baselines].flatMap(({ name, metrics: own }) =>
      Object.entries({ accuracy: own?.accuracy, loss: own?.loss }).flatMap(([figure, of]) =>
        of ? [[circumstances, name, figure, of.mean, of.lo, of.hi]] : [],
      ),
    ),
  );
}

function histories({ history }: RunContents): Html[] {
  const searches = searchesOf(history);
  const curves = searches.flatMap(({ job, steps }) =>
    steps.map(({ step, loss, accuracy, diverged }) => [job, step, loss, accuracy, diverged]),
  );
  const coefficients = searches.flatMap(({ job, names, steps }) =>
    steps.flatMap(({ step, coefficients }) =>
      (names ?? []).map((name, k) => [job, step, name, coefficients[k] ?? null]),
    ),
  );
  return [
    ...table('learning-curves.csv', ['search', 'step', 'loss', 'accuracy', 'diverged'], curves),
    ...table('coefficients.csv', ['search', 'step', 'term', 'coefficient'], coefficients),
  ];
}

/** None where there is nothing in it. */
const table = (name: string, header: readonly string[], rows: Parameters<typeof csv>[1]): Html[] =>
  rows.length === 0 ? [] : [file(name, 'text/csv', csv(header, rows))];
