import type { FitMetrics, InferResult, RefusedRule } from '../infer/result.js';
import { count, pairs, section, table, wrap, wrapFormula } from './layout.js';
import type { Style } from './style.js';

/** A rule inferred from a recording as a person reads it: the trust first, the rule and its verdicts last. */
export function printInference(result: InferResult, style: Style): string {
  const blocks = [
    section('The recording', facts(result, inset(style)), style),
    ...relationsBlock(result, style),
    ...nearBlock(result, style),
    ...pathBlock(result, style),
    section('What is explained', scores(result, inset(style)), style),
    ...ruleBlocks(result, style),
    ...termsBlock(result, style),
    ...fittedBlock(result, style),
    ...knownBlock(result, style),
  ];
  return blocks.join('\n\n');
}

/** What stands in a section is indented by two. */
const inset = (style: Style): Style => ({ ...style, width: style.width - 2 });

const BY = {
  trial: 'whole trials',
  synapse: 'whole synapses',
  stretch: 'stretches of time',
  animal: 'whole animals',
} as const;

function facts(result: InferResult, style: Style): string {
  const { recording, target, fit, seed, terms, dropped, aliases, runFolder } = result;
  const library = terms.length + dropped.length;
  const alike = aliases.reduce((sum, { length }) => sum + length - 1, 0);
  const left = fit.dropped > 0 ? `, ${count(fit.dropped, 'row')} left out` : '';
  return pairs(
    [
      ['recording', `${recording}, ${count(fit.rows, 'row')}${left}`],
      ['explained', target],
      [
        'library',
        `${count(library, 'term')}${alike > 0 ? `, ${library - alike} that differ on these data` : ''}`,
      ],
      ['resampled', `${fit.resampled.blocks.toLocaleString('en-US')} ${BY[fit.resampled.by]}`],
      ['null test', nullTestWords(result)],
      ['seed', String(seed)],
      ...(runFolder === null ? [] : [['files', runFolder] as const]),
    ],
    style,
  );
}

/** What the recording cannot tell apart, why, and what would. */
function relationsBlock({ relations }: InferResult, style: Style): string[] {
  if (relations.length === 0) return [];
  const lines = relations.flatMap(({ formula, consequences, remedy }) => {
    const more = consequences > 0 ? ` (and ${count(consequences, 'product')} with it)` : '';
    return [`${formula}${more}`, ...wrap(remedy, style.width - 4).map((line) => `  ${line}`)];
  });
  return [section('Alike on these data', lines.join('\n'), style)];
}

/** Relations that nearly hold and are shown at most. */
const MOST_NEAR = 5;

/** What the recording can hardly tell apart. */
function nearBlock({ nearAliases }: InferResult, style: Style): string[] {
  if (nearAliases.length === 0) return [];
  const shown = nearAliases.slice(0, MOST_NEAR);
  const lines = shown.flatMap(({ formula, within, consequences, remedy }) => {
    const more = consequences > 0 ? ` (and ${count(consequences, 'product')} with it)` : '';
    return [
      `${formula} to within ${percentOf(within)}${more}`,
      ...wrap(remedy, style.width - 4).map((line) => `  ${line}`),
    ];
  });
  const rest = nearAliases.length - shown.length;
  if (rest > 0) lines.push(`and ${rest} more (--json has all)`);
  return [section('Nearly alike on these data', lines.join('\n'), style)];
}

/** Sizes beyond the rule's that are still shown. */
const MORE = 2;

function pathBlock({ path, terms, observed }: InferResult, style: Style): string[] {
  const shown = path.filter((each) => {
    const size = each.terms.length;
    return size > 0 && size <= terms.length + MORE;
  });
  const rows = shown.map(({ terms: texts, r2 }) => [
    String(texts.length),
    share(r2),
    texts.join(', '),
  ]);
  const [explained] = MEASURES[observed];
  const headings = ['terms', explained, 'which'];
  const lines = table(headings, rows, inset(style), ['terms', explained]);
  return [section('The best rule of each size', lines, style)];
}

function scores({ metrics, baselines, observed, heldOut }: InferResult, style: Style): string {
  const row = (name: string, { r2, loss }: FitMetrics, about: string): string[] => [
    name,
    share(r2),
    observed === 'choices' ? loss.toFixed(4) : loss.toExponential(3),
    about,
  ];
  const rows = [
    ...(metrics ? [row('the rule', metrics, 'as printed below')] : []),
    ...(heldOut ? [['on held-out animals', share(heldOut.r2), '', foldsOf(heldOut)]] : []),
    ...baselines.map(({ name, metrics: own, about }) => row(name, own, about)),
  ];
  const headings = ['rule', ...MEASURES[observed], 'what it is'];
  return table(headings, rows, style, [...MEASURES[observed]]);
}

const foldsOf = ({ folds }: { readonly folds: number }): string =>
  `terms chosen and fitted on the others, ${folds} times`;

/** What recorded changes, or trials, are compared with. */
const SHIFTED = {
  changes: 'changes that were shifted in time',
  activity: 'trials that have changed places',
  choices: 'animals whose choices have changed places',
} as const;

