/**
 * Times small runs of published systems beside the same runs in numpy: each in a process of its own, one
 * after the other, round after round. `npm run bench:literature [CASE …] [-- --rounds N]` records what
 * was measured in bench/results/literature.json and writes the table of docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/base/package-root.js';
import { median } from '../src/bench/statistics.js';
import { writeDocs } from './docs.js';
import { LITERATURE_CASES, type LiteratureCase } from './literature/cases.js';
import {
  committedResults,
  type LiteratureRow,
  type LiteratureRun,
  writeLiterature,
} from './results.js';

const PYTHON = join(packageRoot(), '.cache', 'peers', 'bin', 'python');
/** One thread each: what is compared is work, and runs are small. */
const ONE_THREAD = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

function output(command: string, words: readonly string[]): string {
  const env = { ...process.env, ...ONE_THREAD };
  const ran = spawnSync(command, words, { cwd: packageRoot(), env, encoding: 'utf8' });
  if (ran.error) throw ran.error;
  if (ran.status !== 0) throw new Error(`${command} ${words.join(' ')}: ${ran.stderr}`);
  return ran.stdout;
}

const ours = (...words: readonly string[]): string =>
  output(process.execPath, [
    ...['--import', './scripts/run-typescript.mjs', 'bench/literature/ours.ts'],
    ...words,
  ]);

const peer = ({ peer: script }: LiteratureCase, folder: string): string =>
  output(PYTHON, [join('bench', 'peers', 'literature', script), folder]);

/** The run whose processor time is in the middle, with the time in the middle of further runs. */
function middle(runs: readonly LiteratureRun[]): LiteratureRun {
  const inOrder = [...runs].sort((a, b) => a.cpuMs - b.cpuMs);
  const furtherMs = median(runs.map((run) => run.furtherMs));
  return { ...inOrder[Math.floor((runs.length - 1) / 2)]!, furtherMs };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '5' } },
  });
  const rounds = Number(values.rounds);
  const chosen = LITERATURE_CASES.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const folders = chosen.map((each) => {
    const folder = mkdtempSync(join(tmpdir(), 'engrammar-literature-'));
    ours('export', each.name, folder);
    return folder;
  });
  const runs = chosen.map(() => ({ ours: [] as LiteratureRun[], numpy: [] as LiteratureRun[] }));
  try {
    for (let round = 0; round < rounds; round++) {
      chosen.forEach((each, k) => {
        runs[k]!.ours.push(JSON.parse(ours('run', each.name)) as LiteratureRun);
        runs[k]!.numpy.push(JSON.parse(peer(each, folders[k]!)) as LiteratureRun);
        const [own, other] = [runs[k]!.ours.at(-1)!, runs[k]!.numpy.at(-1)!];
        const ratio = (other.cpuMs / own.cpuMs).toFixed(2);
        console.log(
          `round ${round + 1}: ${each.name} ${own.cpuMs.toFixed(0)} ms, numpy ${other.cpuMs.toFixed(0)} ms (${ratio}), further ${own.furtherMs.toFixed(0)} and ${other.furtherMs.toFixed(0)} ms, results ${own.result} and ${other.result}`,
        );
      });
    }
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
  const measured = chosen.map(({ name, about }, k): LiteratureRow => {
    const { ours: own, numpy } = runs[k]!;
    return { case: name, about, rounds, ours: middle(own), numpy: middle(numpy) };
  });
  const before = committedResults().literature?.rows ?? [];
  const rows = LITERATURE_CASES.flatMap(({ name }) => {
    const row = [...measured, ...before].find((each) => each.case === name);
    return row ? [row] : [];
  });
  const numpy = output(PYTHON, ['-c', 'import numpy; print(numpy.__version__, end="")']);
  const machine = { processor: cpus()[0]?.model ?? '', cores: cpus().length, load: loadavg()[1]! };
  const versions = { node: process.version, numpy };
  writeLiterature({ date: new Date().toISOString(), machine, versions, rows });
  writeDocs(committedResults());
}

main();
