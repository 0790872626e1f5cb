import { latexTerm } from '../../algebra/latex-synapse.js';
import type { TermLibrary } from '../../algebra/types.js';
import { success } from '../../base/result.js';
import { type Library, readLibrary } from '../../compile.js';
import { CIRCUIT_OPTION, type CircuitFlags, PROJECTION_OPTION, tableOf } from '../circuit.js';
import type { AddCommand } from '../command.js';
import { count, table } from '../layout.js';
import type { Outcome } from '../outcome.js';
import type { Style } from '../style.js';

export const addTerms: AddCommand = (program, act) => {
  program
    .command('terms')
    .summary('the terms of a space')
    .description('List the terms that a space derives, each once, within its bounds.')
    .argument('<space>', 'FILE, FILE#NAME, or a name of the catalogue')
    .option(...CIRCUIT_OPTION)
    .option(...PROJECTION_OPTION)
    .action(
      act((_, reference: string, options: CircuitFlags) => {
        const library = readLibrary(reference, tableOf(options));
        return library.ok ? success(listed(library.value), library.warnings) : library;
      }),
    );
};

function listed({ space, terms: library }: Library): Outcome {
  return {
    document: {
      name: space.space.name,
      derived: library.derived,
      merged: library.merged,
      dropped: library.dropped,
      outsideBounds: library.outsideBounds,
      terms: library.terms.map((term) => ({
        id: term.id,
        text: term.text,
        latex: latexTerm(term.expression, space.scope),
        complexity: term.complexity,
        locality: term.locality,
      })),
      dependences: library.dependences,
    },
    text: (style) => [listing(library, style), '', ...summary(library, style)].join('\n'),
  };
}

function listing({ terms }: TermLibrary, style: Style): string {
  // The formula comes last: it may be long.
  const rows = terms.map((term) => [term.id, String(term.complexity), term.locality, term.text]);
  return table(['term', 'complexity', 'locality', 'text'], rows, style, ['complexity']);
}

/** Where the derivations went, then what the terms that are left have to do with each other. */
function summary(library: TermLibrary, style: Style): string[] {
  const { derived, merged, dropped, outsideBounds, terms, dependences } = library;
  const counts = [
    `${count(terms.length, 'term')} of ${count(derived, 'derivation')}`,
    `${merged.toLocaleString('en-US')} merged`,
    `${dropped.toLocaleString('en-US')} dropped`,
    `${outsideBounds.toLocaleString('en-US')} outside the bounds`,
  ];
  const lines = [style.bold(counts.join(', '))];
  if (dependences.length > 0) {
    lines.push('', `Linear dependences among the terms (${dependences.length}):`);
    for (const dependence of dependences) {
      lines.push(`  ${dependence.map(summand).join(' ')} = 0`);
    }
  }
  return lines;
}

/** `t1`, `- 2 t2`, `+ oja`: a coefficient of 1 is not written. */
function summand({ id, coefficient }: { id: string; coefficient: number }, at: number): string {
  const sign = coefficient < 0 ? '- ' : at === 0 ? '' : '+ ';
  const size = Math.abs(coefficient);
  return `${sign}${size === 1 ? '' : `${size} `}${id}`;
}
