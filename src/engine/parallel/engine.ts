import { EngrammarError, unwrap } from '../../base/result.js';
import { WorkerPool } from '../../base/threads/pool.js';
import type { Graph, Program } from '../../program/ir.js';
import type { Engine, Episode, EpisodeResult, Runner, RunOptions } from '../engine.js';
import { misfit } from '../fit.js';
import type { EngineChoice } from '../open.js';
import { sharing } from './shared.js';
import type { EpisodeJob, ThreadData } from './worker.js';

export interface ParallelOptions {
  /** What computes in every thread. */
  readonly engine: EngineChoice;
  /** Threads; as many as there are processors if not given. */
  readonly workers?: number;
  /** Ends all work at once; runs then throw E621. */
  readonly signal?: AbortSignal;
}

/**
 * An engine on worker threads: each runs one episode after the other, whichever comes next. An episode is
 * computed by itself, so results are the same numbers, to the last bit, for any number of threads.
 *
 * A thread that dies (its memory ran out, something ended it) is replaced, and its episode run once more;
 * if that thread dies too, `run` throws an `EngrammarError` (E620). Disposing of a runner ends its threads,
 * and whatever runs on them (E621). `prepare` throws what preparing the program in a thread does.
 */
export function parallelEngine(options: ParallelOptions): Engine {
  return parallelEngineOf(new URL('./worker.js', import.meta.url), options);
}

/** As `parallelEngine`, with threads that load another file. */
export function parallelEngineOf(workerFile: URL, options: ParallelOptions): Engine {
  const { name, backend, precision = 'float32' } = options.engine;
  return {
    name,
    backend: name === 'tfjs' ? (backend ?? 'wasm') : null,
    precision: ({ interpret: 'float64', tfjs: 'float32', fused: precision } as const)[name],
    prepare: async (program) => {
      const runner = new ParallelRunner(workerFile, program, options);
      try {
        await runner.tryOut();
      } catch (error) {
        runner.dispose();
        throw error;
      }
      return runner;
    },
  };
}

class ParallelRunner implements Runner {
  readonly program: Program;
  private readonly pool: WorkerPool<EpisodeJob, never, EpisodeResult | null>;
  private readonly stop = new AbortController();
  private readonly end = (): void => this.dispose();
  private readonly signal: AbortSignal | undefined;

  constructor(workerFile: URL, program: Program, { engine, workers, signal }: ParallelOptions) {
    this.program = program;
    const threadData: ThreadData = { engine, program: nodesFirst(program) };
    this.pool = new WorkerPool(workerFile, { workers, threadData });
    this.signal = signal;
    signal?.addEventListener('abort', this.end, { once: true });
    if (signal?.aborted) this.end();
  }

  /** Makes one thread ready, so that what is wrong with engine or program is known. */
  async tryOut(): Promise<void> {
    unwrap(await this.pool.run([null], { signal: this.stop.signal }));
  }

  async run(
    episodes: readonly Episode[],
    parameters: ArrayLike<number>,
    options: RunOptions,
  ): Promise<EpisodeResult[]> {
    const problem = misfit(this.program, episodes, parameters, options);
    if (problem) throw new EngrammarError(problem);
    const shared = sharing(episodes);
    const values = Float64Array.from(parameters);
    const jobs = {
      length: episodes.length,
      *entries(): IterableIterator<[number, EpisodeJob]> {
        for (const [k, episode] of episodes.entries()) {
          yield [k, { episode: shared(episode), parameters: values, options }];
        }
      },
    };
    const results = await this.pool.run(jobs, { attempts: 2, signal: this.stop.signal });
    return unwrap(results).map((result) => result!);
  }

  dispose(): void {
    this.signal?.removeEventListener('abort', this.end);
    this.stop.abort();
    void this.pool.close();
  }
}

/**
 * The program with its graphs written nodes first. They are copied to the threads in the order of their
 * fields, and a node whose operands are not there yet would be copied down to the inputs, recursively.
 */
function nodesFirst(program: Program): Program {
  const ordered = ({ nodes, outputs, ...rest }: Graph): Graph => ({ nodes, outputs, ...rest });
  const { step, readout, stepAdjoint, readoutAdjoint } = program;
  return {
    ...program,
    step: ordered(step),
    readout: ordered(readout),
    stepAdjoint: ordered(stepAdjoint),
    readoutAdjoint: ordered(readoutAdjoint),
  };
}
