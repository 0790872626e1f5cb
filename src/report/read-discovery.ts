import { z } from 'zod';

/** JSON has no NaN and no infinities: both are null in a file. */
const number = z.number().nullable();

/** A mean over tasks with its interval. */
export const interval = z.object({
  mean: number,
  lo: number,
  hi: number,
  tasks: z.number().optional(),
});

/** How well a rule learns. */
export const metrics = z.object({
  accuracy: interval.nullable(),
  loss: interval,
  diverged: z.number(),
});

/** A paired difference; folders of earlier versions have one to the first baseline only. */
export const gain = z
  .object({ accuracy: interval.nullable(), loss: interval })
  .nullable()
  .default(null);

/** What only the result of a discovery has. */
export const discoveryParts = {
  also: z
    .array(
      z.object({
        name: z.string(),
        metrics: metrics.nullable(),
        baselines: z.array(z.object({ name: z.string(), metrics, gain })),
      }),
    )
    .default([]),
  candidates: z
    .object({
      scored: z.number(),
      probed: z.number(),
      tried: z.number(),
      monomials: z.number(),
      locality: z
        .object({ grade: z.string(), because: z.string().nullable() })
        .nullable()
        .default(null),
      alike: z.array(z.object({ id: z.string(), texts: z.array(z.string()) })).default([]),
    })
    .nullable()
    .default(null),
};

const shape = z.object(discoveryParts);

/** What rules come to under other circumstances, and how many the reported one was chosen from. */
export type DiscoveryFacts = z.output<typeof shape>;
