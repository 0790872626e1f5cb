import { choicesMisfit, rowsDropped } from '../../base/diagnostics/recording.js';
import { readStart } from '../../base/files.js';
import { failure, type Result, success } from '../../base/result.js';
import { type NumberArray, readNumberArrays } from '../read/npz.js';
import { openTable } from '../read/open.js';
import { type AnimalRecord, type Choices, choicesFault, type Decision } from './choices.js';

/**
 * Reads choices: an archive of NumPy arrays (`stimulus` [animals, steps, inputs], `choice` and `reward`
 * [animals, steps], NaN in `choice` where nothing is known; `w` [animals, options, inputs] where the first
 * weights are known), or a table with a row for each step, columns `choice`, `reward` and, for several
 * animals, `animal`, and a column for each input.
 */
export async function readChoices(path: string, decision: Decision): Promise<Result<Choices>> {
  const start = readStart(path, 2);
  if (!start.ok) return start;
  const read =
    start.value.toString('latin1') === 'PK'
      ? fromArrays(path, decision)
      : await fromTable(path, decision);
  if (!read.ok) return read;
  const fault = choicesFault(read.value);
  return fault === null ? read : failure(choicesMisfit({ path, what: fault }));
}

function fromArrays(path: string, decision: Decision): Result<Choices> {
  const read = readNumberArrays(path);
  if (!read.ok) return read;
  const wrong = (what: string): Result<Choices> => failure(choicesMisfit({ path, what }));
  const missing = ['stimulus', 'choice', 'reward'].filter((name) => !read.value.has(name));
  if (missing.length > 0) {
    const there = [...read.value.keys()].join(', ') || 'none';
    return wrong(`there is no array ${missing.join(', ')} (there are: ${there})`);
  }
  const array = (name: string, dimensions: number): NumberArray => {
    const { shape, values } = read.value.get(name)!;
    return { shape: shape.length === dimensions - 1 ? [1, ...shape] : shape, values };
  };
  const [stimulus, choice, reward] = [array('stimulus', 3), array('choice', 2), array('reward', 2)];
  for (const [name, { shape }, dimensions] of [
    ['stimulus', stimulus, 3],
    ['choice', choice, 2],
    ['reward', reward, 2],
  ] as const) {
    if (shape.length !== dimensions) return wrong(`${name} has ${shape.length} dimensions`);
  }
  const [animals, steps, inputs] = stimulus.shape as [number, number, number];
  for (const [name, { shape }] of [
    ['choice', choice],
    ['reward', reward],
  ] as const) {
    if (shape[0] === animals && shape[1] === steps) continue;
    return wrong(`stimulus is [${stimulus.shape}] and ${name} [${shape}]: animals or steps differ`);
  }
  const startsKnown = read.value.has('w');
  const options = optionsOf(decision, choice.values);
  const w = startsKnown
    ? array('w', 3)
    : { shape: [1, options, inputs], values: new Float64Array(options * inputs) };
  const isFit = w.shape.length === 3 && w.shape[1] === options && w.shape[2] === inputs;
  if (!isFit || (w.shape[0] !== animals && w.shape[0] !== 1)) {
    return wrong(`w is [${w.shape}], not [${animals}, ${options}, ${inputs}]`);
  }
  const part = ({ shape, values }: NumberArray, animal: number): Float64Array => {
    const size = values.length / shape[0]!;
    return values.subarray(animal * size, (animal + 1) * size);
  };
  return success({
    name: path,
    decision,
    inputs,
    options,
    steps,
    startsKnown,
    animals: Array.from({ length: animals }, (_, k) => ({
      stimulus: part(stimulus, k),
      choice: part(choice, k),
      reward: part(reward, k),
      w: part(w, w.shape[0] === 1 ? 0 : k),
    })),
  });
}

const ANIMAL = 'animal';
/** Columns that tell the order, which is that of the rows anyway. */
const ORDER = ['t', 'trial'];

async function fromTable(path: string, decision: Decision): Promise<Result<Choices>> {
  const opened = await openTable(path);
  if (!opened.ok) return opened;
  const { header } = opened.value;
  const missing = ['choice', 'reward'].filter((name) => !header.includes(name));
  const inputs = header.filter((name) => ![ANIMAL, 'choice', 'reward', ...ORDER].includes(name));
  if (missing.length > 0 || inputs.length === 0) {
    const what =
      missing.length > 0
        ? `there is no column ${missing.join(', ')} (there are: ${header.join(', ')})`
        : 'there is no column with a stimulus';
    return failure(choicesMisfit({ path, what }));
  }
  const wanted = header.filter((name) => !ORDER.includes(name));
  const labels = decision === 'between' ? [ANIMAL, 'choice'] : [ANIMAL];
  const read = await opened.value.read(wanted, labels);
  if (!read.ok) return read;
  const { columns, dropped } = read.value;
  const choice = numbered(columns.get('choice')!);
  if (choice === null) {
    return failure(choicesMisfit({ path, what: 'choice holds numbers and names' }));
  }
  const whose = columns.get(ANIMAL) ?? new Float64Array(choice.length);
  const rowsOf = new Map<number, number[]>();
  for (const [row, animal] of whose.entries()) {
    rowsOf.set(animal, [...(rowsOf.get(animal) ?? []), row]);
  }
  const steps = Math.max(0, ...[...rowsOf.values()].map((rows) => rows.length));
  const options = optionsOf(decision, choice);
  const recordOf = (rows: readonly number[]): AnimalRecord => {
    const stimulus = new Float64Array(steps * inputs.length);
    for (const [step, row] of rows.entries()) {
      inputs.forEach((name, j) => {
        stimulus[step * inputs.length + j] = columns.get(name)![row]!;
      });
    }
    const filled = (column: Float64Array): Float64Array =>
      Float64Array.from({ length: steps }, (_, step) => column[rows[step] ?? -1] ?? Number.NaN);
    return {
      stimulus,
      choice: filled(choice),
      reward: filled(columns.get('reward')!),
      w: new Float64Array(options * inputs.length),
    };
  };
  const warnings =
    dropped > 0
      ? [
          rowsDropped({
            dropped,
            rows: choice.length + dropped,
            missing: [...read.value.missing],
          }),
        ]
      : [];
  return success(
    {
      name: path,
      decision,
      inputs: inputs.length,
      options,
      steps,
      startsKnown: false,
      animals: [...rowsOf.values()].map(recordOf),
    },
    [...opened.warnings, ...read.warnings, ...warnings],
  );
}

/** Options with the names that a table gives them are numbered as they first occur; null where only some have. */
function numbered(choice: Float64Array): Float64Array | null {
  const named = choice.reduce((sum, each) => sum + (each < 0 && Number.isInteger(each) ? 1 : 0), 0);
  if (named === 0) return choice;
  return named === choice.length ? choice.map((each) => -1 - each) : null;
}

/** One, or as many as the largest number of an option says. */
function optionsOf(decision: Decision, choice: Float64Array): number {
  if (decision === 'accept') return 1;
  const most = choice.reduce((most, each) => (each > most ? each : most), 0);
  return Number.isFinite(most) ? Math.min(MOST_OPTIONS, Math.floor(most) + 1) : 1;
}

/** A larger number is a mistake rather than an option. */
const MOST_OPTIONS = 100;
