import { tokenize } from '../../grammar/lexer.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { emptyExpression, emptyFile } from '../base/diagnostics/syntax.js';
import { failure, type Result, success } from '../base/result.js';
import type { Source } from '../base/source.js';
import type { Expression, Item } from './ast.js';
import { explainStop } from './syntax/explain.js';
import { readItems } from './syntax/items.js';
import { checkLength, checkSize, checkWords } from './syntax/limits.js';
import { Reader } from './syntax/reader.js';

/**
 * The rules and spaces of a file, in their order. Every mistake in the spelling is reported, each once
 * (at most `MOST_MISTAKES`); the time is linear in the length, which is bounded (`syntax/limits.ts`).
 */
export function parse(source: Source): Result<Item[]> {
  const { items, mistakes } = parseParts(source);
  return mistakes.length > 0 ? failure(...mistakes) : success(items);
}

/** What can be read of a file: the rules and spaces without a mistake in their spelling, and the mistakes. */
export interface ParsedParts {
  readonly items: Item[];
  /** In the order of their places. */
  readonly mistakes: readonly Diagnostic[];
}

/** As `parse`, but a mistake in one rule does not hide the others. */
export function parseParts(source: Source): ParsedParts {
  const tooLong = checkLength(source);
  if (tooLong) return { items: [], mistakes: [tooLong] };
  const tokens = tokenize(source.text);
  if (tokens.length === 0) {
    return { items: [], mistakes: [emptyFile({}, { source, span: { start: 0, end: 0 } })] };
  }
  const { items, mistakes } = readItems(tokens, source);
  mistakes.push(...checkWords(tokens, source));
  const start = ({ span }: Diagnostic): number => span?.start ?? 0;
  const isWhole = ({ span }: Item): boolean =>
    !mistakes.some((mistake) => span.start <= start(mistake) && start(mistake) <= span.end);
  return {
    items: items.filter(isWhole),
    mistakes: mistakes.sort((a, b) => start(a) - start(b)),
  };
}

/** A single expression, such as the right side of `dw`. */
export function parseExpression(source: Source): Result<Expression> {
  const tooLong = checkLength(source);
  if (tooLong) return failure(tooLong);
  const tokens = tokenize(source.text);
  if (tokens.length === 0) {
    return failure(emptyExpression({}, { source, span: { start: 0, end: 0 } }));
  }
  const wrong = [checkSize(tokens, source) ?? [], checkWords(tokens, source)].flat();
  if (wrong.length > 0) return failure(...wrong);
  const reader = new Reader('expr');
  const at = reader.takeAll(tokens);
  const [expression, second] = reader.results;
  if (second !== undefined) throw new Error('the grammar is ambiguous');
  if (at === tokens.length && expression !== undefined) return success(expression as Expression);
  const { expected } = reader;
  return failure(explainStop({ source, tokens, at, lineStart: 0, expected, item: 'expression' }));
}
