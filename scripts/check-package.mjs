// Packs the package and tries what a user gets: installs the archive into a folder of its own, runs
// the command, imports the library and tests a rule there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(path.join(tmpdir(), 'engrammar-package-'));

function run(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    // npm hands its own settings down; the new folder must not take them for its own.
    env: Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^npm_/i.test(k))),
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed\n${stdout}${stderr}`);
  return stdout.trim();
}

function expectText(what, found, wanted) {
  if (found !== wanted) throw new Error(`${what} gives ${JSON.stringify(found)}, not ${wanted}`);
  console.log(`${what}: ${found}`);
}

try {
  const [archive] = JSON.parse(run('npm', 'pack', root, '--json', '--pack-destination', folder));
  console.log(`${archive.filename}: ${archive.entryCount} files, ${archive.size} bytes`);
  const strays = archive.files.filter(({ path: name }) =>
    /^(?:test|shared|runs)\/|tsbuildinfo$|[.]test[.]/.test(name),
  );
  if (strays.length > 0) throw new Error(`packed by mistake: ${strays.map((f) => f.path)}`);

  writeFileSync(path.join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
  run('npm', 'install', '--no-audit', '--no-fund', path.join(folder, archive.filename));
  expectText('engrammar --version', run('npx', '--no-install', 'engrammar', '--version'), version);
  writeFileSync(
    path.join(folder, 'import.mjs'),
    "import * as engrammar from 'engrammar';\nconsole.log(typeof engrammar);\n",
  );
  expectText("import 'engrammar'", run(process.execPath, 'import.mjs'), 'object');

  // The user's own vitest; this one saves a download.
  const vitest = path.join('node_modules', 'vitest');
  symlinkSync(path.join(root, vitest), path.join(folder, vitest), 'junction');
  writeFileSync(
    path.join(folder, 'rule.test.mjs'),
    `import { expect, test } from 'vitest';
import 'engrammar/vitest';
test('a rule', async () => {
  expect('dw = 0.01 * post * pre').toEqualRule('hebb');
  expect('dw = 0.01 * post * pre').not.toEqualRule('oja');
  await expect('hebb').toUpdate({ pre: 2, post: 3 }, 0.06);
});
`,
  );
  run(process.execPath, path.join(vitest, 'vitest.mjs'), 'run');
  console.log("import 'engrammar/vitest': a rule is tested");
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
