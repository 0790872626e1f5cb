import type { Diagnostic } from '../base/diagnostics/diagnostic.js';

/** How anything that has a run folder is run. */
export interface FolderOptions {
  /** Run folder; a new one under ./runs if not given. */
  readonly out?: string;
  /** What the person typed, for the manifest. */
  readonly command: readonly string[];
  /** engrammar and whatever else computes, for the manifest. */
  readonly versions: Readonly<Record<string, string>>;
  /** Stops it; its folder then holds all that was found out so far. */
  readonly signal: AbortSignal;
  /** Milliseconds between two checkpoints at least. Default: 1000. */
  readonly saveEvery?: number;
  onFolder?(path: string): void;
  /** What there is to say about the engine: another one computes, or computed part of it. */
  onWarning?(warning: Diagnostic): void;
}
