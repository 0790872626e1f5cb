import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { runFileDamaged, runFolderMissing, runFolderUnwritable } from '../base/diagnostics/run.js';
import { makeFolder, reasonOf } from '../base/files.js';
import { nearest } from '../base/nearest.js';
import { failure, type Result, success } from '../base/result.js';
import { anything, hashOfFile, readJson, readText } from './files.js';
import { RUN_FILES } from './folder.js';
import { readHistory } from './history.js';
import { lockHolder } from './lock.js';
import { type Manifest, manifestShape, type RunStatus } from './manifest.js';

/** A run as `engrammar runs` lists it. */
export interface RunSummary {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The manifest's, but `interrupted` where the process that was running it is dead. */
  readonly status: RunStatus;
}

/** Everything a run folder holds, for reports; nothing is changed or locked. */
export interface RunContents extends RunSummary {
  readonly config: string;
  /** Texts that it depends on, such as the space, by file name. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly history: readonly unknown[];
  /** Undefined until the run is done. */
  readonly result: unknown;
  readonly rule: string | undefined;
  readonly latex: string | undefined;
}

/** The runs in a folder, the oldest first; damaged ones are warnings, no folder is no runs. */
export function listRuns(root = 'runs'): Result<RunSummary[]> {
  const warnings: Diagnostic[] = [];
  const runs: RunSummary[] = [];
  for (const folder of runFolders(root)) {
    const summary = summarise(folder);
    if (summary.ok) runs.push(summary.value);
    else warnings.push(...summary.diagnostics);
  }
  runs.sort((a, b) => a.manifest.started.localeCompare(b.manifest.started));
  return success(runs, warnings);
}

export function readRun(folder: string): Result<RunContents> {
  if (!existsSync(join(folder, RUN_FILES.manifest))) {
    const known = runFolders(join(folder, '..'));
    return failure(runFolderMissing({ folder, found: nearest(folder, known) }));
  }
  const summary = summarise(folder);
  if (!summary.ok) return summary;
  const config = readText(join(folder, RUN_FILES.config));
  if (!config.ok) return config;
  const damage = damagedOutput(summary.value);
  if (damage) return failure(damage);
  const resultPath = join(folder, RUN_FILES.result);
  const result = existsSync(resultPath) ? readJson(resultPath, anything) : success(undefined);
  if (!result.ok) return result;
  const historyPath = join(folder, RUN_FILES.history);
  const history = readHistory(historyPath);
  if (history.damaged !== null) {
    const reason = `line ${history.damaged} is no record`;
    return failure(runFileDamaged({ path: historyPath, reason }));
  }
  return success({
    ...summary.value,
    config: config.value,
    inputs: inputsOf(summary.value),
    history: history.records,
    result: result.value,
    rule: optional(join(folder, RUN_FILES.rule)),
    latex: optional(join(folder, RUN_FILES.latex)),
  });
}

const inputPath = (name: string): string => join(RUN_FILES.inputs, basename(name));

function inputsOf({ folder, manifest }: RunSummary): Record<string, string> {
  const names = Object.keys(manifest.inputs);
  return Object.fromEntries(
    names.map((name) => [name, optional(join(folder, inputPath(name))) ?? '']),
  );
}

/** The first file that is not what the run wrote, as far as its manifest says. */
function damagedOutput({ folder, manifest }: RunSummary): Diagnostic | undefined {
  const inputs = Object.entries(manifest.inputs).map(([name, hash]) => [inputPath(name), hash]);
  const sealed = {
    [RUN_FILES.config]: manifest.configHash,
    ...Object.fromEntries(inputs),
    ...manifest.outputs,
  };
  for (const [name, hash] of Object.entries(sealed)) {
    const path = join(folder, name);
    const found = hashOfFile(path);
    if (!found.ok) return found.diagnostics[0];
    const reason = 'it was changed since the run wrote it';
    if (found.value !== hash) return runFileDamaged({ path, reason });
  }
  return undefined;
}

const MOST_RUNS_A_DAY = 100_000;

/** Makes the folder `ROOT/DATE-EXPERIMENT-N` with the first N that is free, and gives its path. */
export function newRunFolder(
  experiment: string,
  root = 'runs',
  now: Date = new Date(),
): Result<string> {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  const name = experiment.replace(/[^\p{L}\p{N}_.-]+/gu, '-').slice(0, 60) || 'experiment';
  try {
    makeFolder(resolve(root));
    for (let n = 1; n < MOST_RUNS_A_DAY; n++) {
      const folder = join(root, `${day}-${name}-${n}`);
      // Making it is what claims it: two processes cannot both succeed.
      if (madeFolder(folder)) return success(folder);
    }
    throw new Error('no free name is left');
  } catch (error) {
    return failure(runFolderUnwritable({ folder: resolve(root), reason: reasonOf(error) }));
  }
}

function madeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function runFolders(root: string): string[] {
  try {
    return readdirSync(root)
      .map((name) => join(root, name))
      .filter((folder) => existsSync(join(folder, RUN_FILES.manifest)));
  } catch {
    return [];
  }
}

function summarise(folder: string): Result<RunSummary> {
  const manifest = readJson(join(folder, RUN_FILES.manifest), manifestShape);
  if (!manifest.ok) return manifest;
  const { status } = manifest.value;
  const died = status === 'running' && lockHolder(folder) === undefined;
  return success({
    folder,
    manifest: manifest.value,
    status: died ? 'interrupted' : status,
  });
}

function optional(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const text = readText(path);
  return text.ok ? text.value : undefined;
}
