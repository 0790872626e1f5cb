import { runInterrupted } from '../../base/diagnostics/usage.js';
import { success } from '../../base/result.js';
import type { AddCommand } from '../command.js';
import { say } from '../context.js';
import { addExperimentFlags } from '../experiment-flags.js';
import { folderOf } from '../folder.js';
import { interruptible } from '../interrupt.js';
import { Interrupted } from '../outcome.js';
import { printRun } from '../print-run.js';
import { progressLine } from '../progress.js';
import { packageVersions } from '../version.js';

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
      const progress = progressLine(context);
      const tell = (line: string): void => {
        progress.clear();
        say(context, line);
      };
      try {
        const result = await interruptible(
          (signal) =>
            runExperiment(experiment.value, {
              ...(out !== undefined && { out }),
              command: ['engrammar', ...process.argv.slice(2)],
              versions: packageVersions(),
              signal,
              onFolder: (path) => tell(`The run folder is ${path}.`),
              onProgress: (state) => progress.show(state),
            }),
          () => tell('Stopping; Ctrl-C again stops at once.'),
        );
        return success({ document: result, text: (style) => printRun(result, style) });
      } catch (error) {
        if (!(error instanceof RunInterrupted)) throw error;
        throw new Interrupted([runInterrupted({ runFolder: error.runFolder })]);
      } finally {
        progress.clear();
      }
    }),
  );
};
