import type { JobMessage } from '../../../src/base/threads/worker.js';
import type { EpisodeJob } from '../../../src/engine/parallel/worker.js';
import { runJob as run } from '../../../src/engine/parallel/worker.js';

/** As the worker of the engine, but the query input `deaths` says how often an episode ends its thread. */
export const runJob = (message: JobMessage<EpisodeJob>): Promise<unknown> => {
  const deaths = message.job?.episode.queryInputs.deaths;
  // The array is in memory that all threads share, so that the next one finds one death less.
  if (deaths && deaths[0]! > 0) {
    deaths[0]! -= 1;
    process.exit(3);
  }
  return run(message);
};
