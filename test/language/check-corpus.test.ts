import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { notYet } from '../../src/base/diagnostics/language.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import type { Item } from '../../src/language/ast.js';
import { checkItemNames, checkRule, checkSpace } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import { printItems } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { corpusFolder, parsed } from './helpers.js';

const rulesFolder = new URL('../../rules/', import.meta.url);

function filesIn(folder: URL): URL[] {
  return readdirSync(folder)
    .filter((name) => /\.(rule|space)$/.test(name))
    .map((name) => new URL(name, folder));
}

function check(item: Item, text: string) {
  const source = { name: 'text', text };
  return item.kind === 'rule'
    ? checkRule(item, source, wholeVocabulary)
    : checkSpace(item, source, wholeVocabulary);
}

describe('the corpus of published rules', () => {
  test.each(filesIn(corpusFolder))('%s is refused only for what cannot be run yet', (file) => {
    const text = readFileSync(file, 'utf8');
    for (const item of parsed(text)) {
      const result = check(item, text);
      const others = result.ok ? [] : result.diagnostics.filter((d) => d.code !== notYet.code);
      expect(renderDiagnostics(others)).toBe('');
    }
  });
});

describe('the rules and spaces that come with the package', () => {
  const files = [rulesFolder, new URL('spaces/', rulesFolder)].flatMap(filesIn);

  test.each(files)('%s is in order, in canonical layout, without warnings', (file) => {
    const text = readFileSync(file, 'utf8');
    const result = parse({ name: file.pathname, text });
    if (!result.ok) throw new Error(renderDiagnostics(result.diagnostics));
    expect(printItems(result.value)).toBe(text);
    expect(checkItemNames(result.value, { name: 'text', text })).toEqual([]);
    for (const item of result.value) {
      const checked = check(item, text);
      if (!checked.ok) throw new Error(renderDiagnostics(checked.diagnostics));
      expect(checked.warnings).toEqual([]);
    }
  });
});
