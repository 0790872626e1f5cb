import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { describeFileError } from '../base/files.js';
import { EngrammarError } from '../base/result.js';
import { writeWhole } from './files.js';

/**
 * An append-only file of one JSON record a line. Every record reaches the operating system before
 * `append` returns, so the end of the process loses none.
 */
export class HistoryWriter {
  private readonly path: string;
  private descriptor: number | undefined;
  private length = 0;

  /** Opens the file at `length` bytes: what lies after them, such as half a line, is cut off. */
  constructor(path: string, length: number) {
    this.path = path;
    try {
      if (existsSync(path) && statSync(path).size > length) truncateSync(path, length);
      this.descriptor = openSync(path, 'a');
      this.length = statSync(path).size;
    } catch (error) {
      throw new EngrammarError(describeFileError(path, 'write', error));
    }
  }

  /** Bytes written so far, to be kept with a checkpoint. */
  get bytes(): number {
    return this.length;
  }

  append(record: unknown): void {
    if (this.descriptor === undefined) return;
    try {
      this.length += writeWhole(this.descriptor, `${JSON.stringify(record)}\n`);
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
  /** Lines that are no records; a last line without its end is not one of them. */
  readonly damaged: number;
}

/** Reads a history; the last line may be cut off, and no file is an empty history. */
export function readHistory(path: string): History {
  if (!existsSync(path)) return { records: [], bytes: 0, damaged: 0 };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new EngrammarError(describeFileError(path, 'read', error));
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const records: unknown[] = [];
  let damaged = 0;
  for (const line of whole.split('\n').slice(0, -1)) {
    try {
      records.push(JSON.parse(line));
    } catch {
      damaged += 1;
    }
  }
  return { records, bytes: Buffer.byteLength(whole), damaged };
}
