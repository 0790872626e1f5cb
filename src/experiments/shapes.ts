import { z } from 'zod';

/** A text of a person: a path, a name, a few sentences. */
export const text = (meaning: string) => z.string().min(1).max(4000).describe(meaning);

/** What a part of the file is called in tables and figures. */
export const label = (meaning: string) => z.string().min(1).max(80).describe(meaning);

/** Options of a group that differ; they are checked with the whole experiment that they make. */
export const group = (what: string) =>
  z
    .record(z.string(), z.unknown())
    .default({})
    .describe(`options of ${what} that differ from those of the file`);
