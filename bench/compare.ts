/**
 * All figures of docs/performance.md in one run: cases on our engines, the same episode in PyTorch and JAX
 * (bench/peers), and what the goals came to. Results go to bench/results, the tables into the page.
 *
 *     npm run bench
 *     npm run bench -- --rounds 1 --peer-rounds 1     a quick one
 *     npm run bench -- -- --threads 1                 what follows the last -- is for bench/peers/run.py
 *     npm run bench:docs                              only the page, from the results that are there
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/base/package-root.js';
import { type BenchReport, bench } from '../src/bench/bench.js';
import { catalogueCases, POOL_CASES } from '../src/bench/cases.js';
import { ratiosOf } from '../src/bench/ratios.js';
import { type VariantName, variantNamed } from '../src/bench/variants.js';
import { inspectEngines } from '../src/engine/doctor.js';
import { writeDocs } from './docs.js';
import { goalsOf } from './goals.js';
import { committedResults, PEERS_PATH, writeOurs } from './results.js';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    'peer-rounds': { type: 'string', default: '3' },
    python: { type: 'string', default: join('.cache', 'peers', 'bin', 'python') },
    'no-ours': { type: 'boolean', default: false },
    'no-peers': { type: 'boolean', default: false },
    'docs-only': { type: 'boolean', default: false },
  },
});

const began = performance.now();
const tell = (line: string): void => {
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`);
};

/** Backends of tfjs that not every machine has; on the small network, where they are bearable. */
async function moreOfTfjs(): Promise<VariantName[]> {
  const { engines } = await inspectEngines();
  const works = (backend: string): boolean =>
    engines.some((each) => each.backend === backend && each.available);
  return (['cpu', 'tensorflow'] as const).filter(works).map((each) => `tfjs ${each}` as const);
}

async function measureOurs(rounds: number): Promise<BenchReport> {
  const more = await moreOfTfjs();
  const pool = await bench({
    cases: POOL_CASES.map((kind) => ({
      kind,
      variants: [...kind.variants, ...(kind.name === 'small' ? more : [])].map(variantNamed),
    })),
    rounds,
    patienceMs: 4000,
    onProgress: tell,
  });
  const rules = await bench({
    cases: catalogueCases().map((kind) => ({ kind, variants: kind.variants.map(variantNamed) })),
    rounds: Math.min(rounds, 3),
    patienceMs: 400,
    onProgress: tell,
  });
  const rows = [...pool.rows, ...rules.rows];
  return { ...pool, rows, ratios: ratiosOf(rows) };
}

/** Whether every gradient was right. */
function measurePeers(rounds: string): Promise<boolean> {
  const script = join('bench', 'peers', 'run.py');
  const words = ['--rounds', rounds, '--out', PEERS_PATH, ...positionals];
  const child = spawn(given.python, [script, ...words], {
    cwd: packageRoot(),
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}

function printGoals(): void {
  const lines = goalsOf(committedResults()).map(({ what, goal, measured, isMet }) => {
    const verdict = isMet === null ? '–' : isMet ? 'met' : 'not met';
    return [what, goal, measured, verdict];
  });
  const wide = [0, 1, 2].map((k) => Math.max(...lines.map((line) => line[k]!.length)));
  for (const line of lines) {
    console.log(line.map((cell, k) => cell.padEnd(wide[k] ?? 0)).join('  '));
  }
}

if (!given['docs-only']) {
  if (!given['no-ours']) writeOurs(await measureOurs(Number(given.rounds)));
  const hasPeers = existsSync(join(packageRoot(), given.python)) || existsSync(given.python);
  if (!given['no-peers'] && !hasPeers) {
    tell(`no ${given.python}: bench/peers/README.md says how to install the peers; left out`);
  } else if (!given['no-peers'] && !(await measurePeers(given['peer-rounds']))) {
    process.exitCode = 1;
  }
}
writeDocs(committedResults());
printGoals();
tell('done');
process.exit();
