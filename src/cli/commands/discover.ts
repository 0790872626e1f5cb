import type { AddCommand } from '../command.js';
import { addExperimentFlags } from '../experiment-flags.js';
import { folderOf } from '../folder.js';

type Options = Readonly<Record<string, string | undefined>>;

export const addDiscover: AddCommand = (program, act) => {
  const command = program
    .command('discover')
    .summary('search a space for a rule that learns well')
    .description(
      'Fit a sparse rule to an experiment and print it, with how well it learns beside its baselines. With one rule in place of a space: fit the parameters that it marks fit.',
    )
    .argument('<experiment>', 'a YAML file, or the name of a standard experiment such as digits')
    .option('--out <folder>', 'the run folder, new or empty (default: a new one in ./runs)');
  addExperimentFlags(command).action(
    act(async (context, reference: string, options: Options) => {
      const out = folderOf('--out', options.out);
      // What computes takes long to load: only commands that compute load it.
      const { overridesOf } = await import('../overrides.js');
      const { loadExperiment } = await import('../../experiments/load.js');
      const experiment = loadExperiment(reference, overridesOf(options));
      if (!experiment.ok) return experiment;
      const { startDiscovery } = await import('../../discover/session.js');
      const { superviseDiscovery } = await import('../discovery.js');
      return superviseDiscovery(context, out, (session) =>
        startDiscovery(experiment.value, session),
      );
    }),
  );
};
