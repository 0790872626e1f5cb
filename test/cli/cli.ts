import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.js';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const main = path.join(root, 'dist', 'src', 'cli', 'main.js');

export interface Ran {
  /** Or the signal that ended it. */
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given the child's process id as soon as it has one, and everything it says on stderr. */
  onStderr?(text: string, pid: number): void;
}

/** Runs the compiled command line in a process of its own, as a person would. */
export function engrammar(args: readonly string[], around: Surroundings = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: around.cwd ?? root,
      env: { ...cleanEnvironment(), ...around.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      around.onStderr?.(stderr, child.pid!);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
}

/** The same within this process: what a command says, without what the process adds. */
export async function here(args: readonly string[]): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const out = { write: (text: string) => (stdout += text) };
  const err = { write: (text: string) => (stderr += text) };
  const code = await run(args, { stdout: out, stderr: err }, {});
  return { code, stdout, stderr };
}

type Run = (args: readonly string[]) => Promise<Ran>;

/** The document of a `--json` run: all of stdout, or the test fails. */
export async function document<T>(args: readonly string[], runner: Run = engrammar): Promise<T> {
  const { stdout } = await runner([...args, '--json']);
  return JSON.parse(stdout) as T;
}

/** The machine's own settings of colours and widths stay out of tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, COLUMNS, ENGRAMMAR_DEBUG, ...rest } = process.env;
  return rest;
}

/** A file of golden texts, rewritten by `npx vitest run -u`. */
export const golden = (name: string): string => path.join(root, 'test', 'golden', 'cli', name);

/** Compiles what changed; files of tests that do so at the same time wait for one another. */
export async function build(): Promise<void> {
  const lock = path.join(
    tmpdir(),
    `engrammar-build-${createHash('sha1').update(root).digest('hex')}`,
  );
  while (!claim(lock)) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    execFileSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'pipe' });
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A lock older than any build was left behind by a killed one. */
const STALE_MS = 180_000;

function claim(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
