import { noSimd } from '../../base/diagnostics/engine.js';
import { EngrammarError } from '../../base/result.js';
import type { Program } from '../../program/ir.js';
import type { Engine, Episode, EpisodeResult, Runner, RunOptions, Spent } from '../engine.js';
import { misfit } from '../fit.js';
import { EpisodeRun } from './episode.js';
import { offers } from './features.js';
import { DOUBLE, type Lanes, SINGLE } from './lanes.js';
import { Machine } from './machine.js';
import { FusedMemory } from './memory.js';
import { Narrowing } from './narrowing.js';

export interface FusedOptions {
  /** Of vectors and matrices; lone numbers are always of double precision. Default: 'float32'. */
  readonly precision?: 'float32' | 'float64';
  /**
   * Multiply and add in one rounding: faster, but not the same low bits on every machine. Default: false.
   */
  readonly relaxed?: boolean;
  /**
   * Bytes of WebAssembly memory up to which an episode's whole tape is kept; beyond, segments run
   * again. Default: 24 MiB. An episode that needs more even so takes more.
   */
  readonly memoryBudget?: number;
  /**
   * Leave out inputs that are 0 throughout an episode where no result depends on them: the same results
   * but for rounding. Default: true.
   */
  readonly skipIdle?: boolean;
  /**
   * In steps in which no event, no `every` and no start opens anything, leave out what these gate: the
   * same results, bit by bit. Default: true.
   */
  readonly skipShut?: boolean;
}

const DEFAULT_BUDGET = 24 * 2 ** 20;

/**
 * How small a decay that is put off may become before the matrix is written down afresh: rebuilding
 * it on the way back loses as many digits.
 */
export const LEAST_DECAY = { float32: 1e-2, float64: 1e-3 } as const;

/**
 * The fast engine: every program becomes a WebAssembly module of its own, its loops fused, its matrices
 * updated in place and rebuilt on the way back; one episode after the other, on one core.
 *
 * Throws an `EngrammarError` where the machine or this version of Node does not offer what it needs (E709).
 */
export function createFusedEngine(options: FusedOptions = {}): Engine {
  const { precision = 'float32', relaxed = false } = options;
  if (!offers('SIMD')) throw new EngrammarError(noSimd({ missing: 'SIMD', node: process.version }));
  if (relaxed && !offers('relaxed SIMD')) {
    throw new EngrammarError(noSimd({ missing: 'relaxed SIMD', node: process.version }));
  }
  const lanes = { ...(precision === 'float32' ? SINGLE : DOUBLE), relaxed };
  const limits = {
    memoryBudget: options.memoryBudget ?? DEFAULT_BUDGET,
    least: LEAST_DECAY[precision],
    skipShut: options.skipShut ?? true,
  };
  return {
    name: 'fused',
    backend: null,
    precision,
    prepare: async (program) => new FusedRunner(program, lanes, limits, options.skipIdle ?? true),
  };
}

interface Limits {
  readonly memoryBudget: number;
  readonly least: number;
  readonly skipShut: boolean;
}

class FusedRunner implements Runner {
  readonly program: Program;
  private readonly lanes: Lanes;
  private readonly limits: Limits;
  private readonly narrowing: Narrowing | null;
  private memory: FusedMemory | null;
  /** By number of places that are not idle. */
  private readonly narrower = new Map<number, FusedRunner>();
  private machine: Machine | null = null;
  /** For decays that are too strong to be put off; made when first needed. */
  private prompt: Machine | null = null;
  private isDisposed = false;

  constructor(
    program: Program,
    lanes: Lanes,
    limits: Limits,
    skipIdle: boolean,
    memory = new FusedMemory(lanes),
  ) {
    this.program = program;
    this.lanes = lanes;
    this.limits = limits;
    this.memory = memory;
    const narrowing = skipIdle ? new Narrowing(program) : null;
    this.narrowing = narrowing?.mayNarrow ? narrowing : null;
    // Otherwise the first episode shows which machine is needed.
    if (!this.narrowing) this.wholeMachine();
  }

  async run(
    episodes: readonly Episode[],
    parameters: ArrayLike<number>,
    options: RunOptions,
  ): Promise<EpisodeResult[]> {
    return this.runNow(episodes, parameters, options);
  }

  runNow(
    episodes: readonly Episode[],
    parameters: ArrayLike<number>,
    options: RunOptions,
  ): EpisodeResult[] {
    const problem = misfit(this.program, episodes, parameters, options);
    if (problem) throw new EngrammarError(problem);
    if (this.isDisposed) throw new TypeError('this runner has been disposed');
    return episodes.map((episode) => {
      const narrow = this.narrowing?.narrow(episode, options);
      const part = narrow && this.runnerOf(narrow.size).one(narrow.episode, parameters, options);
      // Where numbers stopped being finite is told of the whole program.
      if (part && !part.divergence) return narrow.widen(part);
      return this.one(episode, parameters, options);
    });
  }

  spent(): Spent {
    const machines = [this.machine, this.prompt].flatMap((machine) => machine ?? []);
    const flops = [
      ...machines.map((machine) => machine.flops),
      ...[...this.narrower.values()].map((runner) => runner.spent().flops),
    ];
    return {
      flops: flops.reduce((sum, each) => sum + each, 0),
      memoryBytes: this.memory?.size ?? 0,
    };
  }

  /** WebAssembly memory is freed when nothing refers to it. */
  dispose(): void {
    this.isDisposed = true;
    this.machine = null;
    this.prompt = null;
    this.memory = null;
    this.narrower.clear();
  }

  private runnerOf(size: number): FusedRunner {
    let runner = this.narrower.get(size);
    if (!runner) {
      runner = new FusedRunner(
        this.narrowing!.of(size),
        this.lanes,
        this.limits,
        false,
        this.memory!,
      );
      this.narrower.set(size, runner);
    }
    return runner;
  }

  private wholeMachine(): Machine {
    this.machine ??= this.machineWith(true);
    return this.machine;
  }

  private machineWith(lazy: boolean): Machine {
    const { least, skipShut } = this.limits;
    return new Machine(this.program, this.lanes, lazy, least, this.memory!, skipShut);
  }

  private one(episode: Episode, parameters: ArrayLike<number>, options: RunOptions): EpisodeResult {
    const on = (machine: Machine) =>
      new EpisodeRun(machine, episode, parameters, options, this.limits).results();
    const outcome = on(this.wholeMachine());
    if (outcome !== 'must not be put off') return outcome;
    this.prompt ??= this.machineWith(false);
    const second = on(this.prompt);
    if (second === 'must not be put off') throw new TypeError('nothing was put off');
    return second;
  }
}
