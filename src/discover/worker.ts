import { jobWorker } from '../base/threads/worker.js';
import { type Job, type JobProgress, type JobResult, runJob as work } from './jobs.js';

/** What a thread of a discovery does. */
export const runJob = jobWorker<Job, JobProgress, JobResult>(work);
