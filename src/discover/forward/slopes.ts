import type { Term } from '../../algebra/types.js';
import type { Study } from '../../experiments/study.js';
import { combination, leadingTerm } from '../candidates.js';
import type { Crew } from '../crew.js';
import type { SlopesJob, SlopesResult } from '../jobs.js';
import { baseOf, type DiscoveryPlan, jobName } from '../plan.js';
import type { Values } from '../several-fits.js';
import { type Standing, standings } from './standing.js';

/** Terms of one program: enough that they share what is computed, few enough to compile in seconds. */
export const CHUNK = 120;
/** Episodes that nothing else uses: they follow those of the fits. */
const FROM = 2 ** 24;

/** Units of all terms of the library: coefficients that make updates of the same size. */
export type Units = ReadonlyMap<string, number>;

const chunked = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, k) =>
    all.slice(k * CHUNK, (k + 1) * CHUNK),
  );

/** A rule and a chunk of the terms that it does not have, at coefficient 0. */
function slopesJob(plan: DiscoveryPlan, values: Values, chunk: readonly Term[], part: string) {
  const all = new Map([...chunk.map(({ id }) => [id, 0] as const), ...values]);
  const job: SlopesJob = {
    kind: 'slopes',
    ...baseOf(plan),
    study: withoutLongOnes(plan.study),
    id: jobName(plan, `slopes ${part} ${combination('slopes', plan, values, false)}`),
    ruleText: combination('slopes', plan, all, true),
    episodes: 'search',
    from: FROM,
    to: FROM + plan.select.slopes,
  };
  return job;
}

/** Where episodes differ in length, those that are not longer than the study's own. */
export function withoutLongOnes(study: Study): Study {
  const { vary, task } = study;
  if (!vary?.shots || !('shots' in task)) return study;
  const own = Number(task.shots);
  const shots = vary.shots.filter((each) => each <= own);
  return { ...study, vary: { ...vary, shots: shots.length > 0 ? shots : [own] } };
}

/** The unit of every term, measured along the way of the leading term. */
export async function measureUnits(plan: DiscoveryPlan, crew: Crew): Promise<Units> {
  const leading = leadingTerm(plan.library);
  const start = new Map([[leading.id, leading.sign * plan.learner.start]]);
  const others = plan.library.terms.filter(({ id }) => id !== leading.id);
  const jobs = chunked(others).map((chunk, k): SlopesJob => {
    const job = slopesJob(plan, start, chunk, `units ${k}`);
    const beside = plan.searched.map(({ name }) => name);
    return { ...job, units: { of: leading.id, beside }, to: job.from };
  });
  const results = await crew.run(jobs);
  const units = results.flatMap(({ names, units: found }) =>
    names.map((name, k) => [name, found![k]!] as const),
  );
  return new Map([[leading.id, 1], ...units]);
}

/** The share of a rule beside which other terms are looked at as well. */
export const SMALLER = 1 / 3;

/** The rule with a share of its coefficients; parameters that are none stay as they are. */
export function shared({ library }: DiscoveryPlan, values: Values, share: number): Values {
  const isTerm = (name: string): boolean => library.terms.some(({ id }) => id === name);
  return new Map([...values].map(([name, v]) => [name, isTerm(name) ? share * v : v]));
}

/** How each of these terms, none of them in the rule, would change its loss. */
export async function standingsAt(
  plan: DiscoveryPlan,
  crew: Crew,
  values: Values,
  candidates: readonly Term[],
  units: Units,
): Promise<Standing[]> {
  const chunks = chunked(candidates);
  const jobs = chunks.map((chunk, k) => slopesJob(plan, values, chunk, String(k)));
  const results: SlopesResult[] = await crew.run(jobs);
  // An episode that diverged did so in all chunks: the rule is the same.
  const rows = Math.min(...results.map(({ slopes }) => slopes.length));
  const slopes = Array.from({ length: rows }, (_, row) =>
    results.flatMap((result, k) =>
      chunks[k]!.map(({ id }) => finite(result.slopes[row]![result.names.indexOf(id)]!)),
    ),
  );
  return standings(
    candidates,
    slopes,
    candidates.map(({ id }) => units.get(id) ?? 1),
  );
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
