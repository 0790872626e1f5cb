import { emptyTable, notATable } from '../../base/diagnostics/recording.js';
import { readStart } from '../../base/files.js';
import { failure, type Result } from '../../base/result.js';
import type { TableFile } from './table.js';

/** Files of other kinds that people have tables in, by how they begin. */
const OTHERS: readonly (readonly [begin: string, what: string])[] = [
  ['\x89HDF', 'an HDF5 file'],
  ['MATLAB', 'a MATLAB file'],
  ['\x93NUMPY', 'a single NumPy array, whose columns have no names'],
  ['ARROW1', 'an Arrow file'],
  ['{', 'a JSON document'],
  ['%PDF', 'a PDF document'],
];

/**
 * Opens a table by what it begins with: Parquet, NumPy archives (.npz), and text separated by commas,
 * semicolons or tabs, which may be packed by gzip.
 */
export async function openTable(path: string): Promise<Result<TableFile>> {
  const start = readStart(path, 8);
  if (!start.ok) return start;
  const begin = start.value.toString('latin1');
  if (begin === '') return failure(emptyTable({ path }, { source: { name: path, text: '' } }));
  const other = OTHERS.find(([mark]) => begin.startsWith(mark));
  if (other) return failure(notATable({ path, what: other[1] }));
  // What reads files of one kind is loaded only where there is one.
  if (begin.startsWith('PAR1')) {
    const { openParquet } = await import('./parquet.js');
    return openParquet(path);
  }
  if (begin.startsWith('PK')) {
    const { openNpz } = await import('./npz.js');
    return openNpz(path);
  }
  const { openCsv } = await import('./csv.js');
  return openCsv(path, begin.startsWith('\x1f\x8b'));
}
