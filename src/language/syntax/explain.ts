import { LINE_WORDS, RESERVED_WORDS, type Token, UNIT_WORDS } from '../../../grammar/lexer.js';
import type { Diagnostic, Where } from '../../base/diagnostics/diagnostic.js';
import {
  missingOperator,
  reservedName,
  strayCharacter,
  strayCloser,
  unclosedBracket,
  unclosedText,
  unexpectedWord,
  unfinishedLine,
  unknownLineWord,
  unknownUnit,
  wrongKindOfLine,
} from '../../base/diagnostics/syntax.js';
import { nearest } from '../../base/nearest.js';
import { type Source, type Span, spanning } from '../../base/source.js';
import { functionNamed, reductionNamed } from '../functions.js';
import { type Expected, inWords, wordsIn } from './expected.js';
import { endsOperand, isLineWord, shown, spanOfToken } from './limits.js';

/** What is known where reading stopped. */
export interface Stop {
  readonly source: Source;
  readonly tokens: readonly Token[];
  /** The token that does not fit; `tokens.length` at the end of the text. */
  readonly at: number;
  /** Where the line (or expression) it is part of starts. */
  readonly lineStart: number;
  readonly expected: Expected;
  readonly item: 'rule' | 'space' | 'expression';
  /** The token starts a line of its own, although its word is misspelt. */
  readonly newLine?: boolean;
}

/** The likeliest mistake behind a stop, most telling sign first. */
export function explainStop(stop: Stop): Diagnostic {
  const token = stop.tokens[stop.at];
  if (!token || isLineWord(token) || token.text === '}' || stop.newLine) {
    return explainEnd(stop, token);
  }
  return explainToken(stop, token);
}

function explainEnd(stop: Stop, token: Token | undefined): Diagnostic {
  const { expected, tokens, at, item } = stop;
  const previous = tokens[at - 1];
  if (token && expected.line && isLineWord(token) && item !== 'expression') {
    return wrongKindOfLine({ word: token.text, kind: item }, place(stop, token));
  }
  if (token && !token.startsLine && isLineWord(token) && wantsOnlyName(expected)) {
    return reservedName({ word: token.text }, place(stop, token));
  }
  const open = openBracket(stop);
  if (open) return unclosedBracket({ bracket: open.text }, place(stop, open));
  if (!previous) {
    const facts = { found: token?.text ?? 'the end', expected: inWords(expected) };
    return unexpectedWord(facts, token ? place(stop, token) : { source: stop.source });
  }
  const end = spanOfToken(previous).end;
  const facts = { before: shown(previous.text), expected: inWords(expected) };
  return unfinishedLine(facts, { source: stop.source, span: { start: end, end } });
}

function explainToken(stop: Stop, token: Token): Diagnostic {
  const { expected } = stop;
  const where = place(stop, token);
  const previous = stop.tokens[stop.at - 1];
  if (token.type === 'unclosed') return unclosedText({}, where);
  if (token.type === 'stray') {
    const hint = CHARACTER_HINTS[token.text.charAt(0)] ?? letterHint(token.text);
    return strayCharacter({ character: shown(token.text), hint }, where);
  }
  if (token.text === ')' || token.text === ']') {
    const opener = openBracket(stop)?.text;
    if (opener !== (token.text === ')' ? '(' : '[')) {
      return strayCloser({ bracket: token.text }, where);
    }
  }
  if (token.type === 'keyword' && wantsOnlyName(expected)) {
    return reservedName({ word: token.text }, where);
  }
  const startsOperand = ['name', 'number', 'quantity'].includes(token.type) || token.text === '(';
  if (token.type === 'name') {
    const byName = explainName(stop, token, previous);
    if (byName) return byName;
  }
  if (previous && startsOperand && endsOperand(previous) && expected.operator) {
    return besideEachOther(stop);
  }
  const facts = { found: shown(token.text), expected: inWords(expected) };
  const isInParameter = stop.tokens[stop.lineStart]?.text === 'param';
  if (isInParameter && expected.line && PARTS_OF_PARAMETERS.includes(token.text)) {
    const hint = 'each part once, in this order: `NAME = VALUE ± SPREAD in [LO, HI] per SCOPE fit`';
    return unexpectedWord({ ...facts, hint }, where);
  }
  return unexpectedWord({ ...facts, hint: wordHint(stop, previous, token) }, where);
}

