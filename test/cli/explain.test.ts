import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allDiagnostics, type Explained } from '../../src/base/diagnostics/all.js';

describe('the kinds of diagnostics', () => {
  it('have codes of their own', () => {
    const codes = allDiagnostics.map(({ code }) => code);
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  });

  it.each(allDiagnostics.map((kind) => [kind.code, kind] as const))(
    '%s has a code, a title and an explanation worth reading',
    (_, { code, title, explanation }) => {
      expect(code).toMatch(/^[EW]\d{3}$/);
      expect(title.length).toBeGreaterThan(5);
      expect(title).not.toMatch(/[.]$/);
      // A sentence or more that says more than its title.
      expect(explanation.length).toBeGreaterThan(60);
      expect(explanation).toMatch(/[.)]$/);
      expect(explanation).not.toBe(title);
    },
  );

  it('are all there: every kind that a family file exports', async () => {
    const folder = new URL('../../src/base/diagnostics/', import.meta.url);
    const listed = new Set(allDiagnostics.map(({ code }) => code));
    const missing: string[] = [];
    let kinds = 0;
    for (const file of readdirSync(folder)) {
      const family = (await import(new URL(file, folder).href)) as Record<string, unknown>;
      for (const exported of Object.values(family)) {
        if (typeof exported !== 'function' || !('explanation' in exported)) continue;
        kinds += 1;
        const { code } = exported as unknown as Explained;
        if (!listed.has(code)) missing.push(code);
      }
    }
    expect(missing).toEqual([]);
    expect(kinds).toBe(allDiagnostics.length);
  });
});
