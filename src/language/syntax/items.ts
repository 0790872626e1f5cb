import { LINE_WORDS, type Token } from '../../../grammar/lexer.js';
import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import {
  outsideItem,
  reservedName,
  strayCloser,
  tooManyMistakes,
  unclosedBracket,
} from '../../base/diagnostics/syntax.js';
import { nearest } from '../../base/nearest.js';
import type { Source } from '../../base/source.js';
import type { Item } from '../ast.js';
import { fits, isLandmark } from './expected.js';
import { explainStop } from './explain.js';
import { checkSize, isLineWord, shown, spanOfToken } from './limits.js';
import { type Mark, Reader } from './reader.js';

/** Mistakes listed for one file. */
const MOST_MISTAKES = 100;

/**
 * Reads the items of a file. After a mistake reading goes on at the next word that starts a line, from
 * the parser's state before the line at fault, so that each mistake is reported once.
 */
export function readItems(
  tokens: readonly Token[],
  source: Source,
): { items: Item[]; mistakes: Diagnostic[] } {
  const items: Item[] = [];
  const mistakes: Diagnostic[] = [];
  const waiting = itemSlices(tokens);
  for (let slice = waiting.shift(); slice; slice = waiting.shift()) {
    if (mistakes.length >= MOST_MISTAKES) {
      const where = { source, span: spanOfToken(slice[0]!) };
      mistakes.push(tooManyMistakes({ limit: MOST_MISTAKES }, where));
      break;
    }
    const tooLarge = checkSize(slice, source);
    if (tooLarge) {
      mistakes.push(tooLarge);
      continue;
    }
    const reading = isItemWord(slice[0]!)
      ? new ItemReading(slice, source)
      : readingOfMisspelt(slice, source, mistakes);
    if (!reading) continue;
    const item = reading.run();
    if (item) items.push(item);
    mistakes.push(...reading.mistakes);
    const { rest } = reading;
    const brokenEarlier = reading.mistakes.length > 0;
    if (rest.length > 0 && !(brokenEarlier && rest.every(isCloser))) waiting.unshift([...rest]);
  }
  return { items, mistakes };
}

const isItemWord = (token: Token): boolean =>
  token.type === 'keyword' && (token.text === 'rule' || token.text === 'space');
const isCloser = (token: Token): boolean => [')', ']', '}'].includes(token.text);

/** Cuts before every `rule` and `space` that can only be the start of an item. */
function itemSlices(tokens: readonly Token[]): Token[][] {
  const slices: Token[][] = [];
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    const starts = isItemWord(token) && (token.startsLine || previous?.text === '}');
    if (index === 0 || starts) slices.push([]);
    slices.at(-1)!.push(token);
  });
  return slices;
}

/** Text outside of items; read as an item where it looks like one with a misspelt first word. */
function readingOfMisspelt(
  slice: readonly Token[],
  source: Source,
  mistakes: Diagnostic[],
): ItemReading | null {
  const first = slice[0]!;
  const where = { source, span: spanOfToken(first) };
  if (isCloser(first)) {
    mistakes.push(strayCloser({ bracket: first.text }, where));
    return null;
  }
  const meant = nearest(first.text, ['rule', 'space']);
  mistakes.push(outsideItem({ found: shown(first.text), meant }, where));
  const brace = slice.findIndex((token) => token.text === '{');
  if (!meant || brace < 0) return null;
  return new ItemReading([{ ...first, type: 'keyword', text: meant }, ...slice.slice(1)], source);
}

/** Where no expression can go on: a name at the start of a line, before an operand or `=`. */
function looksLikeLine(token: Token, next: Token | undefined): boolean {
  return startsLineBefore(token, next, ['=']) || startsLineBefore(token, next, OPERANDS);
}

const OPERANDS = ['name', 'string', 'quantity', 'number'];

function startsLineBefore(token: Token, next: Token | undefined, what: string[]): boolean {
  if (!token.startsLine || token.type !== 'name' || !next) return false;
  return what.includes(next.type) || what.includes(next.text);
}

/** A line whose first word is misspelt: `lett a = 1`. */
function isMisspeltLine(token: Token, next: Token | undefined): boolean {
  return startsLineBefore(token, next, OPERANDS) && nearest(token.text, LINE_WORDS) !== undefined;
}

