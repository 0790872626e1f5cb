import type { DiscoveryResult, Gain, RuleMetrics } from '../src/discover/result.js';
import {
  heldOut,
  NOT_RUN,
  percent,
  type Recorded,
  recorded,
  signed,
  table,
  written,
} from './reproduction.js';

/** What is recorded of the search beyond the paper, by bench/record.ts; null where it was not run. */
export interface BeyondRecordings {
  /** `engrammar discover beyond`. */
  readonly search: Omit<DiscoveryResult, 'runFolder' | 'dropped'> | null;
  /** `engrammar sweep beyond_refits`. */
  readonly refits: Recorded | null;
}

export const beyondRecordings = (): BeyondRecordings => ({
  search: recorded('beyond', 'search'),
  refits: recorded('beyond', 'refits'),
});

/** Tables of docs/beyond.md by the name of their mark. */
export const BEYOND_TABLES: Readonly<Record<string, (all: BeyondRecordings) => string[]>> = {
  'beyond-rule': ({ search }) =>
    search?.rule ? ['```', ...lines(search.rule.text), '```'] : NOT_RUN,
  'beyond-latex': ({ search }) =>
    search?.rule ? ['$$', ...lines(search.rule.latex.synapse), '$$'] : NOT_RUN,
  'beyond-terms': ({ search }) => (search ? terms(search) : NOT_RUN),
  'beyond-scores': ({ search }) => (search ? scores(search) : NOT_RUN),
  'beyond-circumstances': ({ search }) => (search ? circumstances(search) : NOT_RUN),
  'beyond-candidates': ({ search }) => (search ? candidates(search) : NOT_RUN),
  'beyond-refits': ({ refits }) => heldOut(refits ?? undefined),
};

const lines = (text: string): string[] => text.trimEnd().split('\n');

type Search = NonNullable<BeyondRecordings['search']>;

function terms({ terms: all }: Search): string[] {
  const rows = all.map(({ text, coefficient, effect }) => [
    `\`${text}\``,
    String(coefficient),
    effect ? written(effect, (x) => signed(x.toFixed(2))) : '',
  ]);
  return table(['term', 'coefficient', 'rise of the loss without it'], rows);
}

const accuracy = ({ accuracy: asked }: RuleMetrics): string =>
  asked ? written(asked, (x) => percent(x, 1)) : '';
const lead = (gain: Gain | null): string =>
  gain?.accuracy ? written(gain.accuracy, (x) => signed(percent(x, 1))) : '';

function scores({ metrics, baselines }: Search): string[] {
  const own = metrics ? [['the rule', accuracy(metrics), '', metrics.loss.mean.toFixed(3)]] : [];
  const others = baselines.map(({ name, metrics: each, gain }) => [
    name,
    accuracy(each),
    lead(gain),
    each.loss.mean.toFixed(3),
  ]);
  return table(['', 'accuracy %', 'the rule is ahead by', 'loss'], [...own, ...others]);
}

function circumstances({ also, baselines }: Search): string[] {
  const names = baselines.map(({ name }) => name);
  const rows = also.map(({ name, metrics, baselines: others }) => [
    name,
    metrics ? accuracy(metrics) : '',
    ...names.flatMap((other) => {
      const found = others.find((each) => each.name === other);
      return [found ? accuracy(found.metrics) : ''];
    }),
    lead(others.find((each) => each.name === 'f_bio')?.gain ?? null),
  ]);
  return table(['', 'the rule', ...names, 'ahead of f_bio by'], rows);
}

function candidates({ candidates: counts }: Search): string[] {
  if (!counts) return NOT_RUN;
  const { scored, probed, tried, monomials, locality } = counts;
  const count = (value: number): string => value.toLocaleString('en');
  return [
    `${count(scored)} extensions of a rule by a term were looked at by the derivative of the loss, ${count(probed)} of them with several coefficients; ${count(tried)} rules were fitted, and the one reported is the best of these on the validation images. It has ${monomials} monomials; its locality is ${locality?.grade}, because of \`${locality?.because}\`.`,
  ];
}