/** A name that is a misspelt word of the language, a unit, or the start of a line without its word. */
function explainName(stop: Stop, token: Token, previous: Token | undefined): Diagnostic | null {
  const { expected, tokens, at, item } = stop;
  const where = place(stop, token);
  const next = tokens[at + 1];
  if (!token.startsLine && (previous?.type === 'number' || previous?.type === 'quantity')) {
    const unit = unitMeant(token.text);
    if (unit) return unknownUnit({ unit: token.text, meant: unit }, where);
  }
  const meant = meantWord(token, expected);
  const startsLine = expected.line && token.startsLine;
  if (startsLine && (meant || next?.text === '=' || !expected.operator)) {
    return unknownLineWord({ word: shown(token.text), meant, expected: lineWords(item) }, where);
  }
  const followedByOperand = ['name', 'number', 'quantity'].includes(next?.type ?? '');
  if (meant && (followedByOperand || !expected.operator)) {
    const facts = { found: shown(token.text), expected: inWords(expected) };
    return unexpectedWord({ ...facts, hint: `did you mean \`${meant}\`?` }, where);
  }
  // Where no operator can follow a number, as in a param line, a name behind it can only be a unit.
  if (previous?.type === 'number' && !expected.operator && !token.startsLine) {
    return unknownUnit({ unit: shown(token.text) }, where);
  }
  return null;
}

function lineWords(item: Stop['item']): string[] {
  const words = item === 'space' ? ['term', 'choice', 'keep'] : ['dw', 'let', 'trace'];
  return [...words, 'param', 'about', 'cite'].map((word) => `\`${word}\``);
}

function besideEachOther(stop: Stop): Diagnostic {
  const { tokens, at, expected, source } = stop;
  const first = operandStart(stop, at - 1);
  const last = operandEnd(stop, at);
  const textOf = (from: number, to: number): string =>
    shown(
      tokens
        .slice(from, to + 1)
        .map((t) => t.text)
        .join(''),
    );
  const left = tokens[at - 1]!.text === ')' ? '(…)' : textOf(first, at - 1);
  const right = tokens[at]!.text === '(' ? '(…)' : textOf(at, last);
  const span = spanning(spanOfToken(tokens[first]!), spanOfToken(tokens[last]!));
  const list = expected.literal(',') && openBracket(stop) !== undefined;
  // `np.tanh(…)`: what stands after the last dot is called.
  const name = tokens[at - 1]!.value;
  const callee = first < at - 1 && right === '(…)' && isCallable(name) ? name : undefined;
  return missingOperator({ left, right, list, callee }, { source, span });
}

const isCallable = (name: string): boolean =>
  functionNamed(name) !== undefined || reductionNamed(name) !== undefined;

/** `post.error` rather than `error`. */
function operandStart({ tokens, lineStart }: Stop, at: number): number {
  let from = at;
  while (from - 2 >= lineStart && ['.', '@'].includes(tokens[from - 1]?.text ?? '')) from -= 2;
  return from;
}

function operandEnd({ tokens }: Stop, at: number): number {
  let to = at;
  while (['.', '@'].includes(tokens[to + 1]?.text ?? '') && tokens[to + 2]) to += 2;
  return to;
}

/** The innermost bracket still open in this line. */
function openBracket({ tokens, at, lineStart }: Stop): Token | undefined {
  const open: Token[] = [];
  for (const token of tokens.slice(lineStart, at)) {
    if (token.text === '(' || token.text === '[') open.push(token);
    if (token.text === ')' || token.text === ']') open.pop();
  }
  return open.at(-1);
}

function wantsOnlyName(expected: Expected): boolean {
  return expected.type('name') && !expected.operand && !expected.line;
}

/** The reserved word a misspelt name stands for, among those that fit here. */
function meantWord(token: Token, expected: Expected): string | undefined {
  if (token.text.length < 2) return undefined;
  const words = wordsIn(expected).filter((word) => token.startsLine || !LINES.has(word));
  return nearest(token.text, words);
}

