import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { otherKindInFile } from '../../src/base/diagnostics/catalogue.js';
import { fitsNoCircuit, unknownSetting, wrongSetting } from '../../src/base/diagnostics/circuit.js';
import { missingArgument, unknownWord, wrongFlagValue } from '../../src/base/diagnostics/usage.js';
import { catalogueFiles } from '../../src/catalogue/shelves.js';
import { CIRCUITS } from '../../src/circuits/registry.js';
import { run } from '../../src/cli/run.js';
import { SMALL_CIRCUITS } from '../../src/cli/small-circuits.js';
import { document, golden, here } from './cli.js';

/* `engrammar show RULE --as …`: what a rule becomes on its way to numbers. */

const shown = async (line: string): Promise<string> => {
  const { code, stdout, stderr } = await here(['show', ...line.split(' ')]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
};

/** On a terminal so many columns wide. */
async function onTerminal(line: string, columns: number): Promise<string[]> {
  let text = '';
  const stdout = { columns, write: (part: string) => (text += part) };
  await run(['show', ...line.split(' ')], { stdout, stderr: { write: () => {} } }, {});
  return text.split('\n');
}

describe('what people read', () => {
  it.each([
    ['show-program', 'oja_subspace --as program'],
    ['show-plan', 'oja_subspace --as plan'],
    ['show-kernel', 'oja_subspace --as kernel --only forward'],
  ])('%s', async (name, line) => {
    await expect(await shown(line)).toMatchFileSnapshot(golden(`${name}.txt`));
  });

  it('fits on the terminal, but for code', async () => {
    for (const line of ['eprop --as program', 'f_bio --as plan', 'rflo --as plan']) {
      const lines = await onTerminal(line, 80);
      expect(lines.length).toBeGreaterThan(50);
      expect(lines.filter((each) => each.length > 80)).toEqual([]);
    }
  });

  it('says how many passes over a matrix the plan saves', async () => {
    const plan = await shown('oja_subspace --as plan --only overview');
    expect(plan).toMatch(/a step as written .* W 2\n/);
    expect(plan).toMatch(/a step as planned .* held_W 1\n/);
  });

  it('has the instructions that were asked for', async () => {
    const kernel = 'oja_subspace --as kernel --only forward';
    const single = await shown(kernel);
    expect(single).toContain('(f32x4.mul');
    expect(single).not.toMatch(/f64x2|relaxed/);
    const double = await shown(`${kernel} --precision float64`);
    expect(double).toContain('(f64x2.mul');
    expect(double).not.toContain('f32x4');
    expect(await shown(`${kernel} --relaxed`)).toContain('(f32x4.relaxed_madd');
  });

  it('stands where it was told to, at the size it was told to have', async () => {
    const program = await shown('hebb --as program --circuit feed-forward --set sizes=7,5');
    expect(program).toContain('hebb on feed-forward 7-5');
    expect(await shown('hebb --as program --set sizes=[7,5,3]')).toContain('7-5-3');
    const bias = await shown(
      'hebb --as program --circuit feed-forward --projection bias --set bias=true --set queries=3',
    );
    expect(bias).toContain('bias1′');
  });
});

describe('what programs read', () => {
  it('is the text, and its parts', async () => {
    const program = await document<{ program: string; parts: Record<string, string> }>(
      ['show', 'oja', '--as', 'program'],
      here,
    );
    expect(program).toMatchObject({
      schemaVersion: 1,
      name: 'oja on layer 4-3 (linear)',
      circuit: 'layer',
      projections: ['forward'],
      program: expect.stringContaining('activity = W pattern'),
    });
    const parts = ['step', 'readout', 'step-adjoint', 'readout-adjoint'];
    expect(Object.keys(program.parts)).toEqual(parts);
    for (const part of parts) expect(program.program).toContain(program.parts[part]);
  });

  it('is not broken into lines', async () => {
    const kernel = await document<{ kernel: string }>(['show', 'f_bio', '--as', 'kernel'], here);
    expect(kernel.kernel).toMatch(/^\(module$/m);
    const { plan } = await document<{ plan: string }>(['show', 'f_bio', '--as', 'plan'], here);
    expect(Math.max(...plan.split('\n').map((line) => line.length))).toBeGreaterThan(100);
  });
});

describe('every circuit', () => {
  it('has a size at which it can be read', () => {
    expect(Object.keys(SMALL_CIRCUITS).sort()).toEqual(CIRCUITS.map(({ name }) => name).sort());
    for (const { name, make } of CIRCUITS) {
      for (const settings of SMALL_CIRCUITS[name]!(['pre', 'post'])) {
        expect(make(settings)).toMatchObject({ ok: true });
      }
    }
  });

  it('is found for the rules of the catalogue', async () => {
    const files = catalogueFiles().filter(({ kind }) => kind === 'rule');
    for (const { path } of files) {
      const [first] = await document<{ name: string }[]>(['check', path], here);
      const stage = ['program', 'plan', 'kernel'][
        files.findIndex((each) => each.path === path) % 3
      ]!;
      const { name } = await document<{ name: string }>(
        ['show', `${path}#${first!.name}`, '--as', stage],
        here,
      );
      expect(name).toContain(`${first!.name} on `);
    }
  });
});

describe('mistakes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engrammar-stages-'));
  const file = join(folder, 'nowhere.rule');
  writeFileSync(file, 'rule nowhere for recurrent { dw = post.plateau * pre }\n');

  it.each([
    ['a form there is not', 'oja --as plam', unknownWord.code, 2, /did you mean plan\?/],
    ['a part there is not', 'oja --as plan --only forwards', unknownWord.code, 2, /forward\?/],
    ['no precision', 'oja --as plan --precision double', wrongFlagValue.code, 2, /float64/],
    [
      'a setting without a value',
      'oja --as plan --set sizes',
      wrongFlagValue.code,
      2,
      /NAME=VALUE/,
    ],
    ['a part of nothing', 'oja --only forward', missingArgument.code, 2, /--as/],
    ['a setting of nothing', 'oja --set sizes=3,2', missingArgument.code, 2, /--as/],
    ['an unknown setting', 'oja --as plan --set size=3', unknownSetting.code, 1, /size/],
    ['a value it cannot have', 'oja --as plan --set sizes=3,x', wrongSetting.code, 1, /sizes/],
    // Other circuits can do without inputs; the layer is meant.
    ['a value others can have', 'oja --as plan --set inputs=0', wrongSetting.code, 1, /layer.*0/],
    ['a space', 'error_hebbian --as plan', otherKindInFile.code, 1, /space/],
    ['a rule that fits nowhere', `${file} --as plan`, fitsNoCircuit.code, 1, /post\.plateau/],
    ['a rule that does not fit', `${file} --as plan --circuit recurrent`, 'E202', 1, /plateau/],
  ])('%s', async (_, line, code, exitCode, told) => {
    const ran = await here(['show', ...line.split(' ')]);
    expect(ran.stderr).toContain(`${code} `);
    expect(ran.stderr).toMatch(told);
    expect([ran.code, ran.stdout]).toEqual([exitCode, '']);
    expect(await document(['show', ...line.split(' ')], here)).toMatchObject({ ok: false });
  });
});
