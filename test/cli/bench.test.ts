import { describe, expect, it } from 'vitest';
import { unknownBackend } from '../../src/base/diagnostics/engine.js';
import { unknownWord, wrongFlagValue } from '../../src/base/diagnostics/usage.js';
import type { BenchReport } from '../../src/bench/bench.js';
import type { Row } from '../../src/bench/row.js';
import { printBench } from '../../src/cli/print-bench.js';
import { styleFor } from '../../src/cli/style.js';
import { document, golden, here } from './cli.js';

/** Room for processes that begin on a busy machine. */
const TIMEOUT = 120_000;

describe('engrammar bench', () => {
  it('times a rule on the engine that is asked for', { timeout: TIMEOUT }, async () => {
    const command = ['bench', 'hebb', '--rounds', '1', '--engine', 'fused'];
    const report = await document<BenchReport & { schemaVersion: number }>(command, here);
    expect(report).toMatchObject({ schemaVersion: 1, rounds: 1 });
    expect(report.machine.node).toBe(process.version);
    expect(report.peak.multiplyThenAdd).toBeGreaterThan(1);
    expect(report.rows).toHaveLength(1);
    const [fused] = report.rows;
    expect(fused).toMatchObject({ case: 'hebb', engine: 'fused', error: null });
    expect(fused!.gflops).toBeCloseTo(fused!.flops! / fused!.msPerEpisode! / 1e6, 1);
    expect(fused!.memoryMB).toBeGreaterThan(0.1);
    expect(fused!.relativeError).toBeLessThan(1e-5);
  });

  it.each([
    ['smal', [unknownWord({ what: 'case', given: 'smal', known: ['small'], listedBy: '' })]],
    ['small --rounds 0', [wrongFlagValue({ option: '--rounds', given: '0', expected: [] })]],
    ['small --engine gpu', [wrongFlagValue({ option: '--engine', given: 'gpu', expected: [] })]],
    [
      'small --engine interpret --backend wasm',
      [wrongFlagValue({ option: '--engine', given: 'interpret', expected: ['tfjs'] })],
    ],
    ['small --backend gpu', [unknownBackend({ given: 'gpu', known: [] })]],
  ] as const)('bench %s', async (line, [told]) => {
    const { code, stdout, stderr } = await here(['bench', ...line.split(' ')]);
    expect(stderr.split('\n')[0]).toBe(`${told.code} ${told.message}`);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('is printed as a table', async () => {
    const style = styleFor({}, { NO_COLOR: '1', COLUMNS: '120' });
    await expect(`${printBench(REPORT, style)}\n`).toMatchFileSnapshot(golden('bench.txt'));
  });
});

const NOTHING: Row = {
  case: 'ten-terms',
  engine: 'tfjs tensorflow',
  error: 'the backend "tensorflow" needs the package @tensorflow/tfjs-node',
  msPerEpisode: null,
  spread: null,
  wallMsPerEpisode: null,
  flops: null,
  gflops: null,
  fractionOfPeak: null,
  memoryMB: null,
  rssMB: null,
  compileMs: null,
  compileWallMs: null,
  relativeError: null,
};

/** Invented figures: how they look is what is tested. */
const REPORT: BenchReport = {
  date: '2026-11-22',
  machine: {
    processor: 'A processor',
    cores: 2,
    memoryGiB: 24,
    system: 'Linux 6',
    node: 'v20.20.2',
    load: 0.123,
  },
  peak: { multiplyThenAdd: 52.74, multiplyAdd: 59.1 },
  rounds: 5,
  rows: [
    {
      ...NOTHING,
      engine: 'fused',
      error: null,
      msPerEpisode: 41.23,
      spread: [40.01, 44],
      wallMsPerEpisode: 42,
      flops: 1_446_300_841,
      gflops: 35.1,
      fractionOfPeak: 0.665,
      memoryMB: 14.29,
      rssMB: 23.4,
      compileMs: 145.2,
      relativeError: 6.391e-6,
    },
    {
      ...NOTHING,
      engine: 'interpret',
      error: null,
      msPerEpisode: 1578,
      spread: [1545, 1612],
      rssMB: 0,
      compileMs: 111,
      relativeError: 0,
    },
    NOTHING,
  ],
  ratios: [
    {
      name: 'ten-terms: interpret / fused',
      about: 'on ten-terms, interpret to fused',
      ratio: 38.3,
    },
  ],
};
