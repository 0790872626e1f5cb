import { diagnosticKind } from './diagnostic.js';

const TASK =
  'A task fills the inputs of a circuit, step by step; `engrammar tasks` lists tasks with their options. ';

/** Which distribution is meant. */
export const covarianceMissing = diagnosticKind<{ both: boolean }>(
  'E830',
  'Eigenvalues or a covariance',
  `${TASK}Normal inputs have a covariance: either the matrix itself, or the variances along its principal axes, whose directions are then drawn.`,
  ({ both }) => ({
    message: both
      ? 'the task gaussian has both eigenvalues and a covariance'
      : 'the task gaussian has neither eigenvalues nor a covariance',
    expected: ['eigenvalues: [3, 1]', 'covariance: [[2, 1], [1, 2]]'],
  }),
);

export const inputWidth = diagnosticKind<{
  circuit: string;
  name: string;
  given: number;
  needed: number;
}>(
  'E831',
  'A task of another width than the circuit',
  `${TASK}What a task gives in a step must be as many numbers as the input of the circuit has.`,
  ({ circuit, name, given, needed }) => ({
    message: `the task gives ${given} numbers a step, but \`${name}\` of ${circuit} has ${needed}`,
    expected: [`${needed}`],
    hint: 'sizes that follow from the task can be left out of the circuit',
  }),
);

export const pairsDiffer = diagnosticKind<{
  first: string;
  second: string;
  given: number;
  needed: number;
}>(
  'E832',
  'Two lists that belong together',
  `${TASK}Here two lists describe the same things one after the other, so that they are equally long.`,
  ({ first, second, given, needed }) => ({
    message: `${second} has ${given} values, but ${first} has ${needed}`,
    expected: [`${needed} values`],
  }),
);

export const patternWidth = diagnosticKind<{
  circuit: string;
  /** −1: there is none. */
  row: number;
  given: number;
  inputs: number;
  targets: number;
}>(
  'E833',
  'A pattern that does not fit the circuit',
  `${TASK}A pattern is a sample and, in the same list, its targets.`,
  ({ circuit, row, given, inputs, targets }) => ({
    message: row < 0 ? 'there are no patterns' : `pattern ${row + 1} has ${given} numbers`,
    expected: [`${inputs} + ${targets} numbers (sample and targets of ${circuit})`],
  }),
);

export const recordingWrong = diagnosticKind<{ path: string; place: string; problem: string }>(
  'E834',
  'A recording that cannot be read',
  `${TASK}A recording is a CSV file whose header names the inputs of the circuit (\`pre[1],pre[2],post\`: one column a number, one row a step), or a JSON file with a list of rows for each input (\`{"pre": [[0, 1], [1, 0]], "post": [0.5, 0.2]}\`). All inputs have the same number of rows, and all values are finite numbers.`,
  ({ path, place, problem }) => ({
    message: `${path}${place === '' ? '' : `, ${place}`}: ${problem}`,
  }),
);

export const tooMany = diagnosticKind<{
  what: string;
  given: number;
  most: number;
  since: string;
}>(
  'E836',
  'More than there is room for',
  `${TASK}Some numbers of a task leave only so much room for others.`,
  ({ what, given, most, since }) => ({
    message: `${what} is ${given}, but ${since}`,
    expected: [most < 1 ? 'other numbers' : `at most ${most}`],
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const taskDiagnostics = [
  covarianceMissing,
  inputWidth,
  pairsDiffer,
  patternWidth,
  recordingWrong,
  tooMany,
];
