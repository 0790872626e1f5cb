import { unknownBackend } from '../base/diagnostics/engine.js';
import { wrongFlagValue } from '../base/diagnostics/usage.js';
import { BACKENDS } from '../engine/tfjs/backends.js';
import type { Override } from '../experiments/load.js';
import { type SchemaPart, schemaAt } from '../experiments/options.js';
import { EXPERIMENT_FLAGS, SWEEP_FLAGS } from './experiment-flags.js';
import { UsageError } from './outcome.js';

/**
 * Every option of the experiment that was given on the command line, checked against the schema of
 * the experiment file. Throws a `UsageError` for a value it cannot have.
 */
export function overridesOf(options: Readonly<Record<string, unknown>>): Override[] {
  const overrides: Override[] = [];
  for (const { flag, path } of [...EXPERIMENT_FLAGS, ...SWEEP_FLAGS]) {
    const given = options[flag.slice(2)];
    if (typeof given !== 'string') continue;
    overrides.push({
      option: flag,
      path,
      value: flagValue(flag, given, schemaAt(path, undefined)),
    });
  }
  // Only the tensor engine has backends, so that naming one names the engine.
  if (options.backend !== undefined && options.engine === undefined) {
    overrides.push({ option: '--backend', path: ['engine', 'name'], value: 'tfjs' });
  }
  return overrides;
}

function flagValue(flag: string, given: string, part: SchemaPart = {}): number | string {
  if (flag === '--backend') {
    if (BACKENDS.some((known) => known === given)) return given;
    throw new UsageError(unknownBackend({ given, known: BACKENDS }));
  }
  if (part.enum) {
    if (part.enum.includes(given)) return given;
    throw new UsageError(wrongFlagValue({ option: flag, given, expected: part.enum }));
  }
  const value = /^[+-]?\d+$/.test(given) ? Number(given) : Number.NaN;
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, description: meaning } = part;
  if (value >= minimum && value <= maximum) return value;
  const expected = [wholeNumber(minimum, maximum)];
  throw new UsageError(wrongFlagValue({ option: flag, given, expected, meaning }));
}

function wholeNumber(minimum: number, maximum: number): string {
  return maximum === Number.MAX_SAFE_INTEGER
    ? `a whole number of at least ${minimum}`
    : `a whole number from ${minimum} to ${maximum.toLocaleString('en-US')}`;
}
