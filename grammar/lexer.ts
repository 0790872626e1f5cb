import moo from 'moo';

/** A word or mark of the language. Whitespace and comments never become tokens. */
export interface Token {
  readonly type: string;
  /** Names in ASCII, strings without quotes; otherwise as `text`. nearley calls it `value`. */
  readonly value: string;
  /** As written. */
  readonly text: string;
  /** In UTF-16 units from the start of the source. */
  readonly offset: number;
  /** First token of its line. */
  readonly startsLine: boolean;
}

/** Words that start a line of a rule or space; since all are reserved, they are where reading can go on after a mistake. */
export const LINE_WORDS = [
  'about',
  'cite',
  'param',
  'let',
  'trace',
  'average',
  'state',
  'whiten',
  'draw',
  'dw',
  'set',
  'bound',
  'transmit',
  'on',
  'at',
  'every',
  'during',
  'choice',
  'term',
  'keep',
  'drop',
] as const;

/** Words no name may be. `ridge gate inf sign normal uniform` are words only in place and stay free. */
export const RESERVED_WORDS: readonly string[] = [
  'rule',
  'space',
  'for',
  ...LINE_WORDS,
  'over',
  'keeping',
  'since',
  'from',
  'in',
  'per',
  'fit',
  'if',
  'then',
  'else',
  'and',
  'or',
];

export const UNIT_WORDS = ['ms', 's', 'steps', 'step', 'Hz', 'mV'] as const;

const GREEK: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  ϵ: 'epsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  ϑ: 'theta',
  ι: 'iota',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  µ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  ο: 'omicron',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  ς: 'sigma',
  τ: 'tau',
  υ: 'upsilon',
  φ: 'phi',
  ϕ: 'phi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
  Γ: 'Gamma',
  Δ: 'Delta',
  Θ: 'Theta',
  Λ: 'Lambda',
  Ξ: 'Xi',
  Π: 'Pi',
  Σ: 'Sigma',
  Φ: 'Phi',
  Ψ: 'Psi',
  Ω: 'Omega',
};

const greek = Object.keys(GREEK).join('');
const letter = `A-Za-z_${greek}`;
const endOfWord = `(?![${letter}0-9])`;
const number = '(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?';
const unit = `(?:${UNIT_WORDS.join('|')})${endOfWord}`;
const inAscii = (name: string): string =>
  [...name].map((character) => GREEK[character] ?? character).join('');

const tokens: moo.Rules = {
  blank: {
    match: /[ \t\r\n\f\v\u00a0\u2000-\u200b\u2028\u2029\u202f\u3000\ufeff]+/,
    lineBreaks: true,
  },
  comment: /#[^\n]*/,
  string: {
    match: /"(?:\\[^\n]|[^"\\\n])*"/,
    value: (text) => text.slice(1, -1).replace(/\\(["\\])/g, '$1'),
  },
  unclosed: /"(?:\\[^\n]|[^"\\\n])*/,
  dwdt: new RegExp(`(?:dw|Δw)[ \\t]*/[ \\t]*dt${endOfWord}`),
  dw: new RegExp(`(?:dw|Δw)${endOfWord}`),
  quantity: new RegExp(
    `${number}(?:[ \\t]*${unit}(?:[ \\t]+per[ \\t]+${unit})*|(?:[ \\t]+per[ \\t]+${unit})+)`,
  ),
  number: new RegExp(number),
  superscript: /[²³]/,
  plusminus: ['±', '+/-'],
  atmost: ['<=', '≤'],
  atleast: ['>=', '≥'],
  below: '<',
  above: '>',
  plus: '+',
  minus: ['-', '−'],
  times: ['*', '·', '×', '⋅'],
  over: '/',
  power: '^',
  mark: ['(', ')', '{', '}', '[', ']', '=', ',', ':', '.', '@', '|'],
  name: {
    match: new RegExp(`[${letter}][${letter}0-9]*`),
    // Whole words: `format` is a name although it starts with `for`.
    type: moo.keywords({ keyword: RESERVED_WORDS.filter((word) => word !== 'dw') }),
    value: inAscii,
  },
  // One character at a time, so that reading goes on behind it.
  stray: { match: /[\s\S]/, lineBreaks: true },
};

/** For the token names in the grammar only: a lexer has a state, so every text is read by one of its own. */
export const lexer = moo.compile(tokens);

/** The words and marks of a text. Never throws: what fits nothing is a `stray` or `unclosed` token. */
export function tokenize(text: string): Token[] {
  const reader = moo.compile(tokens).reset(text);
  const found: Token[] = [];
  let startsLine = true;
  for (const token of reader) {
    const type = token.type ?? 'stray';
    if (type === 'blank') {
      startsLine ||= token.text.includes('\n');
    } else if (type !== 'comment') {
      found.push({ type, value: token.value, text: token.text, offset: token.offset, startsLine });
      startsLine = false;
    }
  }
  return joinStrays(found);
}

/** Neighbouring stray characters are one mistake (and a surrogate pair is one character). */
function joinStrays(found: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of found) {
    const last = joined.at(-1);
    const adjacent =
      last?.type === 'stray' &&
      token.type === 'stray' &&
      last.offset + last.text.length === token.offset;
    if (last && adjacent) {
      const text = last.text + token.text;
      joined[joined.length - 1] = { ...last, text, value: text };
    } else {
      joined.push(token);
    }
  }
  return joined;
}
