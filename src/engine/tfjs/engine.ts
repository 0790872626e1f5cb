import { outOfMemory } from '../../base/diagnostics/engine.js';
import { EngrammarError } from '../../base/result.js';
import type { Program } from '../../program/ir.js';
import type { Engine, Episode, EpisodeResult, Runner, RunOptions } from '../engine.js';
import { misfit } from '../fit.js';
import { type Backend, exclusively, loadBackend, type Tf } from './backends.js';
import { compile } from './executable.js';
import { Kit } from './kit.js';
import { planRun } from './plan.js';
import { type Prepared, runBatch } from './run.js';

export interface TfjsOptions {
  /** Bytes that the states and intermediate results of a run may take; 512 MiB unless told. */
  readonly memoryBudget?: number;
  /** Tasks computed at once; chosen by the engine unless told, and never more than the budget allows. */
  readonly batch?: number;
}

const DEFAULT_BUDGET = 512 * 2 ** 20;

/**
 * The portable engine: programs as TensorFlow.js operations in single precision, many tasks at a time.
 *
 * Throws an `EngrammarError` when the backend is unknown (E701), not installed (E702) or does not start
 * (E703); runs throw one when an episode does not fit (E704, E705) or memory runs out (E706).
 */
export async function createTfjsEngine(
  backend: Backend | (string & {}),
  options: TfjsOptions = {},
): Promise<Engine> {
  const loaded = await loadBackend(backend);
  return {
    name: 'tfjs',
    backend: loaded.backend,
    precision: 'float32',
    prepare: async (program) => new TfjsRunner(loaded.tf, loaded.backend, program, options),
  };
}

class TfjsRunner implements Runner {
  readonly program: Program;
  private readonly tf: Tf;
  private readonly backend: Backend;
  private readonly options: TfjsOptions;
  private readonly prepared: Prepared;

  constructor(tf: Tf, backend: Backend, program: Program, options: TfjsOptions) {
    this.tf = tf;
    this.backend = backend;
    this.program = program;
    this.options = options;
    const kit = new Kit(tf, backend);
    const graphs = {
      step: compile(program.step, kit),
      readout: compile(program.readout, kit),
      stepAdjoint: compile(program.stepAdjoint, kit),
      readoutAdjoint: compile(program.readoutAdjoint, kit),
    };
    this.prepared = { kit, program, graphs };
  }

  async run(
    episodes: readonly Episode[],
    parameters: ArrayLike<number>,
    options: RunOptions,
  ): Promise<EpisodeResult[]> {
    const problem = misfit(this.program, episodes, parameters, options);
    if (problem) throw new EngrammarError(problem);
    const { step, readout, stepAdjoint, readoutAdjoint } = this.prepared.graphs;
    const used = options.gradient ? [step, readout, stepAdjoint, readoutAdjoint] : [step, readout];
    const budget = this.options.memoryBudget ?? DEFAULT_BUDGET;
    const plan = planRun({
      program: this.program,
      steps: episodes[0]?.steps ?? 0,
      tasks: episodes.length,
      gradient: options.gradient,
      peak: Math.max(...used.map(({ peak }) => peak)),
      tactics: this.prepared.kit.tactics,
      budget,
      batch: this.options.batch,
    });
    const exhausted = () =>
      new EngrammarError(
        outOfMemory({ backend: this.backend, batch: plan.batch, bytes: plan.bytes }),
      );
    if (plan.bytes > this.prepared.kit.tactics.memoryLimit) throw exhausted();
    const results: EpisodeResult[] = [];
    for (let from = 0; from < episodes.length; from += plan.batch) {
      const part = episodes.slice(from, from + plan.batch);
      const work = () => runBatch(this.prepared, part, parameters, options, plan.interval);
      try {
        results.push(...(await exclusively(this.tf, this.backend, work)));
      } catch (error) {
        if (!isMemoryError(error)) throw error;
        throw exhausted();
      }
    }
    return results;
  }

  dispose(): void {
    this.prepared.kit.dispose();
  }
}

/** WebAssembly reports an exhausted heap as an abort, or as an access out of bounds. */
function isMemoryError(error: unknown): boolean {
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  return /memory access out of bounds|out of memory|Aborted\(|Array buffer allocation|bad_alloc|Invalid typed array length/i.test(
    text,
  );
}
