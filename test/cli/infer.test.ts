import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rowsDropped, textInNumbers } from '../../src/base/diagnostics/recording.js';
import { runFolderTaken } from '../../src/base/diagnostics/run.js';
import { missingArgument, wrongFlagValue } from '../../src/base/diagnostics/usage.js';
import { Stream } from '../../src/base/random.js';
import type { InferResult } from '../../src/infer/result.js';
import { document, here } from './cli.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-infer-cli-'));

/** A recording of Hebb's rule; every 50th row lacks its change. */
const stream = new Stream(1, 'cli');
const lines = Array.from({ length: 300 }, (_, row) => {
  const [x, y] = [stream.normal(), stream.normal()];
  return [x, y, row % 50 === 49 ? '' : 0.1 * x * y + 0.002 * stream.normal()].join(',');
});
const path = join(folder, 'hebb.csv');
writeFileSync(path, `x,y,dw\n${lines.join('\n')}\n`);
const ASKED = ['infer', path, '--monomials', 'x,y', '--degree', '2'];

describe('engrammar infer', () => {
  it('prints the rule with its verdicts; what was left out is said on stderr', async () => {
    const { code, stdout, stderr } = await here(ASKED);
    expect(code).toBe(0);
    expect(stdout).toContain('dw = theta1 * x * y');
    expect(stdout).toMatch(/theta1 .* established +x \* y\n/);
    expect(stdout).toContain('As far as the intervals tell this is hebb with a learning rate');
    const left = rowsDropped({ dropped: 6, rows: 300, missing: [['dw', 6]] });
    expect(stderr).toContain(`${left.code} ${left.message}`);
    expect((await here([...ASKED, '--quiet'])).stderr).toBe('');
  });

  it('refuses options that have no say, files of another kind, and other separators', async () => {
    const firstOf = async (...more: string[]) => {
      const { stderr } = await here([...ASKED, ...more]);
      return stderr.split('\n');
    };
    expect((await firstOf('--space', 'my.space'))[0]).toBe('E535 --space cannot be my.space');
    expect((await firstOf('--window', '5'))[0]).toBe('E535 --window cannot be 5');
    expect((await firstOf('--alike'))[1]).toBe(
      '  expected: --choices beside it: only choices have it',
    );
    expect(await firstOf('--activity', 'linear')).toMatchObject([
      `E459 ${path} cannot be read: it is no such archive`,
      '  expected: an archive of NumPy arrays (.npz)',
      '',
    ]);
    const spaced = join(folder, 'spaced.csv');
    writeFileSync(spaced, 'x y dw\n1 2 3\n');
    const { stderr } = await here(['infer', spaced, '--monomials', 'x']);
    expect(stderr).toContain('E460 --target: the recording has no column dw');
    expect(stderr).toContain('columns are separated by commas, semicolons or tabs');
  });

  it('in JSON it has what a discovery has, and how well it fits', async () => {
    const result = await document<InferResult>(ASKED, here);
    expect(result).toMatchObject({
      schemaVersion: 1,
      seed: 0,
      engine: null,
      runFolder: null,
      rule: {
        text: expect.stringContaining('rule inferred'),
        latex: { synapse: expect.any(String) },
      },
      terms: [{ id: 'theta1', text: 'x * y', verdict: 'established', inclusion: 1 }],
      aliases: [],
      nullTest: { p: 0.01, shifts: 99 },
      fit: { rows: 294 },
    });
    expect(result.baselines.map(({ name }) => name)).toEqual(['no-plasticity', 'best-single-term']);
    expect(result.metrics!.r2).toBe(result.fit.r2);
    expect(result.fit.r2).toBeGreaterThan(0.99);
    // Another seed resamples differently, and finds the same.
    const other = await document<InferResult>([...ASKED, '--seed', '5'], here);
    expect(other.seed).toBe(5);
    expect(other.terms[0]!.interval).not.toEqual(result.terms[0]!.interval);
  });

  it('keeps the result in a folder, once', async () => {
    const out = join(folder, 'kept');
    const result = await document<InferResult>([...ASKED, '--out', out], here);
    expect(result.runFolder).toBe(out);
    expect(readFileSync(join(out, 'rule.rule'), 'utf8')).toBe(result.rule!.text);
    expect(readFileSync(join(out, 'rule.tex'), 'utf8')).toContain('\\Delta w_{ij}');
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(result);
    const config = parse(readFileSync(join(out, 'config.yaml'), 'utf8'));
    expect(config).toEqual({
      infer: path,
      target: 'dw',
      events: [],
      seed: 0,
      library: { columns: ['x', 'y'], degree: 2, maxPower: 2 },
      resamples: 200,
      shifts: 99,
      level: 0.9,
      criterion: expect.objectContaining({ gamma: 1, floor: 1e-10 }),
      verdicts: { chance: 0.05, nullTest: 0.01, established: 0.9, tentative: 0.6 },
    });
    const report = await here(['report', out]);
    expect([report.code, report.stdout]).toEqual([0, `${join(out, 'report.html')}\n`]);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    for (const id of ['rule', 'terms', 'null-test', 'scores', 'path', 'dropped', 'run', 'data']) {
      expect(page).toContain(`<section id="${id}"`);
    }
    expect(page).toContain('interval in % of the coefficient');
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'hebb.csv', status: 'done', seed: 0 });
    expect(Object.keys(manifest.data)).toEqual([path]);
    const again = await here([...ASKED, '--out', out]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(runFolderTaken({ folder: out, file: 'manifest.json' }).code);
  });

  it('a mistake in the table ends it with its place, and nothing is written', async () => {
    const wrong = join(folder, 'wrong.csv');
    writeFileSync(wrong, 'x,y,dw\n1,2,3\n1,two,3\n');
    const out = join(folder, 'never');
    const { code, stderr } = await here(['infer', wrong, '--monomials', 'x,y', '--out', out]);
    expect(code).toBe(1);
    const { code: kind, message } = textInNumbers({ column: 'y', text: 'two' });
    expect(stderr.split('\n')[0]).toBe(`${wrong}:3:3 ${kind} ${message}`);
    expect(existsSync(out)).toBe(false);
  });

  it('wrong usage is told before anything is read', async () => {
    const usage = 'engrammar infer RECORDING --monomials x,y,w, or --space FILE';
    const missing = missingArgument({ argument: '--monomials or --space', usage });
    const bare = await here(['infer', 'nowhere.csv']);
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain(missing.message);
    const none = wrongFlagValue({ option: '--monomials', given: ',', expected: [] });
    const nothing = await here(['infer', path, '--monomials', ',']);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain(none.message);
    const { code, stderr } = await here(['infer', path, '--monomials', 'x', '--degree', '1.5']);
    expect(code).toBe(2);
    const expected = ['a whole number of at least 0'];
    expect(stderr).toContain(
      wrongFlagValue({ option: '--degree', given: '1.5', expected }).message,
    );
  });
});
