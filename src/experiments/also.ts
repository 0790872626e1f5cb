import { fewShotOptions } from '../tasks/registry.js';
import type { Also } from './also-shape.js';
import type { Locator } from './diagnose.js';
import type { ExperimentConfig } from './schema.js';
import type { Study } from './study.js';
import type { Path } from './yaml.js';

/** Circumstances under which rules are scored. */
export interface Condition extends Also {
  /** The whole task; {} for that of the study. */
  readonly task: Readonly<Record<string, unknown>>;
}

/** Each value that varies on its own, then what the experiment lists. */
export function conditionsOf({ task, vary }: Study, also: readonly Also[]): Condition[] {
  const { shots = [], ...scales } = vary ?? {};
  const plain = { circuit: {}, task: {}, jitter: 0 };
  const taskWith = (value: number) => ({ ...task, shots: value });
  return [
    ...shots.map((value) => ({ ...plain, name: `shots ${value}`, task: taskWith(value) })),
    ...Object.entries(scales).flatMap(([name, values = []]) =>
      values.map((value) => ({ ...plain, name: `${name} ${value}`, circuit: { [name]: value } })),
    ),
    ...also,
  ];
}

/** A study under other circumstances. */
export function under(study: Study, { circuit, task }: Condition): Study {
  const isSame = Object.keys(task).length === 0;
  return {
    ...study,
    circuit: { ...study.circuit, ...circuit } as Study['circuit'],
    task: isSame ? study.task : (task as Study['task']),
  };
}

/**
 * The experiment that a row makes of the file, which is checked as any other; faults are told at the row.
 * A task of another name keeps what all few-shot tasks have: ways, shots, queries and the like.
 */
export function withRow(
  value: Readonly<Record<string, unknown>>,
  { circuit, task }: Also,
  k: number,
  locator: Locator,
): { value: unknown; locator: Locator } {
  const { evaluate: _, vary: __, ...file } = value;
  const own = { circuit, task };
  const before = (file.task ?? {}) as Readonly<Record<string, unknown>>;
  const isOther = task.name !== undefined && task.name !== before.name;
  const kept = isOther
    ? Object.entries(before).filter(([name]) => Object.hasOwn(fewShotOptions, name))
    : Object.entries(before);
  const placed = (path: Path): Path => {
    const [first, second] = path;
    const isOwn =
      (first === 'circuit' || first === 'task') &&
      (second === undefined || Object.hasOwn(own[first], second));
    return isOwn ? ['evaluate', 'also', k, ...path] : path;
  };
  return {
    value: {
      ...file,
      circuit: { ...(file.circuit as object), ...circuit },
      task: { ...Object.fromEntries(kept), ...task },
    },
    locator: {
      where: (path, part) => locator.where(placed(path), part),
      name: (path) => locator.name(path),
    },
  };
}

/** A checked row: its own options of the circuit, and the whole task where it has one. */
export function settledRow(row: Also, { circuit, task }: ExperimentConfig): Also {
  const checked: Readonly<Record<string, unknown>> = { ...circuit };
  const own = Object.keys(row.circuit).map((name) => [name, checked[name]] as const);
  return {
    ...row,
    circuit: Object.fromEntries(own),
    task: Object.keys(row.task).length === 0 ? {} : { ...task },
  };
}
