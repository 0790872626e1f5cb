import { z } from 'zod';

/** Options of a group that differ; they are checked with the whole experiment that they make. */
export const group = (what: string) =>
  z
    .record(z.string(), z.unknown())
    .default({})
    .describe(`options of ${what} that differ from those of the file`);

const MOST = 100;

/** Other circumstances under which rules are scored once more. */
export const alsoShape = z
  .array(
    z
      .strictObject({
        name: z.string().min(1).max(80).describe('how the row is called; no two have the same'),
        circuit: group('the circuit'),
        task: group('the task'),
        jitter: z
          .number()
          .min(0)
          .max(10)
          .default(0)
          .describe(
            'each coefficient is multiplied by 1 + u, u drawn anew for every task between minus and plus this share',
          ),
      })
      .describe('a row: what is different'),
  )
  .max(MOST)
  .default([])
  .describe(
    'circumstances under which the rule and its baselines, found as the file says, are scored once more; the values of vary are among them anyway',
  );

export type Also = z.output<typeof alsoShape>[number];
