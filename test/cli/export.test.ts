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
