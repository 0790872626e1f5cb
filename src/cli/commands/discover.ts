import { loadExperiment } from '../../experiments/load.js';
import { superviseDiscovery } from '../discovery.js';
import { addExperimentOptions, folderOf, overridesOf } from '../experiment-options.js';
import type { AddCommand } from '../program.js';

type Options = Readonly<Record<string, string | undefined>>;

export const addDiscover: AddCommand = (program, act) => {
  const command = program
    .command('discover')
    .summary('search a space for a rule that learns well')
    .description(
      'Fit a sparse rule to an experiment and print it, with how well it learns beside its baselines.',
    )
    .argument('<experiment>', 'a YAML file, or the name of a standard experiment such as digits')
    .option('--out <folder>', 'the run folder, new or empty (default: a new one in ./runs)');
  addExperimentOptions(command).action(
    act(async (context, reference: string, options: Options) => {
      const out = folderOf('--out', options.out);
      const experiment = loadExperiment(reference, overridesOf(options));
      if (!experiment.ok) return experiment;
      // Engines take long to load, so that only commands that compute load them.
      const { startDiscovery } = await import('../../discover/session.js');
      return superviseDiscovery(context, out, (session) =>
        startDiscovery(experiment.value, session),
      );
    }),
  );
};
