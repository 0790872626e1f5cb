import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import type { Threads } from './execute.js';
import type { RuleSoFar } from './so-far.js';

/** How far a discovery is. */
export interface DiscoveryProgress {
  /** Episodes run, and expected in all. */
  readonly done: number;
  readonly expected: number;
  readonly seconds: number;
  /** Of those done, episodes that an earlier process ran. */
  readonly before: number;
  /** Episodes of searches that diverged. */
  readonly diverged: number;
  /** Null before its first step. */
  readonly rule: RuleSoFar | null;
}

export interface SessionOptions {
  /** Run folder; a new one under ./runs if not given. */
  readonly out?: string;
  /** What the person typed, for the manifest. */
  readonly command: readonly string[];
  /** engrammar and whatever else computes, for the manifest. */
  readonly versions: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds between two checkpoints at least. Default: 1000. */
  readonly saveEvery?: number;
  onFolder?(path: string): void;
  onProgress?(progress: DiscoveryProgress): void;
  /** What there is to say about the engine: another one computes, or computed part of it. */
  onWarning?(warning: Diagnostic): void;
  /** What runs the jobs; worker threads, one a processor or as the experiment says, if not given. */
  readonly threads?: Threads;
}
