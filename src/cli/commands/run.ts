import type { AddCommand } from '../command.js';
import { addExperimentFlags } from '../experiment-flags.js';
import { folderOf } from '../folder.js';

type Options = Readonly<Record<string, string | undefined>>;

export const addRun: AddCommand = (program, act) => {
  const command = program
    .command('run')
    .summary('run the rules of an experiment on its circuit and task')
    .description(
      'Run given rules on a circuit and a task, beside no learning and, where errors come back layer by layer, gradients.',
    )
    .argument('<experiment>', 'a YAML file, or the name of a standard experiment such as rflo')
    .option('--out <folder>', 'the run folder, new or empty (default: a new one in ./runs)');
  addExperimentFlags(command, ['--episodes']).action(
    act(async (context, reference: string, options: Options) => {
      const out = folderOf('--out', options.out);
      // What computes takes long to load: only commands that compute load it.
      const { overridesOf } = await import('../overrides.js');
      const { loadExperiment } = await import('../../experiments/load.js');
      const experiment = loadExperiment(reference, overridesOf(options));
      if (!experiment.ok) return experiment;
      const { runExperiment } = await import('../../experiments/run.js');
      const { superviseRun } = await import('../rules-run.js');
      return superviseRun(context, out, (options) => runExperiment(experiment.value, options));
    }),
  );
};
