import { allDiagnostics } from '../../base/diagnostics/all.js';
import { unknownWord } from '../../base/diagnostics/usage.js';
import { success } from '../../base/result.js';
import type { AddCommand } from '../command.js';
import { pairs, wrap } from '../layout.js';
import { type Outcome, UsageError } from '../outcome.js';

export const addExplain: AddCommand = (program, act) => {
  program
    .command('explain')
    .summary('what a code such as E201 means')
    .description('Explain the code of a diagnostic; without a code, list all of them.')
    .argument('[code]', 'the code, as printed with the diagnostic')
    .action(act((_, code: string | undefined) => success(code ? explained(code) : everything)));
};

function explained(code: string): Outcome {
  const known = allDiagnostics.map((kind) => kind.code);
  const kind = allDiagnostics.find((each) => each.code === code.toUpperCase());
  if (!kind) {
    const facts = { what: 'diagnostic', given: code, known, listedBy: 'engrammar explain' };
    throw new UsageError(unknownWord(facts));
  }
  return {
    document: { name: kind.code, ...kind },
    text: (style) =>
      [
        `${style.paint.code(kind.code)} ${style.bold(kind.title)}`,
        '',
        ...wrap(kind.explanation, Math.min(style.width, 96)),
      ].join('\n'),
  };
}

const everything: Outcome = {
  document: allDiagnostics.map((kind) => ({ name: kind.code, ...kind })),
  text: (style) =>
    pairs(
      allDiagnostics.map(({ code, title }) => [code, title]),
      style,
    ),
};
