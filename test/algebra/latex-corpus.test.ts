import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { type Latex, latexEquations, latexOf } from '../../src/express/latex.js';
import { checkRule } from '../../src/language/check.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { corpusRules } from '../support/corpus.js';
import { describeWith } from '../support/requirements.js';

/**
 * The LaTeX of every rule of the corpus, as it was looked at on paper. After a change, look at it again
 * (KEEP_CORPUS_PDF=rules.pdf) and write it anew with UPDATE_GOLDEN=1.
 */
const GOLDEN = new URL('../fixtures/corpus-latex.txt', import.meta.url);

interface Written {
  readonly heading: string;
  readonly latex: Latex;
}

function corpus(): Written[] {
  return corpusRules().map(({ rule, source }) => {
    const latex = latexOf(unwrap(checkRule(rule, source, wholeVocabulary)));
    return { heading: `${source.name}: ${rule.name}`, latex };
  });
}

const MARK = '%% ';

function goldenSections(): Map<string, string> {
  const sections = readFileSync(GOLDEN, 'utf8').split(`\n${MARK}`).slice(1);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end + 1).trimEnd()];
    }),
  );
}

function update(rules: readonly Written[]): void {
  const sections = rules.map(
    ({ heading, latex }) => `${MARK}${heading}\n${latexEquations(latex)}\n`,
  );
  writeFileSync(GOLDEN, ['% LaTeX of the rules in fixtures/corpus\n', ...sections].join('\n'));
}

describe('the LaTeX of the corpus', () => {
  it('is what it was when it was looked at', () => {
    const rules = corpus();
    if (process.env.UPDATE_GOLDEN) update(rules);
    const golden = goldenSections();
    expect([...golden.keys()]).toEqual(rules.map(({ heading }) => heading));
    expect(rules.length).toBeGreaterThan(80);
    for (const { heading, latex } of rules) {
      expect(latexEquations(latex), heading).toBe(golden.get(heading));
    }
  });
});

describeWith('tex', 'the LaTeX of the corpus', () => {
  it('compiles where it is pasted into a text, both forms of every rule, and fits on the page', () => {
    const sections = [...goldenSections()].map(
      ([heading, text]) => `\\subsection*{${heading.replaceAll('_', '\\_')}}\n${text}`,
    );
    const text = [
      '\\documentclass{article}',
      '\\usepackage{amsmath}',
      '\\usepackage[margin=2cm]{geometry}',
      '\\begin{document}',
      ...sections,
      '\\end{document}',
    ].join('\n');
    const folder = mkdtempSync(join(tmpdir(), 'engrammar-tex-'));
    try {
      writeFileSync(join(folder, 'rules.tex'), text);
      const args = ['-no-shell-escape', '-interaction=nonstopmode', '-halt-on-error', 'rules.tex'];
      const run = spawnSync('pdflatex', args, { cwd: folder, encoding: 'utf8', timeout: 100_000 });
      expect(run.status, run.stdout.slice(-3000)).toBe(0);
      expect(run.stdout).not.toMatch(/Overfull|undefined/);
      const keep = process.env.KEEP_CORPUS_PDF;
      if (keep) writeFileSync(keep, readFileSync(join(folder, 'rules.pdf')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
