import { type Html, html } from '../html.js';
import { count, note, section, table } from '../layout.js';
import { type Figure, fixed, NONE, orDash, percent, range, short, type Write } from '../numbers.js';
import type { Reported, ScoreRow } from '../read.js';

/** How a figure of that name is written; accuracies are shares. */
const writerOf = (name: string): Write =>
  name === 'accuracy' ? percent : name === 'loss' ? fixed : short;

export const headingOf = (name: string): string => (name === 'accuracy' ? 'accuracy %' : name);

/** The names of all figures, in the order in which they first appear. */
export const figureNames = ({ scores }: Reported): string[] => [
  ...new Set(scores.flatMap(({ figures }) => Object.keys(figures))),
];

/** The rule beside what it is compared with, on the same tasks. */
export function scoresSection(reported: Reported, figure: Html | null): Html | null {
  const { scores, kind } = reported;
  if (scores.length === 0) return null;
  const names = figureNames(reported);
  const counted = scores.some(({ tasks }) => tasks !== null);
  const number = (heading: string) => ({ heading, isNumber: true });
  const columns = [
    { heading: 'rule' },
    ...names.map((name) => number(headingOf(name))),
    ...(counted ? [number('tasks'), number('diverged')] : []),
    { heading: 'what it is' },
  ];
  const rows = scores.map((row) => [
    row.isOwn ? html`<span class="own">${row.name}</span>` : row.name,
    ...names.map((name) => cell(row.figures[name], writerOf(name))),
    ...(counted ? [text(row.tasks), text(row.diverged)] : []),
    row.about,
  ]);
  const heading = kind === 'inference' ? 'On the recording' : 'On held-out tasks';
  return section(
    'scores',
    heading,
    ...gainParagraphs(reported),
    figure,
    table(captionOf(reported), columns, rows),
    scores.some(({ diverged }) => (diverged ?? 0) > 0) ? note(DIVERGED) : null,
    ...scores.filter(({ texts }) => texts.length > 0).map(textOf),
  );
}

const DIVERGED =
  'Diverged: tasks in which numbers stopped being finite. They count as all wrong in the accuracy and are left out of the loss.';

function captionOf({ kind }: Reported): string {
  return kind === 'inference'
    ? 'What the rule explains of the recorded changes'
    : 'Means over the same tasks, from the same initial weights, with intervals from resampling the tasks';
}

function textOf({ name, texts }: ScoreRow): Html {
  const shown = texts.map((each) => html`<pre><code>${each.trimEnd()}</code></pre>`);
  return html`<details><summary>Exactly what was run as ${name}</summary>${shown}</details>`;
}

const text = (value: number | null): string => (value === null ? NONE : String(value));

function cell(figure: Figure | undefined, write: Write): Html | string {
  if (figure === undefined) return NONE;
  return html`${orDash(figure.mean, write)} <span class="interval">${range(figure, write)}</span>`;
}

/** The sharpest statement: the paired difference, with which way it goes. */
function gainParagraphs({ gain, scores }: Reported): Html[] {
  if (gain === null) return [];
  const tasks = scores.find(({ isOwn }) => isOwn)?.tasks ?? null;
  const on = tasks === null ? 'the same tasks' : `the same ${count(tasks, 'task')}`;
  const parts = [
    ...(gain.accuracy ? [difference('accuracy', gain.accuracy, points, ' points')] : []),
    ...(gain.loss ? [difference('loss', gain.loss, fixed, '')] : []),
  ];
  if (parts.length === 0) return [];
  const sentence = `On ${on}, task by task: compared with ${gain.over}, the rule's ${parts.join('; its ')}.`;
  return [html`<div class="answer"><p>${sentence}</p></div>`];
}

const points: Write = (value) => percent(value);

function difference(what: string, figure: Figure, write: Write, unit: string): string {
  const { mean, lo, hi } = figure;
  if (mean === null || lo === null || hi === null) return `${what} could not be compared`;
  if (lo <= 0 && hi >= 0) {
    return `${what} is not told apart (difference ${write(mean)}${unit} ${range(figure, write)})`;
  }
  const size = mean < 0 ? { mean: -mean, lo: -hi, hi: -lo } : { mean, lo, hi };
  const way = mean < 0 ? 'lower' : 'higher';
  return `${what} is ${write(size.mean)}${unit} ${range(size, write)} ${way}`;
}
