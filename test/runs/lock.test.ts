import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFolderLocked, runFolderTaken } from '../../src/base/diagnostics/run.js';
import { unwrap } from '../../src/base/result.js';
import { createRun, openRun } from '../../src/runs/folder.js';
import { lockHolder, takeLock } from '../../src/runs/lock.js';
import { startHolder } from './processes.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engrammar-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const facts = { name: 'test', config: {}, command: [], seed: 1, versions: {} };
const lockFile = () => join(folder, 'lock.json');

describe('the lock of a run folder', () => {
  it('excludes a second holder, and is free after the first', () => {
    const lock = unwrap(takeLock(folder));
    const second = takeLock(folder);
    expect(!second.ok && second.diagnostics[0]?.code).toBe(runFolderLocked.code);
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    lock.release();
    lock.release();
    unwrap(takeLock(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('excludes another process, and is taken over when that is killed', async () => {
    const holder = startHolder('hold', folder);
    expect(await holder.said()).toBe('held');
    const refused = createRun(folder, facts);
    const { since } = JSON.parse(readFileSync(lockFile(), 'utf8')) as { since: string };
    expect(!refused.ok && refused.diagnostics).toEqual([
      runFolderLocked({ folder, pid: holder.child.pid!, host: hostname(), since, here: true }),
    ]);
    await holder.kill();
    expect(lockHolder(folder)).toBeUndefined();
    const again = createRun(folder, facts);
    expect(!again.ok && again.diagnostics).toEqual([
      runFolderTaken({ folder, file: 'manifest.json' }),
    ]);
    const resumed = unwrap(openRun(folder));
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    resumed.run.finish('interrupted');
    expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  it('lets exactly one of several processes begin, and one take over a dead one', async () => {
    const start = String(Date.now() + 2500);
    const racers = Array.from({ length: 3 }, () => startHolder('race', folder, start));
    const words = await Promise.all(racers.map((racer) => racer.said()));
    expect(words.filter((word) => word === 'held')).toHaveLength(1);
    expect(words.every((word) => ['held', 'E611', 'E612'].includes(word ?? ''))).toBe(true);
    await Promise.all(racers.map((racer) => racer.kill()));
    // As a process leaves it that dies: a lock whose process is no more.
    const dead = startHolder('none', folder);
    await dead.said();
    await dead.kill();
    writeFileSync(lockFile(), lockOf({ pid: dead.child.pid! }));
    const later = String(Date.now() + 2500);
    const resumers = Array.from({ length: 3 }, () => startHolder('resume-race', folder, later));
    const said = await Promise.all(resumers.map((resumer) => resumer.said()));
    expect([...said].sort()).toEqual(['E612', 'E612', 'held']);
    await Promise.all(resumers.map((resumer) => resumer.kill()));
  });

  function lockOf(change: object): string {
    const whole = { pid: process.pid, host: hostname(), since: '2020-01-01', began: null };
    return JSON.stringify({ ...whole, ...change });
  }

  it('of a process whose number was given away is stale', () => {
    writeFileSync(lockFile(), lockOf({ began: '1' }));
    // Only Linux tells when a process began.
    if (process.platform === 'linux') unwrap(takeLock(folder)).release();
    writeFileSync(lockFile(), lockOf({}));
    expect(takeLock(folder).ok).toBe(false);
  });

  it('of another computer is respected, and how to remove it is said', () => {
    writeFileSync(lockFile(), lockOf({ host: 'elsewhere', pid: 1 }));
    const result = takeLock(folder);
    expect(!result.ok && result.diagnostics).toEqual([
      runFolderLocked({ folder, pid: 1, host: 'elsewhere', since: '2020-01-01', here: false }),
    ]);
  });

  it('with senseless content is respected', () => {
    for (const text of ['', '{', 'null', '{"pid": -1}', '[]']) {
      writeFileSync(lockFile(), text);
      expect(takeLock(folder).ok).toBe(false);
    }
  });

  it('is taken over past the guard of a process that died while taking over', () => {
    writeFileSync(lockFile(), lockOf({ began: '1' }));
    mkdirSync(`${lockFile()}.guard`);
    if (process.platform !== 'linux') return;
    expect(takeLock(folder).ok).toBe(false);
    const old = new Date(Date.now() - 60_000);
    utimesSync(`${lockFile()}.guard`, old, old);
    unwrap(takeLock(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
