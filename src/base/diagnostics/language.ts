import { diagnosticKind } from './diagnostic.js';
import { along, didYouMean, type Meant } from './words.js';

/** Texts about names, extents, units and locality in rules (E200 to E227, W201). */

export const unknownName = diagnosticKind<{
  readonly name: string;
  readonly available: readonly string[];
  /** The names it may stand for, the likeliest first. */
  readonly meant: readonly string[];
  /** What to write instead, where that is no name. */
  readonly instead?: string | undefined;
}>(
  'E201',
  'A name that means nothing here',
  'A name is a parameter or let of the same rule (in a space also a choice or its formal), or a signal such as `w`, `pre` or `post.error`. `engrammar signals` lists the signals of every circuit.',
  ({ name, available, meant, instead }) => ({
    message: `nothing is called \`${name}\` here`,
    expected: available,
    ...(instead ? { hint: instead } : didYouMean({ meant: meant.join('` or `') })),
  }),
);

export const signalNotOffered = diagnosticKind<{
  readonly name: string;
  readonly circuit: string;
  readonly available: readonly string[];
}>(
  'E202',
  'A signal this circuit does not offer',
  'The signal exists, but not in the circuit the rule is used in: a feed-forward network has no spikes, a single neuron no error. `engrammar signals CIRCUIT` lists what a circuit offers.',
  ({ name, circuit, available }) => ({
    message: `\`${name}\` is not offered by ${circuit}`,
    expected: available,
  }),
);

export const nameTaken = diagnosticKind<{ readonly name: string; readonly by: string }>(
  'E203',
  'A name that is already taken',
  'A rule may not give a signal or function a second meaning: a reader of the formula would not see the difference.',
  ({ name, by }) => ({
    message: `\`${name}\` is already the name of a ${by}`,
    hint: `choose another name, such as \`${name}_1\``,
  }),
);

export const definedTwice = diagnosticKind<{ readonly name: string; readonly line: number }>(
  'E204',
  'A name defined twice',
  'Each name of a rule stands for one thing, whatever the order of the lines. Remove one of the two definitions or rename it.',
  ({ name, line }) => ({ message: `\`${name}\` is already defined in line ${line}` }),
);

export const letCircle = diagnosticKind<{ readonly names: readonly string[] }>(
  'E205',
  'Lets that refer to each other in a circle',
  'A `let` is an abbreviation: its text stands wherever its name is used. Lets that need each other, or themselves, would never end. What remembers its old value is a `state`.',
  ({ names }) => ({ message: `\`let\` lines in a circle: ${along(names)}` }),
);

export const letsTooLarge = diagnosticKind<{ readonly limit: number }>(
  'E206',
  'Lets that grow too large',
  'A `let` is an abbreviation. Lets that use others several times each grow very fast; with all of them written out this expression would be larger than can be worked on.',
  ({ limit }) => ({
    message: `with its lets written out this expression has more than ${limit} parts`,
  }),
);

export const wrongArity = diagnosticKind<{
  readonly callee: string;
  readonly takes: readonly string[];
  readonly given: number;
}>(
  'E207',
  'A function with the wrong number of arguments',
  'Every function takes a fixed number of arguments, separated by commas. `engrammar functions` lists them.',
  ({ callee, takes, given }) => ({
    message: `\`${callee}\` takes ${takes.length} argument${takes.length === 1 ? '' : 's'}, not ${given}`,
    expected: [`\`${callee}(${takes.join(', ')})\``],
  }),
);

export const unknownFunction = diagnosticKind<
  { readonly name: string; readonly available: readonly string[] } & Meant
>(
  'E208',
  'A function that does not exist',
  'The functions and sums are fixed, so that a rule from a stranger is safe to open. `engrammar functions` lists them.',
  ({ name, available, meant }) => ({
    message: `there is no function \`${name}\``,
    expected: available,
    ...didYouMean({ meant }),
  }),
);

export const notAFunction = diagnosticKind<{ readonly name: string }>(
  'E209',
  'A quantity called like a function',
  'Brackets right behind a name call a function. This name is a quantity; a product is written with `*`.',
  ({ name }) => ({
    message: `\`${name}\` is a quantity, not a function`,
    hint: `write \`${name} * (…)\` for the product`,
  }),
);

export const functionWithoutArguments = diagnosticKind<{ readonly name: string }>(
  'E210',
  'A function without its arguments',
  'The name of a function stands only in front of its arguments in brackets.',
  ({ name }) => ({
    message: `\`${name}\` is a function and needs its arguments`,
    expected: [`\`${name}(…)\``],
  }),
);

