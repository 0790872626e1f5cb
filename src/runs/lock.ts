import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runFolderLocked, runFolderUnwritable } from '../base/diagnostics/run.js';
import { reasonOf } from '../base/files.js';
import { failure, type Result, success } from '../base/result.js';

const LOCK_FILE = 'lock.json';

const shape = z.object({
  pid: z.int().positive(),
  host: z.string(),
  since: z.string(),
  /** When the process began, as its system counts; tells it from a later one of the same number. */
  began: z.string().nullable(),
});

/** Who works in a run folder. */
export type LockHolder = z.output<typeof shape>;

/** A lock that is held; releasing it twice is harmless. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a folder, or says who holds it. The lock of a process of this computer that no
 * longer exists is taken over.
 */
export function takeLock(folder: string): Result<Lock> {
  const path = join(folder, LOCK_FILE);
  const mine = JSON.stringify(self());
  const aside = join(folder, `${LOCK_FILE}.${process.pid}.part`);
  try {
    // Written aside and linked, so that the lock never exists without its content.
    writeFileSync(aside, mine);
    while (!claim(aside, path) && !takeOver(aside, path)) {
      // Gone meanwhile: its holder has finished.
      if (existsSync(path)) return locked(folder, path);
    }
  } catch (error) {
    return failure(runFolderUnwritable({ folder, reason: reasonOf(error) }));
  } finally {
    removeQuietly(aside);
  }
  return success({
    release: () => {
      if (contentOf(path) === mine) removeQuietly(path);
    },
  });
}

/** The living holder of a folder's lock; undefined where no lock is, or one of a dead process. */
export function lockHolder(folder: string): LockHolder | undefined {
  const holder = readLock(join(folder, LOCK_FILE));
  return holder && isAlive(holder) ? holder : undefined;
}

/** Whether the lock was free and is now ours. */
function claim(aside: string, path: string): boolean {
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // Some file systems know no links; there the lock is for a moment without content.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') {
      throw error;
    }
  }
  try {
    writeFileSync(path, readFileSync(aside), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A process that takes over a lock needs microseconds; an older guard was left by one that died. */
const GUARD_MS = 10_000;

/**
 * Replaces the lock of a dead process. A guard folder lets one process at a time do so: otherwise
 * two could both find the dead one's lock, and the second replace the lock of the first.
 */
function takeOver(aside: string, path: string): boolean {
  if (!isStale(path)) return false;
  const guard = `${path}.guard`;
  try {
    if (Date.now() - statSync(guard).mtimeMs > GUARD_MS) rmdirSync(guard);
  } catch {
    // No guard is there, as it should be.
  }
  try {
    mkdirSync(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    if (!isStale(path)) return false;
    renameSync(aside, path);
    return true;
  } finally {
    rmdirSync(guard);
  }
}

function locked(folder: string, path: string): Result<never> {
  const holder = readLock(path);
  const { pid, host, since } = holder ?? { pid: 0, host: 'an unknown computer', since: 'unknown' };
  return failure(runFolderLocked({ folder, pid, host, since, here: host === hostname() }));
}

/** Whether the lock's process is known to be dead. */
function isStale(path: string): boolean {
  const holder = readLock(path);
  return holder !== undefined && !isAlive(holder);
}

function isAlive({ pid, host, began }: LockHolder): boolean {
  // Of another computer's processes nothing is known.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = beginningOf(pid);
  return began === null || now === null || began === now;
}

function self(): LockHolder {
  return {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    began: beginningOf(process.pid),
  };
}

/** Linux: start of a process in clock ticks since boot, field 22 of /proc/PID/stat; else null. */
function beginningOf(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name in brackets, may hold blanks and brackets.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function readLock(path: string): LockHolder | undefined {
  try {
    return shape.parse(JSON.parse(contentOf(path) ?? ''));
  } catch {
    return undefined;
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A lock that cannot be removed is recognised as stale later.
  }
}
