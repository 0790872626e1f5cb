import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/base/package-root.js';
import { unwrap } from '../../src/base/result.js';
import { printSweep } from '../../src/cli/print-sweep.js';
import { styleFor } from '../../src/cli/style.js';
import { inThisThread, type Threads, threads } from '../../src/discover/execute.js';
import type { SweepResult } from '../../src/discover/sweep/result.js';
import {
  isSweepRun,
  resumeSweep,
  SweepInterrupted,
  startSweep,
} from '../../src/discover/sweep/session.js';
import { loadSweep, parseSweep } from '../../src/experiments/sweep.js';
import { writeReport } from '../../src/report/report.js';
import { readRun } from '../../src/runs/list.js';
import { idxBytes } from '../tasks/idx-file.js';
import { stoppedAfter } from './interrupted.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-sweep-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'three.space'),
  'space three { term F0 = -post.error * pre term F2 = -post.error * pre.error term F3 = -w }',
);
writeFileSync(
  join(folder, 'two.rule'),
  'rule two { param a = 1e-3 fit, b = 0 fit dw = -a * post.error * pre - b * post * pre }',
);

const EPISODES = 6;
const sweep = unwrap(
  parseSweep(
    {
      name: 'small.yaml',
      text: `
rule: ./two.rule
circuit: {name: feed-forward, hidden: [8, 6], measures: [angles, orthonormality]}
task: {name: digits, ways: 2, shots: 4, queries: 5, pool: 7}
learner: {episodes: ${EPISODES}, rate: 5e-3, scaling: false, clip: 0}
evaluate: {tasks: 3, level: 0.98}
seed: 3
sweep:
  seeds: 3
  shots: [2, 4]
  cells:
    - name: first
      space: ./three.space
      learner: {optimizer: proximal, penalty: 0.02, scaling: true, clip: 1}
      ablate: true
    - name: second
      circuit: {feedback: symmetric}
`,
    },
    folder,
  ),
);

const options = (out: string, hands: Threads, signal = new AbortController().signal) => ({
  ...{ out: join(folder, out), command: ['test'], versions: {}, signal, threads: hands },
});

const essence = ({ runFolder: _, seconds: __, ...rest }: SweepResult) => rest;

