import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { Stream } from '../base/random.js';
import { unwrap } from '../base/result.js';
import type { WorkerPool } from '../base/threads/pool.js';
import type { Divergence } from '../engine/engine.js';
import type { SettledEngine } from '../engine/fallback.js';
import { type Latex, latexOf } from '../express/latex.js';
import { readRuleTexts } from './attached.js';
import { type Contestant, RATES } from './contest.js';
import { type LearningCurve, learningCurves } from './courses.js';
import { bootstrapMean, type Interval } from './intervals.js';
import { isMeasured, type Measured, type MeasureJob, type MeasureProgress } from './measure.js';
import { type ExperimentConfig, isNamed } from './schema.js';
import { type EpisodeKind, setupOf } from './study.js';

/** A rule, or several on different projections, that was run on the tasks of an experiment. */
export interface RunRule {
  readonly name: string;
  readonly about: string;
  readonly baseline: boolean;
  /** What was run, by kind of projection. */
  readonly texts: Readonly<Record<string, string>>;
  /** The same as formulas. */
  readonly latex: Readonly<Record<string, Latex>>;
  /** Values of parameters other than those written. */
  readonly values: Readonly<Record<string, number>>;
  /** Over the tasks that stayed finite; of the accuracy, diverged ones count as all wrong. */
  readonly metrics: Readonly<Record<string, Interval>>;
  /** Tasks whose numbers stopped being finite. */
  readonly diverged: number;
  /** Where the first of these did (tasks and steps from 0); null where none did. */
  readonly firstDivergence: ({ readonly task: number } & Divergence) | null;
  /** What the read-out says from trial to trial, by name; nothing where there is one trial. */
  readonly curves: Readonly<Record<string, LearningCurve>>;
}

/** Episodes of one job: small, so that threads finish together. */
const CHUNK = 25;
/** Tasks on which the learning rate of a baseline is chosen, never the held-out ones. */
const CHOOSE_TASKS = 12;

/** Told about what happens while contestants run. */
interface Listener {
  /** Episodes that are done, those of them that an earlier process did, and all there will be. */
  progress(done: number, before: number, expected: number): void;
  /** A further job is finished. */
  finished(): void;
  warning(warning: Diagnostic): void;
}

/** Results of finished jobs, by what they are about: a run that goes on does not do them again. */
export type Finished = Record<string, Measured>;

/** What a run of contestants has to know of its experiment. */
type Terms = Pick<ExperimentConfig, 'evaluate' | 'seed'>;

/** Runs contestants on threads, keeps what is finished, and counts what is done. */
export class Measuring {
  private done = 0;
  private before = 0;
  private expected = 0;
  private readonly terms: Terms;
  private readonly finished: Finished;
  private readonly engine: SettledEngine;
  private readonly pool: WorkerPool<MeasureJob, MeasureProgress, Measured>;
  private readonly signal: AbortSignal;
  private readonly listener: Listener;

  constructor(
    terms: Terms,
    finished: Finished,
    engine: SettledEngine,
    pool: WorkerPool<MeasureJob, MeasureProgress, Measured>,
    signal: AbortSignal,
    listener: Listener,
  ) {
    this.terms = terms;
    this.finished = finished;
    this.engine = engine;
    this.pool = pool;
    this.signal = signal;
    this.listener = listener;
  }

  /** All of them, those with a learning rate at their best one. */
  async contest(contestants: readonly Contestant[]): Promise<RunRule[]> {
    const { tasks } = this.terms.evaluate;
    const tuned = contestants.filter(isTuned);
    this.expected = tasks * contestants.length + tuned.length * RATES.length * CHOOSE_TASKS;
    const chosen = await this.tune(tuned);
    const all = contestants.map((each) => chosen.get(each) ?? each);
    const measured = await this.measure(all, 'score', tasks);
    return all.map((each, k) => this.summary(each, measured[k]!));
  }

