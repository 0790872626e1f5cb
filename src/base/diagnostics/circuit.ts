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

/** Every kind of this file, for `engrammar explain`. */
export const circuitDiagnostics = [
  unknownSetting,
  missingSetting,
  wrongSetting,
  projectionWithoutCircuit,
  conflictingSettings,
];
