import { diagnosticKind } from './diagnostic.js';

/** Texts about names, extents, units and locality in rules (E200 to E269, W2xx). */

type Meant = { readonly meant?: string | undefined };
const didYouMean = ({ meant }: Meant): { hint?: string } =>
  meant ? { hint: `did you mean \`${meant}\`?` } : {};

/** Names along a circle; of a long one the middle is left out. */
function along(names: readonly string[]): string {
  const shown = names.length > 9 ? [...names.slice(0, 6), '…', ...names.slice(-2)] : names;
  return shown.join(' → ');
}

export const unknownName = diagnosticKind<{
  readonly name: string;
  readonly available: readonly string[];
  /** The names it may stand for, the likeliest first. */
  readonly meant: readonly string[];
}>(
  'E201',
  'A name that means nothing here',
  'A name is a parameter or let of the same rule (in a space also a choice or its formal), or a signal such as `w`, `pre` or `post.error`. `engrammar signals` lists the signals of every circuit.',
  ({ name, available, meant }) => ({
    message: `nothing is called \`${name}\` here`,
    expected: available,
    ...didYouMean({ meant: meant.join('` or `') }),
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
    hint: 'divide by a parameter with its unit, or give the learning rate the inverse unit',
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

export const mixedBranches = diagnosticKind<Record<string, never>>(
  'E228',
  'An `if` of which only one branch is made of spikes',
  'Spikes are counts that come at moments; the other branch has a value at every moment. Next to a spike memory is read as it stood just before, elsewhere as it stands now, so such an `if` has two readings. Either all branches are made of spikes (a 0 fits), or none.',
  () => ({
    message: 'one branch of this `if` is made of spikes, the other is not',
    hint: 'write two terms: one with the spike, one without',
  }),
);

export const notConstant = diagnosticKind<{ readonly what: string; readonly reads: string }>(
  'E229',
  'Something that must not change in a run, and does',
  'What `over` and `from` take, the start of a `state`, a ridge and the bounds of the weight are known before the first step: they are made of numbers, parameters and what is fixed in a circuit, such as `dt` and the sizes of the populations. A fraction that changes from step to step can stand after `keeping`.',
  ({ what, reads }) => ({
    message: `${what} is made of numbers and parameters; \`${reads}\` changes in a run`,
  }),
);

export const timeInSteps = diagnosticKind<{ readonly unit: string; readonly circuit: string }>(
  'E230',
  'A unit of time in a circuit that counts steps',
  'In some circuits a step has no length in milliseconds: a step is one sample, one pattern or one iteration. The only unit of time there is `step`: `over 20 steps`, `0.1 per step`. In circuits whose steps last `dt` milliseconds all units of time can be used.',
  ({ unit, circuit }) => ({
    message: `\`${unit}\` is no unit here: ${circuit} counts steps`,
    expected: ['step', 'steps'],
    hint:
      unit === 'Hz'
        ? 'give the rate per step: `0.1 per step`'
        : 'give the time in steps: `20 steps`',
  }),
);

export const notPositive = diagnosticKind<{ readonly what: string }>(
  'E231',
  'A time that is not positive',
  'Time constants, intervals and delays are longer than nothing. An interval of 0 steps or a delay of 0 ms would mean "in every step" and "now", which are written without a clause and without a moment.',
  ({ what }) => ({ message: `${what} must be longer than 0` }),
);

export const onlyOnce = diagnosticKind<{ readonly what: string; readonly line: number }>(
  'E232',
  'A line that a rule can have only once',
  'Changes are added up, but of two new weights, two ranges or two values sent it would not be clear which one holds: a rule has at most one `set w`, one `bound w in`, one `bound w keeping sign` and one `transmit`.',
  ({ what, line }) => ({
    message: `a second ${what}: the first is in line ${line}`,
    hint: 'keep one of the two; what depends on a condition is an `if`',
  }),
);

export const clauseTwice = diagnosticKind<{ readonly clause: string }>(
  'E233',
  'The same clause twice before one line',
  'Clauses are factors that multiply. The same one twice says nothing more (or, of spikes, counts them squared, which is surely not meant).',
  ({ clause }) => ({ message: `\`${clause}:\` stands twice before this line`, hint: 'remove one' }),
);

export const notASpike = diagnosticKind<{
  readonly name: string;
  readonly available: readonly string[];
  readonly hint?: string | undefined;
}>(
  'E234',
  'An `on` clause without a spike',
  '`on` takes a spike signal (perhaps one of a while ago, `on pre.spike@5 ms:`); the line acts where the neuron spiked, as often as it spiked. Moments of a schedule, such as the end of a trial, take `at`.',
  ({ name, available, hint }) => ({
    message: `\`on\` needs a spike, and \`${name}\` is none`,
    expected: available,
    ...(hint ? { hint } : {}),
  }),
);

export const notScheduled = diagnosticKind<{
  readonly name: string;
  readonly circuit: string;
  readonly available: readonly string[];
  readonly hint?: string | undefined;
}>(
  'E235',
  'An `at` clause without a scheduled event',
  '`at` takes an event of the schedule: `trial.end`, the start or end of a phase, or an event of the circuit such as `relax.end`. Spikes take `on`.',
  ({ name, circuit, available, hint }) => ({
    message: `${circuit} has no scheduled event \`${name}\``,
    expected: available,
    ...(hint ? { hint } : {}),
  }),
);

export const notAStart = diagnosticKind<{
  readonly name: string;
  readonly available: readonly string[];
  readonly hint?: string | undefined;
}>(
  'E236',
  'A `since` without a start',
  'Memory starts again at the start of a trial or phase (`since trial.start`) or at a spike (`since pre.spike`). An end is no start: the next trial or phase starts in the step after it.',
  ({ name, available, hint }) => ({
    message: `memory cannot start again at \`${name}\``,
    expected: available,
    ...(hint ? { hint } : {}),
  }),
);

export const unknownPhase = diagnosticKind<
  { readonly name: string; readonly circuit: string; readonly available: readonly string[] } & Meant
>(
  'E237',
  'A phase this circuit does not have',
  '`during` takes a phase of the circuit, such as `free` or `clamped`. `engrammar circuits` lists them.',
  ({ name, circuit, available, meant }) => ({
    message: `${circuit} has no phase \`${name}\``,
    expected: available,
    ...didYouMean({ meant }),
  }),
);

export const unknownMoment = diagnosticKind<
  { readonly moment: string; readonly available: readonly string[] } & Meant
>(
  'E238',
  'An unknown moment',
  'A signal can be read one step ago (`@previous`), a while ago (`@13.7 ms`) and as it was at the end of a phase of this trial (`@free`). The phases are those of the circuit.',
  ({ moment, available, meant }) => ({
    message: `there is no moment \`@${moment}\` here`,
    expected: available.map((each) => `@${each}`),
    ...didYouMean({ meant: meant && `@${meant}` }),
  }),
);

export const unknownDistribution = diagnosticKind<
  { readonly name: string; readonly available: readonly string[] } & Meant
>(
  'E239',
  'An unknown distribution',
  '`draw` takes a fresh number each time its line acts: `normal` with mean 0 and variance 1, or `uniform` between 0 and 1. Anything else is computed from these.',
  ({ name, available, meant }) => ({
    message: `nothing can be drawn from \`${name}\``,
    expected: available,
    ...didYouMean({ meant }),
  }),
);

export const signalBefore = diagnosticKind<{ readonly name: string }>(
  'E240',
  '`@before` of a signal',
  '`@before` is memory as it was before the input of this step came. Signals are what comes in this step; the value of the last step is `@previous`.',
  ({ name }) => ({
    message: `\`${name}\` is a signal: only memory has a \`@before\``,
    hint: `for the value of the last step write \`${name}@previous\``,
  }),
);

export const memoryMoment = diagnosticKind<{ readonly name: string; readonly moment: string }>(
  'E241',
  'A moment that memory does not have',
  'Memory has one moment, `@before`: as it was before the input of this step came. Moments such as `@previous`, `@free` and delays are for signals; to remember an older value, let another memory take it in.',
  ({ name, moment }) => ({
    message: `\`${name}\` is memory and has no moment \`${moment}\``,
    expected: [`\`${name}\``, `\`${name}@before\``],
  }),
);

export const memoryCircle = diagnosticKind<{ readonly names: readonly string[] }>(
  'E242',
  'Memories that read the present value of each other in a circle',
  'Within a step each memory takes in its input after those whose present value it reads. In a circle none can be the first. One of them must read the value that was there before the input of this step came.',
  ({ names }) => ({
    message: `these memories need the present value of each other: ${along(names)}`,
    hint: `read one as it was before, such as \`${names[1] ?? names[0]}@before\``,
  }),
);

export const needsTime = diagnosticKind<{ readonly what: string; readonly given: string }>(
  'E243',
  'Something other than a time where a time is needed',
  '`over` takes the time in which memory fades to 37 %: `over 20 ms`, `over 5 steps`, or a parameter that is a time. A fraction kept from step to step is written `keeping 0.95`. Intervals (`every`) and delays (`pre.spike@5 ms`) are times too.',
  ({ what, given }) => ({
    message: `${what} must be a time, not ${given}`,
    ...(given === 'a plain number'
      ? { hint: 'give it a unit of time; for a fraction write `keeping`' }
      : {}),
  }),
);

export const mixedInput = diagnosticKind<{ readonly kind: string; readonly name: string }>(
  'E244',
  'A memory that adds a spike to something that is not a spike',
  'A spike makes a trace jump by 1 whatever the step; anything else adds in every step. The sum would mean something else at every length of the step. Remember the two apart and add them where they are read.',
  ({ kind, name }) => ({
    message: `the ${kind} \`${name}\` adds a spike to something that is not a spike`,
    hint: 'write two memories, and add them where they are read',
  }),
);

export const rateNeedsTime = diagnosticKind<{ readonly name: string }>(
  'E245',
  'An average of spikes that is given a fraction',
  'The average of spikes is a rate: their number divided by a time. So it needs a time, `over 10 s`, or an event since which spikes are counted, `since trial.start`. What `keeping` fades from step to step has no such time.',
  ({ name }) => ({
    message: `\`${name}\` is an average of spikes: it needs \`over\` or \`since\`, not \`keeping\``,
    hint: 'write `over` and a time, or use a `trace`',
  }),
);

export const runsInTime = diagnosticKind<{ readonly what: string; readonly clause: string }>(
  'E246',
  'Something that runs in time under a clause that picks moments',
  '`dw/dt` and an average `over` a time run on from step to step, so they may act in every step or in every step of a phase (`during`). At single moments a line acts once: write `dw`, or `keeping` and a fraction.',
  ({ what, clause }) => ({
    message: `${what} runs in time and cannot stand under \`${clause}:\``,
    hint:
      what === '`dw/dt`'
        ? 'write `dw` for a change at a moment'
        : 'write `keeping` and the fraction kept each time the line acts',
  }),
);

export const changeNotPerTime = diagnosticKind<{ readonly given: string }>(
  'E247',
  'A `dw/dt` that is not per time',
  '`dw/dt` is a weight per time: it is multiplied by the length of a step. Divide by a time constant, or give the learning rate the unit `per s`.',
  ({ given }) => ({
    message: `\`dw/dt\` must be a rate (1/time), but this is ${given}`,
    hint: 'divide by a time, or write `dw` for a change in every step',
  }),
);

export const sentTooEarly = diagnosticKind<{ readonly name: string }>(
  'E248',
  'A signal in what is sent',
  'What `transmit` sends is known before the circuit runs, so it is made of the weight, parameters and memory (as it was before the input of this step). Signals come only afterwards.',
  ({ name }) => ({
    message: `\`transmit\` reads \`${name}\`, which comes only after sending`,
    expected: ['w', 'parameters', 'memory'],
    hint: 'remember it in a memory and send that',
  }),
);

export const phaseNotOver = diagnosticKind<{ readonly name: string; readonly acts: string }>(
  'E249',
  'A line that reads a phase before it is over',
  '`post@free` is the value at the end of a phase of this trial, so it can be read only in lines that act at that end or later.',
  ({ name, acts }) => ({
    message: `\`${name}\` is not there yet: this line acts ${acts}`,
    hint: 'let the line act `at trial.end:`',
  }),
);

export const notWholeSteps = diagnosticKind<{ readonly given: string }>(
  'E250',
  'A fraction of a step',
  'A circuit runs step by step, and between two steps there is nothing to read and nothing that acts: intervals and delays are whole numbers of steps.',
  ({ given }) => ({ message: `\`${given}\` is not a whole number of steps` }),
);

export const whitensOther = diagnosticKind<{ readonly what: string; readonly extent: string }>(
  'E251',
  'A `whiten` of something other than the presynaptic neurons',
  'Recursive least squares keeps the correlations of the inputs that the neurons of a projection share, one table for the whole projection. So it takes one value for each presynaptic neuron (`whiten k = pre ridge 10`), and its ridge, its gate and its clauses are the same for all of them: `at`, `every` and `during`, not `on` a spike.',
  ({ what, extent }) => ({
    message:
      extent === 'global'
        ? `${what} has one value for the whole projection`
        : `${what} has one value for each ${extent === 'synapse' ? 'synapse' : `${extent} neuron`}`,
    expected: ['`whiten` of a presynaptic quantity, with a ridge, gate and clauses that all share'],
  }),
);

export const unusedName = diagnosticKind<{ readonly name: string; readonly kind: string }>(
  'W201',
  'Something defined and never used',
  'A parameter, let, memory or choice that nothing refers to has no effect. It may be left over, or its name misspelt where it should be used.',
  ({ name, kind }) => ({ message: `the ${kind} \`${name}\` is never used` }),
);

export const changesWithStep = diagnosticKind<Record<string, never>>(
  'W202',
  'A change that depends on the length of a step',
  'In this circuit a step lasts `dt`. A bare `dw` acts in every step, so half the step doubles what it does in a second. `dw/dt` is a change per time; `on` and `at` say at which moments to act.',
  () => ({
    message: 'this `dw` acts in every step, so what it does in a second depends on `dt`',
    hint: 'write `dw/dt` and give the learning rate the unit `per s`',
  }),
);

export const traceWithStep = diagnosticKind<{ readonly name: string }>(
  'W203',
  'A trace that depends on the length of a step',
  'In this circuit a step lasts `dt`. A trace adds what comes in every step, so with half the step it grows twice as large (of spikes there are as many, whatever the step). An `average` does not depend on the step, nor does a trace of something times `dt`.',
  ({ name }) => ({
    message: `the trace \`${name}\` adds up in every step, so its size depends on \`dt\``,
    hint: 'write `average`, or multiply by `dt`',
  }),
);

/** Every kind of this file, for `engrammar explain`. */
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
  changesNothing,
  twoChanges,
  unknownProjection,
  valueOutsideRange,
  emptyRange,
  unknownScope,
  momentOfNoSignal,
  sameNameTwice,
  mixedBranches,
  notConstant,
  timeInSteps,
  notPositive,
  onlyOnce,
  clauseTwice,
  notASpike,
  notScheduled,
  notAStart,
  unknownPhase,
  unknownMoment,
  unknownDistribution,
  signalBefore,
  memoryMoment,
  memoryCircle,
  needsTime,
  mixedInput,
  rateNeedsTime,
  runsInTime,
  changeNotPerTime,
  sentTooEarly,
  phaseNotOver,
  notWholeSteps,
  whitensOther,
  unusedName,
  changesWithStep,
  traceWithStep,
];
