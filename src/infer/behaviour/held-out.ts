import type { Courses } from '../hidden/courses.js';
import { gaussNewton, linearised, type Optimum } from '../hidden/gauss-newton.js';
import { kept, ofTerms } from '../hidden/select.js';
import { combineMoments } from '../sparse/moments.js';
import { selectSupport } from '../sparse/select-support.js';
import { CHOICE_OPTIONS } from './select-choices.js';

/** What a rule from other animals explains of animals that it was not fitted to. */
export interface HeldOut {
  /** Share of the deviance of animals that do not learn. */
  readonly r2: number;
  /** In how many parts the animals were; each was held out once. */
  readonly folds: number;
}

const MOST_FOLDS = 5;
const LEAST_ANIMALS = 4;

/**
 * Cross-validation over animals: terms are chosen and fitted without some of them, and their choices
 * predicted with these numbers; what only they have (first preferences) may be anything that the spread of
 * preferences allows. Null for fewer than four animals, or where something does not stay finite.
 */
export async function heldOut(
  courses: Courses,
  { optimum, nothing, animals }: { optimum: Optimum; nothing: Optimum; animals: number },
): Promise<HeldOut | null> {
  if (animals < LEAST_ANIMALS) return null;
  const folds = Math.min(MOST_FOLDS, animals);
  let [explained, all] = [0, 0];
  for (let fold = 0; fold < folds; fold++) {
    const order = Array.from({ length: animals }, (_, k) => k);
    const test = order.filter((k) => k % folds === fold);
    const train = order.filter((k) => k % folds !== fold);
    const costs: number[] = [];
    for (const from of [optimum, nothing]) {
      const support = from === nothing ? [] : chosenOn(courses, from, train);
      const cost = await predicted(courses, from, { support, train, test });
      if (cost === null) return null;
      costs.push(cost);
    }
    explained += costs[1]! - costs[0]!;
    all += costs[1]!;
  }
  return { r2: explained / all, folds };
}

function chosenOn({ size, terms }: Courses, optimum: Optimum, train: readonly number[]): number[] {
  const blocks = linearised(optimum, size);
  const moments = ofTerms(combineMoments(train.map((k) => blocks[k]!)), terms);
  return [...selectSupport(moments, { price: CHOICE_OPTIONS.price }).support];
}

/** −2 log probability of the choices of some animals, with numbers from others. */
async function predicted(
  courses: Courses,
  { point }: Optimum,
  {
    support,
    train,
    test,
  }: { support: readonly number[]; train: readonly number[]; test: readonly number[] },
): Promise<number | null> {
  const { size, own, terms, always } = courses;
  const pointOf = (shared: Float64Array, animals: readonly number[]): Float64Array =>
    Float64Array.from([
      ...shared.subarray(0, size),
      ...animals.flatMap((k) => [...point.subarray(size + k * own, size + (k + 1) * own)]),
    ]);
  const start = pointOf(kept(point, support, terms), train);
  const moving = [...support, ...always];
  const fitted = await gaussNewton(courses.only(train), start, moving, CHOICE_OPTIONS.least);
  if (!fitted) return null;
  const those = courses.only(test);
  const found = await gaussNewton(those, pointOf(fitted.point, test), [], CHOICE_OPTIONS.least);
  return found && found.cost + those.evidence(found);
}
