import type { DiscoveredTerm, FoundRule } from '../discover/result.js';
import type { DataRelation } from './trust/alias-words.js';

/** How well a rule describes recorded changes of weights. */
export interface FitMetrics {
  /** Mean square of what the rule leaves of the changes. */
  readonly loss: number;
  /** Share of the mean square of the changes that the rule explains; null where they are all 0. */
  readonly r2: number | null;
}

/** A rule that was compared on the same rows. */
export interface FittedRule {
  readonly name: string;
  readonly about: string;
  /** Exactly what was parsed and computed. */
  readonly text: string;
  readonly metrics: FitMetrics;
}

/** A term that the printed rule has. */
export interface InferredTerm extends Omit<DiscoveredTerm, 'effect'> {
  /** Terms that it stands for: on these data they are multiples of it. */
  readonly aliases: readonly string[];
}

/** What fitting a rule to a recording comes to. */
export interface InferResult {
  readonly schemaVersion: 1;
  readonly recording: string;
  readonly target: string;
  readonly seed: number;
  /** Null: a recording needs no engine. */
  readonly engine: null;
  /** Null when the answer is "no rule". */
  readonly rule: FoundRule | null;
  readonly terms: readonly InferredTerm[];
  readonly dropped: readonly { readonly id: string; readonly text: string; readonly by: string }[];
  /** Of the printed rule, parsed again. */
  readonly metrics: FitMetrics | null;
  readonly baselines: readonly FittedRule[];
  /** Terms that are one and the same on these data, the one that stands for them first. */
  readonly aliases: readonly (readonly string[])[];
  /** Why they are, and what would tell them apart. */
  readonly relations: readonly DataRelation[];
  /** Null as long as nothing has tested it. */
  readonly nullTest: { readonly p: number; readonly shifts: number } | null;
  readonly fit: { readonly r2: number | null; readonly rows: number };
  readonly runFolder: string | null;
}
