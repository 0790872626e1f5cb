import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import type { Item } from '../../src/language/ast.js';
import { checkRule, checkSpace } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import type { SignalTable } from '../../src/language/signals.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

export const corpusFolder = new URL('../fixtures/corpus/', import.meta.url);

/** The items of a text that is known to be right. */
export function parsed(text: string): Item[] {
  const result = parse({ name: 'text', text });
  if (!result.ok) throw new Error(`${renderDiagnostics(result.diagnostics)}\nin\n${text}`);
  return result.value;
}

/** A copy of a tree with all spans taken out, for comparing trees read from different texts. */
export function withoutSpans(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withoutSpans);
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([key]) => !key.toLowerCase().endsWith('span'))
      .map(([key, value]) => [key, withoutSpans(value)]),
  );
}

/** What is wrong, or worth a warning, with the items of a text. */
export function diagnose(text: string, table: SignalTable = wholeVocabulary): Diagnostic[] {
  const source = { name: 'text.rule', text };
  const result = parse(source);
  if (!result.ok) return [...result.diagnostics];
  return result.value.flatMap((item) => {
    const checked =
      item.kind === 'rule' ? checkRule(item, source, table) : checkSpace(item, source, table);
    return checked.ok ? [...checked.warnings] : [...checked.diagnostics];
  });
}
