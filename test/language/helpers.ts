import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import type { Item } from '../../src/language/ast.js';
import { parse } from '../../src/language/parse.js';

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
