/** Saves no oftener than every so many milliseconds, and whenever it is told to at once. */
export function throttled(save: () => void, every: number): { soon(): void; now(): void } {
  let last = Number.NEGATIVE_INFINITY;
  const now = (): void => {
    last = performance.now();
    save();
  };
  return {
    now,
    soon: () => {
      if (performance.now() - last >= every) now();
    },
  };
}

/** Milliseconds between two checkpoints, unless something else is said. */
export const SAVE_EVERY_MS = 1000;
