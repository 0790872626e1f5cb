import type { Also } from './also-shape.js';
import type { Locator } from './diagnose.js';
import { partWritten, type WrittenExperiment } from './part.js';
import type { ExperimentConfig } from './schema.js';
import type { Study } from './study.js';

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

/** The experiment that a row makes of the file, which is checked as any other; faults are told at the row. */
export function withRow(
  value: Readonly<Record<string, unknown>>,
  { circuit, task }: Also,
  k: number,
  locator: Locator,
): WrittenExperiment {
  const { evaluate: _, vary: __, compare: ___, ...file } = value;
  const reading = { locator, keepsCircuit: true };
  return partWritten(file, { circuit, task }, ['evaluate', 'also', k], reading);
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
