import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  runFolderMissing,
  runFolderTaken,
  runFolderUnwritable,
} from '../../src/base/diagnostics/run.js';
import { interrupted } from '../../src/base/diagnostics/usage.js';
import type { DiscoveryResult } from '../../src/discover/result.js';
import { build, document, engrammar } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-discover-'));

/** As little as can be learned in a second. */
const SMALL = `
space: shervani_tabar_2023
circuit: { name: feed-forward, hidden: [6] }
task: { name: digits, ways: 2, shots: 2, queries: 2, pool: 4 }
learner: { episodes: 4 }
select: { refitEpisodes: 2 }
baselines: [feedback-alignment]
evaluate: { tasks: 3 }
workers: 1
`;

beforeAll(async () => {
  writeFileSync(join(folder, 'small.yaml'), SMALL);
  await build();
}, 300_000);

const around = { cwd: folder };
const discover = ['discover', 'small.yaml', '--out'];

describe('discover', () => {
  it('prints one document, which the run folder keeps', async () => {
    const ran = await engrammar([...discover, 'runs/one', '--seed', '5', '--json', '-q'], around);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const result = JSON.parse(ran.stdout) as DiscoveryResult;
    expect(result).toMatchObject({
      schemaVersion: 1,
      seed: 5,
      engine: { name: 'fused', backend: null, notices: [] },
      runFolder: join(folder, 'runs', 'one'),
      baselines: [{ name: 'feedback-alignment', metrics: { accuracy: { tasks: 3 } } }],
    });
    const kept = readFileSync(join(folder, 'runs', 'one', 'result.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual(result);
  });

  it('writes for people what it writes for programs', async () => {
    const options = ['--episodes', '0', '--backend', 'wasm'];
    const ran = await engrammar([...discover, 'runs/two', ...options], around);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('computed by  tfjs wasm in ');
    expect(ran.stdout).toContain('On held-out tasks');
    expect(ran.stderr).toContain(`The run folder is ${join(folder, 'runs', 'two')}.`);
    const rule = join('runs', 'two', 'rule.rule');
    const checked = await engrammar(['check', rule, '--circuit', 'feed-forward'], around);
    expect(checked.stdout).toMatch(/rule discovered ok/);
  });

  it('does not write over a run', async () => {
    const before = readFileSync(join(folder, 'runs', 'one', 'result.json'), 'utf8');
    const ran = await engrammar([...discover, 'runs/one'], around);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    const facts = { folder: 'runs/one', file: 'manifest.json' };
    expect(ran.stderr).toContain(`${runFolderTaken.code} ${runFolderTaken(facts).message}`);
    expect(readFileSync(join(folder, 'runs', 'one', 'result.json'), 'utf8')).toBe(before);
  });

  it('tells of a folder it cannot write, before it computes anything', async () => {
    const ran = await engrammar([...discover, 'small.yaml/run'], around);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain(`${runFolderUnwritable.code} `);
    if (!existsSync('/proc/self')) return;
    const there = await engrammar([...discover, '/proc/engrammar', '--json'], around);
    expect(there.code).toBe(1);
    expect(JSON.parse(there.stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: runFolderUnwritable.code }],
    });
  });

  it('lists its runs', async () => {
    const runner = (args: readonly string[]) => engrammar(args, around);
    const runs = await document<object[]>(['runs'], runner);
    expect(runs).toMatchObject([
      { name: 'small', folder: join('runs', 'one'), status: 'done', seed: 5 },
      { name: 'small', folder: join('runs', 'two'), status: 'done', seed: 1 },
    ]);
    const { stdout } = await engrammar(['runs'], around);
    expect(stdout).toMatch(/^small +done +5 .*runs.one$/m);
    const none = await engrammar(['runs', '--out', 'nowhere'], around);
    expect(none).toEqual({ code: 0, stdout: 'There are no runs in nowhere.\n', stderr: '' });
  });
});

describe('Ctrl-C', () => {
  const run = join(folder, 'runs', 'long');
  const long = [...discover, run, '--episodes', '1000000'];

  /** Sends the signal once it is known where the run goes. */
  const stopping = (args: readonly string[], signal: NodeJS.Signals) => {
    let sent = false;
    const onStderr = (text: string, pid: number): void => {
      if (sent || !text.includes('The run folder is')) return;
      sent = true;
      setTimeout(() => process.kill(pid, signal), 400);
    };
    return engrammar(args, { ...around, onStderr });
  };

  it('saves, says how to go on, and ends with code 130', async () => {
    const ran = await stopping(long, 'SIGINT');
    expect([ran.code, ran.stdout]).toEqual([130, '']);
    const { code, message, hint } = interrupted({ runFolder: run });
    expect(ran.stderr).toContain(`${code} ${message}\n  hint: ${hint}`);
    const manifest = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ status: 'interrupted' });
  });

  it('can be followed by resume, and that by another interruption, in JSON too', async () => {
    const ran = await stopping(['resume', run, '--json'], 'SIGTERM');
    expect(ran.code).toBe(130);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: interrupted.code }],
    });
  });

  it('leaves nothing to resume where no run was', async () => {
    const ran = await engrammar(['resume', 'runs/longer'], around);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain(`${runFolderMissing.code} `);
  });
});
