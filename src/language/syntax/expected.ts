import { LINE_WORDS, type Token } from '../../../grammar/lexer.js';
import { isLineWord } from './limits.js';

/** A symbol of the grammar that could come next: a literal word or mark, or a type of token. */
export type GrammarSymbol = { readonly literal: string } | { readonly type: string };

const OPERATORS = ['plus', 'minus', 'times', 'over', 'power', 'superscript'];
const COMPARISONS = ['below', 'above', 'atmost', 'atleast'];

/** What could stand at a place, asked in the ways that messages need. */
export interface Expected {
  readonly symbols: readonly GrammarSymbol[];
  literal(text: string): boolean;
  type(name: string): boolean;
  /** A line can start here: everything before is complete. */
  readonly line: boolean;
  readonly operand: boolean;
  readonly operator: boolean;
}

export function expectedFrom(symbols: readonly GrammarSymbol[]): Expected {
  const literals = new Set(symbols.flatMap((s) => ('literal' in s ? [s.literal] : [])));
  const types = new Set(symbols.flatMap((s) => ('type' in s ? [s.type] : [])));
  return {
    symbols,
    literal: (text) => literals.has(text),
    type: (name) => types.has(name),
    line: literals.has('}'),
    operand: types.has('name') && (types.has('number') || types.has('quantity')),
    operator: types.has('times') || types.has('plus'),
  };
}

export function fits(token: Token, symbols: readonly GrammarSymbol[]): boolean {
  return symbols.some((s) => ('literal' in s ? s.literal === token.text : s.type === token.type));
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  name: 'a name',
  number: 'a number',
  quantity: 'a number with a unit',
  string: 'a text in quotes',
  plusminus: '`±`',
  dw: '`dw`',
  dwdt: '`dw/dt`',
};

/** At most six entries in a reader's words, the likeliest first. */
export function inWords(expected: Expected): string[] {
  const words: string[] = [];
  const add = (word: string): void => {
    if (!words.includes(word)) words.push(word);
  };
  if (expected.type('name')) add('a name');
  if (expected.type('number')) add('a number');
  if (expected.operator) add('an operator (+ - * / ^)');
  if (expected.type('below') && !expected.line) add('a comparison (< > <= >=)');
  for (const symbol of expected.symbols) {
    if ('literal' in symbol) {
      if (symbol.literal === '.' || symbol.literal === '@') continue;
      if (symbol.literal === '(' && expected.operator) continue;
      if (expected.line && !isPartOfLine(symbol.literal)) continue;
      add(`\`${symbol.literal}\``);
    } else if (!OPERATORS.includes(symbol.type) && !COMPARISONS.includes(symbol.type)) {
      if (symbol.type === 'quantity' && expected.type('number')) continue;
      if (expected.line && symbol.type.startsWith('dw')) continue;
      add(TYPE_WORDS[symbol.type] ?? symbol.type);
    } else if (symbol.type === 'atmost' && !expected.type('below')) {
      add('`<=`');
    }
  }
  if (expected.line) {
    add(`a new line (${expected.literal('term') ? 'term, choice, keep' : 'dw, let, param'}, …)`);
    add('`}`');
  }
  return words.slice(0, 6);
}

/** A word or comma that goes on with a line, rather than starting one or ending the item. */
const isPartOfLine = (literal: string): boolean =>
  literal === ',' || (/^[a-z]/.test(literal) && !LINES.has(literal));

const LINES = new Set<string>(LINE_WORDS);

/** Reserved words that could follow, for guessing at a misspelt one. */
export function wordsIn(expected: Expected): string[] {
  const words = expected.symbols.flatMap((s) =>
    'literal' in s && /^[a-z]/.test(s.literal) ? [s.literal] : [],
  );
  if (expected.type('dw')) words.push('dw');
  return [...new Set(words)];
}

/** Where reading goes on after a mistake. */
export function isLandmark(token: Token): boolean {
  return isLineWord(token) || token.text === '}';
}
