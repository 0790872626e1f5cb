import { invalidTaskSize, tooFewClasses, tooFewImages } from '../base/diagnostics/data.js';
import type { Stream } from '../base/random.js';
import { failure, type Result, success } from '../base/result.js';
import type { FewShotOptions, FewShotTask, ImageSet, Pool } from './types.js';

/**
 * A set in parts that share no image: one to search with, one held out for the evaluation, and one to
 * compare candidates on, where a share is set aside for it.
 */
export interface Split {
  /** What is held out: images of every class, or whole classes. */
  readonly heldOut: 'images' | 'classes';
  readonly search: Pool;
  /** Null where no share is set aside: candidates are then compared on the images of the search. */
  readonly validation: Pool | null;
  readonly evaluation: Pool;
}

/** Every image of the set, by class. */
export function wholePool(set: ImageSet): Pool {
  const images = new Map<number, number[]>();
  set.labels.forEach((label, image) => {
    const numbers = images.get(label);
    if (numbers) numbers.push(image);
    else images.set(label, [image]);
  });
  return { set, images: new Map([...images].sort(([a], [b]) => a - b)) };
}

/**
 * Holds out `share` of the images of each class (rounded; at least one where there are two), and of the
 * others the share `validation`, in the same way. This one changes nothing of what is held out.
 */
export function splitImages(set: ImageSet, stream: Stream, share: number, validation = 0): Split {
  const parts = { search: new Map(), aside: new Map(), evaluation: new Map() };
  for (const [label, images] of wholePool(set).images) {
    const held = clamp(Math.round(share * images.length), images.length);
    const left = images.length - held;
    const aside = validation > 0 ? clamp(Math.round(validation * images.length), left) : 0;
    const mixed = stream.child('class', label).choose(images);
    parts.evaluation.set(label, ascending(mixed.slice(0, held)));
    parts.aside.set(label, ascending(mixed.slice(held, held + aside)));
    parts.search.set(label, ascending(mixed.slice(held + aside)));
  }
  return {
    heldOut: 'images',
    search: { set, images: parts.search },
    validation: validation > 0 ? { set, images: parts.aside } : null,
    evaluation: { set, images: parts.evaluation },
  };
}

/** The same with whole classes, but leaves `ways` on each side where there are enough. */
export function splitClasses(
  set: ImageSet,
  stream: Stream,
  share: number,
  ways: number,
  validation = 0,
): Split {
  const whole = wholePool(set).images;
  const classes = [...whole.keys()];
  const sized = (part: number, left: number): number =>
    Math.min(Math.max(Math.round(part * classes.length), ways), Math.max(left - ways, 0));
  const held = sized(share, classes.length);
  const aside = validation > 0 ? sized(validation, classes.length - held) : 0;
  // The first ones drawn are the same however many are drawn.
  const drawn = stream.choose(classes, held + aside);
  const evaluation = new Set(drawn.slice(0, held));
  const between = new Set(drawn.slice(held));
  const part = (isIn: (label: number) => boolean): Pool => ({
    set,
    images: new Map([...whole].map(([label, images]) => [label, isIn(label) ? images : []])),
  });
  return {
    heldOut: 'classes',
    search: part((label) => !evaluation.has(label) && !between.has(label)),
    validation: validation > 0 ? part((label) => between.has(label)) : null,
    evaluation: part((label) => evaluation.has(label)),
  };
}

/** With at least this many times as many classes as a task has, whole classes are held out. */
const CLASSES_PER_WAY = 4;

/** Held-out classes where there are enough (4 × ways), held-out images otherwise. */
export function splitSet(
  set: ImageSet,
  stream: Stream,
  share: number,
  ways: number,
  validation = 0,
): Split {
  const classes = wholePool(set).images.size;
  return classes >= CLASSES_PER_WAY * ways
    ? splitClasses(set, stream, share, ways, validation)
    : splitImages(set, stream, share, validation);
}

/** The classes of which such tasks can be drawn from the pool; the reasons if there are none. */
export function checkTasks(pool: Pool, options: FewShotOptions): Result<readonly number[]> {
  const faults = (
    [
      ['ways', options.ways, 2],
      ['shots', options.shots, 1],
      ['queries', options.queries, 1],
    ] as const
  ).filter(([, value, least]) => !Number.isSafeInteger(value) || value < least);
  if (faults.length > 0) {
    return failure(
      ...faults.map(([name, value, least]) => invalidTaskSize({ name, value, least })),
    );
  }
  const needed = options.shots + options.queries;
  const usable: number[] = [];
  let most = 0;
  for (const [label, images] of pool.images) {
    if (images.length >= needed) usable.push(label);
    most = Math.max(most, images.length);
  }
  const set = pool.set.name;
  if (usable.length === 0) return failure(tooFewImages({ set, needed, most }));
  if (usable.length < options.ways) {
    return failure(tooFewClasses({ set, ways: options.ways, classes: usable.length }));
  }
  return success(usable);
}

/**
 * Draws one task: `ways` different classes, from each `shots` support and `queries` query images,
 * all different; support images of all classes are shuffled together, as they are learned one at a
 * time. Everything comes from the stream, so a stream named by the task's number gives the same
 * task in whatever order and by whichever worker tasks are drawn.
 */
export function sampleTask(
  pool: Pool,
  options: FewShotOptions,
  stream: Stream,
): Result<FewShotTask> {
  const usable = checkTasks(pool, options);
  if (!usable.ok) return usable;
  const { ways, shots, queries } = options;
  const classes = ascending(stream.child('classes').choose(usable.value, ways));
  const support: number[] = [];
  const query: number[] = [];
  for (const label of classes) {
    const drawn = stream.child('images', label).choose(pool.images.get(label)!, shots + queries);
    support.push(...drawn.slice(0, shots));
    query.push(...drawn.slice(shots));
  }
  const order = stream.child('order').choose(support);
  return success({ support: gather(pool.set, order), query: gather(pool.set, query), classes });
}

function gather(set: ImageSet, numbers: readonly number[]): FewShotTask['support'] {
  const size = set.height * set.width;
  const images = new Float64Array(numbers.length * size);
  numbers.forEach((image, row) => {
    images.set(set.pixels.subarray(image * size, (image + 1) * size), row * size);
  });
  return { images, labels: numbers.map((image) => set.labels[image]!) };
}

function clamp(held: number, count: number): number {
  return count < 2 ? 0 : Math.min(Math.max(held, 1), count - 1);
}

function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}
