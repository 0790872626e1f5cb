import type { Program } from '../program/ir.js';

/** Arrays by slot name, row-major. */
export type Arrays = Readonly<Record<string, Float64Array>>;

/** One task for a program: where it starts, what it sees. */
export interface Episode {
  /** States and constants of the program by name. */
  readonly start: Arrays;
  /** Number of steps. */
  readonly steps: number;
  /** Per step input, the values of all steps one after the other: `steps × rows × columns`. */
  readonly stepInputs: Arrays;
  readonly queryInputs: Arrays;
}

/** Where numbers stopped being finite. */
export interface Divergence {
  /** The step after which a state was not finite (from 0), or 'readout' or 'gradient'. */
  readonly step: number | 'readout' | 'gradient';
  /** The state (`recurrent: e` for memory of a rule), output or parameter, as named by the program. */
  readonly where: string;
}

export interface EpisodeResult {
  /** NaN only when `divergence` says so. */
  readonly loss: number;
  /** Outputs of the read-out other than the loss. */
  readonly outputs: Arrays;
  /** d loss / d parameter, in the program's order; absent when not asked for. */
  readonly gradient?: Float64Array;
  /** States after the last step; given when asked for. */
  readonly states?: Arrays;
  /** d loss / d starting value of every state; given when asked for together with the gradient. */
  readonly startGradient?: Arrays;
  /**
   * Values of the recorded slots after steps `every`, 2 `every`, …, one after the other; of an episode
   * that diverged, those before the step in which it did.
   */
  readonly record?: Arrays;
  readonly divergence: Divergence | null;
}

export interface RunOptions {
  readonly gradient: boolean;
  readonly states?: boolean;
  readonly startGradient?: boolean;
  /** States or observed slots to be recorded every so many steps. Changes no result. */
  readonly record?: { readonly slots: readonly string[]; readonly every: number };
}

/** A program made ready on an engine. */
export interface Runner {
  readonly program: Program;
  /**
   * Runs episodes that have equal numbers of steps. `parameters` in the program's order. Throws an
   * `EngrammarError` where something does not fit the program (E704, E705, E707, E708).
   */
  run(
    episodes: readonly Episode[],
    parameters: ArrayLike<number>,
    options: RunOptions,
  ): Promise<EpisodeResult[]>;
  /**
   * As `run`, with the results at once. Engines that compute in the thread of the caller and wait for
   * nothing have it: only they can be called where nothing may be waited for, as in an operation of
   * TensorFlow.js (`episodeOperation`).
   */
  runNow?(
    episodes: readonly Episode[],
    parameters: ArrayLike<number>,
    options: RunOptions,
  ): EpisodeResult[];
  /** What runs have taken so far. The fused engine knows; on threads it does not. */
  spent?(): Spent;
  dispose(): void;
}

export interface Spent {
  /** Additions and multiplications of two numbers (see `flopsOf`). */
  readonly flops: number;
  /** Of WebAssembly memory, which only grows. */
  readonly memoryBytes: number;
}

export interface Engine {
  readonly name: 'interpret' | 'tfjs' | 'fused';
  /** For tfjs: cpu, wasm, tensorflow. */
  readonly backend: string | null;
  readonly precision: 'float64' | 'float32';
  prepare(program: Program): Promise<Runner>;
}
