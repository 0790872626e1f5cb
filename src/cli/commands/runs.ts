import { success } from '../../base/result.js';
import type { RunSummary } from '../../runs/list.js';
import type { AddCommand } from '../command.js';
import { folderOf } from '../folder.js';
import { table } from '../layout.js';
import type { Outcome } from '../outcome.js';

export const addRuns: AddCommand = (program, act) => {
  program
    .command('runs')
    .summary('list the runs')
    .description('List the runs in a folder, the oldest first.')
    .option('--out <folder>', 'the folder that holds the run folders', 'runs')
    .action(
      act(async (_, options: { out: string }) => {
        const root = folderOf('--out', options.out) ?? 'runs';
        const { listRuns } = await import('../../runs/list.js');
        const runs = listRuns(root);
        return runs.ok ? success(listed(runs.value, root), runs.warnings) : runs;
      }),
    );
};

function listed(runs: readonly RunSummary[], root: string): Outcome {
  return {
    document: runs.map(({ folder, status, manifest }) => ({
      name: manifest.name,
      folder,
      status,
      seed: manifest.seed,
      started: manifest.started,
      finished: manifest.finished,
    })),
    text: (style) => {
      if (runs.length === 0) return `There are no runs in ${root}.`;
      const rows = runs.map(({ folder, status, manifest }) => [
        manifest.name,
        status,
        String(manifest.seed),
        manifest.started.slice(0, 16).replace('T', ' '),
        folder,
      ]);
      return table(['experiment', 'status', 'seed', 'started (UTC)', 'folder'], rows, style);
    },
  };
}
