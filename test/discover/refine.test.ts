import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { loadSpace } from '../../src/catalogue/load.js';
import { Crew } from '../../src/discover/crew.js';
import type { Job, JobResult, TrainJob } from '../../src/discover/jobs.js';
import { planDiscovery } from '../../src/discover/plan.js';
import { refine, termsIn, type Values } from '../../src/discover/refine.js';
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
const plan = planDiscovery({ ...search, others: {} });

/** Coefficients as they stand in the text of a rule. */
function coefficientsIn(text: string): Record<string, number> {
  const found = text.matchAll(/\b(F\d) = (-?[\d.e-]+)/g);
  return Object.fromEntries([...found].map(([, id, value]) => [id, Number(value)]));
}

/** Jobs that are answered without a network: from what a loss is, and where searches end. */
function pretending(
  lossOf: (coefficients: Record<string, number>) => number,
  fitted: (coefficients: Record<string, number>, job: TrainJob) => Record<string, number>,
) {
  const searches: { terms: string; steps: number }[] = [];
  const answer = (job: Job): JobResult => {
    const given = coefficientsIn(job.ruleText);
    if (job.kind === 'score') {
      const losses = Array.from({ length: job.to - job.from }, (_, k) => lossOf(given) + 0.01 * k);
      return { kind: 'score', accuracies: losses.map(() => 0), losses };
    }
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

const start: Values = new Map([
  ['F0', 0.6],
  ['F1', 0.5],
  ['F2', 0.4],
]);

/** F0 and F2 do the same; F1 does something else. */
const lossOf = ({ F0 = 0, F1 = 0, F2 = 0 }: Record<string, number>): number =>
  1 + (F0 + F2 - 1) ** 2 + (F1 - 0.5) ** 2;

describe('refining a rule', () => {
  it('leaves out a term whose part another one can take over once it is refitted', async () => {
    const { crew, searches } = pretending(lossOf, ({ F0, F1, F2 }) => ({
      ...(F0 !== undefined && { F0: F2 === undefined ? 1 : F0 }),
      ...(F1 !== undefined && { F1: 0.5 }),
      ...(F2 !== undefined && { F2: F0 === undefined ? 1 : F2 }),
    }));
    const { rule, beside } = await refine(plan, crew, start, 40, []);
    expect(rule.values).toEqual(
      new Map([
        ['F0', 1],
        ['F1', 0.5],
      ]),
    );
    // As the rule stood, F2 was missed; F1 was tried next, and still is.
    expect(searches.map(({ terms }) => terms)).toEqual(['F0 F1 F2', 'F0 F1', 'F0', 'F0 F1']);
    expect([...rule.effects.keys()]).toEqual(['F0', 'F1']);
    expect(rule.effects.get('F1')!.mean).toBeCloseTo(0.25);
    expect(beside).toEqual([]);
  });

  it('never refits a rule for more steps than it may', async () => {
    for (const steps of [0, 1, 2, 7, 40]) {
      const { crew, searches } = pretending(
        () => 1,
        (given) => given,
      );
      const { rule } = await refine(plan, crew, start, steps, []);
      // No term matters: all but one go, and every refit is on the way to the last rule.
      expect(termsIn(plan, rule.values)).toHaveLength(1);
      expect(searches.reduce((sum, each) => sum + each.steps, 0)).toBe(steps);
    }
  });

  it('declines a refit that goes astray', async () => {
    const { crew } = pretending(lossOf, (given) =>
      Object.fromEntries(Object.keys(given).map((id) => [id, 3])),
    );
    const { rule } = await refine(plan, crew, start, 40, []);
    expect(rule.values).toEqual(start);
  });

  it('has nothing to do where no term is left', async () => {
    const { crew, searches } = pretending(lossOf, (given) => given);
    const { rule } = await refine(plan, crew, new Map(), 40, []);
    expect(rule).toEqual({ values: new Map(), whole: null, effects: new Map() });
    expect(searches).toEqual([]);
  });
});
