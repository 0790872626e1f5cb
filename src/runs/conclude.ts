import type { RunFolder } from './folder.js';

interface Concluding {
  /** Saves where it stands. */
  save(): void;
  readonly signal: AbortSignal;
  /** What is thrown where the signal has stopped it. */
  interrupted(folder: string): Error;
  /** Ends the threads that compute, in any case. */
  close(): Promise<void>;
}

/**
 * Finds out a result and writes it into the run folder; leaves the folder in a state that can be gone on
 * with, whatever happens.
 */
export async function conclude<T extends object>(
  run: RunFolder,
  { save, signal, interrupted, close }: Concluding,
  findOut: () => Promise<T>,
): Promise<T> {
  try {
    const result = await findOut();
    run.writeResult(result);
    save();
    run.finish('done');
    return result;
  } catch (error) {
    try {
      save();
    } finally {
      run.finish(signal.aborted ? 'interrupted' : 'failed');
    }
    if (signal.aborted) throw interrupted(run.path);
    throw error;
  } finally {
    await close();
  }
}
