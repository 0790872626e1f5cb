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

/** A rule or a space, by its name or its file. */
export const named = (meaning: string) =>
  text(
    `${meaning}: the name of one that comes with the package, or FILE or FILE#NAME relative to this file`,
  );

export const rulesByKind = (meaning: string) =>
  z.record(z.string(), named('a rule')).optional().describe(meaning);

export const values = (meaning: string) =>
  z.record(z.string(), z.number()).optional().describe(meaning);
