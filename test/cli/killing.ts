import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stream } from '../../src/base/random.js';
import type { DiscoveryResult } from '../../src/discover/result.js';
import { engrammar, main } from './cli.js';

/** A whole discovery, in a second or two of one processor. */
const EXPERIMENT = `
space: shervani_tabar_2023
circuit: { name: feed-forward, hidden: [8, 6] }
task: { name: digits, ways: 2, shots: 4, queries: 4, pool: 4 }
learner: { optimizer: proximal, episodes: 30, rate: 1e-2, penalty: 0.3 }
select: { refitEpisodes: 12 }
baselines: [feedback-alignment]
evaluate: { tasks: 10 }
seed: 4
workers: 1
`;

/** A folder with the experiment. */
export function killingGround(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engrammar-kill-'));
  writeFileSync(join(folder, 'tiny.yaml'), EXPERIMENT);
  return folder;
}

/** When a process is ended: some time after it began to compute, or as soon as it writes a file aside. */
export type Moment = { readonly after: number } | 'while it writes';

/** A moment drawn at random: a quarter of them during a write. */
export function drawMoment(stream: Stream): Moment {
  return stream.integer(4) === 0 ? 'while it writes' : { after: 500 * stream.uniform() };
}

export interface Killed {
  /** False where the run was done before. */
  readonly killed: boolean;
  /** Files that it had not finished writing. */
  readonly unfinished: number;
  /** Meta-steps that the history has and the checkpoint has not: they are computed again. */
  readonly lost: number;
}

/** Runs `engrammar discover` or `resume` on a folder and ends it as a crash would. */
export async function killedAt(cwd: string, run: string, moment: Moment): Promise<Killed> {
  const isBegun = existsSync(join(cwd, run, 'manifest.json'));
  const args = isBegun ? ['resume', run] : ['discover', 'tiny.yaml', '--out', run];
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => void child.kill('SIGKILL');
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const before = said;
    said += text;
    if (before.includes('The run folder is') || !said.includes('The run folder is')) return;
    if (typeof moment === 'object') timer = setTimeout(kill, moment.after);
    else {
      const watcher = watch(join(cwd, run), (_, name) => {
        if (name?.startsWith('checkpoint.json.')) kill();
      });
      child.on('exit', () => watcher.close());
    }
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (code, signal) => resolve([code, signal])),
  );
  clearTimeout(timer);
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`${args.join(' ')} failed: ${said}`);
  const folder = join(cwd, run);
  const checkpoint = join(folder, 'checkpoint.json');
  const history = join(folder, 'history.jsonl');
  const { historyBytes } = existsSync(checkpoint)
    ? (JSON.parse(readFileSync(checkpoint, 'utf8')) as { historyBytes: number })
    : { historyBytes: 0 };
  const told = existsSync(history) ? readFileSync(history, 'utf8') : '';
  const lines = told.split('\n').length - 1;
  const kept = told.slice(0, historyBytes);
  return {
    killed: signal === 'SIGKILL',
    unfinished: readdirSync(folder).filter((name) => name.endsWith('.part')).length,
    lost: lines - kept.split('\n').length + 1,
  };
}

/** Lets a run come to its end, whether it was begun or not. */
export async function finished(cwd: string, run: string): Promise<void> {
  const isBegun = existsSync(join(cwd, run, 'manifest.json'));
  const args = isBegun ? ['resume', run] : ['discover', 'tiny.yaml', '--out', run];
  const { code, stderr } = await engrammar([...args, '-q'], { cwd });
  if (code !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
}

/** Everything a run came to, but for its times, its place, and the order in which searches took turns. */
export function outcomeOf(cwd: string, run: string): Record<string, string> {
  const text = (name: string): string => readFileSync(join(cwd, run, name), 'utf8');
  const result = JSON.parse(text('result.json')) as DiscoveryResult;
  return {
    result: JSON.stringify({ ...result, runFolder: '', seconds: 0 }),
    rule: text('rule.rule'),
    latex: text('rule.tex'),
    config: text('config.yaml'),
    history: text('history.jsonl').split('\\n').sort().join('\\n'),
    files: readdirSync(join(cwd, run)).sort().join(' '),
  };
}
