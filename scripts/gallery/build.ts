/**
 * Makes docs/catalogue: runs every rule of the catalogue for its claims and its figure, typesets and
 * draws. The same catalogue gives the same bytes.
 *
 *     npm ci --prefix scripts/gallery
 *     npm run gallery -- [RULE...]
 *
 * With names of rules only these are run and drawn anew. Everything else is always written, and what
 * no longer belongs there removed.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Entry, shelves, stamp } from './entries.js';
import { illustrator } from './figures.js';
import { typesetter } from './formulas.js';
import { type AllKept, folder, type Kept, keptFile, keptText, pages, readKept } from './kept.js';
import { measured, pictured } from './measure.js';

const wanted = process.argv.slice(2);
const all = shelves();
const entries = all.flatMap((shelf) => shelf.entries);
const unknown = wanted.filter((name) => !entries.some((entry) => entry.name === name));
if (unknown.length > 0) {
  console.error(`The catalogue has no rule ${unknown.join(', ')}`);
  process.exit(2);
}

const [typeset, draw] = await Promise.all([typesetter(), illustrator()]).catch((error: Error) => {
  console.error(error.message);
  process.exit(2);
});
const before = readKept();
const kept: Record<string, Kept> = {};
for (const part of ['formulas', 'figures']) {
  mkdirSync(path.join(folder, part), { recursive: true });
}
for (const entry of entries) {
  const old = before[entry.name];
  if (old && wanted.length > 0 && !wanted.includes(entry.name)) kept[entry.name] = old;
  else await make(entry);
}
// As it will be read: what JSON cannot hold is not there.
const known = JSON.parse(JSON.stringify(kept)) as AllKept;
const files = { ...pages(all, known), [path.basename(keptFile)]: keptText(known) };
for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
removeOthers();

/** What goes wrong with one rule does not stop the others. */
async function make({ name, formulas }: Entry): Promise<void> {
  const started = performance.now();
  try {
    const claims = await measured(name);
    const picture = await pictured(name);
    write('formulas', name, await typeset(name, formulas));
    write('figures', name, draw(picture));
    const [made, from] = [stamp(formulas), stamp(picture)];
    kept[name] = { formulas: made, picture: from, caption: picture.title, claims };
    console.log(`${name}: ${claims.length} claims, ${Math.round(performance.now() - started)} ms`);
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

function write(part: string, name: string, svg: string): void {
  writeFileSync(path.join(folder, part, `${name}.svg`), svg);
}

function removeOthers(): void {
  const drawings = entries.map(({ name }) => `${name}.svg`);
  const remove = (part: string, expected: readonly string[]): void => {
    for (const file of readdirSync(path.join(folder, part))) {
      if (!expected.includes(file)) rmSync(path.join(folder, part, file), { recursive: true });
    }
  };
  remove('', [...Object.keys(files), 'formulas', 'figures']);
  remove('formulas', drawings);
  remove('figures', drawings);
}
