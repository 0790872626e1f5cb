import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { inThisThread, type Threads, threads } from '../../src/discover/execute.js';
import {
  DiscoveryInterrupted,
  resumeDiscovery,
  type SessionOptions,
  startDiscovery,
} from '../../src/discover/session.js';
import { parseExperiment } from '../../src/experiments/load.js';
import { essence, stoppedAfter } from './interrupted.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-session-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A whole discovery in a few seconds: real digits of 4 × 4 pixels, one hidden layer. */
const experiment = (episodes: number) =>
  unwrap(
    parseExperiment(
      {
        name: 'small.yaml',
        text: `
space: shervani_tabar_2023
circuit: {name: feed-forward, hidden: [8, 6]}
task: {name: digits, ways: 2, shots: 4, queries: 5, pool: 7}
learner: {optimizer: proximal, episodes: ${episodes}, rate: 5e-3, penalty: 0.02}
select: {refitEpisodes: 3}
evaluate: {tasks: 8}
seed: 3
`,
      },
      folder,
    ),
  );

const options = (out: string, hands: Threads, signal = new AbortController().signal) =>
  ({
    out: join(folder, out),
    command: ['test'],
    versions: {},
    signal,
    threads: hands,
  }) satisfies SessionOptions;

describe('a discovery', () => {
  const whole = startDiscovery(experiment(7), options('whole', inThisThread));

  test('prints a rule whose text is on disk, with metrics, baselines and a gain', async () => {
    const result = await whole;
    expect(result.rule!.text).toContain('rule discovered');
    expect(readFileSync(join(result.runFolder, 'rule.rule'), 'utf8')).toBe(result.rule!.text);
    expect(readFileSync(join(result.runFolder, 'rule.tex'), 'utf8')).toContain('\\Delta');
    const stored = JSON.parse(readFileSync(join(result.runFolder, 'result.json'), 'utf8'));
    expect(stored).toEqual(JSON.parse(JSON.stringify(result)));
    expect(result.baselines.map(({ name }) => name)).toEqual([
      'feedback-alignment',
      'backpropagation',
      'best-single-term',
    ]);
    expect(result.terms.length + result.dropped.length).toBe(10);
    expect(result.metrics!.accuracy!.tasks).toBe(8);
    expect(result.gain!.accuracy!.mean).toBeCloseTo(
      result.metrics!.accuracy!.mean - result.baselines[0]!.metrics.accuracy!.mean,
      12,
    );
  });

  test('is the same on two threads', async () => {
    const signal = new AbortController().signal;
    const result = await startDiscovery(
      experiment(7),
      options('threads', threads(2, signal), signal),
    );
    expect(essence(result)).toEqual(essence(await whole));
  }, 60_000);

  test('interrupted anywhere and resumed is the same as uninterrupted', async () => {
    for (const [k, stopAfter] of [1, 12, 40, 90].entries()) {
      const stop = new AbortController();
      const interrupted = stoppedAfter(stopAfter, stop);
      const out = `interrupted-${k}`;
      const start = startDiscovery(experiment(7), options(out, interrupted, stop.signal));
      await expect(start).rejects.toBeInstanceOf(DiscoveryInterrupted);
      expect(existsSync(join(folder, out, 'rule.rule'))).toBe(false);
      const result = await resumeDiscovery(join(folder, out), options(out, inThisThread));
      expect(essence(result)).toEqual(essence(await whole));
    }
  }, 120_000);

  /** What a crash after so many reports leaves, and how many meta-steps are made again after it. */
  async function crashedAfter(reports: number, saveEvery: number) {
    const left = join(folder, `crashed-${reports}-${saveEvery}`);
    const running = join(folder, `crashing-${reports}-${saveEvery}`);
    const stop = new AbortController();
    const crashing: Threads = {
      ...inThisThread,
      execute: (jobs, report, finish) =>
        stoppedAfter(reports, stop).execute(
          jobs,
          (progress) => {
            report(progress);
            reports -= 1;
            // As it is now: nothing is saved any more once the process is gone.
            if (reports > 0) return;
            const isKept = (path: string) => !path.endsWith('lock.json');
            cpSync(running, left, { recursive: true, filter: isKept });
          },
          finish,
        ),
    };
    const given = { ...options('', crashing, stop.signal), out: running, saveEvery };
    await startDiscovery(experiment(12), given).catch(() => {});
    const stepsIn = (path: string): string[] =>
      readFileSync(join(path, 'history.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { job: string; step: number })
        .map(({ job, step }) => `${job} ${step}`);
    const before = new Set(stepsIn(left));
    let again = 0;
    const enough = new AbortController();
    const counting: Threads = {
      ...inThisThread,
      execute: (jobs, report, finish) =>
        stoppedAfter(before.size + 1, enough).execute(
          jobs,
          (progress) => {
            if (progress.record && before.has(`${progress.id} ${progress.record.step}`)) again += 1;
            report(progress);
          },
          finish,
        ),
    };
    await resumeDiscovery(left, options('', counting, enough.signal)).catch((error: unknown) => {
      if (!(error instanceof DiscoveryInterrupted)) throw error;
    });
    return { again, told: before.size };
  }

  test('after a crash makes no more meta-steps again than lie between two checkpoints', async () => {
    const most = [];
    for (const reports of [4, 13, 21]) {
      const { again, told } = await crashedAfter(reports, 0);
      expect(told).toBe(reports);
      expect(again).toBeLessThan(5);
      most.push(again);
    }
    expect(Math.max(...most)).toBeGreaterThan(0);
    // Without a checkpoint everything would be made again.
    expect((await crashedAfter(13, 1e9)).again).toBeGreaterThan(5);
  }, 60_000);

  test('with no episodes shows no gain', async () => {
    const result = await startDiscovery(experiment(0), options('none', inThisThread));
    expect(result.gain!.accuracy).toMatchObject({ mean: 0, lo: 0, hi: 0 });
    expect(result.gain!.loss).toMatchObject({ mean: 0, lo: 0, hi: 0 });
    expect(result.terms.map(({ id }) => id)).toEqual(['F0']);
  });

  test('of one of several spaces in a file keeps that space, also when resumed', async () => {
    const spaces = ['space first { term w0 = -w }', 'space second { term a = -post.error * pre }'];
    writeFileSync(join(folder, 'two.space'), spaces.join('\n'));
    const { source } = experiment(1);
    const text = source.text.replace('shervani_tabar_2023', 'two.space#second');
    const two = unwrap(parseExperiment({ name: 'two.yaml', text }, folder));
    const stop = new AbortController();
    const stopping: Threads = {
      ...inThisThread,
      execute: async () => {
        stop.abort();
        throw new Error('stopped');
      },
    };
    const start = startDiscovery(two, options('two', stopping, stop.signal));
    await expect(start).rejects.toBeInstanceOf(DiscoveryInterrupted);
    const kept = readFileSync(join(folder, 'two', 'inputs', 'space.space'), 'utf8');
    expect(kept).toBe(spaces[1]);
    const result = await resumeDiscovery(join(folder, 'two'), options('two', inThisThread));
    expect(result.terms.map(({ id }) => id)).toEqual(['a']);
  });
});
