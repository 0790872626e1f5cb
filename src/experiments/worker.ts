import { jobWorker } from '../base/threads/worker.js';
import { type Measured, type MeasureJob, measure } from './measure.js';

/** What a thread of a run of rules does; it reports episodes done, or shares of one. */
export const runJob = jobWorker<MeasureJob, number, Measured>(measure);
