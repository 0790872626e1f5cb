import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import {
  decimalComma,
  emptyTable,
  headerMissing,
  openQuote,
  raggedRow,
  tableDamaged,
  textInNumbers,
} from '../../base/diagnostics/recording.js';
import { fileNotText } from '../../base/diagnostics/run.js';
import { describeFileError, firstInvalid, readStart } from '../../base/files.js';
import { failure, type Result, success } from '../../base/result.js';
import type { Source } from '../../base/source.js';
import { headerOf } from './header.js';
import { ColumnBuilder, type TableColumns, type TableFile } from './table.js';

/** A header is at most this long. */
const START = 2 ** 20;
const SEPARATORS = [',', ';', '\t'];

/** Opens a table of text: names in the first line, then numbers, separated by commas, semicolons or tabs. */
export function openCsv(path: string, isPacked: boolean): Result<TableFile> {
  const start = readStart(path, START);
  if (!start.ok) return start;
  const bytes = isPacked ? unpackedStart(start.value) : start.value;
  const offset = firstInvalid(bytes);
  if (offset < bytes.length) return failure(fileNotText({ path, offset }));
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  if (text.trim() === '')
    return failure(emptyTable({ path }, { source: { name: path, text: '' } }));
  const separator = separatorOf(text);
  const [fields = []] = Papa.parse<string[]>(text, { delimiter: separator, preview: 1 }).data;
  const source = lineSource(path, 1, fields, separator);
  if (fields.every((field) => field.trim() !== '' && !Number.isNaN(numberOf(field)))) {
    return failure(headerMissing({ first: fields.slice(0, 4) }, whole(source)));
  }
  const header = headerOf(fields, whole(source));
  if (!header.ok) return header;
  return success(
    {
      header: header.value.filter((name) => name !== ''),
      read: (columns, labels) =>
        readRows({ path, isPacked, separator, header: header.value }, columns, labels),
    },
    header.warnings,
  );
}

/** What the first line has most of, outside quotes. */
function separatorOf(text: string): string {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}

/** What the beginning of a packed file says. */
function unpackedStart(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array(0);
  }
}

interface Opened {
  readonly path: string;
  readonly isPacked: boolean;
  readonly separator: string;
  readonly header: readonly string[];
}

function readRows(
  { path, isPacked, separator, header }: Opened,
  columns: readonly string[],
  labels: readonly string[],
): Promise<Result<TableColumns>> {
  const places = columns.map((name) => header.indexOf(name));
  const isLabel = columns.map((name) => labels.includes(name));
  const builder = new ColumnBuilder(columns);
  const row = new Float64Array(columns.length);
  let line = 1;
  let isFirst = true;
  const takeRow = (fields: readonly string[]): Diagnostic | null => {
    if (isFirst) {
      isFirst = false;
      return null;
    }
    if (fields.length === 1 && fields[0]!.trim() === '') return null;
    if (fields.length !== header.length) {
      const facts = { found: fields.length, expected: header.length };
      return raggedRow(facts, whole(lineSource(path, line, fields, separator)));
    }
    for (let k = 0; k < places.length; k++) {
      const text = fields[places[k]!]!;
      const value = isLabel[k] ? labelOf(text, columns[k]!, builder) : numberOf(text);
      if (Number.isNaN(value) && !isLabel[k] && !isMissing(text)) {
        const where = fieldPlace(path, line, fields, separator, places[k]!);
        const facts = { column: columns[k]!, text };
        return isDecimalComma(text) ? decimalComma(facts, where) : textInNumbers(facts, where);
      }
      row[k] = value;
    }
    builder.take(row);
    return null;
  };
  return new Promise((resolve) => {
    const file = createReadStream(path, { highWaterMark: 2 ** 20 });
    const stream: Readable = isPacked ? file.pipe(createGunzip()) : file;
    stream.setEncoding('utf8');
    let fault: Diagnostic | null = null;
    file.on('error', (error) => resolve(failure(describeFileError(path, 'read', error))));
    if (isPacked) {
      stream.on('error', ({ message }) =>
        resolve(failure(tableDamaged({ path, reason: message }))),
      );
    }
    Papa.parse<string[]>(stream, {
      delimiter: separator,
      chunk: ({ data, errors }, parser) => {
        const open = errors.find(({ code }) => code === 'MissingQuotes')?.row;
        for (const [k, fields] of data.entries()) {
          if (k === open) fault ??= openQuote({}, whole(lineSource(path, line, fields, separator)));
          fault ??= takeRow(fields);
          line += 1 + linesWithin(fields);
        }
        if (fault) {
          parser.abort();
          file.destroy();
        }
      },
      complete: () => resolve(fault ? failure(fault) : success(builder.finish())),
    });
  });
}

/** Line breaks inside quoted fields. */
function linesWithin(fields: readonly string[]): number {
  let lines = 0;
  for (const field of fields) {
    if (field.includes('\n')) lines += field.split('\n').length - 1;
  }
  return lines;
}

/** NaN for what is no number: missing, or a mistake. */
function numberOf(text: string): number {
  if (text === '') return Number.NaN;
  const value = Number(text);
  if (!Number.isNaN(value)) return text.trim() === '' ? Number.NaN : value;
  const word = text.trim().toLowerCase();
  return word === 'true' ? 1 : word === 'false' ? 0 : Number.NaN;
}

/** Names are numbered; numbers stay what they are. */
function labelOf(text: string, column: string, builder: ColumnBuilder): number {
  const label = text.trim();
  const value = numberOf(label);
  if (!Number.isNaN(value) || isMissing(label)) return value;
  return -1 - builder.codeOf(column, label);
}

const MISSING = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-', '?', 'inf', '+inf', '-inf']);
const isMissing = (text: string): boolean => MISSING.has(text.trim().toLowerCase());
const isDecimalComma = (text: string): boolean => /^\s*[-+]?\d*,\d+(e[-+]?\d+)?\s*$/i.test(text);

/** A text of which only one row is known, here on one line. */
function lineSource(
  path: string,
  line: number,
  fields: readonly string[],
  separator: string,
): Source {
  const text = fields.join(separator).replaceAll('\n', ' ');
  return { name: path, text: '\n'.repeat(line - 1) + text };
}

const whole = (source: Source): { source: Source; span: { start: number; end: number } } => ({
  source,
  span: { start: source.text.lastIndexOf('\n') + 1, end: source.text.length },
});

function fieldPlace(
  path: string,
  line: number,
  fields: readonly string[],
  separator: string,
  place: number,
): ReturnType<typeof whole> {
  const source = lineSource(path, line, fields, separator);
  const before = fields.slice(0, place).reduce((sum, field) => sum + field.length + 1, 0);
  const start = line - 1 + before;
  return { source, span: { start, end: start + fields[place]!.length } };
}
