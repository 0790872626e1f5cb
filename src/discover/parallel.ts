import { combination } from './candidates.js';
import type { Crew } from './crew.js';
import type { SlopesJob, SlopesResult } from './jobs.js';
import { chooseJob, type DiscoveryPlan } from './plan.js';
import type { Values } from './several-fits.js';

/**
 * How parallel the derivatives of the loss must be, over tasks, for two terms to be held against one
 * another. Terms that are the same in a circuit come to 1 but for rounding; those that merely help with
 * the same thing stay below, and are told apart by trying.
 */
const PARALLEL = 0.95;
/** Terms that are tried in the place of one: the most parallel. */
const MOST_TRIED = 2;

/** A term of a rule, and another of the space that changes the loss as it does. */
export interface Parallel {
  readonly id: string;
  readonly other: string;
  /** How much of the other does what one of the term does. */
  readonly ratio: number;
}

/**
 * Of each term of a rule the terms of the space that change the loss as it does, task by task: their
 * derivatives at the rule are nearly proportional. A search may always find the same one of two such
 * terms, or always both, so how often a term is found does not show that another would do as well.
 */
export async function parallelTerms(
  plan: DiscoveryPlan,
  crew: Crew,
  values: Values,
  support: readonly string[],
): Promise<Parallel[]> {
  const ids = plan.library.terms.map(({ id }) => id);
  if (ids.length < 2 || support.length === 0) return [];
  const all = new Map([...ids.map((id) => [id, 0] as const), ...values]);
  const score = chooseJob(plan, combination('slopes', plan, all, true));
  const job: SlopesJob = { ...score, kind: 'slopes', id: `slopes ${score.id}` };
  const [found] = await crew.run([job]);
  const product = productsIn(found!);
  return support.flatMap((id) => {
    const parallel = ids
      .filter((other) => other !== id)
      .map((other) => {
        const length = product(id, id) * product(other, other);
        const cosine = length > 0 ? Math.abs(product(id, other)) / Math.sqrt(length) : 0;
        return { id, other, cosine, ratio: product(id, other) / product(other, other) };
      })
      .filter(({ cosine }) => cosine > PARALLEL)
      .sort((a, b) => b.cosine - a.cosine);
    return parallel.slice(0, MOST_TRIED);
  });
}

/** Sums over the tasks of the products of two derivatives, by name. */
function productsIn({ names, slopes }: SlopesResult): (one: string, other: string) => number {
  return (one, other) => {
    const [a, b] = [names.indexOf(one), names.indexOf(other)];
    return slopes.reduce((sum, slope) => sum + slope[a]! * slope[b]!, 0);
  };
}
