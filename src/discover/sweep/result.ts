import type { ComputedBy } from '../../experiments/computed-by.js';

/** A mean over seeds with its bootstrap interval; infinite bounds of a single seed. */
export interface OverSeeds {
  readonly mean: number;
  readonly lo: number;
  readonly hi: number;
  readonly seeds: number;
}

/** How well rules learn, over seeds. */
export interface Scores {
  /** Null where a task asks nothing. */
  readonly accuracy: OverSeeds | null;
  readonly loss: OverSeeds;
}

/** The found rules on held-out tasks, learning from so many images a class. */
export interface AtHorizon extends Scores {
  /** Null where the task has no classes. */
  readonly shots: number | null;
  /** Of all tasks of all seeds. */
  readonly diverged: number;
}

/** A coefficient, or another parameter that was searched, at the end. */
export interface FoundParameter {
  readonly id: string;
  /** Of a term: its text. */
  readonly text: string | null;
  readonly value: OverSeeds;
  /** Of a term: in units of equal update size. */
  readonly standardised: OverSeeds | null;
  /** Of a term: share of the seeds in which it is left, its standardised coefficient not far below the largest. */
  readonly left: number | null;
}

/** What the rules do without something, on the same tasks: the change of accuracy and loss. */
export interface Ablation extends Scores {
  /** The terms that are taken out: one, or all those that are not left. */
  readonly without: readonly string[] | 'all that are not left';
}

export interface CellResult {
  readonly name: string;
  readonly subject: 'space' | 'rule';
  readonly parameters: readonly FoundParameter[];
  /** Sets of terms that are left, the most frequent first; null for a rule. */
  readonly left: readonly { readonly terms: readonly string[]; readonly seeds: number }[] | null;
  /** Means over the last tenth of the search. */
  readonly training: Scores & {
    readonly measures: Readonly<Record<string, readonly (OverSeeds | null)[]>>;
  };
  readonly heldOut: readonly AtHorizon[];
  /** This cell minus another, seed by seed on the same tasks; null for that cell itself. */
  readonly difference: {
    readonly against: string;
    readonly heldOut: readonly (Scores & { readonly shots: number | null })[];
  } | null;
  readonly ablations: readonly Ablation[];
  /** Episodes of the searches. */
  readonly divergedEpisodes: number;
}

/** What a sweep comes to. */
export interface SweepResult {
  readonly schemaVersion: 1;
  readonly experiment: string;
  readonly seed: number;
  readonly seeds: number;
  /** Held-out tasks of each seed. */
  readonly tasks: number;
  /** Of the intervals. */
  readonly level: number;
  readonly against: string;
  readonly cells: readonly CellResult[];
  readonly engine: ComputedBy;
  readonly runFolder: string;
  readonly seconds: number;
}
