import { success } from '../../base/result.js';
import type { AddCommand } from '../command.js';
import { folderOf } from '../folder.js';

export const addReport: AddCommand = (program, act) => {
  program
    .command('report')
    .summary('write what a run found out as one HTML file')
    .description(
      'Write the report of a run as one HTML file that needs nothing else: the rule, its terms, how it compares, how the search went, and how to repeat it.',
    )
    .argument('<run>', 'the run folder')
    .option('--out <file>', 'where to write it (default: report.html in the run folder)')
    .action(
      act(async (_, folder: string, options: { out?: string }) => {
        const out = folderOf('--out', options.out);
        // What typesets and draws takes long to load.
        const { writeReport } = await import('../../report/report.js');
        const written = writeReport(folder, out);
        if (!written.ok) return written;
        const path = written.value;
        return success({ document: { path }, text: () => path }, written.warnings);
      }),
    );
};
