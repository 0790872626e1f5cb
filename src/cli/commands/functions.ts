import { success } from '../../base/result.js';
import { languageFunctions, reductions } from '../../language/functions.js';
import type { AddCommand } from '../command.js';
import { section, table } from '../layout.js';
import type { Outcome } from '../outcome.js';

export const addFunctions: AddCommand = (program, act) => {
  program
    .command('functions')
    .summary('functions and sums of the language')
    .description('List the functions and sums that a rule may use.')
    .action(act(() => success(listed)));
};

const functions = languageFunctions.map((each) => ({
  name: each.name,
  usage: `${each.name}(${each.arguments.join(', ')})`,
  kind: 'function',
  meaning: each.meaning,
}));

const sums = reductions.map(({ name, meaning }) => {
  return { name, usage: `${name}(E)`, kind: 'sum', meaning };
});

const listed: Outcome = {
  document: [...functions, ...sums],
  text: (style) => {
    const block = (heading: string, rows: typeof functions): string => {
      const cells = rows.map(({ usage, meaning }) => [usage, meaning]);
      return section(heading, table(['name', 'meaning'], cells, style), style);
    };
    return [
      block('Functions', functions),
      block('Sums over the neurons or synapses of a projection', sums),
    ].join('\n\n');
  },
};
