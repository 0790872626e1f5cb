import type { Crew } from './crew.js';
import type { ScoreResult } from './jobs.js';
import { chooseJob, type Setting } from './plan.js';

/** Rules on the tasks of comparison, one result a text; texts that are the same are run once. */
export async function compared(
  plan: Setting,
  crew: Crew,
  texts: readonly string[],
): Promise<ScoreResult[]> {
  const distinct = [...new Set(texts)];
  const scores = await crew.run(distinct.map((text) => chooseJob(plan, text)));
  return texts.map((text) => scores[distinct.indexOf(text)]!);
}
