import type { Result } from '../base/result.js';
import { loadDigits } from './digits.js';
import { loadGlyphs } from './glyphs.js';
import { loadIdx } from './idx.js';
import { poolImages } from './pool.js';
import type { ImageSet } from './types.js';

/** One option of a task as written in an experiment file. */
export interface TaskOption {
  readonly name: string;
  /** Undefined: it must be given. */
  readonly fallback: number | undefined;
  readonly least?: number;
  readonly most?: number;
  readonly meaning: string;
}

/** A kind of task, for `engrammar tasks`. */
export interface TaskKind {
  readonly name: 'digits' | 'glyphs' | 'images';
  readonly meaning: string;
  readonly options: readonly TaskOption[];
}

/** Options of every few-shot task. */
export const fewShotOptions = {
  ways: {
    name: 'ways',
    fallback: 5,
    least: 2,
    most: 1000,
    meaning: 'M: different classes in a task',
  },
  shots: {
    name: 'shots',
    fallback: 20,
    least: 1,
    most: 10000,
    meaning: 'K: images a class to learn from, shown once, one at a time',
  },
  queries: {
    name: 'queries',
    fallback: 10,
    least: 1,
    most: 10000,
    meaning: 'Q: images a class to be asked about after learning',
  },
  pool: {
    name: 'pool',
    fallback: 2,
    least: 1,
    most: 64,
    meaning: 'average pooling: 2 makes images of 28 × 28 pixels 14 × 14, 1 leaves them as they are',
  },
  heldOut: {
    name: 'heldOut',
    fallback: 0.3,
    least: 0.01,
    most: 0.9,
    meaning:
      'share of the images (of the classes, where there are at least four times as many as ways) that only the evaluation sees',
  },
} as const satisfies Record<string, TaskOption>;

/** Options of the task `images`. Paths are relative to the experiment file. */
export const imagePathOptions = {
  images: { name: 'images', fallback: undefined, meaning: 'an IDX file of images, gzipped or not' },
  labels: {
    name: 'labels',
    fallback: undefined,
    meaning: 'the IDX file of their labels, gzipped or not',
  },
} as const satisfies Record<string, TaskOption>;

/** Every kind of task there is. */
export const TASKS: readonly TaskKind[] = [
  {
    name: 'digits',
    meaning:
      'few-shot classification of real handwritten digits (10,000 images of MNIST, ten classes); comes with the package',
    options: Object.values(fewShotOptions),
  },
  {
    name: 'glyphs',
    meaning:
      'few-shot classification of drawn digits and letters (47 classes with 240 images each, from 24 hands and typefaces); comes with the package',
    options: Object.values(fewShotOptions),
  },
  {
    name: 'images',
    meaning: 'few-shot classification of any images in IDX files, such as EMNIST or Fashion-MNIST',
    options: [...Object.values(imagePathOptions), ...Object.values(fewShotOptions)],
  },
];

/** Which images a task is about. */
export type ImageSource =
  | { readonly name: 'digits' | 'glyphs'; readonly pool: number }
  | {
      readonly name: 'images';
      readonly images: string;
      readonly labels: string;
      readonly pool: number;
    };

/** Reads the images of a task and pools them. */
export function loadImages(source: ImageSource): Result<ImageSet> {
  const set = loadSet(source);
  return set.ok ? poolImages(set.value, source.pool) : set;
}

function loadSet(source: ImageSource): Result<ImageSet> {
  switch (source.name) {
    case 'digits':
      return loadDigits();
    case 'glyphs':
      return loadGlyphs();
    case 'images':
      return loadIdx(source.images, source.labels);
  }
}
