import { z } from 'zod';
import { SCHEMA_VERSION } from './files.js';

/** done: has a result. interrupted: by a person. failed: by a fault. The last two can be resumed. */
export const RUN_STATUSES = ['running', 'interrupted', 'failed', 'done'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const manifestShape = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** Of the experiment. */
  name: z.string(),
  status: z.enum(RUN_STATUSES),
  /** As the person typed it, word by word. */
  command: z.array(z.string()),
  seed: z.number(),
  /** SHA-256 of `config.yaml`. */
  configHash: z.string(),
  /** SHA-256 of each file in `inputs/`, by name. */
  inputs: z.record(z.string(), z.string()),
  /** SHA-256 of each file of data that it reads, by absolute path. */
  data: z.record(z.string(), z.string()).default({}),
  /** SHA-256 of each file that it wrote, by name; null until it is done. */
  outputs: z.record(z.string(), z.string()).nullable().default(null),
  versions: z.record(z.string(), z.string()),
  platform: z.string(),
  /** ISO 8601, as all dates. */
  started: z.string(),
  resumed: z.array(z.string()),
  finished: z.string().nullable(),
});

/** `manifest.json`: what a run was, with which versions, and how it ended. */
export type Manifest = z.output<typeof manifestShape>;
