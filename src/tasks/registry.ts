import type { SequenceKind, TaskKind, TaskOption } from './kind.js';
import { drawing } from './kinds/drawing.js';
import { gaussian } from './kinds/gaussian.js';
import { latentInputs } from './kinds/latent-inputs.js';
import { patterns } from './kinds/patterns.js';
import { poisson } from './kinds/poisson.js';
import { recorded } from './kinds/recorded.js';
import { reservoirInputs } from './kinds/reservoir-inputs.js';
import { sequences } from './kinds/sequences.js';
import { shownImages } from './kinds/shown-images.js';
import { sines } from './kinds/sines.js';
import { trajectories } from './kinds/trajectories.js';
import { views } from './kinds/views.js';

export type { TaskKind } from './kind.js';

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
  validation: {
    name: 'validation',
    fallback: 0,
    least: 0,
    most: 0.9,
    meaning:
      'share of the images (or classes) on which candidates are compared, and which neither the searches nor the evaluation see; 0: candidates are compared on other tasks of the images of the search',
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

/** Tasks that show a circuit inputs step by step, and ask nothing afterwards. */
export const SEQUENCES: readonly SequenceKind[] = [
  gaussian,
  shownImages,
  poisson,
  sines,
  sequences,
  patterns,
  trajectories,
  latentInputs,
  reservoirInputs,
  drawing,
  views,
  recorded,
];

const FEW_SHOT = 'feed-forward';

/** Every kind of task there is. */
export const TASKS: readonly TaskKind[] = [
  {
    name: 'digits',
    meaning:
      'few-shot classification of real handwritten digits (10,000 images of MNIST, ten classes); comes with the package',
    circuits: FEW_SHOT,
    options: Object.values(fewShotOptions),
  },
  {
    name: 'glyphs',
    meaning:
      'few-shot classification of drawn digits and letters (47 classes with 240 images each, from 24 hands and typefaces); comes with the package',
    circuits: FEW_SHOT,
    options: Object.values(fewShotOptions),
  },
  {
    name: 'images',
    meaning: 'few-shot classification of any images in IDX files, such as EMNIST or Fashion-MNIST',
    circuits: FEW_SHOT,
    options: [...Object.values(imagePathOptions), ...Object.values(fewShotOptions)],
  },
  ...SEQUENCES,
];
