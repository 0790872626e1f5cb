// No source file may be longer than a reader wants to hold in mind.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LIMIT = 600;
const FOLDERS = ['grammar', 'src', 'test', 'bench', 'scripts', 'playground'];
const SOURCE = /\.(?:ts|mts|js|mjs|cjs|ne|py)$/;

function sourcesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => SOURCE.test(name) && !name.includes('.generated.'))
    .filter((name) => !name.includes('node_modules'))
    .filter((name) => !name.startsWith('fixtures'))
    .map((name) => path.join(folder, name));
}

const long = FOLDERS.flatMap(sourcesIn)
  .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > LIMIT);

for (const { file, lines } of long) {
  console.error(`${file}: ${lines} lines, more than ${LIMIT}: split it by what it does`);
}
process.exitCode = long.length > 0 ? 1 : 0;
