import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import {
  runConfigChanged,
  runDataChanged,
  runFileDamaged,
  runFinished,
  runFolderMissing,
  runFolderTaken,
  runFolderUnwritable,
} from '../base/diagnostics/run.js';
import { makeFolder, reasonOf } from '../base/files.js';
import { EngrammarError, failure, type Result, success, unwrap } from '../base/result.js';
import {
  hashOfFile,
  readJson,
  readText,
  replaceFile,
  replaceJson,
  replaceSealed,
  SCHEMA_VERSION,
  sha256,
} from './files.js';
import { type History, HistoryWriter, readHistory } from './history.js';
import { type Lock, takeLock } from './lock.js';
import { type Manifest, manifestShape, type RunStatus } from './manifest.js';

/** The files of a run folder. */
export const RUN_FILES = {
  manifest: 'manifest.json',
  config: 'config.yaml',
  inputs: 'inputs',
  history: 'history.jsonl',
  checkpoint: 'checkpoint.json',
  rule: 'rule.rule',
  latex: 'rule.tex',
  result: 'result.json',
  report: 'report.html',
} as const;

/** What a run is, as known before it begins. */
export interface RunFacts {
  /** Of the experiment. */
  readonly name: string;
  /** The resolved experiment, plain data. */
  readonly config: unknown;
  /** As the person typed it. */
  readonly command: readonly string[];
  readonly seed: number;
  /** engrammar, node, and whatever computes. */
  readonly versions: Readonly<Record<string, string>>;
  /** Texts the run depends on, such as the space, by file name: a run folder is whole by itself. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Files of data that it reads and that stay where they are; the manifest keeps their hashes. */
  readonly data?: readonly string[];
}

/** What a run writes for others to read, once it is done. */
const OUTPUTS = [
  RUN_FILES.history,
  RUN_FILES.rule,
  RUN_FILES.latex,
  RUN_FILES.result,
  RUN_FILES.checkpoint,
] as const;

/**
 * A run folder that this process holds. Writing methods throw an `EngrammarError` that names the
 * file and the reason; whatever was complete before stays as it was.
 */
export class RunFolder {
  readonly path: string;
  private readonly lock: Lock;
  private readonly history: HistoryWriter;
  private current: Manifest;

  constructor(path: string, lock: Lock, manifest: Manifest, historyBytes: number) {
    this.path = path;
    this.lock = lock;
    this.current = manifest;
    this.history = new HistoryWriter(join(path, RUN_FILES.history), historyBytes);
  }

  get manifest(): Manifest {
    return this.current;
  }

  /** Adds a record to the history. */
  record(record: unknown): void {
    this.history.append(record);
  }

  /** Replaces the checkpoint; resuming goes back to it, in the history too. */
  saveCheckpoint(state: unknown): void {
    // First: a checkpoint is of no use without the history that it follows.
    this.history.flush();
    const { bytes: historyBytes, hash: historyHash } = this.history;
    const checkpoint = { schemaVersion: SCHEMA_VERSION, historyBytes, historyHash, state };
    replaceSealed(join(this.path, RUN_FILES.checkpoint), checkpoint);
  }

  writeRule(text: string): void {
    replaceFile(join(this.path, RUN_FILES.rule), ended(text));
  }

  writeLatex(text: string): void {
    replaceFile(join(this.path, RUN_FILES.latex), ended(text));
  }

  /** `result.json`: the fields of `result` beside the schema's version. */
  writeResult(result: object): void {
    replaceJson(join(this.path, RUN_FILES.result), { schemaVersion: SCHEMA_VERSION, ...result });
  }

  /** Hashes of what it wrote, by name. */
  private outputs(): Record<string, string> {
    const written = OUTPUTS.filter((name) => existsSync(join(this.path, name)));
    return Object.fromEntries(
      written.map((name) => [name, unwrap(hashOfFile(join(this.path, name)))]),
    );
  }

  /** Ends the work in this folder and frees it, also when the last note cannot be written. */
  finish(status: Exclude<RunStatus, 'running'>): void {
    this.history.close();
    try {
      const outputs = status === 'done' ? this.outputs() : null;
      this.current = { ...this.current, status, outputs, finished: new Date().toISOString() };
      writeManifest(this.path, this.current);
    } finally {
      this.lock.release();
    }
  }
}

const writeManifest = (path: string, manifest: Manifest): void =>
  replaceSealed(join(path, RUN_FILES.manifest), manifest, 2);

/** Begins a run in a folder, which is made if need be and must not hold a run. */
export function createRun(folder: string, facts: RunFacts): Result<RunFolder> {
  const path = resolve(folder);
  try {
    makeFolder(path);
  } catch (error) {
    return failure(runFolderUnwritable({ folder, reason: reasonOf(error) }));
  }
  const lock = takeLock(path);
  if (!lock.ok) return lock;
  const taken = Object.values(RUN_FILES).find((file) => existsSync(join(path, file)));
  if (taken !== undefined) {
    lock.value.release();
    return failure(runFolderTaken({ folder, file: taken }));
  }
  return holding(lock.value, () => {
    const config = stringify(facts.config, { aliasDuplicateObjects: false });
    const inputs = Object.entries(facts.inputs ?? {}).map(([name, text]) => [basename(name), text]);
    const manifest: Manifest = {
      schemaVersion: SCHEMA_VERSION,
      name: facts.name,
      status: 'running',
      command: [...facts.command],
      seed: facts.seed,
      configHash: sha256(config),
      inputs: Object.fromEntries(inputs.map(([name, text]) => [name, sha256(text!)])),
      data: Object.fromEntries(
        (facts.data ?? []).map((file) => [resolve(file), unwrap(hashOfFile(file))]),
      ),
      outputs: null,
      versions: { node: process.versions.node, ...facts.versions },
      platform: `${process.platform}-${process.arch}`,
      started: new Date().toISOString(),
      resumed: [],
      finished: null,
    };
    replaceFile(join(path, RUN_FILES.config), config);
    if (inputs.length > 0) mkdirSync(join(path, RUN_FILES.inputs));
    for (const [name, text] of inputs) replaceFile(join(path, RUN_FILES.inputs, name!), text!);
    // Last: a folder with a manifest has everything else.
    writeManifest(path, manifest);
    return success(new RunFolder(path, lock.value, manifest, 0));
  });
}

