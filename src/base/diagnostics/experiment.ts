import { diagnosticKind } from './diagnostic.js';
import { describeBytes } from './run.js';

const FILE =
  'An experiment is a YAML file: names, colons and values, indented to show what belongs to what. ';

/** Faults that the YAML parser words for programmers. */
const YAML_WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name stands twice in its group',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the name',
  MULTIPLE_DOCS: 'a second document begins here, but an experiment is one',
  TAB_AS_INDENT: 'indentation is made of spaces, not of tabs',
};

/** `code` and `reason` are those of the YAML parser. */
export const yamlSyntax = diagnosticKind<{ code: string; reason: string }>(
  'E501',
  'Not YAML',
  `${FILE}This place cannot be read as YAML. Frequent causes: a tab in the indentation, a missing blank after a colon, a bracket or quotation mark that is not closed, a key given twice.`,
  ({ code, reason }) => ({
    message: `not YAML: ${YAML_WORDS[code] ?? reason.charAt(0).toLowerCase() + reason.slice(1)}`,
  }),
);

export const yamlTooDeep = diagnosticKind<{ reason: string }>(
  'E502',
  'Nested too deeply',
  `${FILE}No option of an experiment lies deeper than three levels, so a text that could nest very deeply is refused before it is parsed.`,
  ({ reason }) => ({ message: `nested too deeply for an experiment: ${reason}` }),
);

export const yamlAlias = diagnosticKind<{ name: string }>(
  'E503',
  'YAML aliases are not used',
  `${FILE}Anchors and aliases (&name, *name), with which YAML repeats parts of itself, are not used in experiments: every value stands where it belongs, and a short file cannot unfold into a long one.`,
  ({ name }) => ({
    message: `the alias *${name} is not allowed in an experiment`,
    hint: 'write the value out',
  }),
);

export const emptyExperiment = diagnosticKind<Record<string, never>>(
  'E504',
  'An empty experiment',
  `${FILE}This one has no content. The smallest experiment names a space or a rule, a circuit and a task.`,
  () => ({
    message: 'the experiment is empty',
    expected: ['space or rule', 'circuit', 'task'],
    hint: 'begin with a copy of a standard experiment: engrammar discover digits uses experiments/digits.yaml of the package',
  }),
);

/** `learner.rate`, or words for the whole file. */
function optionName(option: string): string {
  return option === '' ? 'an experiment' : option;
}

function withMeaning(meaning: string | undefined): { hint?: string } {
  return meaning ? { hint: meaning } : {};
}

interface OptionFacts {
  /** Its path with dots; '' for the whole file. */
  readonly option: string;
  /** What the option means, as in the schema. */
  readonly meaning?: string | undefined;
}

export const wrongType = diagnosticKind<OptionFacts & { found: string; expected: string }>(
  'E510',
  'A value of the wrong type',
  `${FILE}Each option takes one type of value: a number, a text, true or false, a list, or further options. Numbers are written without quotation marks.`,
  ({ option, found, expected, meaning }) => ({
    message: `${optionName(option)} must be ${expected}, but is ${found}`,
    expected: [expected],
    ...withMeaning(meaning),
  }),
);

export const unknownOption = diagnosticKind<{
  option: string;
  known: readonly string[];
  nearest: string | undefined;
}>(
  'E511',
  'An unknown option',
  `${FILE}Options that do not exist are refused rather than passed over, so that a misspelt one is not silently left at its default.`,
  ({ option, known, nearest }) => ({
    message: `there is no option ${option}`,
    expected: known,
    ...(nearest ? { hint: `did you mean ${nearest}?` } : {}),
  }),
);

export const outOfRange = diagnosticKind<OptionFacts & { found: string; range: string }>(
  'E512',
  'A value out of range',
  'The value has the right type, but lies outside what makes sense for this option.',
  ({ option, found, range, meaning }) => ({
    message: `${optionName(option)} is ${found}, but must be ${range}`,
    expected: [range],
    ...withMeaning(meaning),
  }),
);

export const unknownChoice = diagnosticKind<{
  option: string;
  found: string;
  choices: readonly string[];
  nearest: string | undefined;
}>(
  'E513',
  'An unknown choice',
  'The option takes one of a few words, and this is none of them.',
  ({ option, found, choices, nearest }) => ({
    message: `${option} cannot be ${found}`,
    expected: choices,
    ...(nearest ? { hint: `did you mean ${nearest}?` } : {}),
  }),
);

export const missingOption = diagnosticKind<OptionFacts & { choices?: readonly string[] }>(
  'E514',
  'A missing option',
  `${FILE}Nearly every option has a default; this one has none and must be given.`,
  ({ option, choices, meaning }) => ({
    message: `${option} is missing`,
    ...(choices ? { expected: choices } : {}),
    ...withMeaning(meaning),
  }),
);

export const subjectMissing = diagnosticKind<Record<string, never>>(
  'E515',
  'Neither a space nor a rule',
  'An experiment is about a space of terms, in which a rule is searched, or about a rule (or several, each on its kind of projection) that is run.',
  () => ({
    message: 'the experiment names neither a space nor a rule',
    expected: ['space: NAME or FILE', 'rule: FILE#NAME', 'rules: {PROJECTION: FILE#NAME}'],
  }),
);

