import { recordingWrong } from '../../base/diagnostics/task.js';
import { readSource } from '../../base/files.js';
import { failure, type Result, success } from '../../base/result.js';
import { recordedInputs } from './recorded.js';

/** What was recorded under one name: a row a step. */
export interface RecordedInput {
  readonly name: string;
  readonly columns: number;
  /** `steps × columns`. */
  readonly values: Float64Array;
}

const LARGEST = 200e6;

/** Reads a recording: CSV with a header of names (`pre[1],pre[2],post`), or JSON with rows by name. */
export function readRecording(path: string): Result<RecordedInput[]> {
  const source = readSource(path, LARGEST);
  if (!source.ok) return source;
  const read = /\.json$/i.test(path) ? fromJson : fromCsv;
  const inputs = read(source.value.text, (place, problem) =>
    failure(recordingWrong({ path, place, problem })),
  );
  if (!inputs.ok) return inputs;
  const wrong = (problem: string): Result<never> =>
    failure(recordingWrong({ path, place: '', problem }));
  const steps = inputs.value.map(({ values, columns }) => values.length / columns);
  if (inputs.value.length === 0 || steps[0] === 0) return wrong('there are no rows');
  const odd = steps.findIndex((count) => count !== steps[0]);
  if (odd < 0) return inputs;
  const [name, other] = [inputs.value[odd]!.name, inputs.value[0]!.name];
  return wrong(`${name} has ${steps[odd]} rows, but ${other} has ${steps[0]}`);
}

type Fail = (place: string, problem: string) => Result<never>;

/** `pre[2]` is the second column of pre. */
const COLUMN = /^(.+?)(?:\[(\d+)\])?$/;

function fromCsv(text: string, fail: Fail): Result<RecordedInput[]> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header = (lines[0] ?? '').split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const places = new Map<string, number[]>();
  for (const [at, cell] of header.entries()) {
    const [, name, number] = COLUMN.exec(cell) ?? [];
    if (name === undefined) return fail('line 1', `column ${at + 1} has no name`);
    const columns = places.get(name) ?? [];
    if (Number(number ?? 1) !== columns.length + 1) {
      return fail('line 1', `${cell} is not the next column of ${name}`);
    }
    places.set(name, [...columns, at]);
  }
  const rows: number[][] = [];
  for (const [k, line] of lines.slice(1).entries()) {
    const cells = line.split(',').map((cell) => cell.trim());
    const place = `line ${k + 2}`;
    if (cells.length !== header.length) {
      return fail(place, `${cells.length} values under a header of ${header.length}`);
    }
    const odd = cells.find((cell) => cell === '' || !Number.isFinite(Number(cell)));
    if (odd !== undefined) return fail(place, `${JSON.stringify(odd)} is no finite number`);
    rows.push(cells.map(Number));
  }
  return success(
    [...places].map(([name, columns]) => ({
      name,
      columns: columns.length,
      values: Float64Array.from(rows.flatMap((row) => columns.map((at) => row[at]!))),
    })),
  );
}

function fromJson(text: string, fail: Fail): Result<RecordedInput[]> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return fail('', error instanceof Error ? error.message : 'not JSON');
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return fail('', 'not an object with a list of rows for each input');
  }
  const inputs: RecordedInput[] = [];
  for (const [name, rows] of Object.entries(given)) {
    if (!Array.isArray(rows)) return fail(name, 'not a list of rows');
    const lists = rows.map((row): unknown[] => (Array.isArray(row) ? row : [row]));
    if (!lists.every((row) => row.every((each) => Number.isFinite(each)))) {
      return fail(name, 'not all values are finite numbers');
    }
    const values = recordedInputs(lists as number[][]);
    if (!values.ok) return values;
    inputs.push({ name, columns: Math.max(lists[0]?.length ?? 1, 1), values: values.value });
  }
  return success(inputs);
}
