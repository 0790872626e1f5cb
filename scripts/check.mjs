// Everything a change must pass, quick things first, stopping at the first that fails.
// `node scripts/check.mjs layers types` runs only those.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (...parts) => path.join(root, 'node_modules', ...parts);

const STEPS = [
  ['grammar', 'the parser is built from the grammar', ['scripts/build-grammar.mjs']],
  ['length', 'no source file is too long', ['scripts/check-length.mjs']],
  [
    'lint',
    'lint and format (repair with: npm run fix)',
    [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'],
  ],
  [
    'layers',
    'each room imports only rooms listed before it',
    [
      bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.mjs', 'grammar', 'src'],
    ],
  ],
  ['types', 'types', [bin('typescript', 'bin', 'tsc'), '-p', '.']],
  ['unused', 'no unused file, export or dependency', [bin('knip', 'bin', 'knip.js')]],
  ['tests', 'tests', [bin('vitest', 'vitest.mjs'), 'run']],
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STEPS.some(([step]) => step === name));
if (unknown.length > 0) {
  console.error(`No step ${unknown.join(', ')}; steps: ${STEPS.map(([step]) => step).join(', ')}`);
  process.exit(2);
}

for (const [name, headline, command] of STEPS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name}: ${headline}`);
  const run = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) {
    console.error(`\n${name} failed; the steps after it did not run`);
    process.exit(1);
  }
}
