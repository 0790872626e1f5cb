import { z } from 'zod';
import { runFileDamaged } from '../base/diagnostics/run.js';
import { failure, type Result, success } from '../base/result.js';
import type { Figure } from './numbers.js';
import { type DiscoveryFacts, discoveryParts, gain, interval, metrics } from './read-discovery.js';
import { type InferenceFacts, inferenceParts, MEASURES } from './read-inference.js';
import type { Learner } from './run/curves.js';

/** A rule that was run, fitted or compared, with its figures by name. */
export interface ScoreRow {
  readonly name: string;
  readonly about: string;
  /** The rule that the run is about, not what it is compared with. */
  readonly isOwn: boolean;
  readonly figures: Readonly<Record<string, Figure>>;
  /** Tasks it was run on; null where there are none, as on a recording. */
  readonly tasks: number | null;
  readonly diverged: number | null;
  readonly texts: readonly string[];
}

export interface TermRow {
  readonly id: string;
  readonly text: string;
  readonly coefficient: number | null;
  readonly interval: readonly [number | null, number | null] | null;
  readonly inclusion: number | null;
  readonly verdict: string;
  readonly effect: Figure | null;
  readonly aliases: readonly string[];
  /** Terms that stood in its place where resampled data did without it. */
  readonly instead: readonly string[];
  /** Of the test against shifted changes; null where there is none. */
  readonly p: number | null;
}

/** What a result says, of whichever command: what a command does not have is empty or null. */
export interface Reported {
  readonly kind: 'discovery' | 'run' | 'inference';
  readonly subject: string;
  /** Null when the answer is "no rule"; undefined where no rule was looked for. */
  readonly rule: { readonly text: string; readonly latex: Latex } | null | undefined;
  readonly terms: readonly TermRow[];
  readonly dropped: readonly { readonly id: string; readonly text: string; readonly by: string }[];
  readonly scores: readonly ScoreRow[];
  /** Rules that were run, with how they learned; empty for what is no run. */
  readonly learners: readonly LearnedRule[];
  /** The rule minus each baseline; the first is the one that matters most. */
  readonly gains: readonly GainRow[];
  readonly divergedEpisodes: number | null;
  /** Rules of other sizes: how well each does. */
  readonly front: readonly ParetoRow[];
  /** Null for what is no discovery. */
  readonly discovered: DiscoveryFacts | null;
  /** Null for what is no inference. */
  readonly inferred: InferenceFacts | null;
  readonly engine: string | null;
  readonly notices: readonly string[];
  readonly seconds: number | null;
}

/** What was run: its rules as formulas, by kind of projection, and its curves. */
export interface LearnedRule extends Learner {
  readonly latex: Readonly<Record<string, Latex>>;
  /** Values of parameters instead of those that the rules are written with. */
  readonly values: Readonly<Record<string, number>>;
}

/** A paired difference on the same tasks. */
export interface GainRow {
  readonly over: string;
  readonly accuracy: Figure | null;
  readonly loss: Figure | null;
}

/** The best rule of a size among those that were tried. */
export interface ParetoRow {
  readonly terms: readonly string[];
  readonly complexity: number;
  readonly loss: Figure;
  /** Whether it has the terms of the reported rule. */
  readonly reported: boolean;
}

interface Latex {
  readonly synapse: string;
  readonly matrix: string;
  readonly parameters: string;
}

/** JSON has no NaN and no infinities: both are null in a file. */
const number = z.number().nullable();
type WrittenInterval = z.output<typeof interval>;

const latex = z.object({
  synapse: z.string(),
  matrix: z.string(),
  parameters: z.string().default(''),
});
const rule = z.object({ text: z.string(), latex }).nullable();
const engine = z
  .object({
    name: z.string(),
    backend: z.string().nullable().default(null),
    notices: z.array(z.unknown()).default([]),
  })
  .nullable();
const dropped = z.array(z.object({ id: z.string(), text: z.string(), by: z.string() }));
const term = z.object({
  id: z.string(),
  text: z.string(),
  coefficient: number,
  interval: z.tuple([number, number]).nullable(),
  inclusion: number,
  verdict: z.string(),
  effect: interval.nullable().default(null),
  aliases: z.array(z.string()).default([]),
  instead: z.array(z.string()).default([]),
  p: number.default(null),
});

const scored = z.object({ name: z.string(), about: z.string(), text: z.string() });
const front = z
  .array(
    z.object({
      terms: z.array(z.string()),
      complexity: z.number(),
      loss: interval,
      reported: z.boolean(),
    }),
  )
  .default([]);

const discovery = z.object({
  experiment: z.string(),
  rule,
  terms: z.array(term),
  dropped,
  metrics: metrics.nullable(),
  baselines: z.array(scored.extend({ metrics, gain })),
  ...discoveryParts,
  gain: z.object({ over: z.string(), accuracy: interval.nullable(), loss: interval }).nullable(),
  divergedEpisodes: z.number(),
  front,
  engine,
  seconds: number,
});

const fitted = z.object({ loss: number, r2: number });
const inference = z.object({
  recording: z.string(),
  rule,
  terms: z.array(term),
  dropped,
  metrics: fitted.nullable(),
  baselines: z.array(scored.extend({ metrics: fitted })),
  ...inferenceParts,
  front,
  engine: engine.default(null),
});

const curve = z.object({
  trials: z.array(z.number()),
  mean: z.array(z.number()),
  lo: z.array(number),
  hi: z.array(number),
  tasks: z.number(),
});

