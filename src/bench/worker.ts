import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EngrammarError } from '../base/result.js';
import type { Engine, Episode, EpisodeResult, Runner } from '../engine/engine.js';
import { interpreter } from '../engine/interpret/interpret.js';
import { openEngine } from '../engine/open.js';
import { parallelEngine } from '../engine/parallel/engine.js';
import type { BenchCase } from './cases/case.js';
import { firstStep } from './cases/shorten.js';
import { caseNamed } from './cases.js';
import { measurePeak, type Peak } from './peak.js';
import { asPlanned } from './planned-program.js';
import { enableRelaxedSimd } from './relaxed-simd.js';
import { residentBytes } from './resident.js';
import type { Variant } from './variants.js';

/*
 * A process in which engines are timed, so that each has a memory and a just-in-time compiler of its own.
 * It does what it is asked, one thing after the other, and ends with the process that began it.
 */

export type Question =
  | { readonly ask: 'peak' }
  | { readonly ask: 'begin'; readonly name: string; readonly variant: Variant }
  | { readonly ask: 'gradient'; readonly name: string }
  | { readonly ask: 'turn' }
  | { readonly ask: 'end' };

/** A case is ready to be timed. */
export interface Begun {
  /** Processor time until the first step was done: to plan, to generate, to compile. */
  readonly compileMs: number;
  readonly compileWallMs: number;
  readonly gradient: readonly number[];
  /** Additions and multiplications of an episode; null where the engine does not know. */
  readonly flops: number | null;
}

/** Processor time of a turn, times of an episode in it, and what the process holds afterwards. */
export interface Turn {
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  /** WebAssembly memory of the engine, bytes; null where it does not know. */
  readonly memoryBytes: number | null;
  /** Resident memory of the process beyond what it was before the engine began, bytes. */
  readonly grownBytes: number;
}

export type Answer =
  | Peak
  | Begun
  | Turn
  | { readonly gradient: readonly number[] }
  | { readonly ended: true }
  | { readonly error: string };

/** A turn takes at least as long, so that the clock's own steps do not count. */
const LEAST_MS = { alone: 200, oneOfMany: 80 };
/** What is compiled better while it runs has been by then; among many, most of it was before. */
const WARM_MS = { alone: 600, oneOfMany: 150 };

interface Running {
  readonly runner: Runner;
  readonly variant: Variant;
  readonly episode: Episode;
  readonly parameters: readonly number[];
  readonly before: number;
  /** Times that `together` episodes run in a turn. */
  repetitions: number;
}

let running: Running | null = null;

process.on('message', async (question: Question) => {
  process.send?.(await answer(question));
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit());

async function answer(question: Question): Promise<Answer> {
  try {
    switch (question.ask) {
      case 'peak':
        enableRelaxedSimd();
        return measurePeak();
      case 'gradient':
        return { gradient: await exactGradient(question.name) };
      case 'begin':
        return await begin(question.name, question.variant);
      case 'turn':
        return await turn(running!);
      case 'end':
        running?.runner.dispose();
        running = null;
        return { ended: true };
    }
  } catch (error) {
    if (error instanceof EngrammarError)
      return { error: error.diagnostics.map(({ message }) => message).join('; ') };
    return { error: String(error) };
  }
}

/** By the float64 interpreter. */
async function exactGradient(name: string): Promise<readonly number[]> {
  const { program, episode, parameters } = caseNamed(name)!.make();
  const runner = await interpreter.prepare(program);
  const [result] = await runner.run([episode], parameters, { gradient: true });
  return [...gradientOf(result!)];
}

function gradientOf({ gradient }: EpisodeResult): Float64Array {
  if (!gradient) throw new Error('numbers do not stay finite');
  return gradient;
}

async function begin(name: string, variant: Variant): Promise<Begun> {
  const kind = caseNamed(name)!;
  const made = kind.make();
  const used: BenchCase = variant.planned ? asPlanned(made) : made;
  const { program, episode, parameters } = used;
  const engine = await opened(variant);
  collectGarbage();
  const before = residentBytes();
  const clock = stopwatch();
  const runner = await engine.prepare(program);
  await runner.run([firstStep(used)], parameters, { gradient: true });
  const { cpuMs: compileMs, wallMs: compileWallMs } = clock();

  running = { runner, variant, episode, parameters, before, repetitions: 1 };
  const spent = runner.spent?.().flops;
  const warming = stopwatch();
  const [result] = await runner.run([episode], parameters, { gradient: true });
  const flops = spent === undefined ? null : runner.spent!().flops - spent;
  const company = kind.isOneOfMany ? 'oneOfMany' : 'alone';
  while (warming().cpuMs < WARM_MS[company]) {
    const timed = stopwatch();
    await runAll(running);
    running.repetitions = Math.ceil(LEAST_MS[company] / Math.max(timed().cpuMs, 1e-3));
  }
  return { compileMs, compileWallMs, gradient: [...gradientOf(result!)], flops };
}

async function opened({ engine, threads }: Variant): Promise<Engine> {
  if (engine.relaxed) enableRelaxedSimd();
  return threads === undefined ? openEngine(engine) : parallelEngine({ engine, workers: threads });
}

function runAll({ runner, variant, episode, parameters }: Running): Promise<EpisodeResult[]> {
  const episodes = new Array<Episode>(variant.together ?? 1).fill(episode);
  return runner.run(episodes, parameters, { gradient: true });
}

async function turn(now: Running): Promise<Turn> {
  const { repetitions, variant, runner, before } = now;
  const clock = stopwatch();
  for (let k = 0; k < repetitions; k++) await runAll(now);
  const { cpuMs, wallMs } = clock();
  const episodes = repetitions * (variant.together ?? 1);
  return {
    tookMs: cpuMs,
    cpuMs: cpuMs / episodes,
    wallMs: wallMs / episodes,
    memoryBytes: runner.spent?.().memoryBytes ?? null,
    grownBytes: Math.max(0, residentBytes() - before),
  };
}

/** Time since it was begun: of all threads of this process, and on the wall. */
function stopwatch(): () => { cpuMs: number; wallMs: number } {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1000, wallMs: performance.now() - wall };
  };
}

/** What was needed to load a case shall not count as memory of an engine. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: object) => void;
  // Giving freed memory back to the system, which a usual collection does later.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
