import type { Courses } from '../hidden/courses.js';
import { gaussNewton } from '../hidden/gauss-newton.js';
import { type HiddenSelection, selectHidden } from '../hidden/select.js';
import { criterionOf, DEVIANCE_PRICE } from '../sparse/criterion.js';

/** What is chosen for choices, and how much animals differ before they learn. */
export interface ChoiceSelection {
  /** With the differences between animals that suit the data best. */
  readonly courses: Courses;
  readonly selection: HiddenSelection;
  /** In the units of the courses' spread; 0: all begin alike. */
  readonly spread: number;
}

export const CHOICE_OPTIONS = {
  price: DEVIANCE_PRICE,
  begin: ['nothing'],
  // Of some thousands of choices, a hundredth of what a term has to be worth.
  least: 1e-6,
} as const;

/** Differences between animals that are tried. */
const SPREADS = [0, 0.25, 0.5, 1, 2];
const MOST_ROUNDS = 3;

/**
 * Terms for choices: chosen as if all animals began alike; then the spread of their first preferences
 * under which what was chosen, or nothing, makes the choices likeliest (whatever the preferences of each
 * are); chosen again with that, until it stays. If preferences could differ at no cost, terms with the
 * weight could follow the choices of each animal by its own start; if they could not differ, a rule would
 * stand for what animals brought with them.
 */
export async function selectChoices(
  courses: Courses,
  spreads: readonly number[] = SPREADS,
): Promise<ChoiceSelection | null> {
  let spread = spreads[0]!;
  let current = courses.spreadBy(spread);
  let selection = await selectHidden(current, CHOICE_OPTIONS);
  for (let round = 0; round < MOST_ROUNDS && selection && spreads.length > 1; round++) {
    const next = await likeliest(courses, selection, spreads);
    if (next === spread) break;
    spread = next;
    current = courses.spreadBy(spread);
    selection = await selectHidden(current, CHOICE_OPTIONS);
  }
  return selection && { courses: current, selection, spread };
}

async function likeliest(
  courses: Courses,
  { support, optimum, nothing }: HiddenSelection,
  spreads: readonly number[],
): Promise<number> {
  let best = { spread: spreads[0]!, cost: Number.POSITIVE_INFINITY };
  for (const spread of spreads) {
    const those = courses.spreadBy(spread);
    for (const [from, terms] of [
      [optimum.point, support],
      [nothing.point, []],
    ] as const) {
      const start = those.origin();
      start.set(from.subarray(0, courses.size));
      const moving = [...terms, ...courses.always];
      const fit = await gaussNewton(those, start, moving, CHOICE_OPTIONS.least);
      if (!fit) continue;
      const n = fit.trials.reduce((sum, each) => sum + each.n, 0);
      const table = { n, library: courses.terms, power: 0 };
      const price = criterionOf(table, 1, terms.length, DEVIANCE_PRICE);
      const cost = fit.cost + those.evidence(fit) + price;
      if (cost < best.cost) best = { spread, cost };
    }
  }
  return best.spread;
}
