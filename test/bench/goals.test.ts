import { describe, expect, it } from 'vitest';
import { goalsOf } from '../../bench/goals.js';
import type { PeerRow, Results } from '../../bench/results.js';
import { BENCH_TABLES } from '../../bench/tables.js';
import type { BenchReport } from '../../src/bench/bench.js';
import { ratiosOf } from '../../src/bench/ratios.js';
import type { Row } from '../../src/bench/row.js';

const row = (name: string, engine: string, msPerEpisode: number, more: Partial<Row> = {}): Row => ({
  case: name,
  engine,
  error: null,
  msPerEpisode,
  spread: [msPerEpisode, msPerEpisode],
  wallMsPerEpisode: msPerEpisode,
  flops: 1.4e9,
  gflops: 1400 / msPerEpisode,
  fractionOfPeak: 0.7,
  memoryMB: 14,
  rssMB: 40,
  compileMs: 200,
  compileWallMs: 140,
  relativeError: 1e-6,
  ...more,
});

const peer = (variant: string, ms: number, threads = 1): PeerRow => ({
  variant,
  about: '',
  threads,
  cpuMs: { median: ms },
  wallMs: { median: ms },
  firstSeconds: 1,
  peakMB: 100,
  relativeL2: 1e-6,
});

function reportOf(rows: readonly Row[], load = 0.1): BenchReport {
  return {
    date: '2026-11-22',
    machine: {
      processor: 'A processor',
      cores: 2,
      memoryGiB: 24,
      system: 'Linux 6',
      node: 'v20.20.2',
      load,
    },
    peak: { multiplyThenAdd: 50, multiplyAdd: null },
    rounds: 3,
    rows,
    ratios: ratiosOf(rows),
  };
}

const RESULTS: Results = {
  literature: null,
  ours: reportOf([
    row('ten-terms', 'fused', 32),
    row('ten-terms', 'fused all inputs', 40),
    row('three-terms', 'fused all inputs', 32),
  ]),
  peers: {
    date: '2026-11-22',
    versions: { torch: '2', node: 'v20.20.2' },
    rows: [
      peer('engrammar fused all inputs', 40),
      peer('torch vector', 1400),
      peer('torch vector', 9000, 2),
      peer('jax factored step', 100),
      peer('jax factored plain', 80),
      { variant: 'torch factored', about: '', threads: 1, error: 'out of memory' },
    ],
  },
};

describe('goals', () => {
  const goals = goalsOf(RESULTS);
  const about = (start: string) => goals.find(({ what }) => what.startsWith(start));

  it('are met or not, each by what was measured for it', () => {
    expect(about('meta-training')).toMatchObject({ measured: '24 s', isMet: true });
    expect(about('PyTorch, vector first')).toMatchObject({ measured: '35×', isMet: true });
    const jax = { measured: '2×', isMet: false };
    expect(about('JAX, jit, gathered by hand')).toMatchObject(jax);
    expect(about('JAX, jit, gathered by hand')!.what).toContain('jax factored plain');
    expect(about('plan, generate')).toMatchObject({
      measured: '200 ms; 140 ms on the wall',
      isMet: false,
    });
    expect(about('ten terms against three')).toMatchObject({ measured: '1.25×', isMet: false });
    expect(about('leaving out')).toMatchObject({ isMet: true });
  });

  it('say so where nothing was measured', () => {
    const missing = { measured: 'not measured', isMet: null };
    expect(about('PyTorch, hand-factored')).toMatchObject(missing);
    expect(about('terms renamed')).toMatchObject(missing);
    for (const goal of goalsOf({ ours: null, peers: null, literature: null }))
      expect(goal).toMatchObject(missing);
  });
});

describe('tables of the page', () => {
  it('say when the machine was not idle', () => {
    const { 'bench-machine': machine } = BENCH_TABLES;
    expect(machine!(RESULTS).join('\n')).not.toContain('Provisional');
    const busy = { ...RESULTS, ours: reportOf([], 4) };
    expect(machine!(busy).join('\n')).toContain('load 4.0');
  });

  it('have a reason where a peer failed', () => {
    const lines = BENCH_TABLES['bench-peers']!(RESULTS);
    expect(lines).toContain('| torch factored | 1 | out of memory |  |  |  |  |  |');
    expect(lines).toContain('| torch vector | 1 | 1400 | 35× | 1400 | 1 | 100 | 1.0e-6 |');
  });
});
