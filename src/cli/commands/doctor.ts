import { success } from '../../base/result.js';
import type { EngineReport } from '../../engine/doctor.js';
import type { AddCommand } from '../command.js';
import { table } from '../layout.js';
import { packageVersion } from '../version.js';

export const addDoctor: AddCommand = (program, act) => {
  program
    .command('doctor')
    .summary('which engines work on this machine')
    .description('Try every engine and backend, and say why those that do not work do not.')
    .action(
      act(async () => {
        const { inspectEngines } = await import('../../engine/doctor.js');
        const { node, engines } = await inspectEngines();
        const version = packageVersion();
        return success({
          document: { engrammar: version, node, engines },
          text: (style) => {
            const rows = engines.map((report) => [nameOf(report), verdict(report)]);
            return [
              `engrammar ${version}, Node ${node.replace(/^v/, '')}`,
              '',
              table(['engine', 'works here'], rows, style),
            ].join('\n');
          },
        });
      }),
    );
};

const nameOf = ({ engine, backend }: EngineReport): string =>
  backend === null ? engine : `${engine} ${backend}`;

const verdict = ({ available, reason }: EngineReport): string =>
  available ? 'yes' : `no: ${reason}`;
