import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fileUnusable,
  jobsAborted,
  runFolderMissing,
  workerFailed,
} from '../../../src/base/diagnostics/run.js';
import { EngrammarError, unwrap } from '../../../src/base/result.js';
import { runJobs, WorkerPool } from '../../../src/base/threads/pool.js';
import type { TestJob } from './worker.js';

const file = new URL('./worker.js', import.meta.url);
const run = runJobs<TestJob, number, number>;

const squares = (count: number): TestJob[] =>
  Array.from({ length: count }, (_, i) => ({ kind: 'square', value: i, wait: (i * 7) % 5 }));

let pool: WorkerPool<TestJob, number, number>;
beforeAll(() => {
  pool = new WorkerPool(file, { workers: 2 });
});
afterAll(() => pool.close());

describe('a worker pool', () => {
  it.each([1, 2, 3])('gives results in the order of the jobs with %i workers', async (workers) => {
    const results = await run(file, squares(12), { workers });
    expect(unwrap(results)).toEqual(Array.from({ length: 12 }, (_, i) => i * i));
  });

  it.each([0, -1, 1.5, Number.NaN])('has no %d workers', (workers) => {
    expect(() => new WorkerPool(file, { workers })).toThrow(RangeError);
  });

  it('brings every report of a job, in order, before its result', async () => {
    const told: string[] = [];
    await pool.run(squares(6), {
      onProgress: (progress, job) => told.push(`${job} ${progress}`),
      onResult: (result, job) => told.push(`${job} = ${result}`),
    });
    for (let job = 0; job < 6; job++) {
      const own = told.filter((line) => line.startsWith(`${job} `));
      const reports = Array.from({ length: 10 }, (_, i) => `${job} ${i}`);
      expect(own).toEqual([...reports, `${job} = ${job * job}`]);
    }
  });

  it('keeps its threads from one set of jobs to the next', async () => {
    const single = new WorkerPool<TestJob, number, number>(file, { workers: 1 });
    expect(unwrap(await single.run([{ kind: 'count' }]))).toEqual([1]);
    expect(unwrap(await single.run([{ kind: 'count' }, { kind: 'count' }]))).toEqual([2, 3]);
    await single.close();
  });

  it('runs compiled files as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'engrammar-pool-'));
    const compiled = join(folder, 'worker.mjs');
    writeFileSync(
      compiled,
      `export const runJob = async ({ job, port }) => {
         port.postMessage({ kind: 'progress', progress: job.value });
         port.postMessage({ kind: 'end' });
         return { ok: true, value: job.value + 1 };
       };`,
    );
    const reports: number[] = [];
    const result = await run(pathToFileURL(compiled), squares(3), {
      onProgress: (progress) => reports.push(progress),
    });
    expect(unwrap(result)).toEqual([1, 2, 3]);
    expect(reports.sort()).toEqual([0, 1, 2]);
    rmSync(folder, { recursive: true });
  });

  it('has nothing to do without jobs', async () => {
    expect(unwrap(await run(file, []))).toEqual([]);
  });

  it('brings the diagnostics of a job', async () => {
    const result = await pool.run([{ kind: 'diagnose' }]);
    expect(!result.ok && result.diagnostics).toEqual([
      runFolderMissing({ folder: 'x', found: undefined }),
    ]);
  });

  it('tells of a defect, and of a worker that ends', async () => {
    const defect = await pool.run([{ kind: 'throw' }]);
    expect(!defect.ok && defect.diagnostics).toEqual([
      workerFailed({ job: 1, reason: 'a defect' }),
    ]);
    const ended = await pool.run([...squares(2), { kind: 'exit' }]);
    const reason = 'worker exited with code: 3';
    expect(!ended.ok && ended.diagnostics).toEqual([workerFailed({ job: 3, reason })]);
    // The pool replaces the worker and goes on.
    expect(unwrap(await pool.run(squares(3)))).toEqual([0, 1, 4]);
  });

  it('begins a job again whose worker died, as often as is said', async () => {
    const dying = (times: number): TestJob => ({
      kind: 'die',
      times: new Int32Array(new SharedArrayBuffer(4)).fill(times),
    });
    const jobs = [...squares(3), dying(1), ...squares(3), dying(1)];
    const mended = await pool.run(jobs, { attempts: 2 });
    expect(unwrap(mended)).toEqual([0, 1, 4, 1, 0, 1, 4, 1]);
    const reason = 'worker exited with code: 4';
    for (const [times, attempts] of [
      [1, 1],
      [2, 2],
    ] as const) {
      const failed = await pool.run([dying(times)], { attempts });
      expect(!failed.ok && failed.diagnostics).toEqual([workerFailed({ job: 1, reason })]);
    }
    const defect = await pool.run([{ kind: 'count' }, { kind: 'throw' }], { attempts: 99 });
    expect(defect.ok).toBe(false);
  });

  it('gives every thread what it is to know, those that replace dead ones too', async () => {
    const single = new WorkerPool<TestJob, number, number>(file, { workers: 1, threadData: 17 });
    expect(unwrap(await single.run([{ kind: 'given' }]))).toEqual([17]);
    await single.run([{ kind: 'exit' }]);
    expect(unwrap(await single.run([{ kind: 'given' }]))).toEqual([17]);
    await single.close();
  });

  it('makes jobs when their turn comes', async () => {
    const made: number[] = [];
    let results = 0;
    const jobs = {
      length: 6,
      *entries(): IterableIterator<[number, TestJob]> {
        for (const [k, job] of squares(6).entries()) {
          made.push(results);
          yield [k, job];
        }
      },
    };
    const done = await pool.run(jobs, { onResult: () => results++ });
    expect(unwrap(done)).toEqual([0, 1, 4, 9, 16, 25]);
    // Two threads: before job k there are at least k - 1 results.
    expect(made.every((before, k) => before >= k - 1)).toBe(true);
  });

  it('keeps what was done when a later job fails', async () => {
    const done: number[] = [];
    const result = await pool.run(
      [
        { kind: 'square', value: 3, wait: 0 },
        { kind: 'square', value: 4, wait: 50 },
        { kind: 'exit' },
      ],
      { onResult: (value) => done.push(value) },
    );
    expect(result.ok).toBe(false);
    expect(done).toContain(9);
  });

  it.each(['onProgress', 'onResult'])('throws what %s throws, and stops', async (name) => {
    const full = (): never => {
      throw new EngrammarError(fileUnusable({ path: 'x', act: 'write', reason: 'full' }));
    };
    const jobs: TestJob[] = [...squares(1), { kind: 'hang' }];
    await expect(pool.run(jobs, { [name]: full })).rejects.toThrow(EngrammarError);
    expect(unwrap(await pool.run(squares(2)))).toEqual([0, 1]);
  });

  it('is stopped by a signal, even in mid-job', async () => {
    const stop = new AbortController();
    const jobs: TestJob[] = [
      { kind: 'square', value: 2, wait: 0 },
      { kind: 'hang' },
      { kind: 'hang' },
    ];
    const waited = new Set(['first result', 'second begins']);
    const seen = (event: string): void => {
      waited.delete(event);
      if (waited.size === 0) stop.abort();
    };
    const start = performance.now();
    const result = await pool.run(jobs, {
      signal: stop.signal,
      onProgress: (_, job) => job === 1 && seen('second begins'),
      onResult: () => seen('first result'),
    });
    expect(!result.ok && result.diagnostics).toEqual([jobsAborted({ done: 1, total: 3 })]);
    expect(performance.now() - start).toBeLessThan(20_000);
    const before = await pool.run(jobs, { signal: stop.signal });
    expect(!before.ok && before.diagnostics).toEqual([jobsAborted({ done: 0, total: 3 })]);
    expect(unwrap(await pool.run(squares(2)))).toEqual([0, 1]);
  });

  it('leaves no thread behind that was stopped in mid-job', async () => {
    const own = new WorkerPool<TestJob, number, number>(file, { workers: 1 });
    const stop = new AbortController();
    let begun: readonly Worker[] = [];
    await own.run([{ kind: 'hang' }], {
      signal: stop.signal,
      onProgress: () => {
        begun = (Reflect.get(own, 'pool') as Piscina).threads;
        stop.abort();
      },
    });
    await own.close();
    // A thread that has ended has no number any more.
    expect(begun.map(({ threadId }) => threadId)).toEqual([-1]);
  });
});
