import { runInterrupted } from '../../base/diagnostics/usage.js';
import type { AddCommand } from '../command.js';
import { addExperimentFlags } from '../experiment-flags.js';
import { folderOf } from '../folder.js';
import { printRun } from '../print-run.js';

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
      const { runExperiment, RunInterrupted } = await import('../../experiments/run.js');
      const { supervise } = await import('../supervise.js');
      let drawn: readonly string[] = [];
      return supervise(context, out, {
        begin: async (options) => {
          const result = await runExperiment(experiment.value, options);
          // What draws takes long to load.
          const { writeCurves } = await import('../../report/run/curves.js');
          const { level } = experiment.value.config.evaluate;
          drawn = writeCurves(result.runFolder, result.rules, level);
          return result;
        },
        print: (result, style) => printRun(result, drawn, style),
        stopping: 'Stopping; Ctrl-C again stops at once.',
        interruption: (error) =>
          error instanceof RunInterrupted ? runInterrupted({ runFolder: error.runFolder }) : null,
      });
    }),
  );
};
