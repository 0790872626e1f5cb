import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Diagnostic, diagnosticKind } from '../../src/base/diagnostics/diagnostic.js';
import { renderDiagnostic, renderDiagnostics } from '../../src/base/diagnostics/render.js';

const about = (text: string, start: number, end: number): Diagnostic => ({
  code: 'E999',
  severity: 'error',
  message: 'something is wrong',
  source: { name: 'a.rule', text },
  span: { start, end },
});
const render = (text: string, start: number, end = start) =>
  renderDiagnostic(about(text, start, end));

describe('a diagnostic as text', () => {
  it('points at the place', () => {
    expect(render('rule a {\n  dw = pots\n}\n', 16, 20)).toBe(
      ['a.rule:2:8 E999 something is wrong', '  2 |   dw = pots', '    |        ^^^^'].join('\n'),
    );
  });

  it('says what was expected and gives the hint', () => {
    const whole = { ...about('x', 0, 1), expected: ['a name', '"("'], hint: 'write a name' };
    expect(renderDiagnostic(whole).split('\n').slice(3)).toEqual([
      '  expected: a name, "("',
      '  hint: write a name',
    ]);
    expect(renderDiagnostic({ ...whole, expected: [] })).not.toContain('expected');
  });

  it('needs neither a source nor a place', () => {
    const { source, span, ...bare } = about('x', 0, 1);
    expect(renderDiagnostic(bare)).toBe('E999 something is wrong');
    expect(span && renderDiagnostic({ ...bare, source: source! })).toBe(
      'a.rule:1:1 E999 something is wrong',
    );
  });

  it('shows an empty text', () => {
    expect(render('', 0)).toBe('a.rule:1:1 E999 something is wrong\n  1 | \n    | ^');
  });

  it('is the same with either kind of line break', () => {
    expect(render('ab\r\ncd\r\n', 4, 6)).toBe(render('ab\ncd\n', 3, 5));
    expect(render('ab\r\ncd\r\n', 4, 6)).not.toContain('\r');
  });

  it('keeps the caret under its place after a tab', () => {
    const [, line, carets] = render('\t\tdw = pots', 7, 11).split('\n');
    expect(line!.slice(carets!.indexOf('^'))).toBe('pots');
    expect(line).not.toContain('\t');
  });

  it('marks only the first line of a span over several', () => {
    expect(render('ab cd\nef\ngh', 3, 8).split('\n')).toEqual([
      'a.rule:1:4 E999 something is wrong',
      '  1 | ab cd',
      '    |    ^^',
    ]);
  });

  it('points just after the end of a line, and of the text', () => {
    expect(render('ab\ncd', 2).split('\n').slice(1)).toEqual(['  1 | ab', '    |   ^']);
    expect(render('ab', 2).split('\n').slice(1)).toEqual(['  1 | ab', '    |   ^']);
    expect(render('ab', 50, 60).split('\n').slice(1)).toEqual(['  1 | ab', '    |   ^']);
  });

  it('keeps the line numbers and the gutter aligned', () => {
    const [, line, carets] = render(`${'\n'.repeat(99)}x`, 99, 100).split('\n');
    expect(line).toBe('  100 | x');
    expect(carets).toBe('      | ^');
  });

  it('shows a long line around the place', () => {
    const text = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [, line, carets] = render(text, 500, 504).split('\n');
    expect(line!.length).toBeLessThan(120);
    expect(line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('puts the carets under the marked text wherever it stands in a line', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.integer({ min: 1, max: 20 }), (at, size) => {
        const text = `${'.'.repeat(at)}${'#'.repeat(size)}${'.'.repeat(200)}`;
        const [, line, carets] = render(text, at, at + size).split('\n');
        const marked = [...carets!].map((c, i) => (c === '^' ? (line![i] ?? '') : '')).join('');
        expect(marked).toBe('#'.repeat(marked.length));
        expect(marked.length).toBeGreaterThanOrEqual(Math.min(size, 19));
      }),
      { seed: 20263, numRuns: 300 },
    );
  });

  it('is painted by whoever wants colours, and reads the same without them', () => {
    const paint = {
      code: (t: string) => `<c>${t}</c>`,
      mark: (t: string) => `<m>${t}</m>`,
      dim: (t: string) => `<d>${t}</d>`,
    };
    const painted = renderDiagnostic(about('ab', 1, 2), paint);
    expect(painted).toContain('<c>E999</c>');
    expect(painted).toContain('<m>^</m>');
    expect(painted.replace(/<[^>]*>/g, '')).toBe(render('ab', 1, 2));
  });

  it('stands apart from the next one by an empty line', () => {
    const one = about('ab', 0, 1);
    expect(renderDiagnostics([one, one])).toBe(
      `${renderDiagnostic(one)}\n\n${renderDiagnostic(one)}`,
    );
    expect(renderDiagnostics([])).toBe('');
  });
});

describe('a kind of diagnostic', () => {
  const kind = diagnosticKind<{ name: string }>('W999', 'Odd', 'Why it is odd.', ({ name }) => ({
    message: `${name} is odd`,
    hint: `even out ${name}`,
  }));

  it('carries its code, title and explanation', () => {
    expect([kind.code, kind.title, kind.explanation]).toEqual(['W999', 'Odd', 'Why it is odd.']);
  });

  it('makes diagnostics with their facts and place', () => {
    const place = { source: { name: 'a', text: 'b' }, span: { start: 0, end: 1 } };
    expect(kind({ name: 'three' }, place)).toEqual({
      code: 'W999',
      severity: 'warning',
      message: 'three is odd',
      hint: 'even out three',
      ...place,
    });
    expect(kind({ name: 'three' })).not.toHaveProperty('span');
    expect(diagnosticKind('E999', '', '', () => ({ message: '' }))({}).severity).toBe('error');
  });
});
