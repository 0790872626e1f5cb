import { availableParallelism } from 'node:os';
import { enumerate } from '../algebra/enumerate.js';
import type { TermLibrary } from '../algebra/types.js';
import { fittingNotYet } from '../base/diagnostics/discover.js';
import { EngrammarError, unwrap } from '../base/result.js';
import type { Source } from '../base/source.js';
import { loadSpace } from '../catalogue/load.js';
import { feedForwardTable } from '../circuits/feed-forward-tables.js';
import type { Experiment } from '../experiments/load.js';
import { type ExperimentConfig, experimentShape } from '../experiments/schema.js';
import { latexEquations, latexOf } from '../express/latex.js';
import type { Space } from '../language/ast.js';
import { checkSpace } from '../language/check/space.js';
import { parse } from '../language/parse.js';
import { createRun, openRun, type RunFolder } from '../runs/folder.js';
import { newRunFolder } from '../runs/list.js';
import { Crew, type Ledger } from './crew.js';
import { discover, type Findings } from './discover.js';
import { type Threads, threads } from './execute.js';
import { type DiscoveryPlan, planDiscovery } from './plan.js';
import { readRuleText } from './read-rule.js';
import type { DiscoveryResult, FoundRule } from './result.js';

/** How far a discovery is. */
export interface DiscoveryProgress {
  /** Episodes run in this process, and expected in all. */
  readonly done: number;
  readonly expected: number;
  readonly seconds: number;
}

export interface SessionOptions {
  /** Run folder; a new one under ./runs if not given. */
  readonly out?: string;
  /** What the person typed, for the manifest. */
  readonly command: readonly string[];
  /** engrammar and whatever else computes, for the manifest. */
  readonly versions: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  onFolder?(path: string): void;
  onProgress?(progress: DiscoveryProgress): void;
  /** What runs the jobs; worker threads, one a processor or as the experiment says, if not given. */
  readonly threads?: Threads;
}

/** A discovery that was stopped; its folder holds all that was found out so far. */
export class DiscoveryInterrupted extends Error {
  readonly runFolder: string;

  constructor(runFolder: string) {
    super('the discovery was interrupted');
    this.runFolder = runFolder;
  }
}

/** The space alone, as written: a run folder goes on whatever happens to the file it came from. */
const SPACE_FILE = 'space.space';

/**
 * Runs a discovery from an experiment into a new run folder. Throws an `EngrammarError` for
 * everything a person can mend, and `DiscoveryInterrupted` when stopped by the signal.
 */
export async function startDiscovery(
  experiment: Experiment,
  options: SessionOptions,
): Promise<DiscoveryResult> {
  const { config, subject, name } = experiment;
  if (subject.kind === 'rule') throw new EngrammarError(fittingNotYet({ rule: subject.reference }));
  const { item, source } = unwrap(loadSpace(subject.reference));
  // Before a folder is made: a space that is no space needs none.
  const plan = planDiscovery(name, config, libraryOf(item, source, config));
  const folder = options.out ?? unwrap(newRunFolder(name));
  const run = unwrap(
    createRun(folder, {
      name,
      config,
      command: options.command,
      seed: config.seed,
      versions: options.versions,
      inputs: { [SPACE_FILE]: source.text.slice(item.span.start, item.span.end) },
    }),
  );
  return carryOut(plan, workersOf(config), run, { finished: {}, started: {} }, options);
}

/** Goes on with an interrupted discovery; the result is that of an uninterrupted one. */
export async function resumeDiscovery(
  folder: string,
  options: SessionOptions,
): Promise<DiscoveryResult> {
  const { run, config, inputs, checkpoint } = unwrap(openRun(folder));
  try {
    const source = { name: SPACE_FILE, text: inputs[SPACE_FILE] ?? '' };
    const [item] = unwrap(parse(source));
    if (item?.kind !== 'space') throw new TypeError(`${SPACE_FILE} holds no space`);
    const parsed = experimentShape.parse(config);
    const plan = planDiscovery(run.manifest.name, parsed, libraryOf(item, source, parsed));
    const ledger = (checkpoint as Ledger | undefined) ?? { finished: {}, started: {} };
    return await carryOut(plan, workersOf(parsed), run, ledger, options);
  } catch (error) {
    if (run.manifest.status === 'running') run.finish('failed');
    throw error;
  }
}

function libraryOf(space: Space, source: Source, config: ExperimentConfig): TermLibrary {
  const table = feedForwardTable(config.circuit.feedback);
  return unwrap(enumerate(unwrap(checkSpace(space, source, table))));
}

async function carryOut(
  plan: DiscoveryPlan,
  workers: number,
  run: RunFolder,
  ledger: Ledger,
  options: SessionOptions,
): Promise<DiscoveryResult> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const save = throttled(() => run.saveCheckpoint(ledger));
  options.onFolder?.(run.path);
  const hands = options.threads ?? threads(workers, options.signal);
  const crew = new Crew(hands.execute, ledger, {
    saved: () => save.soon(),
    record: (job, record) => run.record({ job, ...record }),
    progress: (done, expected) => options.onProgress?.({ done, expected, seconds: seconds() }),
  });
  try {
    const findings = await discover(plan, crew);
    const result = resultOf(plan, findings, run.path, seconds());
    if (result.rule) {
      run.writeRule(result.rule.text);
      run.writeLatex(latexEquations(result.rule.latex));
    }
    run.writeResult(result);
    save.now();
    run.finish('done');
    return result;
  } catch (error) {
    try {
      save.now();
    } finally {
      run.finish(options.signal.aborted ? 'interrupted' : 'failed');
    }
    if (options.signal.aborted) throw new DiscoveryInterrupted(run.path);
    throw error;
  } finally {
    await hands.close();
  }
}

const workersOf = ({ workers }: ExperimentConfig): number => workers ?? availableParallelism();

function resultOf(
  plan: DiscoveryPlan,
  findings: Findings,
  runFolder: string,
  seconds: number,
): DiscoveryResult {
  const { ruleText } = findings;
  return {
    schemaVersion: 1,
    experiment: plan.name,
    seed: plan.study.seed,
    engine: plan.engine,
    rule: ruleText === null ? null : printedRule(ruleText, plan),
    terms: findings.terms.map(({ term, coefficient, effect }) => ({
      id: term.id,
      text: term.text,
      coefficient,
      interval: null,
      inclusion: null,
      verdict: 'not assessed',
      effect,
    })),
    dropped: findings.dropped,
    metrics: findings.metrics,
    baselines: findings.baselines,
    gain: findings.gain,
    divergedEpisodes: findings.divergedEpisodes,
    runFolder,
    seconds,
  };
}

function printedRule(text: string, plan: DiscoveryPlan): FoundRule {
  return { text, latex: latexOf(readRuleText('rule.rule', text, plan.feedback)) };
}

const SAVE_EVERY_MS = 1000;

/** Saves at most once a second, and whenever it is told to at once. */
function throttled(save: () => void): { soon(): void; now(): void } {
  let last = Number.NEGATIVE_INFINITY;
  const now = (): void => {
    last = performance.now();
    save();
  };
  return {
    now,
    soon: () => {
      if (performance.now() - last >= SAVE_EVERY_MS) now();
    },
  };
}
