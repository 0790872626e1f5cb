import { diagnosticKind } from './diagnostic.js';

/** Texts about spaces of terms (E301 to E329, W3xx). */

export const noTerms = diagnosticKind<Record<string, never>>(
  'E301',
  'A space without terms',
  'A space lists what an update may be made of; it needs at least one `term` line.',
  () => ({ message: 'this space has no terms', expected: ['`term = …`'] }),
);

export const unknownLimit = diagnosticKind<{
  readonly name: string;
  readonly meant?: string | undefined;
}>(
  'E302',
  'An unknown bound of a space',
  '`keep` bounds a space by `degree` (total degree in signals), `power` (largest single exponent), `complexity` (names, sums, functions and ifs) and `locality` (a grade).',
  ({ name, meant }) => ({
    message: `a space cannot be bounded by \`${name}\``,
    expected: ['degree', 'power', 'complexity', 'locality'],
    ...(meant ? { hint: `did you mean \`${meant}\`?` } : {}),
  }),
);

export const wrongLimit = diagnosticKind<{
  readonly name: string;
  readonly given: string;
  readonly expected: readonly string[];
  readonly meant?: string | undefined;
}>(
  'E303',
  'A bound with a value of the wrong kind',
  '`degree`, `power` and `complexity` are bounded by a whole number, `locality` by one of its grades: synapse, neuron, modulated, feedback, transport, global.',
  ({ name, given, expected, meant }) => ({
    message: `\`${name}\` cannot be bounded by \`${given}\``,
    expected,
    ...(meant ? { hint: `did you mean \`${meant}\`?` } : {}),
  }),
);

export const limitTwice = diagnosticKind<{ readonly name: string }>(
  'E304',
  'A bound given twice',
  'Each bound of a space is given once; of two it would not be clear which one holds.',
  ({ name }) => ({ message: `\`${name}\` is bounded twice` }),
);

export const formalTwice = diagnosticKind<{ readonly name: string; readonly choice: string }>(
  'E305',
  'Two formals of a choice with the same name',
  'The formals of a choice are replaced by what is written at its use, in order; each needs a name of its own.',
  ({ name, choice }) => ({ message: `\`${choice}\` has two formals called \`${name}\`` }),
);

export const wrongFormals = diagnosticKind<{
  readonly choice: string;
  readonly formals: readonly string[];
  readonly given: number;
}>(
  'E306',
  'A choice used with the wrong number of formals',
  'A choice with formals is used like a function, `side(pre)`; one without formals by its name alone.',
  ({ choice, formals, given }) => ({
    message: `the choice \`${choice}\` takes ${formals.length} formal${formals.length === 1 ? '' : 's'}, not ${given}`,
    expected: [formals.length === 0 ? `\`${choice}\`` : `\`${choice}(${formals.join(', ')})\``],
  }),
);

export const formalNeedsSide = diagnosticKind<{
  readonly choice: string;
  readonly formal: string;
  readonly given: string;
  /** What it may be: `pre`, `post`. */
  readonly sides: readonly string[];
}>(
  'E307',
  'A formal before a dot that is not replaced by `pre` or `post`',
  'Where a choice writes a formal before a dot, as in `s.error`, it stands for one of the two neurons, so its use must give `pre` or `post`.',
  ({ choice, formal, given, sides }) => ({
    message: `\`${choice}\` writes \`${formal}\` before a dot, so it cannot be \`${given}\``,
    expected: sides,
  }),
);

export const endlessChoice = diagnosticKind<{ readonly names: readonly string[] }>(
  'E308',
  'A choice that refers to itself without a bound',
  'A choice may refer to itself where `keep complexity <= N` bounds the space; without it there would be no end of terms.',
  ({ names }) => ({
    message: `the choice refers to itself (${names.join(' → ')}) and nothing bounds it`,
    hint: 'add `keep complexity <= 5`, or another number',
  }),
);

export const barrenChoice = diagnosticKind<{ readonly name: string }>(
  'E309',
  'A choice that never comes to an end',
  'Every alternative of this choice refers to a choice that never ends, so no term can be derived from it. One alternative must do without.',
  ({ name }) => ({
    message: `every alternative of \`${name}\` refers back to it, so it derives nothing`,
    hint: 'add an alternative that does not, such as `1`',
  }),
);

export const allTermsExcluded = diagnosticKind<{ readonly limit: string }>(
  'E310',
  'A space whose own bound leaves nothing',
  '`keep locality` drops every term whose grade is above the bound, named ones too. Here it drops all of them.',
  ({ limit }) => ({
    message: `no term of this space is as local as \`keep locality <= ${limit}\` asks`,
  }),
);

export const choiceDropped = diagnosticKind<Record<string, never>>(
  'E311',
  'A `drop` with a choice in it',
  '`drop` names single terms to leave out. A choice stands for many; write out those that are meant, or leave the alternative out of the choice.',
  () => ({
    message: '`drop` takes terms without choices',
    hint: 'write the terms that are meant one by one, separated by commas',
  }),
);

export const choiceMisplaced = diagnosticKind<{ readonly choice: string; readonly where: string }>(
  'E312',
  'A choice outside of the terms',
  'Choices are made where terms are derived. Memory and bounds belong to the whole space, so there is nothing to choose in them: write one memory for each alternative, and a choice among the memories.',
  ({ choice, where }) => ({
    message: `the choice \`${choice}\` cannot stand in ${where}`,
    hint: 'write one memory for each alternative, and choose among them in the terms',
  }),
);

export const termExcluded = diagnosticKind<{
  readonly term: string;
  readonly text: string;
  readonly grade: string;
  readonly limit: string;
}>(
  'W301',
  'A term that the space excludes itself',
  '`keep locality` drops every term whose grade is above the bound, named ones too. The place shown is what raises the term to its grade: `sum_post` of a post quantity needs the weights and activities of other synapses (transport), `sum_all` a whole population (global), errors are brought from elsewhere (feedback).',
  ({ term, text, grade, limit }) => ({
    message: `${term} is dropped: \`${text}\` is of grade ${grade}, and the space keeps locality <= ${limit}`,
    hint: `write \`keep locality <= ${grade}\` to keep it`,
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const spaceDiagnostics = [
  noTerms,
  unknownLimit,
  wrongLimit,
  limitTwice,
  formalTwice,
  wrongFormals,
  formalNeedsSide,
  endlessChoice,
  barrenChoice,
  allTermsExcluded,
  choiceDropped,
  choiceMisplaced,
  termExcluded,
];
