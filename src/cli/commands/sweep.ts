import type { AddCommand } from '../command.js';
import { addExperimentFlags, SWEEP_FLAGS } from '../experiment-flags.js';
import { folderOf } from '../folder.js';

type Options = Readonly<Record<string, string | undefined>> & {
  readonly reuse?: readonly string[];
};

export const addSweep: AddCommand = (program, act) => {
  const command = program
    .command('sweep')
    .summary('compare searches: rules, spaces and settings over many seeds')
    .description(
      'Search every cell of an experiment with as many seeds as it says, score what was found on held-out tasks, and compare the cells. The run folder gets the curves as CSV and figures as SVG.',
    )
    .argument('<experiment>', 'a YAML file with a group sweep, or the name of a standard one')
    .option('--out <folder>', 'the run folder, new or empty (default: a new one in ./runs)')
    .option('--reuse <run...>', 'take over what other runs have finished of the same searches');
  addExperimentFlags(command, [], SWEEP_FLAGS).action(
    act(async (context, reference: string, options: Options) => {
      const out = folderOf('--out', options.out);
      // What computes takes long to load: only commands that compute load it.
      const { overridesOf } = await import('../overrides.js');
      const { loadSweep } = await import('../../experiments/sweep.js');
      const sweep = loadSweep(reference, overridesOf(options));
      if (!sweep.ok) return sweep;
      const { startSweep } = await import('../../discover/sweep/session.js');
      const { superviseSweep } = await import('../sweep.js');
      return superviseSweep(context, out, (session) =>
        startSweep(sweep.value, session, options.reuse),
      );
    }),
  );
};
