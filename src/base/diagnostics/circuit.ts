import { nearest } from '../nearest.js';
import { diagnosticKind } from './diagnostic.js';

const didYouMean = (given: string, known: readonly string[]): { hint?: string } => {
  const meant = nearest(given, known);
  return meant === undefined ? {} : { hint: `did you mean ${meant}?` };
};

const SETTINGS =
  'A circuit is made from settings such as sizes and the kind of feedback; `engrammar circuits` lists those of each circuit with what they mean, what they may be, and what they are if nobody says. ';

/** A setting no circuit of this kind has. */
export const unknownSetting = diagnosticKind<{
  circuit: string;
  given: string;
  known: readonly string[];
}>(
  'E801',
  'Unknown setting of a circuit',
  `${SETTINGS}The circuit named here has no setting of this name.`,
  ({ circuit, given, known }) => ({
    message: `the circuit ${circuit} has no setting ${given}`,
    expected: known,
    ...didYouMean(given, known),
  }),
);

export const missingSetting = diagnosticKind<{
  circuit: string;
  name: string;
  range: string;
  meaning: string;
}>(
  'E802',
  'A setting of a circuit is missing',
  `${SETTINGS}A few have no default, since no value would suit most networks; they must be given.`,
  ({ circuit, name, range, meaning }) => ({
    message: `the circuit ${circuit} needs the setting ${name}`,
    expected: [range],
    hint: `${name}: ${meaning}`,
  }),
);

export const wrongSetting = diagnosticKind<{
  circuit: string;
  name: string;
  given: string;
  range: string;
}>(
  'E803',
  'A setting that a circuit cannot have',
  `${SETTINGS}The value given here is of the wrong type or out of its range.`,
  ({ circuit, name, given, range }) => ({
    message: `${name} of the circuit ${circuit} cannot be ${given}`,
    expected: [range],
  }),
);

/** `--projection` says which part of a circuit is meant, but not of which. */
export const projectionWithoutCircuit = diagnosticKind<{ projection: string }>(
  'E804',
  'A projection without its circuit',
  'Kinds of projections belong to circuits: `forward` to the feed-forward network, `recurrent` to the recurrent one. The option --projection therefore needs the option --circuit beside it.',
  ({ projection }) => ({
    message: `--projection ${projection} needs a circuit that has it`,
    expected: ['--circuit NAME'],
    hint: 'engrammar circuits lists circuits with their projections',
  }),
);

/** Settings that are in order one by one, but not together. */
export const conflictingSettings = diagnosticKind<{
  circuit: string;
  problem: string;
  expected: string;
}>(
  'E805',
  'Settings of a circuit that do not fit together',
  `${SETTINGS}Each of the settings named here is allowed, but not with the others: delays and refractory times last whole steps, a threshold lies above rest and reset, a layer needs something that reaches it.`,
  ({ circuit, problem, expected }) => ({
    message: `the circuit ${circuit}: ${problem}`,
    expected: [expected],
  }),
);

export const circuitTooLarge = diagnosticKind<{ circuit: string; weights: number; most: number }>(
  'E806',
  'A circuit too large to be held',
  `${SETTINGS}Weight matrices are held whole, several times over where there are derivatives. What has more weights than this is refused before anything is made.`,
  ({ circuit, weights, most }) => ({
    message: `${circuit} has ${weights.toLocaleString('en-US')} weights`,
    expected: [`at most ${most.toLocaleString('en-US')} weights`],
    hint: 'take fewer neurons',
  }),
);

const EPISODE =
  'A simulation is given, besides the circuit and its rules, a timeline (how the steps fall into trials and phases), the inputs of every step, what the read-out is shown, and perhaps where weights and states start. Arrays are row-major: all values of the first step, then all of the second. ';

interface InputFacts {
  readonly circuit: string;
  /** `input` arrives in every step, `query input` is what the read-out is shown. */
  readonly what: 'input' | 'query input';
  readonly name: string;
}

