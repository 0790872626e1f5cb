import { roundSignificant } from '../algebra/polish.js';
import type { DiscoveryResult, Interval, RuleMetrics } from '../discover/result.js';
import { isNamed } from '../experiments/schema.js';
import { RUN_FILES } from '../runs/folder.js';
import { count, pairs, section, table, wrap, wrapFormula } from './layout.js';
import { clock } from './progress.js';
import type { Style } from './style.js';

/** A discovery as a person reads it. */
export function printDiscovery(result: DiscoveryResult, style: Style): string {
  const blocks = [
    ...ruleBlocks(result, style),
    ...termsBlock(result, style),
    section('On held-out tasks', scores(result, inset(style)), style),
    ...gainBlock(result, style),
    ...alsoBlock(result, style),
    ...frontBlock(result, style),
    ...candidatesBlock(result, style),
    ...droppedBlock(result, style),
    section('Run', runFacts(result, inset(style)), style),
  ];
  return blocks.join('\n\n');
}

/** What stands in a section is indented by two. */
const inset = (style: Style): Style => ({ ...style, width: style.width - 2 });

function ruleBlocks({ rule }: DiscoveryResult, style: Style): string[] {
  if (rule === null) {
    return [section('No rule', 'No term of the space is worth having on these tasks.', style)];
  }
  const formula = (heading: string, written: string): string =>
    section(heading, wrapFormula(written, style.width - 2), style);
  return [
    formula('The rule', rule.text.trimEnd()),
    formula('LaTeX, one synapse', rule.latex.synapse),
    formula('LaTeX, matrices', rule.latex.matrix),
  ];
}

/** What each term is worth, and how far that can be trusted. */
function termsBlock(result: DiscoveryResult, style: Style): string[] {
  const { terms, searches, subject } = result;
  if (subject === 'rule') return [parametersBlock(result, style)];
  if (terms.length === 0) return [];
  // What nothing has assessed gets a sentence below instead of a column.
  const isAssessed = terms.some(({ verdict }) => verdict !== 'not assessed');
  const rows = terms.map(({ id, text, coefficient, interval, inclusion, verdict, ...term }) => [
    id,
    interval ? `${coefficient} ${boundsText(interval)}` : String(coefficient),
    term.effect ? `${signed(term.effect.mean)} ${range(term.effect, signed)}` : '–',
    ...(isAssessed ? [inclusion === null ? '–' : (100 * inclusion).toFixed(0), verdict] : []),
    [text, ...term.aliases].join(', or '),
  ]);
  const assessed = isAssessed ? ['found in %', 'verdict'] : [];
  const headings = ['term', 'coefficient', 'loss without it', ...assessed, 'text'];
  const right = ['coefficient', 'loss without it', 'found in %'];
  const lines = [table(headings, rows, inset(style), right), ''];
  for (const note of isAssessed ? severalSearches(terms, searches) : ONE_SEARCH) {
    lines.push(...wrap(note, Math.min(style.width - 2, 94)));
  }
  return [section('Its terms', lines.join('\n'), style)];
}

/** The fitted parameters of a given rule. */
function parametersBlock({ terms, searches }: DiscoveryResult, style: Style): string {
  const isAssessed = terms.some(({ verdict }) => verdict !== 'not assessed');
  const rows = terms.map(({ id, text, coefficient, interval, verdict, effect }) => [
    id,
    text,
    interval ? `${coefficient} ${boundsText(interval)}` : String(coefficient),
    effect ? `${signed(effect.mean)} ${range(effect, signed)}` : '–',
    ...(isAssessed ? [verdict] : []),
  ]);
  const headings = ['parameter', 'as written', 'fitted', 'loss as written'];
  const note = isAssessed
    ? `${several(terms, searches)} The rise of the loss with one value as written is on tasks that none of them has seen. Established: an interval without 0.`
    : 'One search with one seed: how certain the values are is not assessed. The rise of the loss with one value as written is on fresh tasks of the search.';
  const all = [...headings, ...(isAssessed ? ['verdict'] : [])];
  const lines = [table(all, rows, inset(style), headings.slice(1)), ''];
  lines.push(...wrap(note, Math.min(style.width - 2, 94)));
  return section('Its parameters', lines.join('\n'), style);
}

const ONE_SEARCH = [
  'One search with one seed: whether another would find the same terms, and how certain the coefficients are, is not assessed. The rise of the loss without a term is on fresh tasks of the search.',
];

