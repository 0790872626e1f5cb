import { Stream } from '../base/random.js';
import { unwrap } from '../base/result.js';
import { type FeedForwardOptions, feedForward } from '../circuits/feed-forward.js';
import type { Circuit } from '../program/circuit.js';
import { accuracyOf, fewShotEpisode } from '../tasks/episodes.js';
import { type ImageSource, loadImages } from '../tasks/registry.js';
import { type Split, splitSet } from '../tasks/sampler.js';
import type { FewShotOptions } from '../tasks/types.js';
import type { LabelledEpisode } from './train.js';

/** The part of an experiment that says what has to be learned, and in which network: plain data. */
export interface Study {
  readonly images: ImageSource;
  readonly few: FewShotOptions;
  /** Share of images or classes that only the evaluation sees. */
  readonly heldOut: number;
  readonly hidden: readonly number[];
  readonly beta: number;
  readonly seed: number;
}

export type Feedback = FeedForwardOptions['feedback'];

/**
 * What episodes are for. `search` drives the meta-learner, `scale` measures the terms, `choose`
 * decides between candidates; only `score` sees held-out images, and nothing is decided by it.
 */
export type EpisodeKind = 'search' | 'scale' | 'choose' | 'score';

/** The images of a study, split, and the episodes made from them. */
export class StudyData {
  readonly study: Study;
  readonly split: Split;
  /** Neurons a layer, input and output included. */
  readonly sizes: readonly number[];

  /** Throws an `EngrammarError` when the images cannot be read or do not suffice. */
  constructor(study: Study) {
    this.study = study;
    const set = unwrap(loadImages(study.images));
    const stream = new Stream(study.seed, 'split');
    this.split = splitSet(set, stream, study.heldOut, study.few.ways);
    this.sizes = [set.height * set.width, ...study.hidden, set.classes];
  }

  circuit(feedback: Feedback): Circuit {
    const { beta, few } = this.study;
    return feedForward({ sizes: this.sizes, beta, feedback, queries: few.ways * few.queries });
  }

  episode(kind: EpisodeKind, index: number, feedback: Feedback): LabelledEpisode {
    const { few, seed } = this.study;
    const pool = kind === 'score' ? this.split.evaluation : this.split.search;
    const made = fewShotEpisode(pool, few, this.circuit(feedback), seed, kind, index);
    const { episode, labels } = unwrap(made);
    return { episode, accuracy: (outputs) => accuracyOf(outputs.logits!, labels) };
  }
}

let latest: { readonly key: string; readonly data: StudyData } | null = null;

/** The data of a study; the last one stays in memory, since a worker runs many jobs of one study. */
export function dataOf(study: Study): StudyData {
  const key = JSON.stringify(study);
  if (latest?.key !== key) latest = { key, data: new StudyData(study) };
  return latest.data;
}
