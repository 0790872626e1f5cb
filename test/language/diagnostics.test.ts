import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import * as language from '../../src/base/diagnostics/language.js';
import { languageDiagnostics } from '../../src/base/diagnostics/language.js';
import { memoryDiagnostics } from '../../src/base/diagnostics/memory.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import * as space from '../../src/base/diagnostics/space.js';
import { spaceDiagnostics } from '../../src/base/diagnostics/space.js';
import * as syntax from '../../src/base/diagnostics/syntax.js';
import { syntaxDiagnostics } from '../../src/base/diagnostics/syntax.js';
import { parseExpression } from '../../src/language/parse.js';
import { cases, split } from './diagnostic-cases.js';
import { diagnose } from './helpers.js';

describe('every kind of diagnostic', () => {
  test.each(
    cases.map(([kind, marked, table]) => ({ kind, marked, table, short: marked.slice(0, 70) })),
  )('$kind.code $short', ({ kind, marked, table }) => {
    const { text, start } = split(marked);
    const found = diagnose(text, table);
    expect(
      found.map((d) => d.code),
      renderDiagnostics(found),
    ).toEqual([kind.code]);
    expect(found[0]!.span?.start).toBe(start);
    expect(found[0]!.severity).toBe(kind.code.startsWith('W') ? 'warning' : 'error');
  });

  test('says exactly this, at exactly this place', async () => {
    const texts = cases.map(([, marked, table]) => {
      const { text } = split(marked);
      const shown = text.length > 200 ? `${text.slice(0, 80)} …` : text;
      return `${shown}\n\n${renderDiagnostics(diagnose(text, table)).replace(/^(.{0,300}).*$/gm, '$1')}\n`;
    });
    await expect(texts.join(`\n${'-'.repeat(80)}\n`)).toMatchFileSnapshot(
      '../golden/language/diagnostics.txt',
    );
  });

  test('that comes together with another', () => {
    const codes = (text: string): string[] => diagnose(text).map((d) => d.code);
    expect(codes('space a { term = post.error keep locality <= neuron }')).toEqual([
      space.allTermsExcluded.code,
      space.termExcluded.code,
    ]);
    expect(codes('rule a {\n'.repeat(150))).toContain(syntax.tooManyMistakes.code);
  });

  test('of an expression alone', () => {
    const codesOf = (text: string): string[] => {
      const result = parseExpression({ name: 'text', text });
      return result.ok ? [] : result.diagnostics.map((d: Diagnostic) => d.code);
    };
    expect(codesOf('')).toEqual([syntax.emptyExpression.code]);
    expect(codesOf('a b')).toEqual([syntax.missingOperator.code]);
    expect(codesOf('a +')).toEqual([syntax.unfinishedLine.code]);
    expect(codesOf('(a')).toEqual([syntax.unclosedBracket.code]);
    expect(codesOf('a )')).toEqual([syntax.strayCloser.code]);
    expect(codesOf('a } b')).not.toEqual([]);
    expect(codesOf('dw = a')).not.toEqual([]);
  });

  test('is shown by a text in this file', () => {
    const shownElsewhere = [
      language.sameNameTwice,
      space.allTermsExcluded,
      syntax.tooManyMistakes,
      syntax.emptyExpression,
    ];
    const shown = new Set([...cases.map(([kind]) => kind), ...shownElsewhere].map((k) => k.code));
    const all = [
      ...syntaxDiagnostics,
      ...languageDiagnostics,
      ...memoryDiagnostics,
      ...spaceDiagnostics,
    ];
    expect(all.map((kind) => kind.code).filter((code) => !shown.has(code))).toEqual([]);
    expect(new Set(all.map((kind) => kind.code)).size).toBe(all.length);
    for (const kind of all) expect(kind.explanation.length).toBeGreaterThan(60);
  });
});
