import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { runFileDamaged, runVersionUnknown } from '../base/diagnostics/run.js';
import { describeFileError, readBytes, readSource } from '../base/files.js';
import { EngrammarError, failure, type Result, success } from '../base/result.js';

/** Version of the layout of every file of a run. */
export const SCHEMA_VERSION = 1;

/** A history of a long run, or a checkpoint of many jobs, is well below this. */
const LARGEST_FILE = 2 ** 30;

/**
 * Replaces a file as a whole: a reader, or a crash, finds the old content or the new, never a part.
 * Throws an `EngrammarError` that names the file and the reason.
 */
export function replaceFile(path: string, text: string): void {
  const aside = `${path}.${process.pid}.part`;
  try {
    const descriptor = openSync(aside, 'w');
    try {
      writeWhole(descriptor, text);
      // Without this a power failure could leave the new name with no content.
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(aside, path);
  } catch (error) {
    try {
      rmSync(aside, { force: true });
    } catch {
      // Nothing more can be done; the fault below is the one to report.
    }
    throw new EngrammarError(describeFileError(path, 'write', error));
  }
}

/** Writes all of a text, also where the system takes it in parts. */
export function writeWhole(descriptor: number, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  return bytes.length;
}

export function replaceJson(path: string, value: unknown): void {
  replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The same with a hash of its content in it: `readJson` refuses it when anything was changed. */
export function replaceSealed(path: string, value: object, indent = 0): void {
  const written = { ...value, seal: sealOf(value) };
  replaceFile(path, `${JSON.stringify(written, null, indent)}\n`);
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 of a file of data. */
export function hashOfFile(path: string): Result<string> {
  const bytes = readBytes(path, LARGEST_FILE);
  return bytes.ok ? success(sha256(bytes.value)) : bytes;
}

/** What the content of a sealed file hashes to, however it is laid out. */
const sealOf = (value: unknown): string => sha256(JSON.stringify(value));

/** A JSON file of a run that must have a shape, checked after its version. */
export function readJson<T>(path: string, shape: z.ZodType<T>): Result<T> {
  const source = readSource(path, LARGEST_FILE);
  if (!source.ok) return source;
  let value: unknown;
  try {
    value = JSON.parse(source.value.text);
  } catch (error) {
    return failure(runFileDamaged({ path, reason: (error as Error).message }));
  }
  const found = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof found === 'number' && found !== SCHEMA_VERSION) {
    return failure(runVersionUnknown({ path, found, known: SCHEMA_VERSION }));
  }
  const content = unsealed(value);
  if (content === BROKEN) return failure(runFileDamaged({ path, reason: BROKEN }));
  const parsed = shape.safeParse(content);
  if (parsed.success) return success(parsed.data);
  return failure(runFileDamaged({ path, reason: z.prettifyError(parsed.error) }));
}

const BROKEN = 'it was changed since it was written (its seal is broken)';

/** The content without its seal; what has none is as it is. */
function unsealed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('seal' in value)) return value;
  const { seal, ...rest } = value;
  return seal === sealOf(rest) ? rest : BROKEN;
}

/** The text of a file of a run. */
export function readText(path: string): Result<string> {
  const source = readSource(path, LARGEST_FILE);
  return source.ok ? success(source.value.text) : source;
}

/** The shape of a file whose content is its writer's affair. */
export const anything = z.unknown();
