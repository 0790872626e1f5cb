import type { FolderOptions } from '../runs/options.js';
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

export interface SessionOptions extends FolderOptions {
  onProgress?(progress: DiscoveryProgress): void;
  /** What runs the jobs; worker threads, one a processor or as the experiment says, if not given. */
  readonly threads?: Threads;
}
