import { z } from 'zod';

/** A mean over seeds; bounds are null where there is one seed only, the mean where there was no number. */
const overSeeds = z.object({
  mean: z.number().nullable(),
  lo: z.number().nullable(),
  hi: z.number().nullable(),
  seeds: z.int(),
});
const scores = { accuracy: overSeeds.nullable(), loss: overSeeds };
const atHorizon = z.object({ shots: z.int().nullable(), ...scores });

const cell = z.object({
  name: z.string(),
  subject: z.enum(['space', 'rule']),
  parameters: z.array(
    z.object({
      id: z.string(),
      text: z.string().nullable(),
      value: overSeeds,
      standardised: overSeeds.nullable(),
      left: z.number().nullable(),
    }),
  ),
  left: z.array(z.object({ terms: z.array(z.string()), seeds: z.int() })).nullable(),
  training: z.object({
    ...scores,
    measures: z.record(z.string(), z.array(overSeeds.nullable())),
  }),
  heldOut: z.array(atHorizon.extend({ diverged: z.int() })),
  difference: z.object({ against: z.string(), heldOut: z.array(atHorizon) }).nullable(),
  ablations: z.array(z.object({ without: z.union([z.array(z.string()), z.string()]), ...scores })),
  divergedEpisodes: z.int(),
});

/** The result of a sweep as a report needs it. */
export const sweepShape = z.object({
  experiment: z.string(),
  seed: z.int(),
  seeds: z.int(),
  tasks: z.int(),
  level: z.number(),
  against: z.string(),
  cells: z.array(cell).min(1),
  engine: z.object({ name: z.string() }),
  seconds: z.number(),
});
export type ReportedSweep = z.output<typeof sweepShape>;
