import { workerData } from 'node:worker_threads';
import { jobWorker } from '../../base/threads/worker.js';
import type { Program } from '../../program/ir.js';
import type { Arrays, Episode, EpisodeResult, Runner, RunOptions } from '../engine.js';
import { type EngineChoice, openEngine } from '../open.js';

/** What a thread knows from its start. */
export interface ThreadData {
  readonly engine: EngineChoice;
  readonly program: Program;
}

/** One episode; null only makes the program ready. */
export type EpisodeJob = {
  readonly episode: Episode;
  readonly parameters: Float64Array;
  readonly options: RunOptions;
} | null;

let runner: Promise<Runner> | undefined;

/** What a thread of the parallel engine does: the program stays ready from one episode to the next. */
export const runJob = jobWorker(async (job: EpisodeJob): Promise<EpisodeResult | null> => {
  const { engine, program } = workerData as ThreadData;
  runner ??= openEngine(engine).then((opened) => opened.prepare(program));
  const ready = await runner;
  if (!job) return null;
  const [result] = await ready.run([job.episode], job.parameters, job.options);
  return result!;
}, buffersOf);

/** The memory of a result. What is part of something larger stays where it is, and is copied. */
function buffersOf(result: EpisodeResult | null): ArrayBuffer[] {
  if (!result) return [];
  const { outputs, gradient, states, startGradient, record } = result;
  const groups: (Arrays | undefined)[] = [outputs, states, startGradient, record];
  const arrays = groups.flatMap((group) => Object.values(group ?? {}));
  const buffers = [...arrays, ...(gradient ? [gradient] : [])]
    .filter(({ byteLength, buffer }) => byteLength === buffer.byteLength)
    .map(({ buffer }) => buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
