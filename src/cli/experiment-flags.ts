import type { Command } from 'commander';

/** An option of the command line that stands for one of the experiment file. */
export interface ExperimentFlag {
  readonly flag: string;
  readonly value: string;
  /** Where it stands in the experiment file. */
  readonly path: readonly string[];
  readonly meaning: string;
}

export const EXPERIMENT_FLAGS: readonly ExperimentFlag[] = [
  {
    flag: '--episodes',
    value: '<n>',
    path: ['learner', 'episodes'],
    meaning: 'meta-steps of the search; 0 leaves the coefficients at their start',
  },
  {
    flag: '--tasks',
    value: '<n>',
    path: ['evaluate', 'tasks'],
    meaning: 'held-out tasks on which each rule is run',
  },
  {
    flag: '--seed',
    value: '<n>',
    path: ['seed'],
    meaning: 'all chance follows from it: the same seed gives the same run',
  },
  {
    flag: '--engine',
    value: '<name>',
    path: ['engine', 'name'],
    meaning: 'what computes: fused (the default), interpret or tfjs',
  },
  {
    flag: '--backend',
    value: '<name>',
    path: ['engine', 'backend'],
    meaning: 'how tfjs computes: cpu, wasm or tensorflow (see doctor)',
  },
  {
    flag: '--workers',
    value: '<n>',
    path: ['workers'],
    meaning: 'threads that compute (default: one a processor)',
  },
];

/** What only `engrammar sweep` has. */
export const SWEEP_FLAGS: readonly ExperimentFlag[] = [
  {
    flag: '--seeds',
    value: '<n>',
    path: ['sweep', 'seeds'],
    meaning: 'searches of each cell, each with tasks and initial weights of its own',
  },
];

/** Adds the options that set something of the experiment; some commands have no use for some, some have more. */
export function addExperimentFlags(
  command: Command,
  without: readonly string[] = [],
  more: readonly ExperimentFlag[] = [],
): Command {
  for (const { flag, value, meaning } of [...EXPERIMENT_FLAGS, ...more]) {
    if (without.includes(flag)) continue;
    command.option(`${flag} ${value}`, meaning);
  }
  return command;
}