export const unlikeUnits = diagnosticKind<{
  readonly what: string;
  readonly left: string;
  readonly right: string;
}>(
  'E211',
  'Quantities of unlike units put together',
  'Sums, differences, comparisons, min, max, clip and the branches of an `if` need quantities of the same kind: a time cannot be added to a voltage, nor either to a plain number. Divide by a parameter of the same unit to get a plain number. A literal 0 fits anything.',
  ({ what, left, right }) => ({
    message: `${what}: ${left} and ${right}`,
    hint: 'divide each by a parameter with its unit, or give the number a unit',
  }),
);

export const needsPlainNumber = diagnosticKind<{
  readonly what: string;
  readonly given: string;
}>(
  'E212',
  'A quantity with a unit where a plain number is needed',
  'Functions such as exp, and exponents, are defined for plain numbers only. Divide by a parameter with the same unit first: `exp(-dt / tau)`.',
  ({ what, given }) => ({
    message: `${what} must be a plain number, not ${given}`,
    hint: 'divide by a parameter with the same unit',
  }),
);

export const exponentNotLiteral = diagnosticKind<{ readonly given: string }>(
  'E213',
  'A quantity with a unit to a power that is not a literal',
  'The unit of a power must be known before the rule runs, so a quantity with a unit takes a number as its exponent.',
  ({ given }) => ({
    message: `the exponent of ${given} must be a number`,
    hint: 'divide the base by a parameter with its unit first',
  }),
);

export const changeNotPlain = diagnosticKind<{
  readonly given: string;
  /** What is given a value; `dw` if left out. */
  readonly what?: string;
}>(
  'E214',
  'A weight, or a change of one, that has a unit',
  'Weights are plain numbers, and so are `dw`, what `set w` makes of them, their bounds and what `transmit` sends instead. A right side with a unit lacks a factor: a learning rate with the inverse unit, as in `8e-5 per mV per mV`.',
  ({ given, what = '`dw`' }) => ({
    message: `${what} must be a plain number, but this is ${given}`,
    hint:
      given.startsWith('a rate') && what === '`dw`'
        ? 'for a change per time write `dw/dt = …`; otherwise multiply by a time'
        : 'divide by a parameter with its unit, or give the learning rate the inverse unit',
  }),
);

export const mixedExtentsInSum = diagnosticKind<{
  readonly callee: string;
  readonly parts: readonly string[];
}>(
  'E215',
  'A sum over everything whose parts belong to different things',
  '`sum_all`, `mean_all` and `max_all` range over all neurons, or over all synapses, whichever their argument has values for. Where the parts differ it is not clear what is counted. Write one sum for each part.',
  ({ callee, parts }) => ({
    message: `\`${callee}\` of parts of different extent (${parts.join(', ')}): it is not clear what is counted`,
    hint: `write one \`${callee}\` for each part`,
  }),
);

export const nothingToSum = diagnosticKind<{
  readonly callee: string;
  /** Signals that say how many neurons there are. */
  readonly sizes: readonly string[];
}>(
  'E216',
  'A sum over everything of one broadcast number',
  '`sum_all` ranges over all neurons or all synapses, whichever its argument has values for. A number that is the same everywhere says neither. For the number of neurons write `pre.size` or `post.size`.',
  ({ callee, sizes }) => ({
    message: `\`${callee}\` of a quantity that is the same everywhere: it is not clear what is counted`,
    expected: ['a pre, post or synapse quantity'],
    ...(sizes.length > 0
      ? { hint: `the sizes of the populations are \`${sizes.join('` and `')}\`` }
      : {}),
  }),
);

export const spikeInside = diagnosticKind<{ readonly where: string; readonly instead?: string }>(
  'E217',
  'A spike where only a smooth quantity can stand',
  'Spikes are counts: they may be factors, be added to spikes, or feed a trace. They do not pass through functions, powers, denominators or comparisons, because the result would depend on the step. Use a trace of the spikes instead.',
  ({ where, instead = 'use a trace of the spikes, or multiply by the spike outside' }) => ({
    message: `a spike cannot stand ${where}`,
    hint: instead,
  }),
);

export const mixedTimesMemory = diagnosticKind<Record<string, never>>(
  'E218',
  'A sum of a spike and a non-spike that multiplies memory',
  'Next to a spike, memory is read as it stood just before it; elsewhere as it stands now. In a sum of both it would be read in two ways at once. Multiply out and write the parts as separate terms.',
  () => ({
    message: 'a sum of a spike and something else multiplies a memory',
    hint: 'multiply out: write one term with the spike and one without',
  }),
);

export const divisionByLiteralZero = diagnosticKind<Record<string, never>>(
  'E219',
  'Division by the number 0',
  'The divisor is 0 whatever the signals are, so the rule would give no number at any synapse.',
  () => ({ message: 'this divides by 0' }),
);

