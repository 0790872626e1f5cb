import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tokenize } from '../../grammar/lexer.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { parse } from '../../src/language/parse.js';
import { printItems } from '../../src/language/print.js';
import { Reader } from '../../src/language/syntax/reader.js';
import { corpusFolder, parsed, withoutSpans } from './helpers.js';

const files = readdirSync(corpusFolder);

describe('the corpus of published rules', () => {
  test('holds rules and spaces', () => {
    expect(files.length).toBeGreaterThanOrEqual(4);
  });

  test.each(files)('%s reads in exactly one way and prints back', (file) => {
    const text = readFileSync(new URL(file, corpusFolder), 'utf8');
    const result = parse({ name: file, text });
    if (!result.ok) throw new Error(renderDiagnostics(result.diagnostics));
    const reader = new Reader('file');
    reader.takeAll(tokenize(text));
    expect(reader.results.length).toBe(1);
    const printed = printItems(result.value);
    expect(withoutSpans(parsed(printed))).toEqual(withoutSpans(result.value));
    expect(printItems(parsed(printed))).toBe(printed);
  });
});
