import { diagnosticKind } from './diagnostic.js';

/** Texts about the spelling and order of words: what the grammar refuses (E100 to E119). */

export const unexpectedWord = diagnosticKind<{
  readonly found: string;
  readonly expected: readonly string[];
  readonly hint?: string | undefined;
}>(
  'E101',
  'A word or mark that does not fit here',
  'The text reads well up to this place, and no rule or space can go on with what stands there. The list says what could follow. Lines start with a reserved word (dw, let, param …), names come before `=`, and operands alternate with operators.',
  ({ found, expected, hint }) => ({
    message: `\`${found}\` does not fit here`,
    expected,
    ...(hint ? { hint } : {}),
  }),
);

export const unfinishedLine = diagnosticKind<{
  readonly before: string;
  readonly expected: readonly string[];
}>(
  'E102',
  'A line that stops too early',
  'A line of a rule ends where the next reserved line word, the closing brace or the end of the file stands. This one ends while something is still missing, for example the operand after a `*` or the value after an `=`.',
  ({ before, expected }) => ({ message: `the line stops after \`${before}\``, expected }),
);

export const missingOperator = diagnosticKind<{
  readonly left: string;
  readonly right: string;
  /** Inside the brackets of a function, where a comma may be missing as well. */
  readonly list?: boolean;
  /** The function that is called by the name of a package, as in `np.tanh(…)`. */
  readonly callee?: string | undefined;
}>(
  'E103',
  'Two operands side by side',
  'Nothing is multiplied silently: `2 x` and `post pre` are not products, because a forgotten sign would then pass unseen. Write the operator between the two: `2 * x`, `post * pre`.',
  ({ left, right, list, callee }) => ({
    message: `an operator is missing between \`${left}\` and \`${right}\``,
    hint: callee
      ? `write \`${callee}(…)\`: functions stand alone`
      : left === 'not'
        ? 'turn the comparison round, or exchange the branches'
        : `write \`${left} * ${right}\` for the product${
            list ? `, or \`${left}, ${right}\` for two arguments` : ''
          }`,
  }),
);

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export const unclosedBracket = diagnosticKind<{ readonly bracket: string }>(
  'E104',
  'A bracket that is never closed',
  'Every `(`, `[` and `{` needs its closing partner: round brackets group and hold arguments, square ones hold a range, and braces hold the lines of a rule or space. The place shown is the opening bracket.',
  ({ bracket }) => ({
    message: `this \`${bracket}\` is never closed`,
    expected: [`\`${CLOSERS[bracket] ?? bracket}\``],
  }),
);

export const strayCloser = diagnosticKind<{ readonly bracket: string }>(
  'E105',
  'A closing bracket without an opening one',
  'There is no open bracket of this kind at this place. Either the opening bracket is missing or this one is left over.',
  ({ bracket }) => ({
    message: `this \`${bracket}\` closes nothing`,
    hint: 'remove it, or add the opening bracket',
  }),
);

export const strayCharacter = diagnosticKind<{
  readonly character: string;
  readonly hint?: string | undefined;
}>(
  'E106',
  'A character the language does not have',
  'Rules are made of names (letters, digits, _ and Greek letters), numbers, texts in double quotes, the operators + - * / ^, comparisons < > <= >=, brackets and a few marks. `#` starts a comment. This character is none of these.',
  ({ character, hint }) => ({
    message: `\`${character}\` is not part of the language`,
    ...(hint ? { hint } : {}),
  }),
);

export const unclosedText = diagnosticKind<Record<string, never>>(
  'E107',
  'A text without its closing quote',
  'A text after `about` or `cite` stands between double quotes on one line. A long text is several texts one after the other; a quote inside a text is written \\".',
  () => ({
    message: 'this text has no closing quote on its line',
    expected: ['`"`'],
    hint: 'a long text is written as several texts: "one" "two"',
  }),
);

export const unknownUnit = diagnosticKind<{
  readonly unit: string;
  readonly meant?: string | undefined;
}>(
  'E108',
  'A unit the language does not have',
  'A number may be followed, on the same line, by one of the units ms, s, step (or steps), Hz, mV, and by `per` units, as in `8e-5 per mV per mV`. Other quantities are written in these units, or as plain numbers.',
  ({ unit, meant }) => ({
    message: `\`${unit}\` is not a unit`,
    expected: ['ms', 's', 'steps', 'Hz', 'mV'],
    ...(meant ? { hint: `write ${meant}` } : {}),
  }),
);

export const emptyFile = diagnosticKind<Record<string, never>>(
  'E109',
  'A file with no rule and no space',
  'The file holds nothing but blanks and comments. A file holds one or more rules (`rule NAME { … }`) and spaces (`space NAME { … }`).',
  () => ({
    message: 'there is no rule and no space in this file',
    expected: ['`rule NAME { … }`', '`space NAME { … }`'],
  }),
);

export const unknownLineWord = diagnosticKind<{
  readonly word: string;
  readonly meant?: string | undefined;
  readonly expected: readonly string[];
}>(
  'E110',
  'A line that starts with an unknown word',
  'Line breaks mean nothing; a line is recognised by its first word. In a rule these are about, cite, param, let, dw, set, bound, transmit, the memory words trace, average, state, whiten, draw, and the clauses on, at, every, during; a space has choice, term, keep and drop instead of dw, set and transmit. A named intermediate is written `let NAME = …`.',
  ({ word, meant, expected }) => ({
    message: `no line starts with \`${word}\``,
    expected,
    hint: meant
      ? `did you mean \`${meant}\`?`
      : word === 'w'
        ? 'write `dw = …` for the change of the weight, `set w = …` for a new one'
        : `to name an intermediate, write \`let ${word} = …\``,
  }),
);

export const reservedName = diagnosticKind<{ readonly word: string }>(
  'E111',
  'A reserved word used as a name',
  'Words that start or join the parts of a line cannot be names, so that every text has one reading. Choose another name, for example with a digit or an underscore.',
  ({ word }) => ({
    message: `\`${word}\` is a word of the language and cannot be a name`,
    expected: ['a name'],
    hint: `choose another name, such as \`${word}_1\``,
  }),
);

export const tooDeep = diagnosticKind<{ readonly limit: number }>(
  'E112',
  'An expression that is nested too deep',
  'Brackets, signs, powers and ifs inside each other make an expression deeper, and so does every operand of a sum. Beyond 200 of the first or 1000 levels in all no one could read it, and working on it would take unreasonably long. Name parts of it with `let`, or split the sum.',
  ({ limit }) => ({
    message: `this expression is more than ${limit} levels deep`,
    hint: 'name its parts with `let`',
  }),
);

export const tooLong = diagnosticKind<{
  readonly what: string;
  /** null where it was not counted to the end. */
  readonly size: number | null;
  readonly limit: number;
  readonly unit: string;
}>(
  'E113',
  'A text that is too long',
  'A file may have 200,000 characters (nearly a thousand rules), one rule or space 10,000 words and marks, a list 1,000 entries, and a name 100 characters. A longer text is most likely not a rule file at all.',
  ({ what, size, limit, unit }) => ({
    message:
      size === null
        ? `${what} has more than ${limit} ${unit}`
        : `${what} has ${size} ${unit}; at most ${limit} are read`,
    ...(what === 'this name'
      ? {}
      : { hint: 'is this a rule file? A large collection is split into several files' }),
  }),
);

export const numberOutOfRange = diagnosticKind<{ readonly text: string }>(
  'E114',
  'A number too large or too small to compute with',
  'Numbers are computed with 64 bits: sizes from about 1e-308 to 1e308. This one would silently become infinite or zero.',
  ({ text }) => ({
    message: `${text} is outside the range of numbers (about 1e-308 to 1e308)`,
  }),
);

export const outsideItem = diagnosticKind<{
  readonly found: string;
  readonly meant?: string | undefined;
}>(
  'E115',
  'Text outside of a rule or space',
  'A file holds rules and spaces and nothing else: `rule NAME { … }` and `space NAME { … }`. Remarks between them start with `#`.',
  ({ found, meant }) => ({
    message: `\`${found}\` stands outside of any rule or space`,
    expected: ['`rule NAME { … }`', '`space NAME { … }`'],
    ...(meant ? { hint: `did you mean \`${meant}\`?` } : {}),
  }),
);

export const wrongKindOfLine = diagnosticKind<{
  readonly word: string;
  readonly kind: 'rule' | 'space';
}>(
  'E116',
  'A line that belongs in the other kind of item',
  'A rule says what the change is (`dw`, `dw/dt`, `set`, `transmit`); a space lists what the change may be made of (`term`, `choice`, `keep`, `drop`).',
  ({ word, kind }) => ({
    message: `a \`${word}\` line belongs in a ${kind === 'rule' ? 'space' : 'rule'}, not in a ${kind}`,
    hint:
      kind === 'rule'
        ? 'write `space NAME { … }` for a set of terms to search'
        : 'write `rule NAME { … }` for one update',
  }),
);

export const tooManyMistakes = diagnosticKind<{ readonly limit: number }>(
  'E117',
  'More mistakes than are listed',
  'Reading stops after this many mistakes: most of the later ones usually follow from the first.',
  ({ limit }) => ({ message: `more than ${limit} mistakes; the rest is not listed` }),
);

export const emptyExpression = diagnosticKind<Record<string, never>>(
  'E118',
  'An expression without anything in it',
  'An expression is at least a number or a name. Where an option takes an expression, an empty text is refused rather than read as 0 or 1.',
  () => ({ message: 'there is no expression here', expected: ['a name', 'a number', '`(`'] }),
);

/** Every kind of this file, for `engrammar explain`. */
export const syntaxDiagnostics = [
  unexpectedWord,
  unfinishedLine,
  missingOperator,
  unclosedBracket,
  strayCloser,
  strayCharacter,
  unclosedText,
  unknownUnit,
  emptyFile,
  unknownLineWord,
  reservedName,
  tooDeep,
  tooLong,
  numberOutOfRange,
  outsideItem,
  wrongKindOfLine,
  tooManyMistakes,
  emptyExpression,
];
