import { nothingToFit, notResumable } from '../../base/diagnostics/discover.js';
import { EngrammarError, failure, type Result, success, unwrap } from '../../base/result.js';
import { loadRule, loadSpace } from '../../catalogue/load.js';
import { contestantOf } from '../../experiments/contest.js';
import { dataFilesOf } from '../../experiments/data-files.js';
import { setupOf, studyOf } from '../../experiments/study.js';
import type { Cell, Sweep } from '../../experiments/sweep.js';
import { createRun, openRun } from '../../runs/folder.js';
import { newRunFolder, readRun } from '../../runs/list.js';
import { carryOut, ledgerIn, type Work } from '../carry-out.js';
import { episodesAStep } from '../plan.js';
import { type SessionOptions, threadsFor } from '../session.js';
import { type CellInputs, planCell } from './cell.js';
import { compareCells } from './compare.js';
import { Curves } from './curves.js';
import type { SweepResult } from './result.js';
import { reusedFrom } from './reuse.js';
import { cellsIn, filesOf, type Settled, settledShape } from './settled.js';

/** A sweep that was stopped; its folder holds all that was found out so far. */
export class SweepInterrupted extends Error {
  readonly runFolder: string;

  constructor(runFolder: string) {
    super('the sweep was interrupted');
    this.runFolder = runFolder;
  }
}

/** Whether a run folder is that of a sweep. */
export function isSweepRun(folder: string): boolean {
  const run = readRun(folder);
  return run.ok && /^sweep:$/m.test(run.value.config) && /^cells:$/m.test(run.value.config);
}

/**
 * Runs a sweep into a new run folder. Throws an `EngrammarError` for everything a person can mend, and
 * `SweepInterrupted` when stopped by the signal.
 */
export async function startSweep(
  sweep: Sweep,
  options: SessionOptions,
  /** Folders of runs that have made some of the searches already. */
  reuse: readonly string[] = [],
): Promise<SweepResult> {
  const { name, seeds, shots, against } = sweep;
  const inputs = sweep.cells.map((cell) => unwrap(inputsOf(cell)));
  const settled: Settled = {
    sweep: { seeds, shots: [...shots], against },
    cells: inputs.map(({ name: cell, ablate, config }) => ({ name: cell, ablate, config })),
  };
  const work = workOf(name, settled, inputs);
  const { config } = inputs[0]!;
  const { versions } = options;
  const standing = unwrap(reusedFrom(reuse, { versions, inputs, seeds }));
  const folder = options.out ?? unwrap(newRunFolder(name));
  const run = unwrap(
    createRun(folder, {
      name,
      config: settled,
      command: options.command,
      versions,
      seed: config.seed,
      data: [...new Set(inputs.flatMap(({ config: { task } }) => dataFilesOf(task)))],
      inputs: Object.assign({}, ...inputs.map(filesOf)),
    }),
  );
  for (const record of standing.history) run.record(record);
  return carryOut(work, threadsFor(config, options), run, standing, options);
}

/** Goes on with an interrupted sweep; the result is that of an uninterrupted one. */
export async function resumeSweep(folder: string, options: SessionOptions): Promise<SweepResult> {
  const { run, config, inputs: files, checkpoint, history } = unwrap(openRun(folder));
  try {
    const inputs = cellsIn(config, files);
    if (!inputs) throw new EngrammarError(notResumable({ folder }));
    const work = workOf(run.manifest.name, settledShape.parse(config), inputs);
    const standing = { ledger: ledgerIn(checkpoint), history };
    const hands = threadsFor(inputs[0]!.config, options);
    return await carryOut(work, hands, run, standing, options);
  } catch (error) {
    if (run.manifest.status === 'running') run.finish('failed');
    throw error;
  }
}

/** The texts that a cell's experiment names. */
function inputsOf({ name, ablate, experiment }: Cell): Result<CellInputs> {
  const { config, subject, rules } = experiment;
  const cell = { name, ablate, config };
  if (!subject) return failure(nothingToFit({ rules: name }));
  if (subject.kind === 'rule') {
    const found = contestantOf(experiment, setupOf(studyOf(config)).circuit);
    return found.ok ? success({ ...cell, space: null, rules: found.value.rules }) : found;
  }
  const space = loadSpace(subject.reference);
  if (!space.ok) return space;
  const beside: Record<string, string> = {};
  for (const [kind, { reference }] of Object.entries(rules)) {
    const rule = loadRule(reference);
    if (!rule.ok) return rule;
    beside[kind] = itemText(rule.value);
  }
  return success({
    ...cell,
    space: { name: space.value.source.name, text: itemText(space.value) },
    rules: beside,
  });
}

/** The text of one item alone, whatever else its file holds. */
const itemText = ({
  item,
  source,
}: {
  readonly item: { readonly span: { readonly start: number; readonly end: number } };
  readonly source: { readonly text: string };
}): string => source.text.slice(item.span.start, item.span.end);

function workOf(
  name: string,
  { sweep: { seeds, shots, against } }: Settled,
  inputs: readonly CellInputs[],
): Work<SweepResult> {
  const cells = inputs.map(planCell);
  const { learner, engine, engineWarning, evaluate, study } = cells[0]!.plan;
  const curves = new Curves();
  const plan = { cells, seeds, shots: shots.length > 0 ? shots : [null], against };
  return {
    batch: episodesAStep(learner),
    engine,
    engineWarning,
    take: (job, record) => curves.take(job, record),
    findOut: async (crew) => {
      const found = await compareCells(plan, crew, curves);
      return (facts): SweepResult => ({
        schemaVersion: 1,
        experiment: name,
        seed: study.seed,
        seeds,
        tasks: evaluate.tasks,
        level: evaluate.level,
        against,
        cells: found,
        ...facts,
      });
    },
    interrupted: (folder) => new SweepInterrupted(folder),
  };
}
