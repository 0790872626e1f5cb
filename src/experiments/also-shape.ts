import { z } from 'zod';
import { group, label } from './shapes.js';

const MOST = 100;

/** Other circumstances under which rules are scored once more. */
export const alsoShape = z
  .array(
    z
      .strictObject({
        name: label('how the row is called; no two have the same'),
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
