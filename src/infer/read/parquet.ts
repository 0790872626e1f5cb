import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { tableDamaged, textInNumbers } from '../../base/diagnostics/recording.js';
import { failure, type Result, success } from '../../base/result.js';
import { headerOf } from './header.js';
import { ColumnBuilder, type TableColumns, type TableFile } from './table.js';

type ParquetFile = Awaited<ReturnType<typeof asyncBufferFromFile>>;

/** Opens a Parquet file: its columns that are not nested. */
export async function openParquet(path: string): Promise<Result<TableFile>> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const flat = parquetSchema(metadata).children.filter(({ children, element }) => {
      return children.length === 0 && element.repetition_type !== 'REPEATED';
    });
    const header = headerOf(
      flat.map(({ element }) => element.name),
      {},
    );
    if (!header.ok) return header;
    return success(
      {
        header: header.value.filter((name) => name !== ''),
        read: (columns, labels) => readRows({ path, file, metadata }, columns, labels),
      },
      header.warnings,
    );
  } catch (error) {
    return failure(tableDamaged({ path, reason: (error as Error).message }));
  }
}

interface Opened {
  readonly path: string;
  readonly file: ParquetFile;
  readonly metadata: FileMetaData;
}

/** Row group by row group, so that the file need not be in memory as a whole. */
async function readRows(
  { path, file, metadata }: Opened,
  columns: readonly string[],
  labels: readonly string[],
): Promise<Result<TableColumns>> {
  const builder = new ColumnBuilder(columns);
  const isLabel = columns.map((name) => labels.includes(name));
  const row = new Float64Array(columns.length);
  let rowStart = 0;
  try {
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      const group = await readGroup({ path, file, metadata }, columns, rowStart, rowEnd);
      for (let at = 0; at < rowEnd - rowStart; at++) {
        for (let k = 0; k < columns.length; k++) {
          const value: unknown = group[k]![at];
          if (typeof value === 'string' && isLabel[k]) {
            row[k] = -1 - builder.codeOf(columns[k]!, value);
          } else if (typeof value === 'string' || (typeof value === 'object' && isNested(value))) {
            return failure(textInNumbers({ column: columns[k]!, text: String(value) }));
          } else row[k] = numberOf(value);
        }
        builder.take(row);
      }
      rowStart = rowEnd;
    }
  } catch (error) {
    return failure(tableDamaged({ path, reason: (error as Error).message }));
  }
  return success(builder.finish());
}

/** The rows of a group, column by column. */
async function readGroup(
  { file, metadata }: Opened,
  columns: readonly string[],
  rowStart: number,
  rowEnd: number,
): Promise<unknown[][]> {
  const read = columns.map((): unknown[] => []);
  await parquetRead({
    file,
    metadata,
    columns: [...columns],
    rowStart,
    rowEnd,
    compressors,
    onChunk: ({ columnName, columnData, rowStart: from }) => {
      const into = read[columns.indexOf(columnName)]!;
      for (let k = 0; k < columnData.length; k++) {
        const at = from + k - rowStart;
        if (at >= 0 && at < rowEnd - rowStart) into[at] = columnData[k];
      }
    },
  });
  return read;
}

const isNested = (value: object | null): boolean => value !== null && !(value instanceof Date);

/** Times are counted in milliseconds; what is missing is NaN. */
function numberOf(value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  return value instanceof Date ? value.getTime() : Number(value);
}
