import { jobWorker } from '../base/threads/worker.js';
import { type Measured, type MeasureJob, type MeasureProgress, measure } from './measure.js';

/** What a thread of a run of rules does; it reports episodes done, or shares of one, and warnings. */
export const runJob = jobWorker<MeasureJob, MeasureProgress, Measured>(measure);