  private async tune(tuned: readonly Contestant[]): Promise<Map<Contestant, Contestant>> {
    const tried = tuned.flatMap((each) => RATES.map((eta) => ({ ...each, values: { eta } })));
    const measured = await this.measure(tried, 'choose', CHOOSE_TASKS);
    const losses = measured.map((tasks) =>
      tasks.reduce(
        (sum, each) => sum + ((isMeasured(each) ? each.figures.loss : undefined) ?? DIVERGED_LOSS),
        0,
      ),
    );
    return new Map(
      tuned.map((each, k) => {
        const own = losses.slice(k * RATES.length, (k + 1) * RATES.length);
        const best = own.indexOf(Math.min(...own));
        return [each, tried[k * RATES.length + best]!];
      }),
    );
  }

  private async measure(
    contestants: readonly Contestant[],
    episodes: EpisodeKind,
    tasks: number,
  ): Promise<Measured[]> {
    const { engine, listener } = this;
    const jobs = contestants.map(({ name, study, rules, values, descent }) => {
      const size = setupOf(study).together === null ? CHUNK : 1;
      return Array.from({ length: Math.ceil(tasks / size) }, (_, k): MeasureJob => {
        const from = k * size;
        const to = Math.min(from + size, tasks);
        return { id: name, study, rules, values, descent, engine, episodes, from, to };
      });
    });
    const all = jobs.flatMap((own, k) =>
      own.map((job) => ({ job, key: `${episodes} ${k} from ${job.from}` })),
    );
    const waiting = all.filter(({ job: { from, to }, key }) => {
      const isDone = Object.hasOwn(this.finished, key);
      if (isDone) this.before += to - from;
      return !isDone;
    });
    unwrap(
      await this.pool.run(
        waiting.map(({ job }) => job),
        {
          signal: this.signal,
          onProgress: (told) => {
            if (typeof told !== 'number') return listener.warning(told);
            this.done += told;
            const done = this.before + Math.floor(this.done);
            listener.progress(done, this.before, this.expected);
          },
          onResult: (result, k) => {
            this.finished[waiting[k]!.key] = result;
            listener.finished();
          },
        },
      ),
    );
    let taken = 0;
    return jobs.map(({ length }) => {
      taken += length;
      return all.slice(taken - length, taken).flatMap(({ key }) => this.finished[key]!);
    });
  }

  private summary(contestant: Contestant, measured: Measured): RunRule {
    const { evaluate, seed } = this.terms;
    const finite = measured.filter(isMeasured);
    const astray = measured.findIndex((each) => !isMeasured(each));
    const names = [...new Set(finite.flatMap(({ figures }) => Object.keys(figures)))];
    const isAsked = names.includes('accuracy') || setupOf(contestant.study).hasAccuracy;
    const interval = (name: string): Interval => {
      const of = name === 'accuracy' ? measured : finite;
      const values = of.map((each) => (isMeasured(each) ? (each.figures[name] ?? 0) : 0));
      const stream = new Stream(seed, 'interval', contestant.name, name);
      return bootstrapMean(values, evaluate.level, stream);
    };
    const shown = isAsked ? ['accuracy', 'loss'] : names;
    return {
      name: contestant.name,
      about: contestant.about,
      baseline: contestant.isBaseline,
      texts: contestant.rules,
      latex: latexOfAll(contestant),
      values: contestant.values,
      metrics: Object.fromEntries(shown.map((name) => [name, interval(name)])),
      diverged: measured.length - finite.length,
      firstDivergence: astray < 0 ? null : { task: astray, ...(measured[astray] as Divergence) },
      curves: learningCurves(
        finite.map(({ courses }) => courses),
        { level: evaluate.level, seed, name: contestant.name },
      ),
    };
  }
}

function latexOfAll({ name, study, rules }: Contestant): Record<string, Latex> {
  const read = readRuleTexts(name, rules, setupOf(study).circuit);
  return Object.fromEntries(Object.entries(read).map(([kind, rule]) => [kind, latexOf(rule)]));
}

/** Cross-entropy put in place of a task that diverged: far above chance. */
const DIVERGED_LOSS = 10;

/** A gradient baseline needs a learning rate. */
const isTuned = ({ isBaseline, name }: Contestant): boolean => isBaseline && isNamed(name);
