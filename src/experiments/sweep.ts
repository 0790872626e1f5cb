import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  cellForImages,
  cellTwice,
  cellUnknown,
  compareElsewhere,
  sweepMissing,
} from '../base/diagnostics/experiment.js';
import { nearest } from '../base/nearest.js';
import { failure, type Result, success } from '../base/result.js';
import type { Source } from '../base/source.js';
import { diagnose, type Locator } from './diagnose.js';
import {
  type Experiment,
  isSweep,
  type Override,
  parseExperiment,
  readExperiment,
  settleExperiment,
  sourceOf,
} from './load.js';
import { distinct, partWritten } from './part.js';
import { type SweepConfig, sweepShape } from './sweep-shape.js';

/** An experiment that compares searches. */
export interface Sweep {
  readonly name: string;
  readonly seeds: number;
  /** Images a class when rules are scored; empty: as in the search. */
  readonly shots: readonly number[];
  /** Name of the cell that the others are compared with. */
  readonly against: string;
  readonly cells: readonly Cell[];
}

/** One of the searches that are compared: a checked experiment of its own. */
export interface Cell {
  readonly name: string;
  readonly ablate: boolean;
  readonly experiment: Experiment;
}

/** Reads a sweep by path or by the bare name of one that comes with the package. */
export function loadSweep(pathOrName: string, overrides: readonly Override[] = []): Result<Sweep> {
  const found = sourceOf(pathOrName);
  if (!found.ok) return found;
  return parseSweep(found.value.source, found.value.folder, overrides);
}

/** Reads an experiment of either kind: one for itself, or a sweep. */
export function loadAnyExperiment(pathOrName: string): Result<Experiment | Sweep> {
  const found = sourceOf(pathOrName);
  if (!found.ok) return found;
  return parseAnyExperiment(found.value.source, found.value.folder);
}

/** The same for a text; paths in it are relative to `folder`. */
export function parseAnyExperiment(source: Source, folder: string): Result<Experiment | Sweep> {
  const read = readExperiment(source, []);
  if (!read.ok) return read;
  return isSweep(read.value.value) ? parseSweep(source, folder) : parseExperiment(source, folder);
}

/** The same for a text; paths in it are relative to `folder`. Faults carry their place. */
export function parseSweep(
  source: Source,
  folder: string,
  overrides: readonly Override[] = [],
): Result<Sweep> {
  const read = readExperiment(source, overrides);
  if (!read.ok) return read;
  const { value, locator } = read.value;
  if (!isSweep(value)) return failure(sweepMissing({ name: source.name }, { source }));
  const { sweep: written, compare, ...base } = value as Record<string, unknown>;
  const parsed = sweepShape.safeParse(written, { reportInput: true });
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      ...issue,
      path: ['sweep', ...issue.path],
    }));
    return failure(...diagnose(issues, value, locator));
  }
  const { seeds, shots, cells, against = cells[0]!.name } = parsed.data;
  const mistakes = namesWrong(parsed.data, locator);
  if (compare !== undefined)
    mistakes.push(compareElsewhere({ beside: 'sweep' }, locator.where(['compare'], 'key')));
  const settled: Cell[] = [];
  cells.forEach((cell, k) => {
    const written = partWritten(base, cell, ['sweep', 'cells', k], { locator });
    const experiment = settleExperiment(written, source, folder);
    if (experiment.ok) {
      settled.push({ name: cell.name, ablate: cell.ablate, experiment: experiment.value });
      const { task } = experiment.value.config;
      if (shots.length > 0 && !('shots' in task))
        mistakes.push(cellForImages({ task: task.name }, locator.where(['sweep', 'shots'], 'key')));
    } else mistakes.push(...experiment.diagnostics);
  });
  if (mistakes.length > 0) return failure(...distinct(mistakes));
  const { name } = settled[0]!.experiment;
  return success({ name, seeds, shots, against, cells: settled });
}

function namesWrong({ cells, against }: SweepConfig, { where }: Locator): Diagnostic[] {
  const names = cells.map(({ name }) => name);
  const twice = names.flatMap((name, k) =>
    names.indexOf(name) === k
      ? []
      : [cellTwice({ cell: name }, where(['sweep', 'cells', k, 'name'], 'value'))],
  );
  if (against === undefined || names.includes(against)) return twice;
  const facts = { cell: against, known: names, nearest: nearest(against, names) };
  return [...twice, cellUnknown(facts, where(['sweep', 'against'], 'value'))];
}
