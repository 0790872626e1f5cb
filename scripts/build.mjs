// Builds dist/ from src/ and grammar/ when something changed since the last build. Silent on
// stdout, whatever happens: `npm start --silent -- --json` promises one JSON document there.
// With --clean, dist/ is removed first (for packing: no file of a deleted source may remain).
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGrammar } from './build-grammar.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stamp = path.join(root, 'dist', 'build.tsbuildinfo');
const clean = process.argv.includes('--clean');

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    // A folder's own time tells of files that were removed or renamed.
    newest = Math.max(newest, statSync(file).mtimeMs, entry.isDirectory() ? newestIn(file) : 0);
  }
  return Math.max(newest, statSync(folder).mtimeMs);
}

function upToDate() {
  if (!existsSync(stamp)) return false;
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const newest = Math.max(
    newestIn(path.join(root, 'src')),
    newestIn(path.join(root, 'grammar')),
    ...settings.map((name) => statSync(path.join(root, name)).mtimeMs),
  );
  return statSync(stamp).mtimeMs > newest;
}

if (clean) rmSync(path.join(root, 'dist'), { recursive: true, force: true });
buildGrammar();
if (!upToDate()) {
  process.stderr.write('Building engrammar (only when its source changed) …\n');
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  process.stderr.write(run.stdout + run.stderr);
  if (run.status !== 0) {
    // Without its stamp an unfinished build is never taken for a finished one.
    rmSync(stamp, { force: true });
    process.exit(1);
  }
}
