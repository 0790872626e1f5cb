import { diagnosticKind } from './diagnostic.js';

/** What is found wrong only when a rule is put on a circuit. */

export const intervalNotWhole = diagnosticKind<{ text: string; stepLength: number | null }>(
  'E440',
  'an interval is no whole number of steps',
  'A circuit goes forward in steps, so `every 10 ms:` and `pre.spike@13.7 ms` need intervals that are ' +
    'a whole number of its steps (and `every` at least one). Rounding would change the rule without ' +
    'saying so. Take another interval, or run the circuit with another dt.',
  ({ text, stepLength }) => ({
    message:
      stepLength === null
        ? `\`${text}\` is no whole number of steps`
        : `\`${text}\` is no whole number of steps of ${stepLength} ms`,
    expected: [stepLength === null ? 'a whole number of steps' : `a multiple of ${stepLength} ms`],
    hint: 'change the interval, or the dt of the circuit',
  }),
);

export const stepsOrTime = diagnosticKind<{ text: string }>(
  'E441',
  'a time in a circuit that counts steps',
  'Steps of this circuit have no length in milliseconds, so it cannot be said how many of them a time ' +
    'lasts. Write the interval in steps.',
  ({ text }) => ({
    message: `\`${text}\` is a time, but this circuit counts steps`,
    expected: ['a number of steps'],
    hint: 'write it in steps, for example `every 10 steps:`',
  }),
);

export const rulesShareName = diagnosticKind<{ name: string }>(
  'E442',
  'two rules of one name',
  'When several rules run on one circuit, their parameters are told apart by the names of the rules. ' +
    'Give the rules different names.',
  ({ name }) => ({
    message: `two different rules are called \`${name}\``,
    expected: ['rules with different names'],
    hint: 'rename one of the rules',
  }),
);

export const noSuchProjection = diagnosticKind<{
  kind: string;
  circuit: string;
  known: readonly string[];
}>(
  'E443',
  'a rule for a projection that the circuit does not have',
  'Rules are attached to kinds of projections of a circuit, such as `forward` or `recurrent`. This ' +
    'circuit has no projection of that kind.',
  ({ kind, circuit, known }) => ({
    message: `${circuit} has no projection \`${kind}\``,
    expected: known.map((each) => `\`${each}\``),
  }),
);

export const noSuchParameter = diagnosticKind<{ name: string; known: readonly string[] }>(
  'E444',
  'a value for a parameter that no rule has',
  'Values can be given to the parameters of the rules on a circuit, by their names. With several rules, ' +
    'or where the circuit has something of that name, it is RULE.PARAMETER; a parameter `per projection`, `per pre`, `per post` or `per synapse` ' +
    'is named with its projection, as in `goal of W1`.',
  ({ name, known }) => ({
    message: `there is no parameter \`${name}\``,
    expected: known.length > 0 ? known.map((each) => `\`${each}\``) : ['no values at all'],
  }),
);

export const wrongNumberOfValues = diagnosticKind<{ name: string; given: number; needed: number }>(
  'E445',
  'a slot is given too many or too few values',
  'Weights, states and parameters of a program have fixed sizes; what is given for one of them must ' +
    'have as many numbers as it has places.',
  ({ name, given, needed }) => ({
    message: `\`${name}\` is given ${given} ${given === 1 ? 'value' : 'values'}, but has ${needed}`,
    expected: [`${needed} ${needed === 1 ? 'value' : 'values'}`],
  }),
);

export const sentTooEarly = diagnosticKind<{ signal: string; projection: string }>(
  'E446',
  'what is sent depends on what arrives',
  'What a `transmit` line sends must be known before the circuit makes its step, so it may be made of ' +
    'the weight, parameters and memory only. Here the `@before` value of a memory needs a signal of ' +
    'this very step: a trace `keeping` a fraction `on` a spike fades when the spike comes, so before ' +
    'the step nobody knows whether it does. A trace `over` a time fades in every step and can be sent.',
  ({ signal, projection }) => ({
    message: `what \`${projection}\` sends depends on \`${signal}\` of the same step`,
    expected: ['memory that fades whatever arrives'],
    hint: 'let the trace fade `over` a time instead',
  }),
);

export const delayTooLong = diagnosticKind<{
  slot: string;
  steps: number;
  numbers: number;
  most: number;
}>(
  'E447',
  'a delay too long to be held',
  'A signal of some time ago is held from then until now: all its values of all the steps between. A ' +
    'delay is meant for the way of a spike along an axon. What happened long ago is remembered by a ' +
    'trace or an average.',
  ({ slot, steps, numbers, most }) => ({
    message: `\`${slot}\` would hold ${inWords(numbers)} numbers: those of ${inWords(steps)} steps`,
    expected: [`at most ${inWords(most)} numbers`],
    hint: 'check the unit of the delay; to remember what was long ago, use a trace or an average',
  }),
);

export const nameTaken = diagnosticKind<{
  circuit: string;
  name: string;
  /** What was there first, and what is called the same. */
  first: SlotKind;
  second: SlotKind;
}>(
  'E448',
  'two things of one name on a circuit',
  'Weights, states, constants, inputs, observed quantities and results of the read-out of a circuit are ' +
    'found by their names: of two with one name, one would take the place of the other. The memory of a ' +
    'rule has the name of its projection and its own, as in `W1: trace`.',
  ({ circuit, name, first, second }) => ({
    message: `${circuit} has ${withArticle(first)} \`${name}\`, and ${withArticle(second)} of the same name`,
    expected: ['names that differ'],
    hint: 'give one of the two another name where the circuit is declared',
  }),
);

/** What has a name in a program. */
export type SlotKind =
  | 'projection'
  | 'state'
  | 'constant'
  | 'step input'
  | 'query input'
  | 'observed quantity'
  | 'result of the read-out'
  | 'part of a rule';

const withArticle = (kind: SlotKind): string =>
  `${kind === 'observed quantity' ? 'an' : 'a'} ${kind}`;

const inWords = (count: number): string => count.toLocaleString('en-US');

export const programDiagnostics = [
  intervalNotWhole,
  stepsOrTime,
  rulesShareName,
  noSuchProjection,
  noSuchParameter,
  wrongNumberOfValues,
  sentTooEarly,
  delayTooLong,
  nameTaken,
];
