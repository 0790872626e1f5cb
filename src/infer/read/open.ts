import type { Result } from '../../base/result.js';
import { openCsv } from './csv.js';
import type { TableFile } from './table.js';

/** Opens a table by the ending of its name. */
export async function openTable(path: string): Promise<Result<TableFile>> {
  return openCsv(path);
}
