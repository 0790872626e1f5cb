/*
 * Tries every mutation of every rule of the catalogue, and writes what became of them:
 *
 *     npm run mutations              writes docs/mutation-table.md
 *     npm run mutations -- --check   compares it instead; exit code 1 if they differ
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type MutatedRule, mutated, mutationPage } from '../test/catalogue/mutation-table.js';
import { behaviours } from '../test/catalogue/shelf.js';

const place = new URL('../docs/mutation-table.md', import.meta.url);
const begin = process.cpuUsage();
const rules: MutatedRule[] = [];
for (const behaviour of await behaviours()) {
  const done = await mutated(behaviour);
  rules.push(done);
  const untold = done.mutations.filter(({ failure }) => failure === null).length;
  console.log(`${behaviour.rule}: ${done.mutations.length} mutations, ${untold} not told`);
}
const page = mutationPage(rules);
console.log(`${Math.round(process.cpuUsage(begin).user / 1e6)} s of CPU time`);

if (!process.argv.includes('--check')) {
  writeFileSync(place, page);
} else {
  const committed = readFileSync(place, 'utf8').split('\n');
  const differing = page.split('\n').filter((line, at) => line !== committed[at]);
  if (differing.length > 0) {
    console.error('docs/mutation-table.md is not what the rules do; write it: npm run mutations');
    console.error(differing.slice(0, 5).join('\n'));
    process.exitCode = 1;
  }
}
