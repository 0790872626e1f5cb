import { unwrap } from '../../src/base/result.js';
import { loadSpace } from '../../src/catalogue/load.js';
import { Crew } from '../../src/discover/crew.js';
import type { Job, JobResult, TrainJob } from '../../src/discover/jobs.js';
import { planDiscovery } from '../../src/discover/plan.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { setupOf } from '../../src/experiments/study.js';

const { config } = unwrap(
  parseExperiment(
    {
      name: 'stand-in.yaml',
      text: 'space: shervani_tabar_2023\ncircuit: {name: feed-forward, hidden: [3]}\ntask: {name: digits, ways: 2, pool: 7}\n',
    },
    '.',
  ),
);
const { circuit, task, seed } = config;
const study = { circuit, task, seed };
const { item: space, source } = unwrap(loadSpace('shervani_tabar_2023'));
const search = { name: 'x', space, source, study, setup: setupOf(study), method: config };
/** A plan of the ten terms, whose jobs nobody has to run. */
export const plan = planDiscovery({ ...search, others: {} });

/** Coefficients as they stand in the text of a rule. */
function coefficientsIn(text: string): Record<string, number> {
  const found = text.matchAll(/\b(F\d) = (-?[\d.e-]+)/g);
  return Object.fromEntries([...found].map(([, id, value]) => [id, Number(value)]));
}

/** Jobs that are answered without a network: from what a loss is, and where searches end. */
export function pretending(
  lossOf: (coefficients: Record<string, number>) => number,
  fitted: (coefficients: Record<string, number>, job: TrainJob) => Record<string, number>,
  slopesAt?: (coefficients: Record<string, number>) => Record<string, number>[],
) {
  const searches: { terms: string; steps: number }[] = [];
  const answer = (job: Job): JobResult => {
    const given = coefficientsIn(job.ruleText);
    if (job.kind === 'score') {
      const losses = Array.from({ length: job.to - job.from }, (_, k) => lossOf(given) + 0.01 * k);
      return { kind: 'score', accuracies: losses.map(() => 0), losses };
    }
    if (job.kind === 'slopes' && slopesAt) {
      const found = slopesAt(given);
      const names = Object.keys(found[0]!);
      const slopes = found.map((each) => names.map((name) => each[name]!));
      return { kind: 'slopes', names, slopes, units: null };
    }
    if (job.kind !== 'train') throw new TypeError(`nothing is pretended of ${job.kind}`);
    const ends = fitted(given, job);
    const names = Object.keys(ends);
    searches.push({ terms: names.join(' '), steps: job.training.steps });
    const coefficients = Object.values(ends);
    return { kind: 'train', names, coefficients, standardised: coefficients, diverged: 0 };
  };
  const crew = new Crew(
    async (jobs, _, finish) =>
      jobs.map((job) => {
        const result = answer(job);
        finish(job.id, result);
        return result;
      }),
    { finished: {}, started: {} },
    { saved() {}, record() {}, warning() {}, progress() {} },
  );
  return { crew, searches };
}