/** What is explained, and what is left of it. */
const MEASURES = {
  changes: ['R²', 'mean square left'],
  activity: ['R²', 'mean square left'],
  choices: ['of deviance', 'deviance per choice'],
} as const;

function nullTestWords({ observed, rule, nullTest: { p, shifts, rows } }: InferResult): string {
  if (shifts === 0) return rule ? 'none: there are too few trials' : 'not needed';
  const tries =
    observed === 'changes'
      ? `${count(shifts, 'shift')} of ${count(rows, 'row')}`
      : count(shifts, 'exchange');
  return `p = ${p} that ${SHIFTED[observed]} agree as well (${tries})`;
}

/** Why there is no rule, and what there was to see. */
function whyNone({ refused, observed, nullTest }: InferResult): string[] {
  if (refused === null) return [`No term explains the ${observed} better than chance would.`];
  return [WHY_NONE[refused.why]({ observed, nullTest }), seen(refused)];
}

const WHY_NONE: Readonly<
  Record<RefusedRule['why'], (result: Pick<InferResult, 'observed' | 'nullTest'>) => string>
> = {
  chance: ({ observed, nullTest }) =>
    `What was found agrees as well with ${SHIFTED[observed]} (p = ${nullTest.p}): nothing is claimed.`,
  drift: ({ nullTest }) => {
    const { r2, numbers, of } = nullTest.drift!;
    const whose = of === 'each' ? ' for each synapse' : '';
    return `A slow course of time${whose} explains as much (R² ${share(r2)}, ${count(numbers, 'number')} fitted), and no term agrees with the changes better than with shifted ones: nothing is claimed.`;
  },
};

function fittedBlock({ fitted = [] }: InferResult, style: Style): string[] {
  if (fitted.length === 0) return [];
  const rows = fitted.map(({ name, value, unit, interval, isTold }) => [
    name,
    `${value} [${interval.map(rounded).join(', ')}]${unit === '' ? '' : ` ${unit}`}`,
    isTold ? '' : 'these data hardly tell it',
  ]);
  const headings = ['parameter', 'value [90 %]', ''];
  return [section('Fitted with the rule', table(headings, rows, inset(style), []), style)];
}

const seen = ({ terms, r2 }: RefusedRule): string =>
  `What was found, and is no rule: ${terms.join(', ')} (R² ${share(r2)}).`;

function ruleBlocks(result: InferResult, style: Style): string[] {
  const { rule, factored } = result;
  if (rule === null) {
    const width = Math.min(style.width - 2, 94);
    const lines = whyNone(result).flatMap((sentence) => wrap(sentence, width));
    return [section('No rule', lines.join('\n'), style)];
  }
  const formula = (heading: string, written: string): string =>
    section(heading, wrapFormula(written, style.width - 2), style);
  return [
    formula('LaTeX, one synapse', rule.latex.synapse),
    formula('LaTeX, matrices', rule.latex.matrix),
    ...(factored ? [formula(`Factored (R² ${share(factored.r2)})`, factored.text)] : []),
    formula('The rule', rule.text.trimEnd()),
  ];
}

function termsBlock({ terms, irrepresentable }: InferResult, style: Style): string[] {
  if (terms.length === 0) return [];
  const rows = terms.map((term) => {
    const { id, text, coefficient, interval, inclusion, p, verdict, aliases, instead } = term;
    const others = [...aliases, ...instead];
    return [
      id,
      interval ? `${coefficient} [${interval.map(rounded).join(', ')}]` : String(coefficient),
      inclusion === null ? '–' : (100 * inclusion).toFixed(0),
      String(p),
      verdict,
      others.length > 0 ? `${text} (or ${others.join(', ')})` : text,
    ];
  });
  const headings = ['term', 'coefficient [90 %]', 'found in %', 'p', 'verdict', 'text'];
  const lines = [table(headings, rows, inset(style), headings.slice(1, 4))];
  if (irrepresentable !== null && irrepresentable >= 1) {
    const note = `Terms that are left out go with the rule's so closely (irrepresentable value ${irrepresentable.toFixed(2)}) that an L1 penalty alone would not find it.`;
    lines.push('', ...wrap(note, Math.min(style.width - 2, 94)));
  }
  return [section('Its terms', lines.join('\n'), style)];
}

function knownBlock({ known }: InferResult, style: Style): string[] {
  if (known === null) return [];
  const { name, scale, distance } = known;
  const rate = `with a learning rate ${rounded(scale)} times as large`;
  if (distance > 0) {
    const sentence = `No rule of the catalogue; the nearest is ${name}, ${rate} (distance ${Number(distance.toPrecision(2))}).`;
    return [wrap(sentence, Math.min(style.width, 96)).join('\n')];
  }
  return [style.bold(`As far as the intervals tell this is ${name} ${rate}.`)];
}

const share = (r2: number): string => r2.toFixed(4).replace(/^-(?=0\.?0*$)/, '');
const percentOf = (value: number): string => `${Number((100 * value).toPrecision(2))} %`;
const rounded = (value: number): string => String(Number(value.toPrecision(4)));
