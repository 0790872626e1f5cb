import { LINE_WORDS, type Token } from '../../../grammar/lexer.js';
import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { numberOutOfRange, tooDeep, tooLong } from '../../base/diagnostics/syntax.js';
import type { Source } from '../../base/source.js';

/** Characters in a file: a thousand rules. Reading that many takes about a second. */
const MOST_CHARACTERS = 200_000;
/** Words and marks in one rule or space. */
const MOST_WORDS = 10_000;
/** Entries of one list (parameters, alternatives, texts); the parser copies a list for every entry. */
const MOST_ENTRIES = 1000;
/** Levels of an expression's tree. Everything that walks a tree may recurse this deep. */
const DEEPEST = 1000;
/** Brackets, signs, powers and ifs inside each other; the parser's time grows with their square. */
const MOST_NESTED = 200;

export function checkLength(source: Source): Diagnostic | null {
  const size = source.text.length;
  if (size <= MOST_CHARACTERS) return null;
  const facts = { what: 'the file', size, limit: MOST_CHARACTERS, unit: 'characters' };
  return tooLong(facts, { source, span: { start: 0, end: 1 } });
}

/** One rule or space, before it is parsed: parsing time and tree depth are bounded by this. */
export function checkSize(tokens: readonly Token[], source: Source): Diagnostic | null {
  const first = tokens[0];
  const deep = firstTooDeep(tokens);
  if (deep) return tooDeep({ limit: deep.limit }, { source, span: spanOfToken(deep.token) });
  if (first && tokens.length > MOST_WORDS) {
    const facts = { what: 'this item', size: tokens.length, limit: MOST_WORDS, unit: 'words' };
    return tooLong(facts, { source, span: spanOfToken(first) });
  }
  const beyond = firstBeyondList(tokens);
  if (beyond) {
    const facts = { what: 'this list', size: null, limit: MOST_ENTRIES, unit: 'entries' };
    return tooLong(facts, { source, span: spanOfToken(beyond) });
  }
  return null;
}

/** The first token beyond what one list may hold. */
function firstBeyondList(tokens: readonly Token[]): Token | null {
  let entries = 0;
  for (const token of tokens) {
    if (isLineWord(token)) entries = 0;
    else if (token.text === ',' || token.text === '|' || token.type === 'string') entries += 1;
    if (entries > MOST_ENTRIES) return token;
  }
  return null;
}

/** Characters in a name. */
const LONGEST_NAME = 100;

/** Numbers that would silently become infinite or zero, and names that no message could show. */
export function checkWords(tokens: readonly Token[], source: Source): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const token of tokens) {
    const where = { source, span: spanOfToken(token) };
    if (token.type === 'number' || token.type === 'quantity') {
      const text = /^[0-9.]+(?:[eE][+-]?[0-9]+)?/.exec(token.text)?.[0] ?? '';
      const value = Number(text);
      const vanished = value === 0 && /[1-9]/.test(text.replace(/[eE].*/, ''));
      if (!Number.isFinite(value) || vanished) {
        found.push(numberOutOfRange({ text: shown(text) }, where));
      }
    } else if (token.type === 'name' && token.text.length > LONGEST_NAME) {
      const size = token.text.length;
      const facts = { what: 'this name', size, limit: LONGEST_NAME, unit: 'characters' };
      found.push(tooLong(facts, where));
    }
  }
  return found;
}

/** As much of a text as fits into a message. */
export function shown(text: string): string {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}

export function spanOfToken(token: Token): { start: number; end: number } {
  return { start: token.offset, end: token.offset + token.text.length };
}

/** One bracket level: how deep the tree of what stood in it so far can be. */
interface Level {
  sums: number;
  /** Operators of the present product, with its signs and powers; and of the longest one. */
  product: number;
  longestProduct: number;
  /** Signs and powers of the present product. */
  nested: number;
  ifs: number;
  inner: number;
  /** The deepest of the expressions finished in it (arguments, alternatives, branches). */
  finished: number;
}

const freshLevel = (): Level => ({
  sums: 0,
  product: 0,
  longestProduct: 0,
  nested: 0,
  ifs: 0,
  inner: 0,
  finished: 0,
});

function depthOf(level: Level): number {
  const present = level.sums + level.longestProduct + level.ifs + level.inner + 1;
  return Math.max(level.finished, present);
}

const FINISHERS = new Set([',', '|', 'then', 'else', 'and', 'or']);

/** The first token at which an upper bound of the tree's depth, counted without parsing, exceeds the limit. */
function firstTooDeep(tokens: readonly Token[]): { token: Token; limit: number } | null {
  let level = freshLevel();
  let outer: Level[] = [];
  let afterOperand = false;
  for (const token of tokens) {
    if (isLineWord(token)) {
      level = freshLevel();
      outer = [];
    } else if (token.text === '(') {
      outer.push(level);
      level = freshLevel();
    } else if (token.text === ')') {
      const around = outer.pop() ?? freshLevel();
      level = { ...around, inner: Math.max(around.inner, depthOf(level)) };
    } else if (FINISHERS.has(token.text)) {
      level = { ...freshLevel(), ifs: level.ifs, finished: depthOf(level) };
    } else if (token.text === 'if') {
      level.ifs += 1;
    } else if (token.type === 'plus' || (token.type === 'minus' && afterOperand)) {
      level.sums += 1;
      level.product = 0;
      level.nested = 0;
    } else if (OPERATORS_IN_PRODUCTS.has(token.type)) {
      level.product += 1;
      level.nested += token.type === 'power' || token.type === 'minus' ? 1 : 0;
      level.longestProduct = Math.max(level.longestProduct, level.product);
    }
    const nested = outer.length + level.nested + level.ifs;
    if (nested > MOST_NESTED) return { token, limit: MOST_NESTED };
    if (outer.length + depthOf(level) > DEEPEST) return { token, limit: DEEPEST };
    afterOperand = endsOperand(token);
  }
  return null;
}

const OPERATORS_IN_PRODUCTS = new Set(['times', 'over', 'power', 'minus']);
const LINE_WORD_TEXTS = new Set<string>(LINE_WORDS);

/** A word that starts a line of a rule or space wherever it stands. */
export function isLineWord(token: Token): boolean {
  return (
    token.type === 'dw' ||
    token.type === 'dwdt' ||
    (token.type === 'keyword' && LINE_WORD_TEXTS.has(token.text))
  );
}

export function endsOperand(token: Token): boolean {
  return ['name', 'number', 'quantity', 'superscript'].includes(token.type) || token.text === ')';
}
