import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { describeFileError } from '../base/files.js';
import { EngrammarError } from '../base/result.js';
import { sha256, writeWhole } from './files.js';

/**
 * An append-only file of one JSON record a line. Every record reaches the operating system before
 * `append` returns, so the end of the process loses none.
 */
export class HistoryWriter {
  private readonly path: string;
  private descriptor: number | undefined;
  private length = 0;
  private readonly hashed = createHash('sha256');

  /** Opens the file at `length` bytes: what lies after them, such as half a line, is cut off. */
  constructor(path: string, length: number) {
    this.path = path;
    try {
      if (existsSync(path) && statSync(path).size > length) truncateSync(path, length);
      this.descriptor = openSync(path, 'a');
      this.length = statSync(path).size;
      if (this.length > 0) this.hashed.update(readFileSync(path));
    } catch (error) {
      throw new EngrammarError(describeFileError(path, 'write', error));
    }
  }

  /** Bytes written so far, to be kept with a checkpoint. */
  get bytes(): number {
    return this.length;
  }

  /** SHA-256 of what was written so far. */
  get hash(): string {
    return this.hashed.copy().digest('hex');
  }

  /** Brings what was written onto the disk, so that a power failure does not take it away. */
  flush(): void {
    if (this.descriptor !== undefined) fsyncSync(this.descriptor);
  }

  append(record: unknown): void {
    if (this.descriptor === undefined) return;
    try {
      const line = `${JSON.stringify(record)}\n`;
      this.length += writeWhole(this.descriptor, line);
      this.hashed.update(line);
    } catch (error) {
      throw new EngrammarError(describeFileError(this.path, 'write', error));
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/** The records of a history, and the length in bytes of the part that they take. */
export interface History {
  readonly records: readonly unknown[];
  readonly bytes: number;
  /** SHA-256 of all that was read. */
  readonly hash: string;
  /** The first line that is no record, counted from 1; a last line without its end is not one. */
  readonly damaged: number | null;
}

/**
 * Reads a history; the last line may be cut off, and no file is an empty history. Of a part, given by its
 * length in bytes, only that.
 */
export function readHistory(path: string, length?: number): History {
  if (!existsSync(path)) return { records: [], bytes: 0, hash: sha256(''), damaged: null };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path).subarray(0, length);
  } catch (error) {
    throw new EngrammarError(describeFileError(path, 'read', error));
  }
  const text = bytes.toString('utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const records: unknown[] = [];
  let damaged: number | null = null;
  for (const [k, line] of whole.split('\n').slice(0, -1).entries()) {
    try {
      records.push(JSON.parse(line));
    } catch {
      damaged ??= k + 1;
    }
  }
  const hash = sha256(bytes);
  return { records, bytes: Buffer.byteLength(whole), hash, damaged };
}
