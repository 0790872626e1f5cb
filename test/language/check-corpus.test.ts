import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { describeDimension } from '../../src/base/dimension.js';
import type { Item } from '../../src/language/ast.js';
import { checkItemNames, checkRule, checkSpace } from '../../src/language/check.js';
import type { CheckedRule, CheckedSpace } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { printExpression, printItems } from '../../src/language/print.js';
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
  const files = filesIn(corpusFolder);
  const named = (file: URL): string => file.pathname.split('/').at(-1)!;

  test.each(files.map((file) => [named(file), file] as const))('%s is in order', (_, file) => {
    const text = readFileSync(file, 'utf8');
    for (const item of parsed(text)) {
      const result = check(item, text);
      expect(renderDiagnostics(result.ok ? result.warnings : result.diagnostics)).toBe('');
    }
  });

  test('has these grades, memories and reads', async () => {
    const table = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return parsed(text).flatMap((item) => {
        const result = check(item, text);
        return result.ok ? [described(named(file), item.name, result.value)] : [];
      });
    });
    await expect(`${table.join('\n')}\n`).toMatchFileSnapshot('../golden/language/corpus.txt');
  });
});

function described(file: string, name: string, checked: CheckedRule | CheckedSpace): string {
  const memory = [...checked.scope.memories.values()].map(
    (each) => `${each.name} (${each.kind}, ${each.extent}, ${describeDimension(each.dimension)})`,
  );
  const lines = [`${file} ${name}`];
  if ('locality' in checked) {
    const { grade, because } = checked.locality;
    lines.push(`  ${grade}${because ? ` because of ${because.text}` : ''}`);
    lines.push(`  reads ${checked.reads.join(', ')}`);
    for (const { form, value } of checked.changes)
      lines.push(`  ${form} = ${printExpression(value)}`);
    if (checked.transmit) lines.push(`  transmit ${printExpression(checked.transmit)}`);
  }
  if (memory.length > 0) lines.push(`  memory ${memory.join(', ')}`);
  return lines.join('\n');
}

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
