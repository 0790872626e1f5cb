import { success } from '../../base/result.js';
import { CIRCUITS } from '../../circuits/registry.js';
import type { AddCommand } from '../command.js';
import { pairs, section } from '../layout.js';
import type { Outcome } from '../outcome.js';

export const addCircuits: AddCommand = (program, act) => {
  program
    .command('circuits')
    .summary('circuits a rule can act in')
    .description('List the circuits in which a rule can act, and what they offer to it.')
    .action(act(() => success(listed)));
};

const listed: Outcome = {
  document: CIRCUITS.map(({ name, meaning, step, projections, table }) => {
    const signals = table.signals.map((signal) => signal.name);
    return { name, meaning, step, projections, signals };
  }),
  text: (style) =>
    CIRCUITS.map(({ name, meaning, step, projections, table }) => {
      const rows = pairs(
        [
          ['what it is', meaning],
          ['a step is', step],
          ['projections', projections.join(', ')],
          ['signals', table.signals.map((signal) => signal.name).join(', ')],
        ],
        { ...style, width: style.width - 2 },
      );
      return section(name, rows, style);
    }).join('\n\n'),
};
