import { Stream } from '../../base/random.js';
import { median } from '../statistics.js';
import { assessTable, recordingOfRule } from './assess-table.js';
import { KNOWN_RULES, type KnownRule } from './cases.js';
import { NO_RULE_LIBRARY, NO_RULES, type NoRule } from './nothing.js';
import { type Score, scoreOf } from './score.js';

export interface KnownRulesPlan {
  readonly rules: readonly KnownRule[];
  readonly noRules: readonly NoRule[];
  /** Standard deviations of the noise, in units of that of the changes. */
  readonly noises: readonly number[];
  /** Recordings of each rule at each noise. */
  readonly seeds: number;
  /** Recordings of each kind without a rule. */
  readonly nullSeeds: number;
  /** Rows that are kept of each recording of a rule; null for all. */
  readonly rows: number | null;
  readonly onProgress?: (line: string) => void;
}

/** A rule at a noise, over all seeds. */
export interface KnownRuleRow {
  readonly case: string;
  readonly name: string;
  readonly formula: string;
  /** Terms in the library. */
  readonly library: number;
  readonly noise: number;
  readonly seeds: number;
  /** Recordings in which what is established or tentative is just the rule. */
  readonly right: number;
  /** Of those, the largest relative error of a coefficient: the median over recordings. */
  readonly error: number | null;
  readonly intervals: number;
  readonly covered: number;
  readonly established: number;
  readonly establishedTrue: number;
  readonly tentative: number;
  readonly tentativeTrue: number;
  /** Terms of the rule, over all recordings. */
  readonly terms: number;
  /** Median over recordings of the value of the reported support. */
  readonly irrepresentable: number | null;
  /** Processor time of a fit with everything, the median. */
  readonly msPerFit: number;
  /** What was reported where it was not right, by seed. */
  readonly wrong: readonly { readonly seed: number; readonly reported: string }[];
}

/** Recordings without a rule. */
export interface NoRuleRow {
  readonly case: NoRule['id'];
  readonly name: string;
  readonly seeds: number;
  /** Recordings in which any term is called established, or is reported at all: not "no rule". */
  readonly withEstablished: number;
  readonly withTerms: number;
  readonly established: number;
  readonly tentative: number;
}

export interface KnownRulesReport {
  readonly rows: readonly KnownRuleRow[];
  readonly noRules: readonly NoRuleRow[];
  readonly noises: readonly NoiseSummary[];
  /** Terms of each verdict over everything above, and how many of them are true. */
  readonly established: number;
  readonly establishedTrue: number;
  readonly tentative: number;
  readonly tentativeTrue: number;
  readonly rowsOfEach: number | null;
}

/** All rules at a noise. */
export interface NoiseSummary {
  readonly noise: number;
  readonly recordings: number;
  readonly right: number;
  /** Median over rules of `error`. */
  readonly error: number | null;
  readonly intervals: number;
  readonly covered: number;
}

export const USUAL_NOISES: readonly number[] = [0, 0.1, 0.5];

/** Records every rule with every noise, fits it with the shipped defaults, and counts what is right. */
export function runKnownRules(plan: KnownRulesPlan): KnownRulesReport {
  const rows = plan.rules.flatMap((rule) => plan.noises.map((noise) => rowOf(rule, noise, plan)));
  const noRules = plan.noRules.map((kind) => noRuleRow(kind, plan));
  const all = [
    ...rows,
    ...noRules.map((row) => ({ ...row, establishedTrue: 0, tentativeTrue: 0 })),
  ];
  return {
    rows,
    noRules,
    noises: plan.noises.map((noise) => summaryOf(noise, rows)),
    established: total(all, ({ established }) => established),
    establishedTrue: total(all, ({ establishedTrue }) => establishedTrue),
    tentative: total(all, ({ tentative }) => tentative),
    tentativeTrue: total(all, ({ tentativeTrue }) => tentativeTrue),
    rowsOfEach: plan.rows,
  };
}

function rowOf(rule: KnownRule, noise: number, plan: KnownRulesPlan): KnownRuleRow {
  const { id, name, formula, library, truth } = rule;
  const scores: Score[] = [];
  const values: number[] = [];
  const times: number[] = [];
  for (let seed = 0; seed < plan.seeds; seed++) {
    const table = recordingOfRule(rule, noise, seed, plan.rows);
    const start = process.cpuUsage();
    const assessed = assessTable(table, library, seed);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
    if (assessed.irrepresentable !== null) values.push(assessed.irrepresentable);
    scores.push(scoreOf(assessed, library, truth));
  }
  const right = scores.filter(({ isRight }) => isRight).length;
  plan.onProgress?.(`${id} ${name}, noise ${noise}: ${right} of ${plan.seeds} right`);
  return {
    case: id,
    name,
    formula,
    library: library.length,
    noise,
    seeds: plan.seeds,
    right,
    error: medianOf(scores.flatMap(({ error }) => error ?? [])),
    intervals: total(scores, ({ intervals }) => intervals),
    covered: total(scores, ({ covered }) => covered),
    established: total(scores, ({ established }) => established),
    establishedTrue: total(scores, ({ establishedTrue }) => establishedTrue),
    tentative: total(scores, ({ tentative }) => tentative),
    tentativeTrue: total(scores, ({ tentativeTrue }) => tentativeTrue),
    terms: plan.seeds * truth.size,
    irrepresentable: medianOf(values),
    msPerFit: median(times),
    wrong: scores.flatMap(({ isRight, reported }, seed) => (isRight ? [] : [{ seed, reported }])),
  };
}

function noRuleRow(kind: NoRule, { nullSeeds, onProgress }: KnownRulesPlan): NoRuleRow {
  const { id, name } = kind;
  let [withEstablished, withTerms, established, tentative] = [0, 0, 0, 0];
  for (let seed = 0; seed < nullSeeds; seed++) {
    const table = kind.record(new Stream(seed, 'no rule', id), seed);
    const { terms } = assessTable(table, NO_RULE_LIBRARY, seed);
    const called = terms.filter(({ verdict }) => verdict === 'established').length;
    established += called;
    tentative += terms.filter(({ verdict }) => verdict === 'tentative').length;
    withEstablished += called > 0 ? 1 : 0;
    withTerms += terms.length > 0 ? 1 : 0;
    if ((seed + 1) % 20 === 0) onProgress?.(`${name}: ${withEstablished} of ${seed + 1}`);
  }
  return { case: id, name, seeds: nullSeeds, withEstablished, withTerms, established, tentative };
}

function summaryOf(noise: number, rows: readonly KnownRuleRow[]): NoiseSummary {
  const here = rows.filter((row) => row.noise === noise);
  return {
    noise,
    recordings: total(here, ({ seeds }) => seeds),
    right: total(here, ({ right }) => right),
    error: medianOf(here.flatMap(({ error }) => error ?? [])),
    intervals: total(here, ({ intervals }) => intervals),
    covered: total(here, ({ covered }) => covered),
  };
}

const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

const medianOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : median(values);

export { KNOWN_RULES, NO_RULES };
