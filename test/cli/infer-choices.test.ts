import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { wrongFlagValue } from '../../src/base/diagnostics/usage.js';
import { flies } from '../infer/behaviour/flies.js';
import { here } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-choices-cli-'));
const path = join(folder, 'flies.csv');
const { animals } = flies({
  seed: 1,
  learn: ({ x, surprise }) => 0.5 * x * surprise,
  animals: 8,
  steps: 150,
});
const rows = animals.flatMap(({ stimulus, choice, reward }, k) =>
  Array.from(choice, (chosen, t) =>
    [`fly${k}`, stimulus[2 * t], stimulus[2 * t + 1], chosen, reward[t]].join(','),
  ),
);
writeFileSync(path, `animal,a,b,choice,reward\n${rows.join('\n')}\n`);
const ASKED = ['infer', path, '--monomials', 'pre,w,surprise', '--degree', '2', '--max-power', '1'];

it('choices are explained, and everything that was asked is kept', {
  timeout: 60_000,
}, async () => {
  const out = join(folder, 'run');
  const { code, stdout, stderr } = await here([
    ...[...ASKED, '--choices', 'accept', '--window', 'fit', '--alike', '--out', out],
  ]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('8 whole animals');
  expect(stdout).toContain('animals whose choices have changed places agree as well');
  expect(stdout).toMatch(/on held-out animals +0\.\d{4} /);
  expect(stdout).toMatch(/rule +of deviance +deviance per choice +what it is/);
  expect(stdout).toMatch(/Fitted with the rule\n +parameter +value \[90 %\]\n +window +\S+ \[/);
  expect(parse(readFileSync(join(out, 'config.yaml'), 'utf8'))).toMatchObject({
    decision: 'accept',
    window: 'fit',
    alike: true,
    exchanges: 199,
  });
  expect(readFileSync(join(out, 'rule.rule'), 'utf8')).toContain('average expected = reward');
});

it.each([
  ['--choices', 'guess', ['accept', 'between']],
  ['--window', '0', ['a whole number of at least 1']],
])('%s %s is refused', async (option, given, expected) => {
  const { code, stderr } = await here([...ASKED, '--choices', 'accept', option, given]);
  expect(code).toBe(2);
  expect(stderr).toContain(wrongFlagValue({ option, given, expected }).message);
});
