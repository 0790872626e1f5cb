import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/**
 * The folder that holds this package's `package.json`, so that rules and experiments that come with
 * the package are found from the sources, from `dist` and from an installed copy alike.
 */
export function packageRoot(): string {
  found ??= walkUp(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function walkUp(start: string): string {
  let folder = start;
  for (;;) {
    if (isOurs(join(folder, 'package.json'))) return folder;
    const above = dirname(folder);
    if (above === folder) throw new Error(`no package.json of engrammar above ${start}`);
    folder = above;
  }
}

function isOurs(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'engrammar';
  } catch {
    return false;
  }
}