/** What several searches make of the numbers. */
function several(terms: DiscoveryResult['terms'], searches: number): string {
  const whose = terms.some(({ interval }) => interval !== null)
    ? 'Values are means of theirs, with the intervals of these means.'
    : 'Their mean does clearly worse than the best of them, whose values these are: how certain they are is not known.';
  return `${count(searches, 'search', 'searches')}, each with tasks and initial weights of its own. ${whose}`;
}

/** What the columns mean, as far as they say something. */
function severalSearches(terms: DiscoveryResult['terms'], searches: number): string[] {
  const meanings = {
    established:
      'Established: found in at least 90 % of the searches, an interval without 0, and a loss that clearly rises without it.',
    tentative: 'Tentative: found in at least 60 %, but not all of that.',
    'not identifiable':
      'Not identifiable: another term does as well in its place, so which of them it is cannot be told.',
    'not assessed': null,
  };
  const verdicts = [...new Set(terms.map(({ verdict }) => verdict))];
  return [
    `${several(terms, searches)} The rise of the loss without a term is on tasks that none of them has seen.`,
    ...verdicts.flatMap((verdict) => meanings[verdict] ?? []),
  ];
}

/** Bounds with two digits of half their distance: more would mean nothing. */
function boundsText([low, high]: readonly [number, number]): string {
  const half = (high - low) / 2;
  const place = half > 0 ? Math.floor(Math.log10(half)) - 1 : -6;
  const written = (bound: number): string => {
    const first = bound === 0 ? place : Math.floor(Math.log10(Math.abs(bound)));
    return first < place ? '0' : roundSignificant(bound, first - place + 1);
  };
  return `[${written(low)}, ${written(high)}]`;
}

/** A difference, with its sign. */
const signed = (value: number): string => (value > 0 ? `+${fixed(value)}` : fixed(value));

function scores({ metrics, baselines }: DiscoveryResult, style: Style): string {
  const row = (name: string, { accuracy, loss, diverged }: RuleMetrics): string[] => [
    name,
    accuracy ? `${percent(accuracy.mean)} ${range(accuracy, percent)}` : '–',
    `${fixed(loss.mean)} ${range(loss, fixed)}`,
    String((accuracy ?? loss).tasks + (accuracy ? 0 : diverged)),
    String(diverged),
  ];
  const rows = [
    ...(metrics ? [row('the rule', metrics)] : []),
    ...baselines.map((baseline) => row(baseline.name, baseline.metrics)),
  ];
  const headings = ['rule', 'accuracy %', 'loss', 'tasks', 'diverged'];
  const single = baselines.find(({ name }) => name === 'best-single-term');
  return [
    table(headings, rows, style, headings.slice(1)),
    ...(single ? ['', `best-single-term is ${single.about}.`] : []),
  ].join('\n');
}

/** The differences in words, to the first baseline and to given rules; where an interval holds 0, no difference is claimed. */
function gainBlock({ gain, baselines }: DiscoveryResult, style: Style): string[] {
  if (gain === null) return [];
  const rules = baselines.filter(({ name }) => !isNamed(name) && name !== gain.over);
  const others = rules.flatMap(({ name, gain: own }) => (own ? [{ over: name, ...own }] : []));
  return [gain, ...others].map((each) =>
    wrap(gainText(each), Math.min(style.width, 96)).join('\n'),
  );
}

function gainText({ over, accuracy, loss }: NonNullable<DiscoveryResult['gain']>): string {
  return [
    `On the same ${count(loss.tasks, 'task')}, compared with ${over}:`,
    ...(accuracy ? [`the rule's accuracy is ${compared(accuracy, percent, ' points')},`] : []),
    `its loss is ${compared(loss, fixed, '')}.`,
  ].join(' ');
}

/** The same rules under other circumstances: accuracies, or losses where nothing is asked. */
function alsoBlock({ also }: DiscoveryResult, style: Style): string[] {
  const [first] = also;
  if (!first) return [];
  const isAsked = (first.metrics ?? first.baselines[0]?.metrics)?.accuracy;
  const cell = ({ accuracy, loss }: RuleMetrics): string =>
    accuracy
      ? `${percent(accuracy.mean)} ${range(accuracy, percent)}`
      : `${fixed(loss.mean)} ${range(loss, fixed)}`;
  const names = [
    ...(first.metrics ? ['the rule'] : []),
    ...first.baselines.map(({ name }) => name),
  ];
  const rows = also.map(({ name, metrics, baselines }) => [
    name,
    ...[...(metrics ? [metrics] : []), ...baselines.map((each) => each.metrics)].map(cell),
  ]);
  const heading = `Under other circumstances: ${isAsked ? 'accuracy %' : 'loss'}`;
  return [section(heading, table(['', ...names], rows, inset(style), names), style)];
}

