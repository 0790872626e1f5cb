import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutationsOf } from '../../src/testing/mutations.js';
import { mutationsOn } from './mutation-table.js';
import { behaviours } from './shelf.js';
import { catalogueRule } from './verdict.js';

test('the table of mutations is about the rules there are (else: npm run mutations)', async () => {
  const page = readFileSync(new URL('../../docs/mutation-table.md', import.meta.url), 'utf8');
  const today = (await behaviours()).map(({ rule }) => [
    rule,
    mutationsOf(catalogueRule(rule)).map(({ name }) => name),
  ]);
  expect(mutationsOn(page)).toEqual(Object.fromEntries(today));
  expect(page).not.toContain('nobody knows why');
});
