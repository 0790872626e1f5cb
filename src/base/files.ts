import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { fileMissing, fileNotText, fileTooBig, fileUnusable } from './diagnostics/run.js';
import { failure, type Result, success } from './result.js';
import type { Source } from './source.js';

/**
 * The bytes of a regular file. A missing file, a folder, a device, a file without permission and a
 * file over `limit` bytes (refused before anything is read) are failures.
 */
export function readBytes(path: string, limit: number): Result<Buffer> {
  return readFrom(path, (size) =>
    size > limit ? failure(fileTooBig({ path, size, limit })) : success(size),
  );
}

/** The first bytes of a regular file, at most `count`. */
export function readStart(path: string, count: number): Result<Buffer> {
  return readFrom(path, (size) => success(Math.min(size, count)));
}

/** As many of the first bytes of a file as is said when its size is known. */
function readFrom(path: string, amount: (size: number) => Result<number>): Result<Buffer> {
  let descriptor: number;
  try {
    // Non-blocking, so that a named pipe nobody writes to is not waited for.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return failure(describeFileError(path, 'read', error));
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) {
      const reason = status.isDirectory() ? 'it is a folder' : 'it is not a regular file';
      return failure(fileUnusable({ path, act: 'read', reason }));
    }
    const wanted = amount(status.size);
    if (!wanted.ok) return wanted;
    const size = wanted.value;
    const bytes = Buffer.allocUnsafe(size);
    let got = 0;
    while (got < size) {
      const count = readSync(descriptor, bytes, got, size - got, got);
      if (count === 0) break;
      got += count;
    }
    return success(bytes.subarray(0, got));
  } catch (error) {
    return failure(describeFileError(path, 'read', error));
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a UTF-8 file, named as it was given; a byte order mark is dropped. */
export function readSource(path: string, limit: number): Result<Source> {
  const bytes = readBytes(path, limit);
  if (!bytes.ok) return bytes;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.value);
    return success({ name: path, text });
  } catch {
    return failure(fileNotText({ path, offset: firstInvalid(bytes.value) }));
  }
}

/**
 * Makes a folder, and those above it that are missing; throws what the system says. (Node's own
 * recursive `mkdirSync` never returns where a file system has the parent but makes no folders in
 * it, as under /proc.)
 */
export function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const above = dirname(path);
  try {
    if (above !== path) makeFolder(above);
  } catch (error) {
    const isFile = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw isFile
      ? Object.assign(new Error(`ENOTDIR: ${above} is a file`), { code: 'ENOTDIR' })
      : error;
  }
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it in the meantime.
    const made = (error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory();
    if (!made) throw error;
  }
}

/** A failed file operation in words. */
export function describeFileError(path: string, act: 'read' | 'write', error: unknown): Diagnostic {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (act === 'read' && code === 'ENOENT') return fileMissing({ path });
  return fileUnusable({ path, act, reason: reasonOf(error) });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'a folder on the way to it does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'there is already a file of that name',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links go in a circle',
  EIO: 'the disk reported an input/output error',
};

/** Why a file operation failed, in words without a path. */
export function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return (code && REASONS[code]) || message || String(error);
}

/** Offset of the first byte that is not UTF-8; the length where all may be the beginning of a text. */
export function firstInvalid(bytes: Uint8Array): number {
  const decodes = (end: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
