import { join, resolve } from 'node:path';
import { EngrammarError, failure, type Result, success } from '../base/result.js';
import { replaceFile } from '../runs/files.js';
import { RUN_FILES } from '../runs/folder.js';
import { readRun } from '../runs/list.js';
import { reportPage } from './page.js';
import { readResult } from './read.js';

/**
 * Writes the report of a run, finished or not, as one HTML file: `report.html` in the run folder if no
 * other place is named. Gives its path.
 */
export function writeReport(folder: string, out?: string): Result<string> {
  const run = readRun(folder);
  if (!run.ok) return run;
  const { result } = run.value;
  const path = join(folder, RUN_FILES.result);
  const reported = result === undefined ? success(null) : readResult(result, path);
  if (!reported.ok) return reported;
  const page = reportPage(run.value, reported.value);
  const place = resolve(out ?? join(folder, RUN_FILES.report));
  try {
    replaceFile(place, page);
  } catch (error) {
    if (error instanceof EngrammarError) return failure(...error.diagnostics);
    throw error;
  }
  return success(place);
}
