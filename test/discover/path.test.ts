import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { inThisThread } from '../../src/discover/execute.js';
import type { TrainJob } from '../../src/discover/jobs.js';
import { searchPath } from '../../src/discover/path.js';
import { startDiscovery } from '../../src/discover/session.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { writeReport } from '../../src/report/report.js';
import { plan, pretending } from './pretending.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-path-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the coefficients come to without a penalty. */
const BEST: Readonly<Record<string, number>> = { F0: 0.6, F2: -0.5, F9: 0.2, F4: 0.02 };
const soft = (value: number, by: number): number =>
  Math.sign(value) * Math.max(0, Math.abs(value) - by);

/** A search over a path of penalties, where each ends in the soft-thresholded optimum. */
async function along({ points = 4, penalty = 0.05, missed = 0.1 } = {}) {
  const jobs: { job: TrainJob; from: Record<string, number> }[] = [];
  const ids = plan.library.terms.map(({ id }) => id);
  const { crew } = pretending(
    (given) =>
      1 + ids.reduce((sum, id) => sum + missed * ((given[id] ?? 0) - (BEST[id] ?? 0)) ** 2, 0),
    (from, job) => {
      jobs.push({ job, from });
      const by = (id: string) => (job.unpenalised?.includes(id) ? 0 : job.training.penalty);
      return Object.fromEntries(Object.keys(from).map((id) => [id, soft(BEST[id] ?? 0, by(id))]));
    },
    // F2 has the clearest derivative: its mean is half of its root mean square.
    () => {
      const other = Math.sqrt(3);
      return [1 + other, 1 - other].map((F2, k) => {
        const rest = ids.map((id) => [id, k === 0 ? 1 : -1]);
        return { ...Object.fromEntries(rest), F0: 1, F2 };
      });
    },
  );
  const learner = { ...plan.learner, path: points, penalty };
  const found = await searchPath({ ...plan, learner }, crew, { search: 100, refit: 20 }, []);
  return { found, jobs, path: jobs.filter(({ job }) => job.id.startsWith('path')) };
}

describe('a path of penalties', () => {
  it('goes from the largest that leaves anything down, each point from where the last one ended', async () => {
    const { path } = await along();
    expect(path.map(({ job }) => job.training.penalty)).toEqual([
      1,
      0.5,
      expect.closeTo(Math.sqrt(0.5 * 0.05)),
      expect.closeTo(0.05),
    ]);
    expect(path[0]!.from).toMatchObject({ F0: plan.learner.start, F2: 0, F9: 0 });
    // Before the first penalty that is measured only the error term acts, which none is on.
    expect(path[1]!.from).toMatchObject({ F0: 0.6, F2: 0, F9: 0 });
    expect(path[3]!.from.F2).toBeCloseTo(-0.5 + Math.sqrt(0.5 * 0.05), 12);
    expect(path.every(({ job }) => job.unpenalised!.join() === 'F0')).toBe(true);
    expect(path.every(({ job }) => job.training.form === 'proximal')).toBe(true);
    // Together as many steps as one search, on tasks of their own.
    expect(path.map(({ job }) => [job.training.steps, job.from])).toEqual([
      [25, 0],
      [25, 25],
      [25, 50],
      [25, 75],
    ]);
  });

  it('without a smallest penalty ends at a tenth of the largest', async () => {
    const { path } = await along({ points: 3, penalty: 0 });
    expect(path.map(({ job }) => job.training.penalty)).toEqual([1, 0.5, expect.closeTo(0.05)]);
  });

  it('takes the smallest rule that is not clearly worse, fitted without the penalty', async () => {
    const { found, jobs } = await along();
    const sizes = found.points.map((values) => values.size);
    expect(sizes).toEqual([1, 2, 3]);
    // Losses differ by the same in every task: any difference is clear.
    expect([...found.chosen]).toEqual([
      ['F0', 0.6],
      ['F2', -0.5],
      ['F9', 0.2],
    ]);
    const refits = jobs.filter(({ job }) => job.id.includes('refitted'));
    expect(refits.map(({ job }) => [job.training.penalty, job.training.steps])).toEqual([
      [0, 10],
      [0, 10],
      [0, 10],
    ]);
    expect(found.kept).toEqual(['F0', 'F2', 'F9']);
    const indifferent = await along({ missed: 0 });
    expect([...indifferent.found.chosen.keys()]).toEqual(['F0']);
  });

  it('is part of a discovery, in its history and in its report', async () => {
    const text = `
space: shervani_tabar_2023
circuit: {name: feed-forward, hidden: [6]}
task: {name: digits, ways: 2, shots: 4, queries: 5, pool: 7}
learner: {episodes: 9, rate: 1e-2, penalty: 0.1, path: 3}
select: {refitEpisodes: 4, tasks: 4}
baselines: [feedback-alignment]
evaluate: {tasks: 4}
engine: {name: interpret}
seed: 3
`;
    const out = join(folder, 'run');
    const result = await startDiscovery(
      unwrap(parseExperiment({ name: 'path.yaml', text }, folder)),
      {
        out,
        command: ['test'],
        versions: {},
        signal: new AbortController().signal,
        threads: inThisThread,
      },
    );
    expect(result.terms.length).toBeGreaterThan(0);
    const records = readFileSync(join(out, 'history.jsonl'), 'utf8').trim().split('\n');
    const points = records
      .map((line) => JSON.parse(line) as { job: string; step: number; penalty?: number })
      .filter(({ job }) => job.startsWith('path'));
    expect(points).toHaveLength(9);
    expect(points.filter(({ step }) => step === 0).map(({ penalty }) => penalty)).toEqual([
      1,
      expect.any(Number),
      expect.closeTo(0.1),
    ]);
    expect(readFileSync(unwrap(writeReport(out)), 'utf8')).toContain('Coefficients by penalty');
    const one = parseExperiment(
      { name: 'path.yaml', text: text.replace('path: 3', 'path: 1') },
      '.',
    );
    expect(one.ok ? '' : one.diagnostics[0]!.message).toContain('path');
  });
});
