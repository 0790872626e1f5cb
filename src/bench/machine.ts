import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What was measured on. */
export interface Machine {
  readonly processor: string;
  /** That this process may use. */
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that were at work, over the last minute, before the run began. */
  readonly load: number;
}

export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    load: loadavg()[0]!,
  };
}
