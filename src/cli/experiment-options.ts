import type { Command } from 'commander';
import { unknownBackend } from '../base/diagnostics/engine.js';
import { flagWithoutValue, wrongFlagValue } from '../base/diagnostics/usage.js';
import type { Override } from '../experiments/load.js';
import { type SchemaPart, schemaAt } from '../experiments/options.js';
import { UsageError } from './outcome.js';

/** An option of the command line that stands for one of the experiment file. */
interface Flag {
  readonly flag: string;
  readonly value: string;
  readonly path: readonly string[];
}

const FLAGS: readonly Flag[] = [
  { flag: '--episodes', value: '<n>', path: ['learner', 'episodes'] },
  { flag: '--tasks', value: '<n>', path: ['evaluate', 'tasks'] },
  { flag: '--workers', value: '<n>', path: ['workers'] },
  { flag: '--seed', value: '<n>', path: ['seed'] },
  { flag: '--engine', value: '<name>', path: ['engine', 'name'] },
  { flag: '--backend', value: '<name>', path: ['engine', 'backend'] },
];

/** Adds the options that set something of the experiment, with the words of its schema. */
export function addExperimentOptions(command: Command): Command {
  for (const { flag, value, path } of FLAGS) {
    const part = schemaAt(path, undefined);
    command.option(`${flag} ${value}`, brief(part?.description ?? path.join('.')));
  }
  return command;
}

/** Every option that was given, checked against the schema of the experiment file. */
export function overridesOf(options: Readonly<Record<string, unknown>>): Override[] {
  const overrides: Override[] = [];
  for (const { flag, path } of FLAGS) {
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

/** A folder named on the command line. */
export function folderOf(flag: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (given === '' || given.startsWith('--')) {
    throw new UsageError(flagWithoutValue({ option: `${flag} FOLDER` }));
  }
  return given;
}

function flagValue(flag: string, given: string, part: SchemaPart | undefined): number | string {
  if (part?.enum) {
    if (part.enum.includes(given)) return given;
    if (flag === '--backend') throw new UsageError(unknownBackend({ given, known: part.enum }));
    throw new UsageError(wrongFlagValue({ option: flag, given, expected: part.enum }));
  }
  const value = /^[+-]?\d+$/.test(given) ? Number(given) : Number.NaN;
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER, description } = part ?? {};
  if (value >= minimum && value <= maximum) return value;
  const most = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum.toLocaleString('en-US')}`;
  const expected = [
    most === '' ? `a whole number of at least ${minimum}` : `a whole number from ${minimum}${most}`,
  ];
  throw new UsageError(wrongFlagValue({ option: flag, given, expected, meaning: description }));
}

/** Help stands beside the option's name, so a long description is cut at its first semicolon. */
const brief = (description: string): string => description.split('; ')[0]!;
