import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  fewerRowsThanTerms,
  noRows,
  noSuchColumn,
  noVariation,
  rowsDropped,
} from '../base/diagnostics/recording.js';
import { nearest } from '../base/nearest.js';
import { EngrammarError, failure, type Result, success } from '../base/result.js';
import { loadSpace } from '../catalogue/load.js';
import { type InferOptions, infer } from './infer.js';
import {
  columnFaults,
  type Library,
  type Monomials,
  monomialSpace,
  nameOfColumn,
  type Offer,
  readLibrary,
} from './library.js';
import { openTable } from './read/open.js';
import { type TableColumns, type TableFile, tableOfColumns } from './read/table.js';
import { LABELS, PLACE_COLUMNS, type Recording, recordingOf } from './recording.js';
import type { InferResult } from './result.js';

/** What is asked about a recording. */
export interface InferRequest extends InferOptions {
  /** Columns with counts of events; products are then formed with each of them. */
  readonly events: readonly string[];
  /** All products of columns, or a space: FILE, FILE#NAME or a name of the catalogue. */
  readonly library: Monomials | { readonly space: string };
}

/** FILE → header → terms on what it offers → the columns they need → a rule. */
export async function inferFromFile(
  path: string,
  request: InferRequest,
): Promise<Result<InferResult>> {
  const opened = await openTable(path);
  if (!opened.ok) return opened;
  const found = await inferFromTable(path, opened.value, request);
  return found.ok ? success(found.value, [...opened.warnings, ...found.warnings]) : found;
}

/** The same for numbers that a program has: by name, all of one length; `name` stands in the result. */
export async function inferFromColumns(
  name: string,
  columns: Readonly<Record<string, ArrayLike<number>>>,
  request: InferRequest,
): Promise<Result<InferResult>> {
  return inferFromTable(name, tableOfColumns(columns), request);
}

async function inferFromTable(
  name: string,
  table: TableFile,
  request: InferRequest,
): Promise<Result<InferResult>> {
  const { header } = table;
  const { target, events } = request;
  if (!header.includes(target)) {
    const facts = { name: target, header, option: '--target', meant: nearest(target, header) };
    return failure(noSuchColumn(facts));
  }
  const library = libraryOf(request, { header, target, events });
  if (!library.ok) return library;
  const recording = await recordingFrom(name, table, library.value, target);
  if (!recording.ok) return recording;
  const mistakes = unlearnable(recording.value, library.value, target);
  if (mistakes.length > 0) return failure(...mistakes);
  try {
    const result = infer(recording.value, library.value, request);
    return success(result, [...library.warnings, ...recording.warnings]);
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    return failure(...error.diagnostics);
  }
}

function libraryOf({ library, events }: InferRequest, offer: Offer): Result<Library> {
  const wrongEvents = columnFaults(events, offer, '--events');
  if ('space' in library) {
    if (wrongEvents.length > 0) return failure(...wrongEvents);
    const loaded = loadSpace(library.space);
    return loaded.ok ? readLibrary(loaded.value.source, loaded.value.item, offer) : loaded;
  }
  const wrong = [...columnFaults(library.columns, offer, '--monomials'), ...wrongEvents];
  if (wrong.length > 0) return failure(...wrong);
  const columns = library.columns.map((column) => nameOfColumn(column)!);
  const space = monomialSpace(
    { ...library, columns },
    events.map((event) => nameOfColumn(event)!),
  );
  return space.ok ? readLibrary(space.value, null, offer) : space;
}

/** The columns that are needed, under the names that terms have for them. */
async function recordingFrom(
  path: string,
  table: TableFile,
  { reads }: Library,
  target: string,
): Promise<Result<Recording>> {
  const places: readonly string[] = Object.values(PLACE_COLUMNS);
  const nameOf = (column: string): string =>
    column === target || places.includes(column) ? column : (nameOfColumn(column) ?? column);
  const needed = table.header.filter(
    (column) => column === target || places.includes(column) || reads.includes(nameOf(column)),
  );
  const read = await table.read(needed, LABELS);
  if (!read.ok) return read;
  const { columns, dropped } = read.value;
  const recording = recordingOf(
    path,
    new Map([...columns].map(([column, values]) => [nameOf(column), values])),
    dropped,
  );
  if (recording.rows === 0) {
    return failure(noRows({ rows: dropped, missing: missingOf(read.value) }));
  }
  return success(recording, [...read.warnings, ...leftOut(recording, read.value)]);
}

const missingOf = ({ missing }: TableColumns): [string, number][] => [...missing];

function leftOut({ rows, dropped }: Recording, read: TableColumns): Diagnostic[] {
  if (dropped === 0) return [];
  return [rowsDropped({ dropped, rows: rows + dropped, missing: missingOf(read) })];
}

/** Why nothing can be learned from a recording. */
function unlearnable(
  { rows, columns }: Recording,
  { terms }: Library,
  target: string,
): Diagnostic[] {
  const changes = columns.get(target)!;
  const [first] = changes;
  if (changes.every((value) => value === first)) {
    return [noVariation({ target, value: first! })];
  }
  return rows < terms.length ? [fewerRowsThanTerms({ rows, terms: terms.length })] : [];
}
