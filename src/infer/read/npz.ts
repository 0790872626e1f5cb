import { unzipSync } from 'fflate';
import {
  arrayUnusable,
  notATable,
  tableDamaged,
  textInNumbers,
} from '../../base/diagnostics/recording.js';
import { readBytes } from '../../base/files.js';
import { failure, type Result, success } from '../../base/result.js';
import { type NpyArray, readNpy } from './npy.js';
import { ColumnBuilder, type TableColumns, type TableFile, takeColumns } from './table.js';

/** Such files are read as a whole. */
const LARGEST = 2 ** 31 - 1;
const ENDING = '.npy';

/** Opens arrays that NumPy saved together (`savez`, `savez_compressed`): each is a column under its name. */
export function openNpz(path: string): Result<TableFile> {
  const bytes = readBytes(path, LARGEST);
  if (!bytes.ok) return bytes;
  const names: string[] = [];
  try {
    // Nothing is unpacked yet: only what is needed will be.
    unzipSync(bytes.value, {
      filter: ({ name }) => {
        if (name.endsWith(ENDING)) names.push(name.slice(0, -ENDING.length));
        return false;
      },
    });
  } catch (error) {
    return failure(tableDamaged({ path, reason: (error as Error).message }));
  }
  if (names.length === 0) return failure(notATable({ path, what: 'an archive without arrays' }));
  return success({
    header: names,
    read: async (columns, labels) => readArrays({ path, bytes: bytes.value }, columns, labels),
  });
}

function readArrays(
  { path, bytes }: { path: string; bytes: Uint8Array },
  columns: readonly string[],
  labels: readonly string[],
): Result<TableColumns> {
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes, {
      filter: ({ name }) => columns.includes(name.slice(0, -ENDING.length)),
    });
  } catch (error) {
    return failure(tableDamaged({ path, reason: (error as Error).message }));
  }
  const builder = new ColumnBuilder(columns);
  const arrays: ArrayLike<number>[] = [];
  for (const column of columns) {
    const array = oneDimensional(readNpy(unpacked[`${column}${ENDING}`]!));
    if (array.kind === 'unusable') {
      return failure(arrayUnusable({ path, column, reason: array.reason }));
    }
    if (array.kind === 'numbers') arrays.push(array.values);
    else if (labels.includes(column)) {
      arrays.push(array.values.map((text) => builder.codeOf(column, text)));
    } else return failure(textInNumbers({ column, text: array.values[0] ?? '' }));
  }
  return takeColumns(columns, arrays, builder);
}

/** Only its owner knows what further dimensions of an array would be in a table. */
function oneDimensional(array: NpyArray): NpyArray {
  if (array.kind === 'unusable' || array.shape.length === 1) return array;
  return { kind: 'unusable', reason: `it has ${array.shape.length} dimensions, not one` };
}

/** Numbers of any dimensions. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** All arrays of an archive that hold numbers, by name. */
export function readNumberArrays(path: string): Result<ReadonlyMap<string, NumberArray>> {
  const bytes = readBytes(path, LARGEST);
  if (!bytes.ok) return bytes;
  // Every archive begins so; the reader would only say that this one is damaged.
  if (bytes.value[0] !== 0x50 || bytes.value[1] !== 0x4b) {
    const expected = 'an archive of NumPy arrays (.npz)';
    return failure(tableDamaged({ path, reason: 'it is no such archive', expected }));
  }
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes.value, { filter: ({ name }) => name.endsWith(ENDING) });
  } catch (error) {
    return failure(tableDamaged({ path, reason: (error as Error).message }));
  }
  const arrays = new Map<string, NumberArray>();
  for (const [file, content] of Object.entries(unpacked)) {
    const column = file.slice(0, -ENDING.length);
    const array = readNpy(content);
    if (array.kind === 'unusable') {
      return failure(arrayUnusable({ path, column, reason: array.reason }));
    }
    if (array.kind === 'numbers') arrays.set(column, array);
  }
  return success(arrays);
}