const LINES = new Set<string>(LINE_WORDS);

const UNITS_MEANT: Readonly<Record<string, string>> = {
  us: '`0.001 ms` for a microsecond',
  µs: '`0.001 ms` for a microsecond',
  μs: '`0.001 ms` for a microsecond',
  sec: '`s`',
  secs: '`s`',
  second: '`s`',
  seconds: '`s`',
  msec: '`ms`',
  millisecond: '`ms`',
  milliseconds: '`ms`',
  min: '`60 s` for a minute',
  minute: '`60 s` for a minute',
  minutes: '`60 s` for a minute',
  h: '`3600 s` for an hour',
  hour: '`3600 s` for an hour',
  hours: '`3600 s` for an hour',
  kHz: '`1000 Hz` for a kilohertz',
  V: '`1000 mV` for a volt',
  uV: '`0.001 mV` for a microvolt',
  nA: 'it as a plain number: currents have no unit here',
  pA: 'it as a plain number: currents have no unit here',
};

function unitMeant(word: string): string | undefined {
  const known = UNITS_MEANT[word];
  if (known) return known;
  const unit = UNIT_WORDS.find((each) => each.toLowerCase() === word.toLowerCase());
  return unit === undefined || unit === word ? undefined : `\`${unit}\``;
}

const CHARACTER_HINTS: Readonly<Record<string, string>> = {
  ';': 'lines need no mark at their end',
  "'": 'texts stand between double quotes; a slope is `post.slope`',
  '!': 'turn the comparison round, or use `else`',
  '&': 'write `and`',
  '%': 'write the number as a fraction: 0.05 for 5 %',
  '\\': 'Greek letters are written by name: `eta`',
  $: 'formulas are plain text: `dw = eta * post * pre`',
  '?': 'write `if … then … else …`',
  '÷': 'write `/`',
  '√': 'write `sqrt(…)`',
  '∑': 'write `sum_pre(…)`, `sum_post(…)` or `sum_all(…)`',
  '∧': 'write `and`',
  '∨': 'write `or`',
  '←': 'write `=`',
  '⟵': 'write `=`',
};

/** A letter of another alphabet may look like one of ours. */
function letterHint(text: string): string | undefined {
  if (!/^\p{L}/u.test(text)) return undefined;
  const code = text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `names are made of a to z, digits, _ and Greek letters; this letter is U+${code}`;
}

const PARTS_OF_PARAMETERS = ['in', 'per', 'fit'];

function wordHint(
  { expected, tokens, at, lineStart }: Stop,
  previous: Token | undefined,
  token: Token,
): string | undefined {
  const next = tokens[at + 1];
  if (previous?.type === 'dw' && (token.type === 'plus' || token.type === 'minus')) {
    return 'contributions add up by themselves: write `dw = …`';
  }
  if (previous?.type === 'times' && token.type === 'times') return 'a power is written `^`';
  if (token.text === 'if') {
    return previous && endsOperand(previous)
      ? 'the condition stands first: `if A > B then C else D`'
      : 'put brackets around an `if` inside a sum or product';
  }
  if (token.text === '[' && previous?.type === 'name') {
    return `no index is written: \`${shown(previous.text)}\` is that of this synapse`;
  }
  if (token.text === ',' && previous?.type === 'number' && next?.type === 'number') {
    return `numbers have a decimal point: \`${previous.text}.${next.text}\``;
  }
  if (previous?.text === '@')
    return 'only what has been can be read, as in `@previous` or `@5 steps`';
  if (tokens[lineStart]?.text === 'bound') return 'write `bound w in [0, 1]`';
  if (token.text === '=' && expected.type('below'))
    return 'comparisons are < > <= >=; there is no test for equality';
  if (token.type === 'keyword' && RESERVED_WORDS.includes(token.text)) {
    return `\`${token.text}\` is a word of the language and no name`;
  }
  return undefined;
}

function place(stop: Stop, token: Token): Where {
  const span: Span = spanOfToken(token);
  return { source: stop.source, span };
}
