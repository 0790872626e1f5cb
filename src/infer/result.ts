import type { DiscoveredTerm, FoundRule } from '../discover/result.js';
import type { DataRelation } from './trust/alias-words.js';
import type { NearRelation } from './trust/near-alias-words.js';

/** Why terms are dropped that were found where the answer is "no rule". */
export const REFUSED = {
  chance: 'no better than chance',
  drift: 'no better than a slow course of time',
} as const;

/** What was found where it is no rule, and why it is none. */
export interface RefusedRule {
  /** `chance`: shifted changes agree as well; `drift`: a slow course of time explains as much. */
  readonly why: keyof typeof REFUSED;
  readonly terms: readonly string[];
  readonly r2: number;
}

/** A slow course of time and no rule: polynomials of fourth degree. */
export interface DriftModel {
  readonly r2: number;
  /** Numbers that were fitted. */
  readonly numbers: number;
  /** Whether every synapse has a course of its own, or all have the same. */
  readonly of: 'each' | 'all';
}

/** How well a rule describes recorded changes of weights. */
export interface FitMetrics {
  /** Mean square of what the rule leaves of the changes. */
  readonly loss: number;
  /** Share of the mean square of the changes that the rule explains. */
  readonly r2: number;
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
  /** Terms that stood in its place where resampled data did without it. */
  readonly instead: readonly string[];
  /** How often shifted changes agreed with a term as well as the recorded ones do with this. */
  readonly p: number;
}

/** A parameter inside the terms whose value was fitted with the rule. */
export interface FittedParameter {
  readonly name: string;
  /** In the unit in which it is written. */
  readonly value: number;
  /** As written: `ms`; '' for a plain number. */
  readonly unit: string;
  /** 90 %. */
  readonly interval: readonly [low: number, high: number];
  /** Whether the data tell it: its interval is narrow beside the value, and within the range of the space. */
  readonly isTold: boolean;
}

/** The best rule of a size that was found. */
export interface SizedRule {
  readonly terms: readonly string[];
  readonly r2: number;
}

/** The rule with numbers in the place of parameters, and common factors taken out. */
export interface FactoredRule {
  /** `dw = …`; a line for each event that gates terms. */
  readonly text: string;
  /** Its own: coefficients that may be equal have been made equal. */
  readonly r2: number;
}

/** A rule of the catalogue. */
export interface KnownRule {
  readonly name: string;
  /** How many times as fast the inferred rule learns. */
  readonly scale: number;
  /** 0: it is this rule; else the share of their terms that differ. */
  readonly distance: number;
}

/** What fitting a rule to a recording comes to. */
export interface InferResult {
  readonly schemaVersion: 1;
  readonly recording: string;
  readonly target: string;
  /** What was recorded: changes of weights; activity, or choices and rewards, from hidden weights. */
  readonly observed: 'changes' | 'activity' | 'choices';
  readonly seed: number;
  /** Null: a recording needs no engine. */
  readonly engine: null;
  /** Null when the answer is "no rule". */
  readonly rule: FoundRule | null;
  /** What was found nevertheless where the answer is "no rule"; null where nothing was. */
  readonly refused: RefusedRule | null;
  /** Null where there is no rule, or where weights were not observed. */
  readonly factored: FactoredRule | null;
  /** The known rule that this is, or the nearest; null where columns are not known to mean signals. */
  readonly known: KnownRule | null;
  readonly terms: readonly InferredTerm[];
  /** Parameters that the space marks `fit`, where the rule needs them. */
  readonly fitted?: readonly FittedParameter[];
  readonly dropped: readonly { readonly id: string; readonly text: string; readonly by: string }[];
  /** Of the printed rule, parsed again. */
  readonly metrics: FitMetrics | null;
  readonly baselines: readonly FittedRule[];
  /** Terms that are one and the same on these data, the one that stands for them first. */
  readonly aliases: readonly (readonly string[])[];
  /** Why they are, and what would tell them apart. */
  readonly relations: readonly DataRelation[];
  /** Terms that are nearly sums of simpler ones on these data, and what would tell them apart. */
  readonly nearAliases: readonly NearRelation[];
  /**
   * How often changes that were shifted in time (activity: trials that have changed places) agree with
   * the library (the rule) as well as the recorded ones. No shifts: there was too little to shift.
   */
  readonly nullTest: {
    readonly p: number;
    readonly shifts: number;
    readonly rows: number;
    /** What a slow course of time explains; null for activity. */
    readonly drift: DriftModel | null;
  };
  readonly fit: {
    readonly r2: number;
    readonly rows: number;
    /** Rows of the file that were left out. */
    readonly dropped: number;
    readonly resampled: {
      readonly by: 'trial' | 'synapse' | 'stretch' | 'animal';
      readonly blocks: number;
    };
  };
  /** Choices: what rules from other animals explain of animals that were held out, each in one of the folds. */
  readonly heldOut?: { readonly r2: number; readonly folds: number } | null;
  /** Above 1, an L1 penalty alone would not find this rule on these data. Null where there is none. */
  readonly irrepresentable: number | null;
  /** What each further term buys. */
  readonly path: readonly SizedRule[];
  readonly runFolder: string | null;
}
