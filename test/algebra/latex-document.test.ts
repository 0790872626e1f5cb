import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enumerate } from '../../src/algebra/enumerate.js';
import { type LatexPart, latexDocument } from '../../src/algebra/latex-document.js';
import { latexMatrixTerm } from '../../src/algebra/latex-matrix.js';
import { latexTerm } from '../../src/algebra/latex-synapse.js';
import { packageRoot } from '../../src/base/package-root.js';
import { unwrap } from '../../src/base/result.js';
import { latexOf } from '../../src/express/latex.js';
import type { Expression } from '../../src/language/ast.js';
import { checkRule, checkSpace } from '../../src/language/check.js';
import type { Scope } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { rulesIn } from '../support/corpus.js';
import { describeWith } from '../support/requirements.js';
import { EVERYTHING, expressions } from '../support/rules.js';
import { wholeRule } from '../support/whole-rules.js';

const both = (expression: Expression, scope: Scope): string[] => [
  `\\Delta w_{ij} = ${latexTerm(expression, scope)}`,
  `\\Delta W = ${latexMatrixTerm(expression, scope)}`,
];

/** Every rule, and the first terms of every space, that the package comes with. */
function catalogue(): LatexPart[] {
  const folder = join(packageRoot(), 'rules');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const parts: LatexPart[] = [];
  for (const file of files.filter((name) => /\.(rule|space)$/.test(name)).sort()) {
    const source = { name: file, text: readFileSync(join(folder, file), 'utf8') };
    for (const item of unwrap(parse(source))) {
      if (item.kind === 'rule') {
        const checked = checkRule(item, source, wholeVocabulary);
        if (!checked.ok) continue;
        const { update, scope } = checked.value;
        parts.push({ heading: `${file}: ${item.name}`, formulas: both(update, scope) });
      } else {
        const checked = checkSpace(item, source, wholeVocabulary);
        if (!checked.ok) continue;
        const { terms } = unwrap(enumerate(checked.value));
        const formulas = terms.slice(0, 40).flatMap((t) => both(t.expression, checked.value.scope));
        parts.push({ heading: `${file}: ${item.name}`, formulas });
      }
    }
  }
  return parts;
}

/** Rules of many lines, of everything the language has. */
function wholeRules(): LatexPart[] {
  return Array.from({ length: 60 }, (_, seed) => {
    const text = wholeRule(wholeVocabulary, seed, {
      kinds: ['draw', 'whiten'],
      moments: true,
      transmission: true,
      population: true,
      wide: true,
    });
    const [rule] = rulesIn({ name: 'made.rule', text });
    const formulas = latexOf(unwrap(checkRule(rule!.rule, rule!.source, wholeVocabulary)));
    return {
      heading: text.replaceAll('\n', ' '),
      formulas: [formulas.synapse, formulas.matrix, formulas.parameters],
    };
  });
}

describeWith('tex', 'LaTeX', () => {
  it('compiles: the catalogue, 60 generated rules and 50 generated updates in one document', () => {
    const scope: Scope = { table: wholeVocabulary, parameters: new Map(), memories: new Map() };
    const generated = fc.sample(expressions(scope, { ...EVERYTHING, depth: 3 }), {
      numRuns: 50,
      seed: 3,
    });
    const parts = [
      ...catalogue(),
      ...wholeRules(),
      {
        heading: 'generated: 50 % of {these} & #more_',
        formulas: generated.flatMap((e) => both(e, scope)),
      },
    ];
    expect(parts.length).toBeGreaterThan(3);
    const folder = mkdtempSync(join(tmpdir(), 'engrammar-tex-'));
    try {
      writeFileSync(join(folder, 'rules.tex'), latexDocument(parts));
      const run = spawnSync(
        'pdflatex',
        ['-no-shell-escape', '-interaction=nonstopmode', '-halt-on-error', 'rules.tex'],
        { cwd: folder, encoding: 'utf8', timeout: 100_000 },
      );
      expect(run.status, run.stdout.slice(-3000)).toBe(0);
      expect(run.stdout).toMatch(/Output written on rules\.pdf/);
      const keep = process.env.KEEP_PDF;
      if (keep) writeFileSync(keep, readFileSync(join(folder, 'rules.pdf')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
