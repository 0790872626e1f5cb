// Compiles grammar/engrammar.ne to grammar/engrammar.generated.ts with nearleyc, unless the result
// is newer than every grammar file. The result is not committed.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'grammar');
const source = path.join(folder, 'engrammar.ne');
const target = path.join(folder, 'engrammar.generated.ts');

/** Compiles when needed; true when it did. Throws what nearleyc said when the grammar is wrong. */
export function buildGrammar() {
  const inputs = readdirSync(folder)
    .filter((name) => name.endsWith('.ne'))
    .map((name) => path.join(folder, name));
  if (inputs.length === 0) return false;
  const newest = Math.max(...inputs.map((file) => statSync(file).mtimeMs));
  if (existsSync(target) && statSync(target).mtimeMs > newest) return false;
  const nearleyc = createRequire(import.meta.url).resolve('nearley/bin/nearleyc.js');
  // Written beside and renamed, so that a reader never sees half a parser.
  const fresh = `${target}.${process.pid}.tmp`;
  execFileSync(process.execPath, [nearleyc, source, '-o', fresh], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  renameSync(fresh, target);
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  buildGrammar();
}
