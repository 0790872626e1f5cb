import { Stream } from '../base/random.js';
import { combination, leadingTerm } from './candidates.js';
import { compared } from './compared.js';
import type { Crew } from './crew.js';
import type { SlopesJob, SlopesResult, TrainJob, TrainResult } from './jobs.js';
import { baseOf, type DiscoveryPlan, jobName, searchJob } from './plan.js';
import { partText, refitJob, termsIn, valuesOf } from './refine.js';
import { dropEffect, meanLoss, survivors } from './select.js';
import type { Values } from './several-fits.js';

/** What the path of penalties comes to. */
export interface PathFound {
  /** The point with the smallest penalty. */
  readonly pool: TrainResult;
  /** Terms that any point has. */
  readonly kept: readonly string[];
  /** What that of the chosen point makes, fitted without the penalty. */
  readonly chosen: Values;
  /** The rules of all points, each fitted without the penalty. */
  readonly points: readonly Values[];
  readonly searches: readonly TrainResult[];
  /** What ran beside the first point. */
  readonly beside: readonly TrainResult[];
  /** Steps that fitting the rules of the points took, each. */
  readonly fitted: number;
}

/** In units of the noise of a gradient no penalty leaves less. */
const LARGEST = 1;
/** Episodes over which derivatives are measured where only the error term acts. */
const SLOPES = 20;
/** The smallest penalty, where none is given, as a share of the largest. */
const SMALLEST = 0.1;

/**
 * The search with a path of penalties: first the error term alone; then from the largest penalty at
 * which all others are zero, measured where that has led, down to `learner.penalty` in equal ratios, each
 * point starting from the coefficients of the one before. The error term is not penalised. All points
 * together have as many steps as one search. Then the rule of every point is fitted without the penalty,
 * and of these the smallest is taken that is not clearly worse than the best on fresh tasks.
 */
export async function searchPath(
  plan: DiscoveryPlan,
  crew: Crew,
  steps: { readonly search: number; readonly refit: number },
  beside: readonly TrainJob[],
): Promise<PathFound> {
  const { library, learner } = plan;
  const leading = leadingTerm(library);
  const optimizer = learner.optimizer === 'adam' ? 'proximal' : learner.optimizer;
  const exact = { ...plan, digits: EXACT };
  const share = Math.max(1, Math.floor(steps.search / learner.path));
  const pointJob = (k: number, penalty: number, start: Values): TrainJob => ({
    ...searchJob(
      { ...plan, learner: { ...learner, penalty, optimizer } },
      `path ${k + 1}`,
      combination('search', exact, start, true),
      { steps: share, penalised: true, reference: leading.id, from: k * share * learner.batch },
    ),
    unpenalised: [leading.id],
  });
  const ids = library.terms.map(({ id }) => id);
  const start: Values = new Map(
    library.terms.map(({ id }) => [id, id === leading.id ? leading.sign * learner.start : 0]),
  );
  const [first, ...others] = await crew.run([pointJob(0, LARGEST, start), ...beside]);
  const searches = [first!];
  const alone = new Map(
    [...valuesOf(plan, first!, ids)].map(([id, value]): [string, number] => [
      id,
      ids.includes(id) && id !== leading.id ? 0 : value,
    ]),
  );
  const [slopes] = await crew.run([slopesJob(plan, combination('search', exact, alone, true))]);
  let values: Values = alone;
  for (const [k, penalty] of penalties(slopes!, leading.id, learner).entries()) {
    const [point] = await crew.run([pointJob(k + 1, penalty, values)]);
    searches.push(point!);
    values = valuesOf(plan, point!, ids);
  }

  const supports = searches.map((point) => survivors(point, plan.select.threshold, ids));
  const distinct = searches.filter((_, k) => {
    const same = (other: readonly string[]): boolean => other.join() === supports[k]!.join();
    return supports[k]!.length > 0 && supports.findIndex(same) === k;
  });
  const fitted = Math.floor(steps.refit / 2);
  const starts = distinct.map((point) => valuesOf(plan, point, supports[searches.indexOf(point)]!));
  const refits = await crew.run(
    starts.flatMap((each, k) => refitJob(plan, `point ${k + 1}, refitted`, each, fitted)),
  );
  const points = refits.map((each, k) => valuesOf(plan, each, termsIn(plan, starts[k]!)));
  return {
    pool: searches.at(-1)!,
    kept: ids.filter((id) => supports.some((support) => support.includes(id))),
    chosen: await smallest(plan, crew, points),
    points,
    searches: [...searches, ...refits],
    beside: others,
    fitted,
  };
}

/** So many digits that a search goes on where the last one stopped. */
const EXACT = 17;

/** Derivatives of the loss by every term, episode by episode. */
function slopesJob(plan: DiscoveryPlan, ruleText: string): SlopesJob {
  return {
    kind: 'slopes',
    ...baseOf(plan),
    id: jobName(plan, 'slopes where the path begins'),
    ruleText,
    episodes: 'scale',
    from: 0,
    to: SLOPES,
  };
}

/**
 * Penalties after the first, in equal ratios. A proximal step keeps a coefficient at zero as long as the
 * mean of its derivative is a smaller share of its root mean square than the penalty.
 */
function penalties(
  { names, slopes }: SlopesResult,
  leading: string,
  { path, penalty }: DiscoveryPlan['learner'],
): number[] {
  const shares = names.map((name, k) => {
    const mean = slopes.reduce((sum, each) => sum + each[k]!, 0) / slopes.length;
    const square = slopes.reduce((sum, each) => sum + each[k]! ** 2, 0) / slopes.length;
    return name === leading || !(square > 0) ? 0 : Math.abs(mean) / Math.sqrt(square);
  });
  const largest = Math.max(...shares) || LARGEST;
  const least = penalty > 0 ? Math.min(penalty, largest) : SMALLEST * largest;
  const count = path - 1;
  return Array.from({ length: count }, (_, k) =>
    count === 1 ? least : largest * (least / largest) ** (k / (count - 1)),
  );
}

/** The rule with the fewest terms that is not clearly worse than the best; the better of two of a size. */
async function smallest(
  plan: DiscoveryPlan,
  crew: Crew,
  points: readonly Values[],
): Promise<Values> {
  const texts = points.map((values) => partText(plan, values));
  const scores = await compared(plan, crew, texts);
  const ranked = points
    .map((values, k) => {
      const score = scores[k]!;
      return { values, score, loss: meanLoss(score, scores), size: termsIn(plan, values).length };
    })
    .sort((a, b) => a.size - b.size || a.loss - b.loss);
  const best = ranked.reduce((a, b) => (b && (!a || b.loss < a.loss) ? b : a), ranked[0]);
  const { level } = plan.evaluate;
  const good = ranked.find(({ values, score }) => {
    const stream = new Stream(plan.study.seed, 'path', ...termsIn(plan, values));
    return dropEffect(best!.score, score, level, stream).lo <= 0;
  });
  return good?.values ?? new Map();
}
