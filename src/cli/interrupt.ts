import { EXIT } from './outcome.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that can be stopped: the first Ctrl-C asks it to stop (and `tell`s the person), a
 * second one ends the process at once.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  tell: () => void,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    tell();
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
