import { CIRCUITS } from '../circuits/registry.js';
import { SEQUENCES } from '../tasks/registry.js';

interface Named {
  readonly name: string;
}

const isNamed = (value: unknown): value is Named & Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';

/**
 * A configuration with what its task and its circuit settle where nobody gave it: sizes that follow from
 * the task, then the circuit's own defaults. So the record of a run does not depend on a later version's.
 */
export function spelledOut<C extends object>(config: C): C {
  const { circuit, task } = config as { circuit?: unknown; task?: unknown };
  if (!isNamed(circuit) || !isNamed(task)) return config;
  const kind = CIRCUITS.find(({ name }) => name === circuit.name);
  const sequence = SEQUENCES.find(({ name }) => name === task.name);
  // The shape of the file has the defaults of the others.
  if (!kind || !sequence) return config;
  const { name: _, ...options } = task;
  const sizes = sequence.sizes(options);
  const settled = Object.entries(kind.settings).flatMap(([name, { fallback }]) => {
    const followed = sizes.ok ? (sizes.value as Record<string, unknown>)[name] : undefined;
    const value = circuit[name] ?? followed ?? fallback;
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...config, circuit: { ...circuit, ...Object.fromEntries(settled) } };
}
