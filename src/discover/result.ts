import type { ComputedBy } from '../experiments/computed-by.js';
import type { Interval } from '../experiments/intervals.js';
import type { Latex } from '../express/latex.js';
import type { Grade } from '../language/signals.js';

export type { ComputedBy } from '../experiments/computed-by.js';
export type { Interval } from '../experiments/intervals.js';

/** How well a rule learns. */
export interface RuleMetrics {
  /** Share of query images that were right, in [0, 1]; null where a task asks nothing. */
  readonly accuracy: Interval | null;
  /** What the circuit's read-out says: of images that are asked about, the mean cross-entropy. */
  readonly loss: Interval;
  /** Tasks whose numbers stopped being finite: all wrong in the accuracy, left out of the loss. */
  readonly diverged: number;
}

/** A rule that was run on the same held-out tasks. */
export interface ScoredRule {
  readonly name: string;
  /** One sentence: what it is and how it was tuned. */
  readonly about: string;
  /** Exactly what was parsed and scored. */
  readonly text: string;
  readonly metrics: RuleMetrics;
  /** The discovered rule minus this one, task by task; null where there is no rule. */
  readonly gain: Gain | null;
}

/** A paired difference on the same tasks. */
export interface Gain {
  readonly accuracy: Interval | null;
  readonly loss: Interval;
}

/** What rules come to under other circumstances than those in which they were found. */
export interface AlsoScored {
  readonly name: string;
  /** What is different: options of the circuit, the whole task ({}: the same), how far coefficients are changed at random. */
  readonly circuit: Readonly<Record<string, unknown>>;
  readonly task: Readonly<Record<string, unknown>>;
  readonly jitter: number;
  /** Of the discovered rule; null where there is none. */
  readonly metrics: RuleMetrics | null;
  readonly baselines: readonly Pick<ScoredRule, 'name' | 'metrics' | 'gain'>[];
}

/** A term that the printed rule has. */
export interface DiscoveredTerm {
  readonly id: string;
  readonly text: string;
  readonly coefficient: number;
  /** In which the coefficient lies, at the level of the experiment; null where nothing has measured it. */
  readonly interval: readonly [number, number] | null;
  /** Share of the searches that found the term; null where there was one search. */
  readonly inclusion: number | null;
  readonly verdict: 'established' | 'tentative' | 'not identifiable' | 'not assessed';
  /**
   * Rise of the loss when the term alone is left out (the parameter has the value as written), on fresh
   * tasks of the search; null where nothing else is left.
   */
  readonly effect: Interval | null;
  /** Texts of terms that do as well in its place. */
  readonly aliases: readonly string[];
}

/** The best rule of a size among those that were tried. */
export interface FrontRow {
  /** Names of its terms. */
  readonly terms: readonly string[];
  /** Names other than parameters, sums and functions in its terms, as `engrammar terms` counts them. */
  readonly complexity: number;
  /** Mean over fresh tasks of the search; tasks that diverged count as a loss far above chance. */
  readonly loss: Interval;
  /** Whether it has the terms of the reported rule. */
  readonly reported: boolean;
}

/** How many rules the reported one was chosen from, where rules grow term by term. */
export interface CandidateCounts {
  /** Pairs of a rule and a further term of which the derivative of the loss was measured. */
  readonly scored: number;
  /** Those of which several coefficients were tried. */
  readonly probed: number;
  /** Sets of terms that were fitted, and compared with one another. */
  readonly tried: number;
  /** Monomials in the normal form of the reported rule. */
  readonly monomials: number;
  /** What the reported rule needs beside the synapse, and the part of it that needs that. */
  readonly locality: { readonly grade: Grade; readonly because: string | null } | null;
  /**
   * Of terms of the rule others of the space whose derivatives were proportional where the term was
   * found: of these only the simplest was tried.
   */
  readonly alike: readonly { readonly id: string; readonly texts: readonly string[] }[];
}

/** A printed rule. */
export interface FoundRule {
  readonly text: string;
  readonly latex: Latex;
}

/** What a discovery comes to. */
export interface DiscoveryResult {
  readonly schemaVersion: 1;
  readonly experiment: string;
  /** What was given: a space of terms, or one rule whose parameters are fitted (the `terms` are then these). */
  readonly subject: 'space' | 'rule';
  readonly seed: number;
  /** Searches with tasks and initial weights of their own. */
  readonly searches: number;
  readonly engine: ComputedBy;
  /** Null when the answer is "no rule". */
  readonly rule: FoundRule | null;
  readonly terms: readonly DiscoveredTerm[];
  /** Terms of the space that the rule does without, and what removed them. */
  readonly dropped: readonly { readonly id: string; readonly text: string; readonly by: string }[];
  /** How many rules the reported one was chosen from; null where all terms were searched at once. */
  readonly candidates: CandidateCounts | null;
  /** Of every size the best rule that was tried, the smallest first. */
  readonly front: readonly FrontRow[];
  readonly metrics: RuleMetrics | null;
  readonly baselines: readonly ScoredRule[];
  /** Paired difference to a baseline (rule minus baseline) on the same tasks. */
  readonly gain: (Gain & { readonly over: string }) | null;
  /** The same rules under other circumstances. */
  readonly also: readonly AlsoScored[];
  readonly divergedEpisodes: number;
  readonly runFolder: string;
  readonly seconds: number;
}
