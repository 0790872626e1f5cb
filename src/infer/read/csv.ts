import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import {
  decimalComma,
  emptyTable,
  headerMissing,
  openQuote,
  raggedRow,
  textInNumbers,
} from '../../base/diagnostics/recording.js';
import { fileNotText } from '../../base/diagnostics/run.js';
import { describeFileError, readStart } from '../../base/files.js';
import { failure, type Result, success } from '../../base/result.js';
import type { Source } from '../../base/source.js';
import { headerOf } from './header.js';
import { ColumnBuilder, type TableColumns, type TableFile } from './table.js';

/** A header is at most this long. */
const START = 2 ** 20;
const SEPARATORS = [',', ';', '\t'];

/** Opens a table of text: names in the first line, then numbers, separated by commas, semicolons or tabs. */
export function openCsv(path: string): Result<TableFile> {
  const start = readStart(path, START);
  if (!start.ok) return start;
  const text = decoded(start.value);
  if (text === null) return failure(fileNotText({ path, offset: 0 }));
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
        readRows({ path, separator, header: header.value }, columns, labels),
    },
    header.warnings,
  );
}

/** UTF-8 with or without a mark; null for what is none. The last character may be cut off. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** What the first line has most of, outside quotes. */
function separatorOf(text: string): string {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}

interface Opened {
  readonly path: string;
  readonly separator: string;
  readonly header: readonly string[];
}

function readRows(
  { path, separator, header }: Opened,
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
    const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 20 });
    let fault: Diagnostic | null = null;
    stream.on('error', (error) => resolve(failure(describeFileError(path, 'read', error))));
    Papa.parse<string[]>(stream, {
      delimiter: separator,
      chunk: ({ data, errors }, parser) => {
        for (const fields of data) {
          fault ??= takeRow(fields);
          line += 1 + linesWithin(fields);
        }
        const open = errors.find(({ code }) => code === 'MissingQuotes');
        if (open && !fault) fault = openQuote({}, { source: { name: path, text: '' } });
        if (fault) {
          parser.abort();
          stream.destroy();
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

/** A text of which only one line is known. */
function lineSource(
  path: string,
  line: number,
  fields: readonly string[],
  separator: string,
): Source {
  return { name: path, text: '\n'.repeat(line - 1) + fields.join(separator) };
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
