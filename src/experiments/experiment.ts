import type { Source } from '../base/source.js';
import type { Locator } from './diagnose.js';
import type { ExperimentConfig } from './schema.js';
import type { Subject } from './subject.js';

/** A checked experiment: every default filled in, every path absolute. */
export interface Experiment {
  /** The file's name without folder and ending. */
  readonly name: string;
  readonly source: Source;
  /** Where what it says stands in the source. */
  readonly where: Locator['where'];
  /** What the experiment is about: where its space or rule is; null where nothing learns by a rule. */
  readonly subject: Subject | null;
  /** Rules by the kind of projection they stand on, where `rules` says so. */
  readonly rules: Readonly<Record<string, Subject>>;
  /** What is run beside them. */
  readonly others: readonly Other[];
  readonly config: ExperimentConfig;
}

/** What is run beside the rules of an experiment: an experiment of its own, on the same seed. */
export interface Other {
  readonly name: string;
  /** What the file says of it; null: nothing. */
  readonly about: string | null;
  /** What differs from the file, besides rules, in a few words each. */
  readonly differences: readonly string[];
  readonly experiment: Experiment;
}