/** The reading of one rule or space. */
class ItemReading {
  readonly mistakes: Diagnostic[] = [];
  /** What follows the item's closing brace. */
  rest: readonly Token[] = [];
  readonly #tokens: readonly Token[];
  readonly #source: Source;
  readonly #reader = new Reader('item');
  /** The place before the present line: where to go back to. None before the brace. */
  #boundary: Mark | null = null;
  #lineStart = 0;

  constructor(tokens: readonly Token[], source: Source) {
    this.#tokens = tokens;
    this.#source = source;
  }

  run(): Item | null {
    let at = 0;
    while (at < this.#tokens.length) {
      if (isLandmark(this.#tokens[at]!) && this.#reader.expected.line) {
        this.#boundary = this.#reader.mark;
        this.#lineStart = at;
      }
      const { line, symbols } = this.#reader.expected;
      if (this.#boundary !== null && !line && symbols.length > 0 && this.#isMisspelt(at)) {
        at = this.#recover(at);
        continue;
      }
      const end = this.#landmarkFrom(at + 1);
      const stop = at + this.#reader.takeAll(this.#tokens.slice(at, end));
      if (stop === end) {
        at = end;
      } else if (this.#reader.expected.symbols.length === 0) {
        this.rest = this.#tokens.slice(stop);
        break;
      } else {
        at = this.#recover(stop);
      }
    }
    return this.#finish();
  }

  #landmarkFrom(from: number): number {
    let at = from;
    while (at < this.#tokens.length && !isLandmark(this.#tokens[at]!) && !this.#isMisspelt(at)) {
      at += 1;
    }
    return at;
  }

  #isMisspelt(at: number): boolean {
    return isMisspeltLine(this.#tokens[at]!, this.#tokens[at + 1]);
  }

  #explain(at: number): Diagnostic {
    return explainStop({
      source: this.#source,
      tokens: this.#tokens,
      at,
      lineStart: this.#lineStart,
      expected: this.#reader.expected,
      item: this.#tokens[0]!.text === 'rule' ? 'rule' : 'space',
      newLine: at < this.#tokens.length && this.#isMisspelt(at) && !this.#reader.expected.line,
    });
  }

  /** Reports the token that does not fit; says where reading goes on. */
  #recover(stop: number): number {
    const mistake = this.#explain(stop);
    this.mistakes.push(mistake);
    const complete = this.#reader.expected.line;
    if (complete) this.#boundary = this.#reader.mark;
    if (this.#boundary === null) return this.#recoverHeader(stop);
    if (this.mistakes.length >= MOST_MISTAKES) return this.#tokens.length;
    this.#reader.back(this.#boundary);
    const { symbols } = this.#reader.expected;
    // A line word that was meant as a name starts no line.
    let next = mistake.code === reservedName.code ? stop + 1 : stop;
    while (next < this.#tokens.length) {
      const token = this.#tokens[next]!;
      if (isLandmark(token) && fits(token, symbols)) break;
      if (next > stop && looksLikeLine(token, this.#tokens[next + 1])) break;
      if (next === stop && !complete && this.#isMisspelt(next)) break;
      next += 1;
    }
    this.#lineStart = next;
    return next;
  }

  /** A broken first line: the body is read behind a made-up header. */
  #recoverHeader(stop: number): number {
    const first = this.#tokens[0]!;
    const body = this.#tokens.findIndex(
      (token, i) => i >= stop && (token.text === '{' || isLineWord(token)),
    );
    if (body < 0) return this.#tokens.length;
    const made = (type: string, text: string): Token => ({ ...first, type, text, value: text });
    this.#reader.back(0);
    this.#reader.takeAll([first, made('name', 'unnamed'), made('mark', '{')]);
    this.#boundary = this.#reader.mark;
    return this.#tokens[body]!.text === '{' ? body + 1 : body;
  }

  #finish(): Item | null {
    const results = this.#reader.results;
    if (results.length > 1) throw new Error('the grammar is ambiguous');
    if (results.length === 1) return this.mistakes.length === 0 ? (results[0] as Item) : null;
    const brace = this.#tokens.find((token) => token.text === '{');
    const stopped = this.#tokens.length;
    if (this.#boundary === null && this.mistakes.length > 0) return null;
    if (this.#reader.expected.line && brace) {
      const where = { source: this.#source, span: spanOfToken(brace) };
      this.mistakes.push(unclosedBracket({ bracket: '{' }, where));
    } else {
      this.mistakes.push(this.#explain(stopped));
    }
    return null;
  }
}