function compared(
  { mean, lo, hi }: Interval,
  written: (value: number) => string,
  unit: string,
): string {
  const sign = mean < 0 ? -1 : 1;
  const certain = lo > 0 || hi < 0;
  const [low, high] = certain && sign < 0 ? [-hi, -lo] : [lo, hi];
  const amount = `${written(certain ? mean * sign : mean)}${unit} [${written(low)}, ${written(high)}]`;
  if (!certain) return `not told apart (difference ${amount})`;
  return `${amount} ${sign > 0 ? 'higher' : 'lower'}`;
}

/** What smaller and larger rules come to. */
function frontBlock({ front }: DiscoveryResult, style: Style): string[] {
  if (front.length === 0) return [];
  const rows = front.map(({ terms, complexity, loss, reported }) => [
    String(terms.length),
    String(complexity),
    `${fixed(loss.mean)} ${range(loss, fixed)}`,
    `${terms.join(' ')}${reported ? ' (the rule)' : ''}`,
  ]);
  const headings = ['size', 'complexity', 'loss on fresh tasks', 'terms'];
  const heading = 'Of every size the best that was tried';
  return [section(heading, table(headings, rows, inset(style), headings.slice(0, 3)), style)];
}

/** What the rule was chosen from, where rules grow term by term. */
function candidatesBlock({ candidates }: DiscoveryResult, style: Style): string[] {
  if (candidates === null) return [];
  const { scored, probed, tried, monomials, locality, alike } = candidates;
  const because = locality?.because ? `, because of ${locality.because}` : '';
  const sentences = [
    `The rule is one of ${count(tried, 'candidate')} that were fitted and compared on the fresh tasks. ${count(scored, 'extension')} of rules by a term were looked at by the derivative of the loss, ${count(probed, 'of them', 'of them')} with several coefficients.`,
    ...(locality
      ? [
          `It has ${count(monomials, 'monomial')} in normal form; its locality is ${locality.grade}${because}.`,
        ]
      : []),
    ...alike.map(
      ({ id, texts }) =>
        `Where ${id} was found, the loss changed in proportion with ${texts.join(', ')}: of these only ${id}, the simplest, was tried.`,
    ),
  ];
  return [wrap(sentences.join(' '), Math.min(style.width, 96)).join('\n')];
}

/** More rows than anybody reads: the rest is in the file. */
const MOST_DROPPED = 24;

function droppedBlock({ dropped, candidates }: DiscoveryResult, style: Style): string[] {
  if (dropped.length === 0) return [];
  // Of hundreds of terms, those that came to a fit are worth a row.
  const shown = candidates === null ? dropped : dropped.slice(0, MOST_DROPPED);
  const rows = shown.map(({ id, text, by }) => [id, by, text]);
  const heading = `${count(dropped.length, 'term')} of the space left out`;
  const lines = [table(['term', 'because it was', 'text'], rows, inset(style))];
  const more = dropped.length - shown.length;
  if (more > 0) lines.push(`… and ${more} more, in ${RUN_FILES.result}`);
  return [section(heading, lines.join('\n'), style)];
}

function runFacts(result: DiscoveryResult, style: Style): string {
  const { experiment, seed, engine, seconds, divergedEpisodes, runFolder, rule } = result;
  const files =
    rule === null ? '' : ` (${RUN_FILES.rule}, ${RUN_FILES.latex}, ${RUN_FILES.result})`;
  const computed = engine.backend === null ? engine.name : `${engine.name} ${engine.backend}`;
  return pairs(
    [
      ['experiment', `${experiment}, seed ${seed}`],
      ['computed by', `${computed} in ${clock(seconds)}`],
      ['diverged', `${count(divergedEpisodes, 'episode')} of the searches`],
      ['files', `${runFolder}${files}`],
    ],
    style,
  );
}

const fixed = (value: number): string => finite(value, (x) => x.toFixed(3));
const percent = (value: number): string => finite(value, (x) => (100 * x).toFixed(1));

/** A value that could not be had (no task was finite) is a dash, never NaN. */
const finite = (value: number, write: (value: number) => string): string =>
  Number.isFinite(value) ? write(value).replace(/^-(?=0\.?0*$)/, '') : '–';

const range = ({ lo, hi }: Interval, write: (value: number) => string): string =>
  `[${write(lo)}, ${write(hi)}]`;
