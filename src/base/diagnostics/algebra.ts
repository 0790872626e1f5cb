import { diagnosticKind } from './diagnostic.js';

/** What the algebra of rules refuses. */

export const divisionByZero = diagnosticKind<{ divisor: string }>(
  'E280',
  'division by zero',
  'A divisor is zero whatever the signals are, for example `pre / (post - post)`. The rule would ' +
    'give no number at any synapse. Divide by something that can differ from zero; to guard ' +
    'against small values add a constant, as in `pre / (post + 0.01)`.',
  ({ divisor }) => ({
    message: `this divides by zero: \`${divisor}\` is zero for all values of its signals`,
    expected: ['a divisor that is not always zero'],
    hint: 'add a small positive constant to the divisor, or take the quotient out',
  }),
);

export const zeroToPowerZero = diagnosticKind<{ base: string }>(
  'E281',
  'zero to the power zero',
  'The base is zero whatever the signals are and the exponent is zero. Conventions differ (1, or ' +
    'undefined), so the rule is refused rather than given one of them. Write the number you mean.',
  ({ base }) => ({
    message: `\`${base}\` is always zero, and zero to the power zero has no agreed value`,
    expected: ['a base that is not always zero, or an exponent other than 0'],
    hint: 'write 1 or 0, whichever is meant',
  }),
);

export const tooManyConditions = diagnosticKind<{ most: number; found: number }>(
  'E282',
  'too many conditions in one sum',
  'The normal form of a sum with `if … then … else …` says what it is for every way in which its ' +
    'comparisons can come out, and with every comparison there are twice as many. A sum with too ' +
    'many different comparisons is refused; `step`, `relu`, `min`, `max` or `clip` do not count.',
  ({ most, found }) => ({
    message: `one sum depends on ${found} different comparisons`,
    expected: [`at most ${most} different comparisons in one sum`],
    hint: 'use `step(a - b)`, `relu`, `min`, `max` or `clip` where they say the same',
  }),
);

export const numberOutOfRange = diagnosticKind<{ text: string }>(
  'E283',
  'a number too large or too small to be held',
  'Numbers in rules are held as exact fractions. One with an exponent beyond ±10000, or a power ' +
    'of a number that would need that many digits, is refused: no engine could use it.',
  ({ text }) => ({
    message: `the number \`${text}\` is outside what can be held`,
    expected: ['a number between 1e-300 and 1e300'],
  }),
);

export const unknownInAlgebra = diagnosticKind<{ name: string }>(
  'E284',
  'a name the algebra does not know',
  'A normal form can only be made of names that are parameters or memory of the rule, or signals ' +
    'of the table it is checked against. Check the rule first: the checker lists what there is.',
  ({ name }) => ({
    message: `\`${name}\` is no parameter, no memory and no signal here`,
    hint: 'check the rule with `engrammar check`, which lists the names there are',
  }),
);

export const sumRangeUnclear = diagnosticKind<{ callee: string; inner: string }>(
  'E285',
  'what a sum or maximum ranges over is unclear',
  '`sum_all`, `mean_all` and `max_all` range over the neurons of one population or over the ' +
    'synapses, depending on what is inside. Here nothing inside varies over that range once the ' +
    'algebra is done, so the range cannot be told from the result.',
  ({ callee, inner }) => ({
    message: `\`${callee}(${inner})\` does not say what it ranges over`,
    expected: ['something that varies over neurons or synapses, such as pre, post or w'],
    hint: 'use `pre.size` or `post.size` to count neurons, `sum_all(sum_pre(1))` to count synapses',
  }),
);

export const algebraDiagnostics = [
  divisionByZero,
  zeroToPowerZero,
  tooManyConditions,
  numberOutOfRange,
  unknownInAlgebra,
  sumRangeUnclear,
];