const run = z.object({
  experiment: z.string(),
  circuit: z.string(),
  task: z.string(),
  rules: z.array(
    z.object({
      name: z.string(),
      about: z.string(),
      baseline: z.boolean(),
      texts: z.record(z.string(), z.string()),
      metrics: z.record(z.string(), interval),
      diverged: z.number(),
      values: z.record(z.string(), z.number()).default({}),
      latex: z.record(z.string(), latex).default({}),
      curves: z.record(z.string(), curve).default({}),
    }),
  ),
  engine,
  seconds: number,
});

/** Reads what is in a `result.json`; `path` is for the message when it is none of ours. */
export function readResult(value: unknown, path: string): Result<Reported> {
  const has = (name: string): boolean =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  if (has('rules')) return parsed(run, value, path, ofRun);
  if (has('nullTest')) return parsed(inference, value, path, ofInference);
  return parsed(discovery, value, path, ofDiscovery);
}

function parsed<T>(
  shape: z.ZodType<T>,
  value: unknown,
  path: string,
  report: (value: T) => Reported,
): Result<Reported> {
  const result = shape.safeParse(value);
  if (result.success) return success(report(result.data));
  return failure(runFileDamaged({ path, reason: z.prettifyError(result.error) }));
}

const NOTHING = {
  rule: undefined,
  terms: [],
  dropped: [],
  learners: [],
  gains: [],
  divergedEpisodes: null,
  front: [],
  discovered: null,
  inferred: null,
  seconds: null,
} satisfies Partial<Reported>;

function ofDiscovery(result: z.output<typeof discovery>): Reported {
  const row = (
    { name, about, text }: z.output<typeof scored>,
    { accuracy, loss, diverged }: z.output<typeof metrics>,
    isOwn: boolean,
  ): ScoreRow => ({
    name,
    about,
    isOwn,
    figures: { ...(accuracy && { accuracy }), loss },
    tasks: tasksOf(accuracy, loss, diverged),
    diverged,
    texts: text === '' ? [] : [text],
  });
  const own = { name: 'the rule', about: 'the printed rule', text: result.rule?.text ?? '' };
  return {
    ...NOTHING,
    ...result,
    kind: 'discovery',
    subject: result.experiment,
    discovered: result,
    gains: gainsOf(result),
    scores: [
      ...(result.metrics ? [row(own, result.metrics, true)] : []),
      ...result.baselines.map((each) => row(each, each.metrics, false)),
    ],
    ...computed(result.engine),
  };
}

/** The gain that the result names comes first, whatever the baselines' order. */
function gainsOf({ gain: first, baselines }: z.output<typeof discovery>): GainRow[] {
  const others = baselines.filter(({ name }) => name !== first?.over);
  const rest = others.flatMap(({ name, gain: own }) => (own ? [{ over: name, ...own }] : []));
  return [...(first ? [first] : []), ...rest];
}

/** All tasks: those that diverged have an accuracy, too, but no loss. */
const tasksOf = (
  accuracy: WrittenInterval | null | undefined,
  loss: WrittenInterval | undefined,
  diverged: number,
): number | null => accuracy?.tasks ?? (loss?.tasks === undefined ? null : loss.tasks + diverged);

function ofInference(result: z.output<typeof inference>): Reported {
  const [explained, left] = MEASURES[result.observed];
  const row = (
    { name, about, text }: z.output<typeof scored>,
    { loss, r2 }: z.output<typeof fitted>,
    isOwn: boolean,
  ): ScoreRow => ({
    name,
    about,
    isOwn,
    figures: { [explained]: alone(r2), [left]: alone(loss) },
    tasks: null,
    diverged: null,
    texts: text === '' ? [] : [text],
  });
  const own = { name: 'the rule', about: 'the printed rule', text: result.rule?.text ?? '' };
  return {
    ...NOTHING,
    ...result,
    kind: 'inference',
    subject: result.recording,
    inferred: result,
    scores: [
      ...(result.metrics ? [row(own, result.metrics, true)] : []),
      ...(result.heldOut
        ? [row(heldOutOf(result.heldOut), { r2: result.heldOut.r2, loss: null }, false)]
        : []),
      ...result.baselines.map((each) => row(each, each.metrics, false)),
    ],
    ...computed(result.engine),
  };
}

const heldOutOf = ({ folds }: { readonly folds: number }) => ({
  name: 'on held-out animals',
  about: `terms chosen and fitted on the others, ${folds} times`,
  text: '',
});

function ofRun(result: z.output<typeof run>): Reported {
  return {
    ...NOTHING,
    kind: 'run',
    subject: `${result.task} on ${result.circuit}`,
    scores: result.rules.map(({ name, about, baseline, texts, metrics, diverged }) => ({
      name,
      about,
      isOwn: !baseline,
      figures: metrics,
      tasks: tasksOf(metrics.accuracy, Object.values(metrics)[0], diverged),
      diverged,
      texts: Object.values(texts),
    })),
    learners: result.rules,
    seconds: result.seconds,
    ...computed(result.engine),
  };
}

const alone = (mean: number | null): Figure => ({ mean, lo: null, hi: null });

function computed(by: z.output<typeof engine>): Pick<Reported, 'engine' | 'notices'> {
  if (by === null) return { engine: null, notices: [] };
  return {
    engine: by.backend === null ? by.name : `${by.name} ${by.backend}`,
    notices: by.notices.map((notice) =>
      typeof notice === 'string' ? notice : JSON.stringify(notice),
    ),
  };
}
