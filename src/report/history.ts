import { z } from 'zod';

/** One meta-step of a search, as the history has it. */
interface Step {
  readonly step: number;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly coefficients: readonly number[];
  readonly diverged: number;
}

/** A search of coefficients: its meta-steps in order. */
export interface Search {
  readonly job: string;
  readonly steps: readonly Step[];
  /** Of the coefficients; null in histories that do not say. */
  readonly names: readonly string[] | null;
  /** The size of one standardised unit of each. */
  readonly scales: readonly number[] | null;
  /** Of a point on a path of penalties. */
  readonly penalty: number | null;
}

const shape = z.object({
  job: z.string(),
  step: z.int().min(0),
  loss: z.number().nullable(),
  accuracy: z.number().nullable(),
  coefficients: z.array(z.number().nullable()),
  diverged: z.number(),
  names: z.array(z.string()).optional(),
  scales: z.array(z.number()).optional(),
  penalty: z.number().optional(),
});

/** The searches of a history, in the order in which they began; records of other kinds are passed over. */
export function searchesOf(records: readonly unknown[]): Search[] {
  const searches = new Map<
    string,
    Omit<Mutable<Search>, 'job' | 'steps'> & { readonly steps: Map<number, Step> }
  >();
  for (const record of records) {
    const parsed = shape.safeParse(record);
    if (!parsed.success) continue;
    const { job, step, names, scales, penalty, coefficients, ...rest } = parsed.data;
    const search = searches.get(job) ?? {
      steps: new Map(),
      names: null,
      scales: null,
      penalty: null,
    };
    searches.set(job, search);
    search.names ??= names ?? null;
    search.scales ??= scales ?? null;
    search.penalty ??= penalty ?? null;
    // A resumed run may tell of a step twice: the same numbers.
    search.steps.set(step, {
      step,
      ...rest,
      coefficients: coefficients.map((value) => value ?? Number.NaN),
    });
  }
  return [...searches].map(([job, { steps, ...rest }]) => ({
    job,
    ...rest,
    steps: [...steps.values()].sort((a, b) => a.step - b.step),
  }));
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The points of a path of penalties, from the largest on. */
export const penaltyPath = (searches: readonly Search[]): Search[] =>
  searches.filter(({ job }) => /^path \d+$/.test(job));

const SEARCH = 'search';
const REFIT = 'refit';
const LAST = 'last refit';

/** The way of the rule's own coefficients: the search, then the refits that were taken up, one after another. */
export function ownPath(searches: readonly Search[]): Search[] {
  const named = (job: string): Search[] => searches.filter((each) => each.job === job);
  const last = named(LAST);
  const kept = last[0]?.names;
  // A smaller rule that did clearly worse was not gone on with: it lacks terms that the last one has.
  const taken = searches.filter(
    ({ job, names }) =>
      job.startsWith(`${REFIT} of `) && (!kept || kept.every((name) => names?.includes(name))),
  );
  return [...named(SEARCH), ...penaltyPath(searches), ...named(REFIT), ...taken, ...last];
}

/** Further searches of the same terms on other samples of tasks. */
export const furtherSearches = (searches: readonly Search[]): Search[] =>
  searches.filter(({ job }) => /^search \d+, (?:search|path 1)$/.test(job));

/** The mean of each value and those before it, over at most `window` values that are there. */
export function runningMean(values: readonly (number | null)[], window: number): (number | null)[] {
  return values.map((_, k) => {
    const near = values.slice(Math.max(0, k - window + 1), k + 1).filter((value) => value !== null);
    return near.length === 0 ? null : near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}
