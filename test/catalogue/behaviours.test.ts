import { describe, expect, test } from 'vitest';
import { knownRules } from '../../src/catalogue/known.js';
import { mutated } from './mutation-table.js';
import { behaviours } from './shelf.js';
import { catalogueRule, firstFailure } from './verdict.js';

const all = (await behaviours()).map((behaviour) => [behaviour.rule, behaviour] as const);

describe('rules do what they are known to do', () => {
  test.each(all)('%s', async (name, behaviour) => {
    expect(behaviour.claims.length).toBeGreaterThan(0);
    expect(await firstFailure(behaviour, catalogueRule(name))).toBeNull();
  });

  test('all of the catalogue', () => {
    const names = knownRules().map(({ rule }) => rule.name);
    expect(all.map(([name]) => name)).toEqual(names.sort());
  });
});

describe('mutated rules do not', () => {
  test.each(all)('%s', async (_, behaviour) => {
    const { mutations } = await mutated(behaviour);
    const untold = mutations.filter(({ failure }) => failure === null).map(({ name }) => name);
    // Both ways: what is listed as indistinguishable must be so.
    expect(untold).toEqual(behaviour.indistinguishable?.map(({ mutation }) => mutation) ?? []);
  });
});