export const notANumber = diagnosticKind<{ readonly text: string; readonly value: number }>(
  'E254',
  'Numbers alone that come to no number',
  'A part of the rule that is made of numbers only has a value before anything runs: the logarithm of 0, the root of a negative number or a power beyond all bounds is none, so the rule would give no number at any synapse.',
  ({ text, value }) => ({
    message: `\`${text}\` is ${Number.isNaN(value) ? 'no real number' : 'not finite'}`,
  }),
);

export const changesNothing = diagnosticKind<Record<string, never>>(
  'E220',
  'A rule that changes nothing',
  'A rule needs a line that says what happens to the weight (`dw = …`, `dw/dt = …`, `set w = …`) or what is sent instead of it (`transmit …`).',
  () => ({ message: 'this rule has no line that changes w', expected: ['`dw = …`'] }),
);

export const twoChanges = diagnosticKind<{ readonly form: string; readonly line: number }>(
  'E221',
  'Two changes under the same clauses',
  'Contributions add up, so two `dw` lines that act at the same moments are one sum. Written apart they look like alternatives; write one line.',
  ({ form, line }) => ({
    message: `a second \`${form}\` line under the same clauses (the first is in line ${line})`,
    hint: 'write both as one sum',
  }),
);

export const unknownProjection = diagnosticKind<
  { readonly name: string; readonly circuit: string; readonly available: readonly string[] } & Meant
>(
  'E222',
  'A projection this circuit does not have',
  'After `for` stand projections of the circuit: `forward`, `feedback`, `recurrent` and so on. `engrammar circuits` lists them.',
  ({ name, circuit, available, meant }) => ({
    message: `${circuit} has no projection \`${name}\``,
    expected: available,
    ...didYouMean({ meant }),
  }),
);

export const valueOutsideRange = diagnosticKind<{
  readonly name: string;
  readonly value: string;
  readonly range: string;
}>(
  'E223',
  'A parameter outside of its own range',
  '`in [LO, HI]` bounds what a search may make of a parameter. Its value must lie inside, ends included.',
  ({ name, value, range }) => ({ message: `\`${name}\` = ${value} is outside of ${range}` }),
);

export const emptyRange = diagnosticKind<{ readonly range: string }>(
  'E224',
  'A range whose low end is above its high end',
  'A range is written low end first: `in [0, 1]`, `in [0, inf]`.',
  ({ range }) => ({ message: `${range} is empty: its low end comes first` }),
);

export const unknownScope = diagnosticKind<
  {
    readonly scope: string;
    /** `a parameter`, `a draw`. */
    readonly what: string;
    readonly available: readonly string[];
  } & Meant
>(
  'E225',
  'An unknown word after `per`',
  'A parameter may have its own value `per projection`, `per pre`, `per post` or `per synapse`; a draw may be taken per synapse, pre, post or global. Units after `per` are ms, s, step, Hz and mV.',
  ({ scope, what, available, meant }) => ({
    message: `${what} cannot be given per \`${scope}\``,
    expected: available,
    ...didYouMean({ meant }),
  }),
);

export const momentOfNoSignal = diagnosticKind<{ readonly name: string }>(
  'E226',
  'A moment of something that has none',
  '`@previous`, `@free` and delays are moments of signals. Parameters do not change and lets are abbreviations: put the moment on the signals inside.',
  ({ name }) => ({ message: `\`${name}\` is not a signal and has no moments` }),
);

export const sameNameTwice = diagnosticKind<{ readonly name: string; readonly line: number }>(
  'E227',
  'Two items of one file with the same name',
  'Rules and spaces of a file are told apart by their names (`FILE#NAME`).',
  ({ name, line }) => ({ message: `line ${line} already has an item called \`${name}\`` }),
);

export const unusedName = diagnosticKind<{ readonly name: string; readonly kind: string }>(
  'W201',
  'Something defined and never used',
  'A parameter, let, memory or choice that nothing refers to has no effect. It may be left over, or its name misspelt where it should be used.',
  ({ name, kind }) => ({ message: `the ${kind} \`${name}\` is never used` }),
);

export const languageDiagnostics = [
  unknownName,
  signalNotOffered,
  nameTaken,
  definedTwice,
  letCircle,
  letsTooLarge,
  wrongArity,
  unknownFunction,
  notAFunction,
  functionWithoutArguments,
  unlikeUnits,
  needsPlainNumber,
  exponentNotLiteral,
  changeNotPlain,
  mixedExtentsInSum,
  nothingToSum,
  spikeInside,
  mixedTimesMemory,
  divisionByLiteralZero,
  notANumber,
  changesNothing,
  twoChanges,
  unknownProjection,
  valueOutsideRange,
  emptyRange,
  unknownScope,
  momentOfNoSignal,
  sameNameTwice,
  unusedName,
];
