import { z } from 'zod';

/** JSON has no NaN and no infinities: both are null in a file. */
const number = z.number().nullable();
const relation = z.object({
  formula: z.string(),
  remedy: z.string(),
  consequences: z.number().default(0),
});

/** What is explained, and what is left of it. */
export const MEASURES = {
  changes: ['R²', 'mean square left'],
  activity: ['R²', 'mean square left'],
  choices: ['of deviance', 'deviance per choice'],
} as const;

const fitted = z.object({
  name: z.string(),
  value: number,
  unit: z.string(),
  interval: z.tuple([number, number]),
  isTold: z.boolean(),
});

/** What only the result of an inference has. */
export const inferenceParts = {
  observed: z.enum(['changes', 'activity', 'choices']).catch('changes').default('changes'),
  refused: z
    .object({ why: z.string(), terms: z.array(z.string()), r2: number })
    .nullable()
    .default(null),
  factored: z.object({ text: z.string(), r2: number }).nullable().default(null),
  known: z
    .object({ name: z.string(), scale: number, distance: z.number() })
    .nullable()
    .default(null),
  aliases: z.array(z.array(z.string())).default([]),
  relations: z.array(relation).default([]),
  nearAliases: z.array(relation.extend({ within: z.number() })).default([]),
  nullTest: z
    .object({
      p: z.number(),
      shifts: z.number(),
      rows: z.number().optional(),
      drift: z.object({ r2: number, numbers: z.number(), of: z.string() }).nullable().default(null),
    })
    .nullable(),
  fit: z.object({
    r2: number,
    rows: z.number(),
    dropped: z.number().default(0),
    resampled: z.object({ by: z.string(), blocks: z.number() }).nullable().default(null),
  }),
  fitted: z.array(fitted).default([]),
  heldOut: z.object({ r2: number, folds: z.number() }).nullable().default(null),
  irrepresentable: number.default(null),
  path: z.array(z.object({ terms: z.array(z.string()), r2: number })).default([]),
};

const shape = z.object(inferenceParts);

/** The facts about a rule that was inferred from a recording, beside those that every result has. */
export type InferenceFacts = z.output<typeof shape>;
