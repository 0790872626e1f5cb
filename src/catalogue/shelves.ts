import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../base/package-root.js';

export type ItemKind = 'rule' | 'space';

/** A file of the catalogue that comes with the package. */
export interface CatalogueFile {
  /** Its name without folder and ending, by which people call it. */
  readonly name: string;
  readonly kind: ItemKind;
  readonly path: string;
}

const SHELVES = [
  { kind: 'rule', folder: 'rules', ending: '.rule' },
  { kind: 'space', folder: join('rules', 'spaces'), ending: '.space' },
] as const;

/** The files of the catalogue, rules first, by name. */
export function catalogueFiles(): CatalogueFile[] {
  return SHELVES.flatMap(({ kind, folder, ending }) => {
    const shelf = join(packageRoot(), folder);
    const files = existsSync(shelf) ? readdirSync(shelf).sort() : [];
    return files
      .filter((file) => file.endsWith(ending))
      .map((file) => ({ name: file.slice(0, -ending.length), kind, path: join(shelf, file) }));
  });
}
