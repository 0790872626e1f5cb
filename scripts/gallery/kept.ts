import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shelf } from './entries.js';
import type { MeasuredClaim } from './measure.js';
import { overview, shelfPage } from './pages.js';

/** What is known of a rule from its runs and drawings; all that pages need besides the catalogue. */
export interface Kept {
  /** What the formulas were typeset from, and the figure was drawn from. */
  readonly formulas: string;
  readonly picture: string;
  readonly caption: string;
  readonly claims: readonly MeasuredClaim[];
}

export type AllKept = Readonly<Record<string, Kept>>;

export const folder = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../docs/catalogue',
);

export const keptFile = path.join(folder, 'measured.json');

/** What was written last; nothing at first. */
export const readKept = (): AllKept =>
  existsSync(keptFile) ? (JSON.parse(readFileSync(keptFile, 'utf8')) as AllKept) : {};

export const keptText = (kept: AllKept): string => `${JSON.stringify(kept, null, 1)}\n`;

/** Every page, by its file's name in the folder. */
export function pages(all: readonly Shelf[], kept: AllKept): Record<string, string> {
  return {
    'README.md': overview(all),
    ...Object.fromEntries(all.map((shelf) => [`${shelf.file}.md`, shelfPage(shelf, kept)])),
  };
}
