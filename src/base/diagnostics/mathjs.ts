import { diagnosticKind } from './diagnostic.js';

/** Texts about expressions that come from mathjs or go there (E290 to E294). */

export const mathjsUnreadable = diagnosticKind<{ readonly because: string }>(
  'E290',
  'not an expression of mathjs',
  'The text was given to the parser of mathjs, which could not read it. Only one expression is ' +
    'read: no assignments, no second line.',
  ({ because }) => ({
    message: `mathjs cannot read this: ${because}`,
    expected: ['one expression, such as `eta * post * (pre - post * w)`'],
  }),
);

export const mathjsNotARule = diagnosticKind<{ readonly what: string }>(
  'E291',
  'something of mathjs that rules do not have',
  'Of what mathjs can write, rules have numbers, names, + - * / ^, brackets, and the functions and ' +
    'sums of the language. Assignments, matrices, strings, units, comparisons, conditions, ' +
    'factorials and functions of one’s own are refused, and nothing is ever evaluated.',
  ({ what }) => ({
    message: `a rule cannot have ${what}`,
    expected: ['numbers, names, + - * / ^, brackets, functions of the language'],
  }),
);

export const mathjsUnknownName = diagnosticKind<{
  readonly name: string;
  readonly known: readonly string[];
  readonly meant?: string | undefined;
}>(
  'E292',
  'a name in a mathjs expression that stands for nothing here',
  'In mathjs a name has no dot, so `post.error` is written `post_error` there; sums are functions, ' +
    'as `sum_post(post * w)`. Every name must be a signal or a parameter, every function one of ' +
    'the language.',
  ({ name, known, meant }) => ({
    message: `\`${name}\` is not known here`,
    expected: known,
    ...(meant === undefined ? {} : { hint: `did you mean \`${meant}\`?` }),
  }),
);

export const mathjsWrongArguments = diagnosticKind<{
  readonly name: string;
  readonly wanted: number;
  readonly given: number;
}>(
  'E293',
  'a function with the wrong number of arguments in a mathjs expression',
  'The functions of the language have a fixed number of arguments, also where those of mathjs with ' +
    'the same name take more, such as `max(a, b, c)` or `log(x, base)`.',
  ({ name, wanted, given }) => ({
    message: `\`${name}\` has ${wanted} argument${wanted === 1 ? '' : 's'} here, not ${given}`,
  }),
);

export const mathjsCannotSay = diagnosticKind<{
  readonly what: string;
  /** A whole line, which no other wording could save. */
  readonly isLine?: boolean;
}>(
  'E294',
  'something of a rule that mathjs has no expression for',
  'A mathjs expression has numbers without units, names and functions. Moments (`post@previous`), ' +
    'quantities with a unit (`20 ms`) and `if` cannot be written so that reading them back gives ' +
    'the same rule. Of a whole rule there is the right side of one `dw` without clauses: memory, ' +
    'clauses, `dw/dt`, `set`, `bound` and `transmit` are more than an expression.',
  ({ what, isLine }) => ({
    message: `${what} cannot be written as a mathjs expression`,
    hint: isLine
      ? 'mathjs gets the right side of a single `dw`; `--to latex` writes whole rules'
      : 'give the quantity a name with `param`, or write `step(a - b) * x` for `if a > b then x else 0`',
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const mathjsDiagnostics = [
  mathjsUnreadable,
  mathjsNotARule,
  mathjsUnknownName,
  mathjsWrongArguments,
  mathjsCannotSay,
];
