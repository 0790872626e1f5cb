import { z } from 'zod';

/** Weights that go down the gradient of each trial. */
export const descentShape = z
  .strictObject({
    kinds: z
      .array(z.string())
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe('kinds of projections; null: all that have no rule'),
    rate: z
      .number()
      .positive()
      .max(1e6)
      .default(0.03)
      .describe('learning rate: what the gradient is multiplied with after each trial'),
  })
  .describe(
    'weights that go down the exact gradient of the loss of each trial, backwards through all of its steps; beside rules for other kinds, or instead of them',
  );
