import { nearest } from '../nearest.js';
import { diagnosticKind } from './diagnostic.js';

const TESTS = 'The matchers of `engrammar/vitest` test rules: `expect(rule).toUpdate(…)`. ';

export const noRule = diagnosticKind<{ given: string }>(
  'E850',
  'Not a rule',
  `${TESTS}A rule is given as its text (\`rule mine { dw = … }\`, or the lines alone), as a file (\`mine.rule\`, or \`FILE#NAME\` where it holds several), as a name of the catalogue, or as what \`checkRule\` returns.`,
  ({ given }) => ({
    message: `${given} is no rule`,
    expected: ['a text', 'FILE or FILE#NAME', 'a name of the catalogue', 'a checked rule'],
  }),
);

/** A text with no rule, or with several. */
export const notOneRule = diagnosticKind<{ found: readonly string[] }>(
  'E851',
  'A text that is not one rule',
  `${TESTS}The text of a rule under test holds one rule and nothing else.`,
  ({ found }) => ({
    message:
      found.length === 0 ? 'the text holds no rule' : `the text holds ${found.join(' and ')}`,
    expected: ['one rule'],
  }),
);

export const notNumbers = diagnosticKind<{ name: string; given: string }>(
  'E852',
  'Not a table of numbers',
  `${TESTS}What a rule is shown, where it starts and what is expected of it are finite numbers: one number, a list (one value for each neuron), or a list of lists of equal lengths (rows of weights: one for each postsynaptic neuron).`,
  ({ name, given }) => ({
    message: `\`${name}\` is ${given}`,
    expected: ['a number', 'a list of numbers', 'rows of numbers, all of the same length'],
  }),
);

export const sizesDiffer = diagnosticKind<{ name: string; given: string; needed: string }>(
  'E853',
  'Sizes that do not fit together',
  `${TESTS}Weights have one row for each postsynaptic and one column for each presynaptic neuron. Everything that is given or expected must agree on these two numbers; a single number stands for all.`,
  ({ name, given, needed }) => ({
    message: `\`${name}\` has ${given}`,
    expected: [needed],
  }),
);

export const noSuchSignal = diagnosticKind<{ given: string; known: readonly string[] }>(
  'E854',
  'Not a signal that can be given',
  `${TESTS}A step is given by the weights \`w\` and by the signals that the rule reads, by their names: \`pre\`, \`post.error\`, \`reward\`.`,
  ({ given, known }) => {
    const meant = nearest(given, known);
    return {
      message: `there is no signal \`${given}\` to be given`,
      ...(meant === undefined ? {} : { hint: `did you mean \`${meant}\`?` }),
    };
  },
);

export const signalNotGiven = diagnosticKind<{
  rule: string;
  names: readonly string[];
  step: number;
}>(
  'E855',
  'A signal that the rule reads was not given',
  `${TESTS}Every signal that a rule reads is given in every step; only spikes may be left out where there are none.`,
  ({ rule, names, step }) => ({
    message: `${rule} reads ${names.map((name) => `\`${name}\``).join(', ')}, which ${
      names.length === 1 ? 'is' : 'are'
    } not given in step ${step}`,
    hint: `write { ${names.map((name) => `${name.includes('.') ? `'${name}'` : name}: …`).join(', ')} }`,
  }),
);

export const nothingExpected = diagnosticKind<Record<never, never>>(
  'E856',
  'A test that expects nothing',
  `${TESTS}\`toUpdate\` compares the change of the weights (\`dw\`), the new weights (\`w\`) or memory with what is expected. With none of them it could not fail.`,
  () => ({
    message: 'nothing is expected of the update',
    expected: ['a change of the weights', '{ dw }', '{ w }', '{ memory: { NAME } }'],
  }),
);

export const whichProjection = diagnosticKind<{ circuit: string; kinds: readonly string[] }>(
  'E857',
  'It is not clear where the rule stands',
  `${TESTS}A circuit may have several kinds of projections. A rule stands on those it is \`for\`; another has to be told where.`,
  ({ circuit, kinds }) => ({
    message: `${circuit} has several kinds of projections: say where the rule stands`,
    expected: kinds.map((kind) => `on: '${kind}'`),
  }),
);

export const unknownGrade = diagnosticKind<{ given: string; known: readonly string[] }>(
  'E858',
  'Not a grade of locality',
  `${TESTS}Grades of locality go from \`synapse\`, which reads nothing but its two neurons and its weight, to \`global\`.`,
  ({ given, known }) => ({
    message: `${given} is no grade of locality`,
    expected: known,
  }),
);

export const memoryNotGiven = diagnosticKind<{ rule: string; names: readonly string[] }>(
  'E859',
  'Memory that was not given beside other memory',
  `${TESTS}Where memory is given a start, the rule goes on from there and starts nothing by itself: memory that starts at something other than 0 (\`from\`, or a state) has to be given, too.`,
  ({ rule, names }) => ({
    message: `${rule} does not start by itself where memory is given`,
    expected: names.map((name) => `a start for \`${name}\``),
  }),
);

export const noStepLength = diagnosticKind<{ rule: string }>(
  'E860',
  'How long a step lasts is not said',
  `${TESTS}A rule with times in milliseconds or seconds needs to know how long a step lasts; without that, steps are counted.`,
  ({ rule }) => ({
    message: `${rule} has times, and how long a step lasts is not said`,
    hint: 'give its length in milliseconds: { dt: 1 }',
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const testingDiagnostics = [
  noRule,
  notOneRule,
  notNumbers,
  sizesDiffer,
  noSuchSignal,
  signalNotGiven,
  nothingExpected,
  whichProjection,
  unknownGrade,
  memoryNotGiven,
  noStepLength,
];