export const subjectTwice = diagnosticKind<{ first: string; second: string }>(
  'E516',
  'Two subjects',
  'An experiment is either about a space of terms or about rules: one with `rule`, several with `rules`, which says on which kind of projection each stands. Beside a space, `rules` are those of the other projections.',
  ({ first, second }) => ({
    message: `the experiment names both \`${first}\` and \`${second}\``,
    hint: 'leave one of them out',
  }),
);

export const backendWithoutUse = diagnosticKind<{ engine: string; backend: string }>(
  'E517',
  'A backend for an engine without backends',
  'Only the engine tfjs has backends: the others have one way to compute.',
  ({ engine, backend }) => ({
    message: `the engine ${engine} has no backend ${backend}`,
    hint: 'leave engine.backend out, or set engine.name to tfjs',
  }),
);

export const taskForAnother = diagnosticKind<{ task: string; circuit: string; circuits: string }>(
  'E518',
  'A task for another circuit',
  'A task gives a circuit the inputs it needs, and perhaps asks it something afterwards; so not every task suits every circuit. `engrammar tasks` says which suits which.',
  ({ task, circuit, circuits }) => ({
    message: `the circuit ${circuit} cannot do the task ${task}`,
    hint: `circuits for ${task}: ${circuits}`,
  }),
);

export const baselineForAnother = diagnosticKind<{ baseline: string; circuit: string }>(
  'E519',
  'A baseline that the circuit does not have',
  'Feedback alignment and backpropagation are baselines of circuits in which errors come back layer by layer, so that one and the same gradient rule is the one or the other. Every circuit has the best single term of a space.',
  ({ baseline, circuit }) => ({
    message: `the circuit ${circuit} has no baseline ${baseline}`,
    hint: 'leave baselines out, or name only best-single-term',
  }),
);

export const nothingToRun = diagnosticKind<{ space: string }>(
  'E523',
  'A space cannot be run',
  'To run is to let given rules learn: `rule:` in the experiment names one, `rules:` several by the kind of projection on which they stand. A space is a set of terms out of which a discovery makes a rule.',
  ({ space }) => ({
    message: `there is no rule to run, only the space ${space}`,
    expected: ['rule: NAME or FILE#NAME', 'rules: {PROJECTION: NAME or FILE#NAME}'],
    hint: 'engrammar discover searches the space for a rule',
  }),
);

export const outputsFewerThanClasses = diagnosticKind<{ outputs: number; classes: number }>(
  'E524',
  'Fewer outputs than classes',
  'Every class of a set of images has an output neuron of its own. A network may have more outputs than that (in Shervani-Tabar & Rosenbaum 2023 it has 47 whatever the task): it then has to learn that they are never asked for.',
  ({ outputs, classes }) => ({
    message: `${outputs} outputs are too few for ${classes} classes`,
    expected: [`at least ${classes}`],
    hint: 'leave circuit.outputs out: one a class',
  }),
);

export const experimentUnknown = diagnosticKind<{
  name: string;
  known: readonly string[];
  nearest: string | undefined;
}>(
  'E520',
  'No such experiment',
  'An experiment is named by its file (a path, or a name that ends in .yaml), or by the bare name of a standard experiment that comes with the package.',
  ({ name, known, nearest }) => ({
    message: `there is no standard experiment ${name}`,
    expected: [...known, 'a path to a .yaml file'],
    ...(nearest ? { hint: `did you mean ${nearest}?` } : {}),
  }),
);

export const subjectUnknown = diagnosticKind<{
  option: 'space' | 'rule';
  reference: string;
  file: string;
  known: readonly string[];
  nearest: string | undefined;
}>(
  'E521',
  'No such space or rule',
  'A space or a rule is named by its file, relative to the experiment file (FILE, or FILE#NAME where a file holds several), or by the bare name of one that comes with the package.',
  ({ option, reference, file, known, nearest }) => ({
    message: `there is no ${option} ${reference} (no file ${file})`,
    ...(known.length > 0 ? { expected: [...known, 'a path'] } : {}),
    ...(nearest ? { hint: `did you mean ${nearest}?` } : {}),
  }),
);

export const experimentTooBig = diagnosticKind<{ size: number; limit: number }>(
  'E522',
  'An experiment of unlikely size',
  `${FILE}It has a few dozen lines. A text of this size is something else.`,
  ({ size, limit }) => ({
    message: `the text has ${describeBytes(size)}; experiments have at most ${describeBytes(limit)}`,
  }),
);

const SWEEP =
  'An experiment with a group sweep says which searches engrammar sweep compares: its cells, and how many seeds each has. ';

export const sweepElsewhere = diagnosticKind<Record<string, never>>(
  'E525',
  'A sweep is no single experiment',
  `${SWEEP}Other commands run one experiment.`,
  () => ({
    message: 'this experiment is a sweep: it compares several searches',
    hint: 'engrammar sweep runs it',
  }),
);