export const missingInput = diagnosticKind<InputFacts & { needed: number; steps: number }>(
  'E810',
  'An input of the circuit is missing',
  `${EPISODE}The circuit needs an input that was not given.`,
  ({ circuit, what, name, needed, steps }) => ({
    message: `${circuit} needs the ${what} \`${name}\``,
    expected: [what === 'input' ? `${needed} numbers (${steps} steps)` : `${needed} numbers`],
  }),
);

export const inputLength = diagnosticKind<
  InputFacts & { given: number; needed: number; steps: number }
>(
  'E811',
  'An input of the wrong length',
  `${EPISODE}What was given for an input has too many or too few numbers for the circuit and for the steps of the timeline.`,
  ({ circuit, what, name, given, needed, steps }) => ({
    message: `the ${what} \`${name}\` of ${circuit} has ${given} numbers`,
    expected: [
      what === 'input'
        ? `${needed} numbers (${steps} steps of ${needed / Math.max(steps, 1)})`
        : `${needed} numbers`,
    ],
  }),
);

export const unknownInput = diagnosticKind<{
  circuit: string;
  what: 'input' | 'query input' | 'start' | 'record';
  given: string;
  known: readonly string[];
}>(
  'E812',
  'A name that the simulated circuit does not have',
  `${EPISODE}Nothing in the circuit or in the memory of its rules has this name. Weights have the name of their projection, memory that of its projection and its own, as in \`W1: trace\`.`,
  ({ circuit, what, given, known }) => ({
    message: `${circuit} has no ${PLACES[what]} \`${given}\``,
    expected: known.length > 0 ? known.map((each) => `\`${each}\``) : ['none'],
    ...didYouMean(given, known),
  }),
);

const PLACES = {
  input: 'input',
  'query input': 'query input',
  start: 'weights, state or constant',
  record: 'state or observed quantity',
} as const;

export const ruleForAnother = diagnosticKind<{
  rule: string;
  targets: readonly string[];
  kind: string;
}>(
  'E813',
  'A rule on a projection it is not for',
  'A rule may say for which kinds of projections it is: `rule feedback_weights for feedback`. It was put on another kind.',
  ({ rule, targets, kind }) => ({
    message: `the rule ${rule} is for ${targets.join(', ')}, but stands on ${kind}`,
    expected: targets,
    hint: `put it there, or write \`for ${kind}\` behind its name`,
  }),
);

export const timelineWrong = diagnosticKind<{
  trial: number;
  problem: 'steps' | 'phases' | 'event';
  name?: string;
}>(
  'E814',
  'A timeline that cannot be',
  `${EPISODE}The phases of a trial follow one another from its first step and must not last longer than the trial; events fall into one of its steps; all numbers of steps are whole.`,
  ({ trial, problem, name }) => ({
    message: {
      steps: `trial ${trial} of the timeline has no whole number of steps`,
      phases: `the phases of trial ${trial} last longer than the trial, or no whole number of steps`,
      event: `the event \`${name}\` of trial ${trial} falls into none of its steps`,
    }[problem],
    expected: ['whole numbers of steps, phases within their trial, events in a step from 0'],
  }),
);

export const unknownMoment = diagnosticKind<{
  circuit: string;
  what: 'phase' | 'event';
  given: string;
  known: readonly string[];
}>(
  'E815',
  'A phase or event that the circuit does not have',
  `${EPISODE}Circuits name the phases a trial may have and the events that may fall into it; a timeline uses those names. \`trial.start\`, \`trial.end\` and the starts and ends of phases follow from the timeline and are not listed in it.`,
  ({ circuit, what, given, known }) => ({
    message: `${circuit} has no ${what} \`${given}\``,
    expected: known.length > 0 ? known : ['none'],
    ...didYouMean(given, known),
  }),
);

