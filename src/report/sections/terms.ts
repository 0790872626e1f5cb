import { coefficientsFigure } from '../figures/intervals.js';
import { type Html, html } from '../html.js';
import { code, count, note, section, table } from '../layout.js';
import { exact, NONE, orDash, range, short, signed } from '../numbers.js';
import type { Reported, TermRow } from '../read.js';
import type { InferenceFacts } from '../read-inference.js';

const NOT_ASSESSED = 'not assessed';
const absent = html`<span class="absent">${NOT_ASSESSED}</span>`;

/** What is known of each term, and plainly what is not. */
export function termsSection({ terms, kind, inferred }: Reported): Html | null {
  if (terms.length === 0) return null;
  const hasEffects = kind === 'discovery';
  const hasTests = terms.some(({ p }) => p !== null);
  const columns = [
    { heading: 'term' },
    { heading: 'coefficient', isNumber: true },
    { heading: 'interval', isNumber: true },
    { heading: 'found in', isNumber: true },
    ...(hasTests ? [{ heading: 'p', isNumber: true }] : []),
    { heading: 'verdict' },
    ...(hasEffects ? [{ heading: 'loss without it', isNumber: true }] : []),
    { heading: 'text' },
  ];
  const rows = terms.map((term) => [
    term.id,
    orDash(term.coefficient, exact),
    intervalOf(term),
    term.inclusion === null ? absent : `${(100 * term.inclusion).toFixed(0)} %`,
    ...(hasTests ? [term.p === null ? absent : short(term.p)] : []),
    term.verdict === NOT_ASSESSED ? absent : term.verdict,
    ...(hasEffects ? [effectOf(term)] : []),
    html`${code(term.text)}${[...term.aliases, ...term.instead].map((each) => html`, or ${code(each)}`)}`,
  ]);
  return section(
    'terms',
    'Its terms',
    table(`${count(terms.length, 'term')}: what is known of each`, columns, rows),
    coefficientsFigure(terms),
    ...notesOf(terms, hasEffects),
    ...(inferred ? [note(resampledWords(inferred))] : []),
  );
}

const BY: Readonly<Record<string, string>> = {
  animal: 'whole animals',
  trial: 'whole trials',
  synapse: 'whole synapses',
  stretch: 'stretches of time',
};

function resampledWords({ fit: { resampled } }: InferenceFacts): string {
  const of = resampled
    ? `${count(resampled.blocks, 'block')} (${BY[resampled.by] ?? resampled.by})`
    : 'blocks';
  return `Found in: the share of resamples of ${of} in which the same search chose the term; the interval holds its coefficient in the middle 90 % of them. p: how often shifted data agreed with any term as well as with this one, beside the others. Established: found in at least 90 %, an interval without 0, p at most 0.01, and no other term that is the same.`;
}

const NO_ASSESSMENT =
  'Not assessed: whether another search, another seed or other data would find the same terms, and how certain the coefficients are.';
const SEVERAL =
  'Found in: the share of several searches, each with tasks and initial weights of its own, that kept the term. Coefficients are means of theirs, with the intervals of these means.';
const EFFECT = 'Loss without it: how much the loss rises when that term alone is left out, on ';
const SAME_TASKS =
  'fresh tasks of the search. The selection used the same tasks, so it is a little too favourable.';
const FRESH_TASKS = 'tasks that none of the searches has seen.';

function notesOf(terms: readonly TermRow[], hasEffects: boolean): Html[] {
  const isAssessed = terms.some(({ inclusion }) => inclusion !== null);
  const isMissing = terms.some(({ verdict }) => verdict === NOT_ASSESSED);
  return [
    ...(isMissing ? [note(NO_ASSESSMENT)] : []),
    ...(isAssessed && hasEffects ? [note(SEVERAL)] : []),
    ...(hasEffects ? [note(EFFECT, isAssessed ? FRESH_TASKS : SAME_TASKS)] : []),
  ];
}

function intervalOf({ interval }: TermRow): Html | string {
  if (interval === null) return absent;
  const [lo, hi] = interval;
  return range({ mean: null, lo, hi }, short) || NONE;
}

function effectOf({ effect }: TermRow): Html | string {
  if (effect === null) return absent;
  return html`${orDash(effect.mean, signed)} <span class="interval">${range(effect, signed)}</span>`;
}

/** What the rule does without, and why. */
export function droppedSection({ dropped }: Reported): Html | null {
  if (dropped.length === 0) return null;
  const rows = dropped.map(({ id, text, by }) => [id, by, code(text)]);
  const columns = ['term', 'left out because it was', 'text'].map((heading) => ({ heading }));
  const caption = `${count(dropped.length, 'term')} of the space that the rule does without`;
  return section('dropped', 'What was left out', table(caption, columns, rows));
}