/** A run that goes on. */
export interface ResumedRun {
  readonly run: RunFolder;
  /** The resolved experiment, as it was given to `createRun`. */
  readonly config: unknown;
  readonly inputs: Readonly<Record<string, string>>;
  /** What the last checkpoint saved; undefined when none had been made. */
  readonly checkpoint: unknown;
  /** The records of the history up to that checkpoint. */
  readonly history: readonly unknown[];
}

const checkpointShape = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  historyBytes: z.int().min(0),
  historyHash: z.string(),
  state: z.unknown(),
});

/**
 * Takes up a run that was interrupted, failed, or whose process died. The history is cut back to
 * the last checkpoint, since what came after it is computed again.
 */
export function openRun(folder: string): Result<ResumedRun> {
  const path = resolve(folder);
  if (!existsSync(join(path, RUN_FILES.manifest))) {
    return failure(runFolderMissing({ folder, found: undefined }));
  }
  const lock = takeLock(path);
  if (!lock.ok) return lock;
  return holding(lock.value, () => {
    const manifest = readJson(join(path, RUN_FILES.manifest), manifestShape);
    if (!manifest.ok) return manifest;
    const { status } = manifest.value;
    if (status === 'done') return failure(runFinished({ folder, status }));
    const config = readSealed(join(path, RUN_FILES.config), manifest.value.configHash);
    if (!config.ok) return config;
    const inputs: Record<string, string> = {};
    for (const [name, hash] of Object.entries(manifest.value.inputs)) {
      const text = readSealed(join(path, RUN_FILES.inputs, basename(name)), hash);
      if (!text.ok) return text;
      inputs[name] = text.value;
    }
    const changed = changedData(manifest.value);
    if (!changed.ok) return changed;
    const checkpoint = existsSync(join(path, RUN_FILES.checkpoint))
      ? readJson(join(path, RUN_FILES.checkpoint), checkpointShape)
      : success(undefined);
    if (!checkpoint.ok) return checkpoint;
    const history = historyUpTo(checkpoint.value, join(path, RUN_FILES.history));
    if (!history.ok) return history;
    removeUnfinished(path);
    const now: Manifest = {
      ...manifest.value,
      status: 'running',
      resumed: [...manifest.value.resumed, new Date().toISOString()],
      finished: null,
    };
    writeManifest(path, now);
    const run = new RunFolder(path, lock.value, now, history.value.bytes);
    return success({
      run,
      config: parse(config.value),
      inputs,
      checkpoint: checkpoint.value?.state,
      history: history.value.records,
    });
  });
}

/** What the last checkpoint of a run saved, whoever holds the run; undefined when none had been made. */
export function readCheckpoint(folder: string): Result<unknown> {
  const path = join(folder, RUN_FILES.checkpoint);
  if (!existsSync(path)) return success(undefined);
  const checkpoint = readJson(path, checkpointShape);
  return checkpoint.ok ? success(checkpoint.value.state) : checkpoint;
}

/** The part of the history that a checkpoint follows, which must be there as it was written. */
function historyUpTo(
  checkpoint: z.output<typeof checkpointShape> | undefined,
  path: string,
): Result<History> {
  const { historyBytes = 0, historyHash } = checkpoint ?? {};
  const history = readHistory(path, historyBytes);
  if (historyHash === undefined || history.hash === historyHash) return success(history);
  const { bytes, damaged } = history;
  let reason = `its first ${historyBytes} bytes are not those that the checkpoint follows`;
  if (bytes < historyBytes) reason = `it ends before byte ${historyBytes}, where the checkpoint is`;
  if (damaged !== null) reason = `line ${damaged} is no record`;
  return failure(runFileDamaged({ path, reason }));
}

/** Files of data must be what they were. */
function changedData({ data }: Manifest): Result<null> {
  for (const [path, hash] of Object.entries(data)) {
    const found = hashOfFile(path);
    if (!found.ok) return found;
    if (found.value !== hash) return failure(runDataChanged({ path }));
  }
  return success(null);
}

/** What a process that died was writing aside. */
function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/\.\d+\.part$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

/** Runs what may fail while a lock is held, and frees it if it does. */
function holding<T>(lock: Lock, work: () => Result<T>): Result<T> {
  let result: Result<T>;
  try {
    result = work();
  } catch (error) {
    lock.release();
    if (error instanceof EngrammarError) return failure(...error.diagnostics);
    throw error;
  }
  if (!result.ok) lock.release();
  return result;
}

/** A text that must still have the hash it had. */
function readSealed(path: string, hash: string): Result<string> {
  const text = readText(path);
  if (!text.ok) return failure(runFileDamaged({ path, reason: text.diagnostics[0]!.message }));
  return sha256(text.value) === hash ? text : failure(runConfigChanged({ path }));
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
