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

/** What one run of a published system took and came to. */
export interface LiteratureRun {
  /** Of the processor, all threads together; ours with planning and compiling. */
  readonly cpuMs: number;
  /** The same of each run after it, with the program at hand. */
  readonly furtherMs: number;
  readonly wallMs: number;
  /** The loss of the last trial, or what else is compared. */
  readonly result: number;
}

export interface LiteratureRow {
  readonly case: string;
  readonly about: string;
  readonly rounds: number;
  /** The runs in the middle of all rounds. */
  readonly ours: LiteratureRun;
  readonly numpy: LiteratureRun;
}

/** What bench/literature.ts writes. */
interface LiteratureReport {
  readonly date: string;
  readonly machine: { readonly processor: string; readonly cores: number; readonly load: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly LiteratureRow[];
}

export interface Results {
  readonly ours: BenchReport | null;
  readonly peers: PeersReport | null;
  readonly literature: LiteratureReport | null;
}

const pathOf = (name: keyof Results): string =>
  join(packageRoot(), 'bench', 'results', `${name}.json`);

export const PEERS_PATH = pathOf('peers');

/** What was measured last, and is committed. */
export function committedResults(): Results {
  const read = (name: keyof Results): unknown =>
    existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), 'utf8')) : null;
  return {
    ours: read('ours') as BenchReport | null,
    peers: read('peers') as PeersReport | null,
    literature: read('literature') as LiteratureReport | null,
  };
}

export function writeLiterature(report: LiteratureReport): void {
  writeFileSync(pathOf('literature'), `${JSON.stringify(report, null, 1)}\n`);
}

export function writeOurs(report: BenchReport): void {
  writeFileSync(pathOf('ours'), `${JSON.stringify(report, null, 1)}\n`);
}