export const sweepMissing = diagnosticKind<{ name: string }>(
  'E526',
  'An experiment without a sweep',
  `${SWEEP}This one has none.`,
  ({ name }) => ({
    message: `${name} says nothing of a sweep`,
    expected: ['sweep, with a list of cells'],
    hint: 'engrammar discover runs it',
  }),
);

export const cellTwice = diagnosticKind<{ cell: string }>(
  'E527',
  'Two cells of one name',
  `${SWEEP}Results are filed and told by the names of cells, so no two have the same.`,
  ({ cell }) => ({ message: `there is a cell ${cell} already` }),
);

export const cellUnknown = diagnosticKind<{
  cell: string;
  known: readonly string[];
  nearest: string | undefined;
}>(
  'E544',
  'No such cell',
  `${SWEEP}The cell that others are compared with is one of them.`,
  ({ cell, known, nearest }) => ({
    message: `there is no cell ${cell}`,
    expected: [...known],
    ...(nearest ? { hint: `did you mean ${nearest}?` } : {}),
  }),
);

export const cellForImages = diagnosticKind<{ task: string }>(
  'E545',
  'Horizons of a task without classes',
  `${SWEEP}Its shots are images a class, which only few-shot tasks have.`,
  ({ task }) => ({
    message: `sweep.shots is about images a class, which the task ${task} has not`,
    hint: 'leave it out',
  }),
);

export const nothingReused = diagnosticKind<{ folder: string }>(
  'E546',
  'A run with nothing to take over',
  `${SWEEP}With --reuse it takes over searches that another run has finished: of cells of the same name, with the same settings, texts, data and version of engrammar.`,
  ({ folder }) => ({
    message: `${folder} has no finished search that this sweep makes`,
    hint: 'leave out --reuse',
  }),
);

export const rowTwice = diagnosticKind<{ row: string }>(
  'E528',
  'Two rows of one name',
  'Under evaluate.also an experiment lists other circumstances under which rules are scored. Results are filed and told by their names, so no two have the same.',
  ({ row }) => ({ message: `there is a row ${row} already` }),
);

const COMPARE =
  'Under compare an experiment lists what engrammar run lets learn beside its own rules: contestants, each with what differs. ';

export const contestantTwice = diagnosticKind<{ name: string }>(
  'E547',
  'Two contestants of one name',
  `${COMPARE}Their figures are told by their names, so no two have the same, and none has that of the rules themselves or of a baseline.`,
  ({ name }) => ({ message: `there is a contestant ${name} already` }),
);

export const compareElsewhere = diagnosticKind<{ beside: 'space' | 'sweep' }>(
  'E548',
  'Contestants where nothing is run',
  `${COMPARE}A search compares a rule with its baselines, and a sweep compares its cells.`,
  ({ beside }) => ({
    message: `compare is about rules that are run, but this experiment has a ${beside}`,
    expected: [beside === 'space' ? 'baselines' : 'sweep.cells'],
    hint: 'leave it out',
  }),
);

const DESCENT =
  'With `descent` weights go down the exact gradient of the loss of each trial, backwards through all of its steps. ';

export const descentBesideRule = diagnosticKind<{ kind: string }>(
  'E549',
  'Weights with a rule and a gradient',
  `${DESCENT}Where that is so they have no rule besides.`,
  ({ kind }) => ({
    message: `the weights of kind ${kind} have a rule and shall go down the gradient`,
    hint: 'name other kinds, or leave the rule out',
  }),
);

export const descentWithoutLoss = diagnosticKind<{ circuit: string }>(
  'E550',
  'No loss to go down',
  `${DESCENT}That takes a circuit with a loss of its own in every trial, such as recurrent. Where there is none, or where the loss is that of questions after all trials, as on feed-forward, there is nothing to go down from trial to trial.`,
  ({ circuit }) => ({
    message: `${circuit} has no loss of each trial`,
    hint: 'leave descent out, or take another circuit or task',
  }),
);

export const nothingVaries = diagnosticKind<{ task: string }>(
  'E529',
  'Nothing here that can vary',
  'Episodes can differ in how many images a class they show, and in the scales of initial weights and feedback: settings of few-shot tasks on a feed-forward circuit.',
  ({ task }) => ({
    message: `vary is about images a class and weights of feed-forward, which the task ${task} has not`,
    hint: 'leave it out',
  }),
);

export const experimentDiagnostics = [
  yamlSyntax,
  yamlTooDeep,
  yamlAlias,
  emptyExperiment,
  wrongType,
  unknownOption,
  outOfRange,
  unknownChoice,
  missingOption,
  subjectMissing,
  subjectTwice,
  backendWithoutUse,
  taskForAnother,
  baselineForAnother,
  experimentUnknown,
  subjectUnknown,
  experimentTooBig,
  sweepElsewhere,
  sweepMissing,
  cellTwice,
  cellUnknown,
  cellForImages,
  nothingReused,
  rowTwice,
  contestantTwice,
  compareElsewhere,
  descentBesideRule,
  descentWithoutLoss,
  nothingVaries,
  nothingToRun,
  outputsFewerThanClasses,
];