export const notForImages = diagnosticKind<{
  circuit: string;
  name: string;
  rows: number;
  columns: number;
  found: readonly [number, number] | undefined;
}>(
  'E816',
  'A circuit that cannot be shown these images',
  'A few-shot task shows a circuit images with their classes, one at a time, and asks it about others. The circuit needs the step inputs `image` and `target` and the query inputs `query images` and `query targets`: as many columns as pixels or classes, and of the latter two as many rows as images are asked about.',
  ({ circuit, name, rows, columns, found }) => ({
    message: found
      ? `the input \`${name}\` of ${circuit} has the shape ${found.join(' × ')}`
      : `${circuit} has no input \`${name}\``,
    expected: [`${name}: ${rows} × ${columns}`],
  }),
);

export const notACount = diagnosticKind<{ what: string; given: number; least: number }>(
  'E817',
  'A number that must be whole',
  `${EPISODE}Numbers of streams and of steps are whole; something can be recorded every step, every second step and so on.`,
  ({ what, given, least }) => ({
    message: `${what} is ${given}`,
    expected: [`a whole number from ${least}`],
  }),
);

/** A rule that is to be shown on a circuit, where none will do. */
export const fitsNoCircuit = diagnosticKind<{ rule: string; reads: readonly string[] }>(
  'E818',
  'A rule that fits no circuit',
  'What a rule becomes on a circuit can be shown only on a circuit that offers all that the rule reads, at a projection it is for. None of the circuits that come with the package does; a circuit of your own, declared in a program, may.',
  ({ rule, reads }) => ({
    message: `no circuit offers all that the rule ${rule} reads`,
    ...(reads.length > 0 ? { expected: [`a circuit with ${reads.join(', ')}`] } : {}),
    hint: '`engrammar signals` lists what there is, `engrammar signals CIRCUIT` what a circuit offers',
  }),
);

const INPUTS = 'Inputs can be drawn from a distribution whose numbers are given. ';

export const covarianceWrong = diagnosticKind<{
  problem: 'shape' | 'number' | 'symmetry' | 'sign';
}>(
  'E820',
  'Not a covariance',
  `${INPUTS}A covariance matrix has a row and a column for each input, equal values on both sides of its diagonal, and gives no combination of inputs a variance below 0.`,
  ({ problem }) => ({
    message: {
      shape: 'the covariance is not square',
      number: 'the covariance holds a value that is no finite number',
      symmetry: 'the covariance is not symmetric',
      sign: 'the covariance gives a combination of inputs a variance below 0',
    }[problem],
    expected: ['a symmetric matrix without negative eigenvalues'],
  }),
);

export const meanWrong = diagnosticKind<{ given: number; expected: number }>(
  'E821',
  'A mean of the wrong length',
  `${INPUTS}The mean has one value for each input, as many as the covariance has rows.`,
  ({ given, expected }) => ({
    message: `the mean has ${given} values`,
    expected: [`${expected} values`],
  }),
);

export const inputOutOfRange = diagnosticKind<{ what: string; given: number; expected: string }>(
  'E822',
  'A number that no distribution has',
  `${INPUTS}A rate is not below 0, and a probability is between 0 and 1.`,
  ({ what, given, expected }) => ({ message: `${what} is ${given}`, expected: [expected] }),
);

export const rowsDiffer = diagnosticKind<{ row: number; given: number; expected: number }>(
  'E823',
  'Rows of different lengths',
  'What was recorded is given as one row a step, all of the same length.',
  ({ row, given, expected }) => ({
    message: `row ${row + 1} has ${given} values, the first has ${expected}`,
    expected: [`${expected} values in every row`],
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const circuitDiagnostics = [
  unknownSetting,
  missingSetting,
  wrongSetting,
  projectionWithoutCircuit,
  conflictingSettings,
  circuitTooLarge,
  missingInput,
  inputLength,
  unknownInput,
  ruleForAnother,
  timelineWrong,
  unknownMoment,
  notForImages,
  notACount,
  fitsNoCircuit,
  covarianceWrong,
  meanWrong,
  inputOutOfRange,
  rowsDiffer,
];
