import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  cellForImages,
  cellTwice,
  cellUnknown,
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
  type WrittenExperiment,
} from './load.js';
import { type SweepConfig, sweepShape } from './sweep-shape.js';
import type { Path } from './yaml.js';

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
  const { sweep: written, ...base } = value as Record<string, unknown>;
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
  const settled: Cell[] = [];
  cells.forEach((cell, k) => {
    const experiment = settleExperiment(cellWritten(base, cell, k, locator), source, folder);
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

const GROUPS = ['circuit', 'task', 'learner'] as const;
const SUBJECTS = ['space', 'rule', 'rules', 'values'] as const;

/** The experiment that a cell makes of the file; what it says itself is told at its place in the cell. */
function cellWritten(
  base: Readonly<Record<string, unknown>>,
  cell: SweepConfig['cells'][number],
  k: number,
  locator: Locator,
): WrittenExperiment {
  const own = SUBJECTS.filter((name) => cell[name] !== undefined);
  const groups = GROUPS.map((name) => [name, together(base[name], cell[name])] as const);
  // A cell with a subject of its own has nothing of that of the file; rules may stand beside a space.
  const isReplaced =
    cell.space !== undefined || cell.rule !== undefined || cell.rules !== undefined;
  const { space: _, rule: __, ...others } = base;
  const value = {
    ...(isReplaced ? others : base),
    ...Object.fromEntries(own.map((name) => [name, cell[name]])),
    ...Object.fromEntries(groups.filter(([, group]) => group !== undefined)),
  };
  const placed = (path: Path): Path => {
    const [first, second] = path as string[];
    const isOwn =
      own.some((name) => name === first) ||
      GROUPS.some(
        (name) => name === first && second !== undefined && Object.hasOwn(cell[name], second),
      );
    // What the file lacks, the cell lacks too: there it can be said for all.
    return isOwn ? ['sweep', 'cells', k, ...path] : path;
  };
  return {
    value,
    locator: {
      where: (path, part) => locator.where(placed(path), part),
      name: (path) => locator.name(path),
    },
  };
}

function together(base: unknown, own: Readonly<Record<string, unknown>>): unknown {
  if (Object.keys(own).length === 0) return base;
  return typeof base === 'object' && base !== null ? { ...base, ...own } : own;
}

/** A fault of the file is a fault of each of its cells, and told once. */
function distinct(all: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return all.filter(({ code, message, span }) => {
    const key = `${code} ${span?.start} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
