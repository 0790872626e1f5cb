import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Where } from '../base/diagnostics/diagnostic.js';
import { subjectUnknown } from '../base/diagnostics/experiment.js';
import { nearest } from '../base/nearest.js';
import { packageRoot } from '../base/package-root.js';
import { failure, type Result, success } from '../base/result.js';
import { loadRule, loadSpace } from '../catalogue/load.js';

/** Where the space or the rule of an experiment is. */
export interface Subject {
  readonly kind: 'space' | 'rule';
  /** A bare name of the package's, or an absolute path, with `#NAME` if one was given. */
  readonly reference: string;
  readonly file: string;
  /** Which of the file's spaces or rules; undefined: the only one. */
  readonly item: string | undefined;
}

const LOADERS = { space: loadSpace, rule: loadRule };

/** Folder and ending of what comes with the package. */
const SHELVES = {
  space: { folder: join('rules', 'spaces'), ending: '.space' },
  rule: { folder: 'rules', ending: '.rule' },
} as const;

/**
 * Finds the file of `NAME`, `FILE` or `FILE#NAME`. A name without a slash or a dot is one of the
 * package's, any other is a path relative to `folder`.
 */
export function resolveSubject(
  kind: Subject['kind'],
  reference: string,
  folder: string,
  where: Where = {},
): Result<Subject> {
  const [path = '', item] = reference.split('#', 2);
  const bare = !/[/\\.]/.test(path);
  const shelf = SHELVES[kind];
  const shelfFolder = join(packageRoot(), shelf.folder);
  const file = bare ? join(shelfFolder, path + shelf.ending) : resolve(folder, path);
  if (path === '' || !existsSync(file)) {
    // Not the name of a file of the catalogue: perhaps that of a rule in one.
    const named = bare && path !== '' && item === undefined ? LOADERS[kind](path) : null;
    if (named?.ok) {
      return success({ kind, reference: path, file: named.value.source.name, item: path });
    }
    const known = bare ? namesIn(shelfFolder, shelf.ending) : [];
    const near = nearest(path, known);
    return failure(subjectUnknown({ option: kind, reference, file, known, nearest: near }, where));
  }
  const named = item === undefined ? '' : `#${item}`;
  return success({ kind, reference: (bare ? path : file) + named, file, item });
}

function namesIn(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}
