import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { inThisThread, type Threads, threads } from '../../src/discover/execute.js';
import { runJob } from '../../src/discover/jobs.js';
import {
  DiscoveryInterrupted,
  resumeDiscovery,
  type SessionOptions,
  startDiscovery,
} from '../../src/discover/session.js';
import { settleEngine } from '../../src/engine/fallback.js';
import { conditionsOf, under } from '../../src/experiments/also.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { studyOf } from '../../src/experiments/study.js';
import { essence, stoppedAfter } from './interrupted.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-forward-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = (out: string, hands: Threads, signal = new AbortController().signal) =>
  ({
    out: join(folder, out),
    command: ['test'],
    versions: {},
    signal,
    threads: hands,
  }) satisfies SessionOptions;

const TEXT = `
space: shervani_tabar_2023
circuit: {name: feed-forward, hidden: [5], outputs: 47}
task: {name: digits, ways: 2, shots: 4, queries: 5, pool: 7, validation: 0.3}
vary: {shots: [2, 4], feedbackScale: [0.7, 1.4]}
learner: {episodes: 4, rate: 1e-2}
select: {method: forward, monomials: 3, tried: 2, beam: 2, slopes: 4, tasks: 6, refitEpisodes: 3}
baselines: [feedback-alignment, best-single-term, f_bio]
evaluate:
  tasks: 6
  also:
    - {name: jittered, jitter: 0.3}
    - {name: glyphs, task: {name: glyphs}}
    - {name: two layers, circuit: {hidden: [5, 4]}}
engine: {name: interpret}
seed: 3
`;

const experiment = () => unwrap(parseExperiment({ name: 'small.yaml', text: TEXT }, folder));

describe('a rule that grows', () => {
  const whole = startDiscovery(experiment(), options('whole', inThisThread));

  it('has no more monomials than it may have, and says what it was chosen from', async () => {
    const { terms, candidates, front, dropped } = await whole;
    const monomials = terms.reduce((sum, { id }) => sum + (id === 'F9' ? 2 : 1), 0);
    expect(terms.length).toBeGreaterThan(0);
    expect(monomials).toBeLessThanOrEqual(3);
    expect(dropped.length).toBe(10 - terms.length);
    expect(candidates!.tried).toBeGreaterThanOrEqual(front.length);
    expect(candidates!.probed).toBeGreaterThanOrEqual(candidates!.tried - 1);
    expect(candidates!.scored).toBeGreaterThanOrEqual(candidates!.probed);
    expect(front.some(({ reported }) => reported)).toBe(true);
  });

  it('stands beside every baseline, and under every circumstance', async () => {
    const { baselines, also, metrics } = await whole;
    const names = ['feedback-alignment', 'f_bio'];
    expect(baselines.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    for (const { gain } of baselines) expect(gain!.loss.tasks).toBe(6);
    expect(also.map(({ name }) => name)).toEqual([
      'shots 2',
      'shots 4',
      'feedbackScale 0.7',
      'feedbackScale 1.4',
      'jittered',
      'glyphs',
      'two layers',
    ]);
    for (const row of also) expect(row.baselines).toHaveLength(baselines.length);
    // That is the task itself.
    expect(also[1]!.metrics).toEqual(metrics);
    const losses = also.map((row) => row.metrics!.loss.mean);
    expect(new Set(losses).size).toBe(losses.length);
  });

  it('a given rule that it is compared with is fitted, and keeps its form', async () => {
    const { text, about } = (await whole).baselines.find(({ name }) => name === 'f_bio')!;
    expect(about).toBe('f_bio, its F0, F2, F9 fitted over as many episodes');
    expect(text).toContain('dw = -F0 * post.error * pre - F2 * post.error * pre.error');
    expect(text).not.toContain('fit');
  });

  it('scores exactly the text that it prints, there as elsewhere', async () => {
    const { rule, also, terms } = await whole;
    const { config } = experiment();
    const study = studyOf(config);
    for (const condition of conditionsOf(study, config.evaluate.also)) {
      const { jitter } = condition;
      const result = await runJob(
        {
          kind: 'score',
          id: 'again',
          study: under(study, condition),
          ruleText: rule!.text,
          projection: 'forward',
          alsoOn: [],
          others: {},
          values: {},
          engine: settleEngine({ name: 'interpret' }).engine,
          sample: 0,
          episodes: 'score',
          from: 0,
          to: 6,
          ...(jitter > 0 && { jitter: { share: jitter, names: terms.map(({ id }) => id) } }),
        },
        () => {},
      );
      if (result.kind !== 'score') throw new TypeError('not a score');
      const mean = result.losses.reduce<number>((sum, loss) => sum + loss!, 0) / 6;
      const { metrics } = also.find(({ name }) => name === condition.name)!;
      expect(mean).toBeCloseTo(metrics!.loss.mean, 9);
    }
  });

  it('is the same on two threads', async () => {
    const { signal } = new AbortController();
    const result = await startDiscovery(experiment(), options('two', threads(2, signal), signal));
    expect(essence(result)).toEqual(essence(await whole));
  }, 60_000);

  it('interrupted and resumed is the same as uninterrupted', async () => {
    const stop = new AbortController();
    const stopping = stoppedAfter(150, stop);
    const start = startDiscovery(experiment(), options('stopped', stopping, stop.signal));
    await expect(start).rejects.toBeInstanceOf(DiscoveryInterrupted);
    const result = await resumeDiscovery(join(folder, 'stopped'), options('stopped', inThisThread));
    expect(essence(result)).toEqual(essence(await whole));
  }, 60_000);
});