describe('a sweep', () => {
  const whole = startSweep(sweep, options('whole', inThisThread));

  test('has for each cell what its searches were like at their end, and what they found', async () => {
    const result = await whole;
    const { history } = unwrap(readRun(result.runFolder));
    const records = history as {
      job: string;
      step: number;
      accuracy: number;
      coefficients: number[];
      measures: Record<string, number[]>;
    }[];
    // Six episodes of two cells with three seeds; the last tenth is the last episode.
    expect(records).toHaveLength(2 * 3 * EPISODES);
    const last = [1, 2, 3].map(
      (seed) =>
        records.find((each) => each.job === `second, seed ${seed}` && each.step === EPISODES - 1)!,
    );
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const [first, second] = result.cells;
    expect(second!.training.accuracy!.mean).toBeCloseTo(
      mean(last.map((each) => each.accuracy)),
      12,
    );
    expect(second!.training.accuracy!.seeds).toBe(3);
    expect(second!.training.measures.orthonormality!.map((each) => each!.mean)).toEqual(
      [0, 1, 2].map((k) =>
        expect.closeTo(mean(last.map((each) => each.measures.orthonormality![k]!)), 8),
      ),
    );
    expect(second!.training.measures.angles!.map((each) => each!.mean)).toEqual([0, 0]);
    expect(first!.training.measures.angles![0]!.mean).toBeGreaterThan(1);
    expect(first!.parameters.map(({ id }) => id)).toEqual(['F0', 'F2', 'F3']);
    // The mean of the last third of the steps, in the units in which the rule has them.
    expect(second!.parameters.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(second!.parameters[0]!.value.mean).toBeGreaterThan(0.01);
    expect(second!.left).toBeNull();
    // Terms that are left in a share of the seeds are those of the sets.
    for (const { id, left } of first!.parameters) {
      const sets = first!.left!.filter(({ terms }) => terms.includes(id));
      expect(left).toBeCloseTo(sets.reduce((sum, { seeds }) => sum + seeds, 0) / 3, 12);
    }
  });

  test('compares cells on the same held-out tasks, at every horizon', async () => {
    const { cells, against } = await whole;
    const [first, second] = cells;
    expect(against).toBe('first');
    expect(first!.difference).toBeNull();
    expect(second!.difference!.heldOut.map(({ shots }) => shots)).toEqual([2, 4]);
    second!.difference!.heldOut.forEach(({ accuracy, loss }, k) => {
      const both = [second!, first!].map(({ heldOut }) => heldOut[k]!);
      expect(accuracy!.mean).toBeCloseTo(both[0]!.accuracy!.mean - both[1]!.accuracy!.mean, 12);
      expect(loss.mean).toBeCloseTo(both[0]!.loss.mean - both[1]!.loss.mean, 12);
    });
    const [rest, ...single] = first!.ablations;
    expect(rest!.without).toBe('all that are not left');
    expect(single.map(({ without }) => (without as string[])[0])).toEqual(
      first!.parameters.filter(({ left }) => left! > 0).map(({ id }) => id),
    );
  });

  test('is the same on two threads, and interrupted anywhere and resumed', async () => {
    const wanted = essence(await whole);
    const { signal } = new AbortController();
    const two = await startSweep(sweep, options('threads', threads(2, signal), signal));
    expect(essence(two)).toEqual(wanted);
    const stop = new AbortController();
    const hands = stoppedAfter(4 + EPISODES, stop);
    const error = await startSweep(sweep, options('stopped', hands, stop.signal)).catch((e) => e);
    expect(error).toBeInstanceOf(SweepInterrupted);
    expect(isSweepRun(error.runFolder)).toBe(true);
    const resumed = await resumeSweep(error.runFolder, options('', inThisThread));
    expect(essence(resumed)).toEqual(wanted);
  }, 60_000);

  test('takes over what another has finished of the same cells', async () => {
    const { runFolder, cells } = await whole;
    const idle: Threads = {
      execute: () => Promise.reject(new Error('nothing is left to do')),
      close: async () => {},
    };
    const again = await startSweep(sweep, options('again', idle), [runFolder, runFolder]);
    expect(again.cells).toEqual(cells);
    const fewer = await startSweep({ ...sweep, seeds: 2 }, options('fewer', idle), [runFolder]);
    expect(fewer.cells[1]!.training.loss.seeds).toBe(2);
    expect(unwrap(readRun(fewer.runFolder)).history).toHaveLength(2 * 2 * EPISODES);
    const [first] = sweep.cells;
    const { experiment } = first!;
    const config = { ...experiment.config, seed: 4 };
    const other = { ...sweep, cells: [{ ...first!, experiment: { ...experiment, config } }] };
    await expect(startSweep(other, options('other', idle), [runFolder])).rejects.toThrow(
      'has no finished search that this sweep makes',
    );
  });

  test('is printed, and its report has its curves and figures beside it', async () => {
    const result = await whole;
    expect(
      printSweep(
        { ...result, seconds: 12, runFolder: 'runs/small' },
        styleFor({}, { COLUMNS: '100' }),
      ),
    ).toMatchSnapshot();
    const page = readFileSync(unwrap(writeReport(result.runFolder)), 'utf8');
    for (const heading of ['On held-out tasks', 'Without some terms', 'How the searches went']) {
      expect(page).toContain(`>${heading}</h2>`);
    }
    expect(page).not.toMatch(/NaN|undefined/);
    const csv = readFileSync(join(result.runFolder, 'curves.csv'), 'utf8').trim().split('\n');
    expect(csv[0]).toBe('cell,figure,episode,mean,lo,hi');
    const accuracy = csv.find((line) => line.startsWith(`second,accuracy,${EPISODES - 1},`))!;
    const { mean } = result.cells[1]!.training.accuracy!;
    expect(Number(accuracy.split(',')[3])).toBeCloseTo(mean, 12);
    const figures = readdirSync(join(result.runFolder, 'figures'));
    expect(figures).toEqual(
      expect.arrayContaining([
        'accuracy.svg',
        'loss.svg',
        'angles-2.svg',
        'coefficients-first.svg',
      ]),
    );
    for (const file of figures) {
      const svg = readFileSync(join(result.runFolder, 'figures', file), 'utf8');
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).not.toMatch(/NaN|undefined/);
    }
  });
});

test('EMNIST is run where its files are', async () => {
  const place = join(folder, 'emnist');
  mkdirSync(place);
  for (const file of ['reproduction_emnist.yaml', 'reproduction.rule']) {
    copyFileSync(join(packageRoot(), 'experiments', file), join(folder, file));
  }
  const file = join(folder, 'reproduction_emnist.yaml');
  const small = (path: string, value: unknown) => ({ option: path, path: path.split('.'), value });
  const loaded = () =>
    unwrap(
      loadSweep(file, [
        ...[small('sweep.seeds', 1), small('learner.episodes', 2), small('evaluate.tasks', 2)],
        ...[small('circuit.hidden', [4]), small('task.shots', 2), small('task.queries', 1)],
      ]),
    );
  await expect(startSweep(loaded(), options('none', inThisThread))).rejects.toThrow(
    'emnist-balanced-test-images-idx3-ubyte.gz',
  );
  const count = 24 * 4;
  const pixels = Uint8Array.from({ length: count * 16 }, (_, k) => (37 * k) % 256);
  const labels = Uint8Array.from({ length: count }, (_, k) => k % 24);
  const name = (what: string) => join(place, `emnist-balanced-test-${what}-ubyte.gz`);
  writeFileSync(name('images-idx3'), gzipSync(idxBytes([count, 4, 4], pixels)));
  writeFileSync(name('labels-idx1'), gzipSync(idxBytes([count], labels)));
  const result = await startSweep(loaded(), options('emnist', inThisThread));
  expect(result.cells.map((cell) => cell.heldOut[0]!.accuracy!.seeds)).toEqual([1, 1, 1]);
});
