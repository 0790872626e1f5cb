import { type Html, html } from '../html.js';
import { count, note, section, table } from '../layout.js';
import {
  type Figure,
  fixed,
  NONE,
  orDash,
  percent,
  range,
  short,
  signed,
  type Write,
} from '../numbers.js';
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
    gainsTable(reported),
    ...scores.filter(({ texts }) => texts.length > 0).map(textOf),
  );
}

const DIVERGED =
  'Diverged: tasks in which numbers stopped being finite. They count as all wrong in the accuracy and are left out of the loss.';

function captionOf({ inferred }: Reported): string {
  return inferred
    ? EXPLAINED[inferred.observed]
    : 'Means over the same tasks, from the same initial weights, with intervals from resampling the tasks';
}

const EXPLAINED = {
  changes: 'What the rule explains of the recorded changes',
  activity: 'What the rule explains of the recorded activity',
  choices:
    'What the rule explains of the choices: share of the deviance (−2 log probability) of animals that do not learn',
} as const;

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
function gainParagraphs({ gains: [gain], scores }: Reported): Html[] {
  if (!gain) return [];
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

/** The rule minus every baseline; one that is alone has been told in words. */
function gainsTable({ gains }: Reported): Html | null {
  if (gains.length < 2) return null;
  const hasAccuracy = gains.some(({ accuracy }) => accuracy !== null);
  const columns = [
    { heading: 'compared with' },
    ...(hasAccuracy ? [{ heading: 'accuracy, points', isNumber: true }] : []),
    { heading: 'loss', isNumber: true },
    { heading: 'the rule is' },
  ];
  const rows = gains.map(({ over, accuracy, loss }) => [
    over,
    ...(hasAccuracy ? [cell(accuracy ?? undefined, signedPoints)] : []),
    cell(loss ?? undefined, signed),
    hasAccuracy ? standing(accuracy, 1) : standing(loss, -1),
  ]);
  return html`<h3>Differences, task by task</h3>
${table('The rule minus each of the others on the same tasks', columns, rows)}
${note(hasAccuracy ? BY_ACCURACY : BY_LOSS)}`;
}

const BY_ACCURACY =
  'Better or worse: by the accuracy, where its interval does not hold 0. Each is a comparison of its own.';
const BY_LOSS = BY_ACCURACY.replace('accuracy', 'loss');

/** Whether a difference is told apart, and whether it is good; `up` is 1 where more is better. */
function standing(figure: Figure | null, up: 1 | -1): string {
  const { lo = null, hi = null } = figure ?? {};
  if (lo === null || hi === null) return NONE;
  if (lo <= 0 && hi >= 0) return 'not told apart';
  return lo > 0 === (up === 1) ? 'better' : 'worse';
}

const signedPoints: Write = (value) => {
  const text = percent(value);
  return value > 0 && !/^0\.?0*$/.test(text) ? `+${text}` : text;
};

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
