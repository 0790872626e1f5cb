import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import type { BenchCase } from '../../src/bench/cases/case.js';
import { shortened } from '../../src/bench/cases/shorten.js';
import { catalogueCases, fullPool, POOL_CASES, smallPool } from '../../src/bench/cases.js';
import { loadFile } from '../../src/catalogue/load.js';
import { catalogueFiles } from '../../src/catalogue/shelves.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';

/** Loss and gradient by parameter after a few steps. */
async function outcome(whole: BenchCase, steps: number) {
  const { program, episode, parameters } = shortened(whole, steps);
  const options = { gradient: true };
  const [result] = await prepareInterpreter(program).run([episode], parameters, options);
  const { loss, gradient = [], divergence } = result!;
  const byName = Object.fromEntries(program.parameters.map((name, k) => [name, gradient[k]!]));
  return { loss, gradient: byName, divergence };
}

describe('the ten terms written differently', () => {
  it('are the same function, with the same derivatives', async () => {
    const made = (name: string) => POOL_CASES.find((each) => each.name === name)?.make();
    const [three, twice] = [made('three-terms'), made('duplicated')];
    const [renamed, permuted] = [made('renamed'), made('permuted')];
    const wanted = await outcome(fullPool(), 2);
    const names = Object.keys(wanted.gradient);
    expect(names).toHaveLength(10);
    const same = async (other: BenchCase, nameOf: (name: string, k: number) => string) => {
      const { loss, gradient } = await outcome(other, 2);
      expect(loss).toBeCloseTo(wanted.loss, 12);
      names.forEach((name, k) => {
        const [a, b] = [gradient[nameOf(name, k)]!, wanted.gradient[name]!];
        expect(Math.abs(a / b - 1), name).toBeLessThan(1e-9);
      });
    };
    await same(renamed!, (_, k) => `c${10 - k}`);
    await same(permuted!, (name) => name);
    await same(twice!, (name) => `${name}a`);
    await same(twice!, (name) => `${name}b`);
    expect(permuted!.program.parameters).toEqual(names.toReversed());
    expect(twice!.program.parameters).toHaveLength(20);
    expect(three!.program.parameters).toEqual(['F0', 'F2', 'F9']);
  });

  it('run on the network of the paper, and on a small one', async () => {
    const { program, episode } = fullPool();
    expect(program.name).toContain('784-170-130-100-70-47');
    expect(episode.steps).toBe(250);
    expect(program.queryInputs[0]!.shape).toEqual([50, 784]);
    expect((await outcome(smallPool(), 3)).divergence).toBeNull();
  });
});

describe('the catalogue', () => {
  const cases = catalogueCases();

  it('is all there', () => {
    const rules = catalogueFiles()
      .filter(({ kind }) => kind === 'rule')
      .flatMap(({ path }) => unwrap(loadFile(path)).items);
    expect(cases.map(({ name }) => name)).toEqual(rules.map(({ name }) => name));
  });

  it.each(cases.map((each) => [each.name, each] as const))('%s', async (name, { make }) => {
    const made = make();
    expect(made.name).toMatch(new RegExp(`^${name} on `));
    const { loss, divergence } = await outcome(made, 3);
    expect(divergence).toBeNull();
    expect(Number.isFinite(loss)).toBe(true);
  });
});
