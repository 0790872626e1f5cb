import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { EngrammarError, failure, type Result, success } from '../base/result.js';
import { replaceFile } from '../runs/files.js';
import { RUN_FILES } from '../runs/folder.js';
import { type RunContents, readRun } from '../runs/list.js';
import { reportPage } from './page.js';
import { readResult } from './read.js';
import { reportSweep, sweepConfig } from './sweep/report.js';

/**
 * Writes the report of a run, finished or not, as one HTML file: `report.html` in the run folder if no
 * other place is named. Gives its path.
 */
export function writeReport(folder: string, out?: string): Result<string> {
  const run = readRun(folder);
  if (!run.ok) return run;
  const path = join(folder, RUN_FILES.result);
  const page = pageOf(run.value, path);
  if (!page.ok) return page;
  const place = resolve(out ?? join(folder, RUN_FILES.report));
  try {
    replaceFile(place, page.value);
  } catch (error) {
    if (error instanceof EngrammarError) return failure(...error.diagnostics);
    throw error;
  }
  return success(place);
}

/** The page of a run of whatever kind. */
function pageOf(run: RunContents, resultPath: string): Result<string> {
  const sweep = sweepConfig(parse(run.config));
  if (sweep) return reportSweep(run, sweep, resultPath);
  const { result } = run;
  const reported = result === undefined ? success(null) : readResult(result, resultPath);
  return reported.ok ? success(reportPage(run, reported.value)) : reported;
}
