import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../support/requirements.js';
import { here } from './cli.js';

/** What TeX says about a document; throws where it does not compile. */
function compiled(document: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'engrammar-tex-'));
  writeFileSync(join(folder, 'rule.tex'), document);
  const args = ['-interaction=nonstopmode', '-halt-on-error', 'rule.tex'];
  const run = spawnSync('pdflatex', args, { cwd: folder, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stdout);
  return run.stdout;
}

describeWith('tex', 'exported LaTeX', () => {
  it('compiles as a document of its own', async () => {
    const { stdout } = await here(['export', 'f_bio', '--to', 'latex', '--standalone']);
    expect(compiled(stdout)).toContain('Output written on rule.pdf (1 page');
  });

  it.each(['stdp_triplet', 'clopath', 'eprop'])(
    '%s, a rule of many lines, compiles',
    async (name) => {
      const { stdout } = await here(['export', name, '--to', 'latex', '--standalone']);
      expect(compiled(stdout)).toContain('Output written on rule.pdf (1 page');
    },
  );

  it('compiles where it is pasted into a document that uses amsmath', async () => {
    const { stdout } = await here(['export', 'oja_subspace', '--to', 'latex']);
    const around = ['\\documentclass{article}\\usepackage{amsmath}\\begin{document}', stdout];
    const said = compiled([...around, '\\end{document}'].join('\n'));
    expect(said).toContain('Output written on rule.pdf (1 page');
    expect(said).not.toMatch(/Overfull|undefined/);
  });
});

it.each([
  ['oja', 'eta * post * (pre - post * w)'],
  [
    'f_bio',
    '-F0 * post_error * pre - F2 * post_error * pre_error + F9 * post * (pre - sum_post(post * w))',
  ],
])('%s in the syntax of mathjs, read back and compared', async (name, code) => {
  const { stdout } = await here(['export', name, '--to', 'mathjs', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ target: 'mathjs', code, verified: true });
});

it('says line by line what mathjs has no expression for', async () => {
  const { code, stdout, stderr } = await here(['export', 'stdp_pair', '--to', 'mathjs']);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr.match(/E294/g)).toHaveLength(5);
  expect(stderr).toContain('`trace x = pre.spike over 20 ms` cannot be written');
  expect(stderr).toContain('`on post.spike: dw = A_plus * x` cannot be written');
  expect(stderr).toContain('stdp.rule:5');
});

it('writes every target, with reasons where there is none', async () => {
  const { stdout } = await here(['export', 'oja', '--to', 'all', '--json']);
  const latex = JSON.parse((await here(['export', 'oja', '--to', 'latex', '--json'])).stdout);
  const mathjs = { target: 'mathjs', code: 'eta * post * (pre - post * w)', verified: true };
  expect(JSON.parse(stdout)).toMatchObject({
    name: 'oja',
    targets: [{ target: 'latex', code: latex.code, verified: false }, mathjs],
  });
  const refused = await here(['export', 'stdp_pair', '--to', 'all']);
  expect(refused.code).toBe(0);
  expect(refused.stdout).toMatch(/^latex\n {2}\\begin\{equation\*\}.*\nmathjs\n {2}E294 /s);
});
