import { parse } from 'yaml';
import { nothingReused } from '../../base/diagnostics/experiment.js';
import { failure, type Result, success } from '../../base/result.js';
import { experimentShape } from '../../experiments/schema.js';
import { readCheckpoint } from '../../runs/folder.js';
import { readRun } from '../../runs/list.js';
import { ledgerIn, type Standing } from '../carry-out.js';
import type { JobResult } from '../jobs.js';
import { type CellInputs, searchName } from './cell.js';
import { cellsIn } from './settled.js';

/** The facts of a run that decide whether another may take over its searches. */
export interface Same {
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly CellInputs[];
  readonly seeds: number;
}

/** What other sweeps have finished of this one's searches; where several have, the first one's. */
export function reusedFrom(folders: readonly string[], same: Same): Result<Standing> {
  const finished: Record<string, JobResult> = {};
  const history: unknown[] = [];
  for (const folder of folders) {
    const found = reused(folder, same);
    if (!found.ok) return found;
    const { ledger, history: records } = found.value;
    const isNew = (record: unknown): boolean =>
      !((record as { readonly job: string }).job in finished);
    history.push(...records.filter(isNew));
    for (const [id, result] of Object.entries(ledger.finished)) finished[id] ??= result;
  }
  return success({ ledger: { finished, started: {} }, history });
}

/**
 * What another sweep has finished of cells that are the same here: the same name, settings, texts and version.
 * Jobs are plain functions of their data, so that their results are those that would be found again.
 */
function reused(folder: string, { versions, inputs, seeds }: Same): Result<Standing> {
  const run = readRun(folder);
  if (!run.ok) return run;
  const state = readCheckpoint(folder);
  if (!state.ok) return state;
  const { config, inputs: files, manifest, history } = run.value;
  const others = cellsIn(parse(config), files) ?? [];
  const isSame =
    manifest.versions.engrammar === versions.engrammar
      ? inputs.filter((cell) => others.some((other) => essence(other) === essence(cell)))
      : [];
  const searches = isSame.flatMap(({ name }) =>
    Array.from({ length: seeds }, (_, seed) => searchName(name, seed)),
  );
  const isOf = (id: string): boolean =>
    searches.some((search) => id === search || id.startsWith(`${search}: `));
  const finished = Object.fromEntries(
    Object.entries(ledgerIn(state.value).finished).filter(([id]) => isOf(id)),
  );
  if (Object.keys(finished).length === 0) return failure(nothingReused({ folder }));
  return success({
    ledger: { finished, started: {} },
    history: history.filter((record) => (record as { readonly job: string }).job in finished),
  });
}

/** All that the jobs of a cell follow from. */
function essence({ name, config, space, rules }: CellInputs): string {
  const {
    about: _,
    workers: __,
    space: ___,
    rule: ____,
    rules: _____,
    ...rest
  } = experimentShape.parse(config);
  return JSON.stringify([name, rest, space?.text ?? null, rules]);
}
