import { diagnosticKind } from './diagnostic.js';

/** Texts about deriving the terms of a space (E330 to E339). */

export const tooManyDerivations = diagnosticKind<{
  readonly derived: number;
  readonly most: number;
}>(
  'E330',
  'a space with too many ways of choosing',
  'Every way of choosing an alternative at every use of a choice derives one term, so the ways ' +
    'multiply: five uses of a choice of ten alternatives are 100,000 terms. Beyond a bound the ' +
    'space is refused before anything is derived, as neither the derivation nor a search over ' +
    'such a library would end. For a choice that refers to itself, `keep complexity <= N` with a ' +
    'smaller N derives less.',
  ({ derived, most }) => ({
    message: Number.isFinite(derived)
      ? `this space derives ${counted(derived)} terms, more than ${counted(most)}`
      : `this space derives more than ${counted(most)} terms`,
    expected: [`at most ${counted(most)} ways of choosing`],
    hint: 'use fewer choices in one term, fewer alternatives, or a smaller `keep complexity`',
  }),
);

function counted(n: number): string {
  return n < 1e12 ? n.toLocaleString('en-US') : n.toExponential(1);
}

export const growingChoice = diagnosticKind<{ readonly choice: string }>(
  'E331',
  'a choice whose formals grow too large',
  'What is written at the use of a choice takes the place of its formals. A choice that passes a ' +
    'larger formal on each time, such as `choice f(s) = s | f(s * s)`, is a different choice at ' +
    'each use, so there is no end of them even where `keep complexity` bounds the terms.',
  ({ choice }) => ({
    message: `\`${choice}\` is used with ever larger formals`,
    hint: 'give the choice inside the same formals, as in `choice f(s) = s | f(s) * s`',
  }),
);

export const boundTooLarge = diagnosticKind<{ readonly bound: number; readonly most: number }>(
  'E333',
  'too large a bound for a choice that refers to itself',
  'Where a choice refers to itself, `keep complexity <= N` is what ends the derivation, so N must ' +
    'be of a size that a person can read: a term of complexity 20 is already a long one.',
  ({ bound, most }) => ({
    message: `complexity ${bound} is no useful bound for a choice that refers to itself`,
    expected: [`a bound of at most ${most}`],
    hint: 'start with `keep complexity <= 6` and raise it',
  }),
);

export const derivedTermRefused = diagnosticKind<{
  readonly text: string;
  readonly message: string;
  readonly expected?: readonly string[] | undefined;
  readonly hint?: string | undefined;
}>(
  'E332',
  'a derived term that is not in order',
  'Terms with choices are checked when they are derived: units, extents, sums and divisors can be ' +
    'in order for one alternative and not for another. The message says what is wrong with the ' +
    'term shown. Leave out the alternative, or move it to a choice of its own that is not used here.',
  ({ text, message, expected, hint }) => ({
    message: `this derives the term \`${text}\`, which is not in order: ${message}`,
    ...(expected ? { expected } : {}),
    ...(hint ? { hint } : {}),
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const enumerationDiagnostics = [
  tooManyDerivations,
  growingChoice,
  derivedTermRefused,
  boundTooLarge,
];
