import { success } from '../../base/result.js';
import type { TaskOption } from '../../tasks/kind.js';
import { TASKS } from '../../tasks/registry.js';
import type { AddCommand } from '../command.js';
import { section, table, wrap } from '../layout.js';
import type { Outcome } from '../outcome.js';

export const addTasks: AddCommand = (program, act) => {
  program
    .command('tasks')
    .summary('tasks a circuit can learn')
    .description('List the tasks a circuit can learn, with the options they have in an experiment.')
    .action(act(() => success(listed)));
};

const listed: Outcome = {
  document: TASKS.map(({ name, meaning, circuits, options }) => ({
    name,
    meaning,
    circuits,
    options: options.map(({ fallback, least, most, ...option }) => {
      return { ...option, default: fallback ?? null, least: least ?? null, most: most ?? null };
    }),
  })),
  text: (style) =>
    TASKS.map(({ name, meaning, circuits, options }) => {
      const inner = { ...style, width: style.width - 2 };
      const rows = options.map((option) => [option.name, defaultOf(option), option.meaning]);
      const content = [
        ...wrap(meaning, inner.width),
        ...wrap(`Circuits: ${circuits}.`, inner.width),
        '',
        table(['option', 'default', 'meaning'], rows, inner),
      ];
      return section(name, content.join('\n'), style);
    }).join('\n\n'),
};

function defaultOf({ fallback }: TaskOption): string {
  if (fallback === undefined) return 'required';
  return Array.isArray(fallback) ? JSON.stringify(fallback) : String(fallback);
}
