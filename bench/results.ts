import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/package-root.js';
import type { BenchReport } from '../src/bench/bench.js';

/** What bench/peers/run.py writes. */
export interface PeersReport {
  readonly date: string;
  /** Python, Node, torch, jax, …. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly PeerRow[];
}

export type PeerRow = PeerHead & (PeerFigures | { readonly error: string });

interface PeerHead {
  readonly variant: string;
  readonly about: string;
  readonly threads: number;
}

export interface PeerFigures {
  readonly cpuMs: { readonly median: number };
  readonly wallMs: { readonly median: number };
  readonly firstSeconds: number;
  readonly peakMB: number;
  readonly relativeL2: number;
}

export interface Results {
  readonly ours: BenchReport | null;
  readonly peers: PeersReport | null;
}

const pathOf = (name: keyof Results): string =>
  join(packageRoot(), 'bench', 'results', `${name}.json`);

export const PEERS_PATH = pathOf('peers');

/** What was measured last, and is committed. */
export function committedResults(): Results {
  const read = (name: keyof Results): unknown =>
    existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), 'utf8')) : null;
  return { ours: read('ours') as BenchReport | null, peers: read('peers') as PeersReport | null };
}

export function writeOurs(report: BenchReport): void {
  writeFileSync(pathOf('ours'), `${JSON.stringify(report, null, 1)}\n`);
}
