import type { AddCommand } from '../command.js';

export const addResume: AddCommand = (program, act) => {
  program
    .command('resume')
    .summary('go on with an interrupted run')
    .description('Go on with an interrupted run; it ends exactly as an uninterrupted one.')
    .argument('<run>', 'the run folder')
    .action(
      act(async (context, folder: string) => {
        const { isSweepRun, resumeSweep } = await import('../../discover/sweep/session.js');
        if (isSweepRun(folder)) {
          const { superviseSweep } = await import('../sweep.js');
          return superviseSweep(context, undefined, (session) => resumeSweep(folder, session));
        }
        const { isRulesRun, resumeRun } = await import('../../experiments/run.js');
        if (isRulesRun(folder)) {
          const { superviseRun } = await import('../rules-run.js');
          return superviseRun(context, undefined, (options) => resumeRun(folder, options));
        }
        const { resumeDiscovery } = await import('../../discover/session.js');
        const { superviseDiscovery } = await import('../discovery.js');
        return superviseDiscovery(context, undefined, (session) =>
          resumeDiscovery(folder, session),
        );
      }),
    );
};
