import { describe, expect, test } from 'vitest';
import { mutationsOf } from '../../src/testing/mutations.js';
import { behaviours } from './shelf.js';
import { catalogueRule, firstFailure } from './verdict.js';

const all = await behaviours();

describe('rules do what they are known to do', () => {
  test.each(all.map((behaviour) => [behaviour.rule, behaviour] as const))(
    '%s',
    async (name, behaviour) => {
      expect(behaviour.claims.length).toBeGreaterThan(0);
      expect(await firstFailure(behaviour, catalogueRule(name))).toBeNull();
    },
  );
});

describe('mutated rules do not', () => {
  test.each(all.map((behaviour) => [behaviour.rule, behaviour] as const))(
    '%s',
    async (name, behaviour) => {
      const listed = new Set(behaviour.indistinguishable?.map(({ mutation }) => mutation));
      const untold: string[] = [];
      for (const mutation of mutationsOf(catalogueRule(name))) {
        if ((await firstFailure(behaviour, mutation.rule)) === null) untold.push(mutation.name);
      }
      // Both ways: what is listed as indistinguishable must be so.
      expect(untold).toEqual([...listed]);
    },
  );
});
