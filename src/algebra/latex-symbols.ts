import type { NameExpression } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { momentText } from './atoms.js';
import { numberLatex } from './latex-numbers.js';

/** How names look in LaTeX; shared by the synapse form and the matrix form. */

const GREEK = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau ' +
    'upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'
  ).split(' '),
);

const MARKS: Readonly<Record<string, string>> = {
  plus: '+',
  minus: '-',
  star: '\\ast',
  prime: "'",
};

/** What a name is written as: for one neuron or synapse, and for all of them. */
interface NameSymbols {
  /** Without its index. */
  readonly symbol: string;
  /** As a whole vector or matrix. */
  readonly matrixSymbol: string;
}

/** What the names of a scope are written as. Two names never look the same. */
export interface Symbols {
  /** A parameter without its index. */
  parameter(name: string): string;
  signal(name: string): NameSymbols;
  memory(name: string): NameSymbols;
  /** The matrix that a `whiten` of this name keeps. */
  inverse(name: string): string;
  /** Letters that stand for parameters, memory or broadcast signals, so that no index may use them. */
  readonly letters: ReadonlySet<string>;
  /** Something else looks like \sigma, so the function of that name is written out. */
  readonly sigmaTaken: boolean;
  /** Something else looks like the number of Euler, so powers of it are written as \exp. */
  readonly eulerTaken: boolean;
}

/** i and j are the two neurons of the synapse. */
const INDICES = ['i', 'j'];
/** The numbers of neurons in the matrix form. */
const COUNTS = ['n_{\\mathrm{pre}}', 'n_{\\mathrm{post}}'];
/** Signals that a formula may need although the rule does not read them. */
const ALWAYS = ['w', 'dt'];

export const EULER = '\\mathrm{e}';

/**
 * Signals keep the symbols of their table. A memory that would look like one gets a bar, \bar{x}, as
 * traces of x have it; a parameter that would is written out. `reads` are the signals that occur in
 * the formulas, and `counts` whether numbers of neurons do; without `reads`, everything may.
 */
export function symbolsOf(scope: Scope, reads?: readonly string[], counts = true): Symbols {
  const { signals } = scope.table;
  const shown = signals.filter(
    ({ name }) => !reads || reads.includes(name) || ALWAYS.includes(name),
  );
  const signalSymbols = shown.flatMap((each) => [each.symbol, each.matrixSymbol]);
  const taken = new Set([...INDICES, ...(counts ? COUNTS : []), ...signalSymbols]);
  const indexed = [...signalSymbols];
  const looksIndexed = (symbol: string): boolean => {
    const [, base = ''] = /^(.*)_[a-z]$/.exec(symbol) ?? [];
    return indexed.includes(base);
  };
  const free = (symbol: string | null): symbol is string =>
    symbol !== null && !taken.has(symbol) && !looksIndexed(symbol);
  const memories = new Map<string, NameSymbols>();
  const inverses = new Map<string, string>();
  for (const { name, extent, kind } of scope.memories.values()) {
    const symbol = [niceSymbol(name), niceSymbol(name, '\\bar')].find(free) ?? upright(name);
    const capital = symbol.toUpperCase();
    const isMatrix = extent === 'synapse' && /^[a-z]$/.test(symbol) && free(capital);
    const matrixSymbol = isMatrix ? capital : symbol;
    for (const each of [symbol, matrixSymbol]) taken.add(each);
    if (extent !== 'global') indexed.push(symbol);
    memories.set(name, { symbol, matrixSymbol });
    if (kind === 'whiten') {
      const inverse = free('P') ? 'P' : `P^{(${symbol})}`;
      taken.add(inverse);
      inverses.set(name, inverse);
    }
  }
  const parameters = new Map<string, string>();
  for (const { name, extent } of scope.parameters.values()) {
    const symbol = [niceSymbol(name)].find(free) ?? upright(name);
    taken.add(symbol);
    if (extent !== 'global') indexed.push(symbol);
    parameters.set(name, symbol);
  }
  const own = [...parameters.values(), ...[...memories.values()].map(({ symbol }) => symbol)];
  const written = (name: string): NameSymbols => ({
    symbol: upright(name),
    matrixSymbol: upright(name),
  });
  return {
    parameter: (name) => parameters.get(name) ?? upright(name),
    signal: (name) => signals.find((each) => each.name === name) ?? written(name),
    memory: (name) => memories.get(name) ?? written(name),
    inverse: (name) => inverses.get(name) ?? 'P',
    letters: new Set([
      ...own,
      ...shown.filter((each) => each.extent === 'global').map((each) => each.symbol),
    ]),
    sigmaTaken: own.some((symbol) => symbol.startsWith('\\sigma')),
    eulerTaken: own.some((symbol) => symbol.startsWith(EULER)),
  };
}

/** A name as text. */
export const escaped = (name: string): string => name.replaceAll('_', '\\_');

const upright = (name: string): string => `\\mathrm{${escaped(name)}}`;

/** Symbols for a signal of each synapse that no table of the language has: `x` and `X`, `\\mathrm{trace}`. */
export function nameSymbol(name: string): { symbol: string; matrixSymbol: string } {
  const symbol = niceSymbol(name) ?? upright(name);
  return { symbol, matrixSymbol: /^[a-z]$/.test(symbol) ? symbol.toUpperCase() : symbol };
}

/**
 * `eta` is \eta, `A_plus` is A_{+}, `F10` is F_{10}, `w_star` is w_{\ast}, `kept` is an upright word.
 * null for names with nothing between two underscores.
 */
function niceSymbol(name: string, accent = ''): string | null {
  const match = /^([A-Za-z]+)(\d*)((?:_[A-Za-z0-9]+)*)$/.exec(name);
  if (!match) return null;
  const [, base = '', digits = '', rest = ''] = match;
  const marks = [...(digits ? [digits] : []), ...rest.split('_').slice(1).map(mark)];
  const plain = letter(base) ?? `\\mathrm{${base}}`;
  const body = accent === '' ? plain : `${accent}{${plain}}`;
  return marks.length === 0 ? body : `${body}_${braced(marks.join(','))}`;
}

function letter(word: string): string | null {
  if (GREEK.has(word)) return `\\${word}`;
  return word.length === 1 ? word : null;
}

function mark(word: string): string {
  return MARKS[word] ?? (/^\d+$/.test(word) ? word : (letter(word) ?? `\\mathrm{${word}}`));
}

function braced(text: string): string {
  return /^[A-Za-z0-9]$/.test(text) ? text : `{${text}}`;
}

/** The symbol with an index: y_i, A_{+,i}, \phi'(u_i). */
export function withIndex(symbol: string, index: string): string {
  if (index === '') return symbol;
  const inBrackets = /^(.*)\(([^()]*)\)$/.exec(symbol);
  if (inBrackets) return `${inBrackets[1]}(${withIndex(inBrackets[2] ?? '', index)})`;
  const subscript = /^(.*)_(?:\{(.*)\}|([A-Za-z0-9]))$/.exec(symbol);
  if (subscript) return `${subscript[1]}_{${subscript[2] ?? subscript[3]},${index}}`;
  return `${symbol}_${braced(index)}`;
}

/** A symbol at a moment: y_i(t - \Delta t), y_i^{\mathrm{free}}, x_j^{-} for `@before`. */
export function withMoment(symbol: string, moment: NameExpression['moment']): string {
  if (moment === null) return symbol;
  if (moment.kind === 'delay') return `${symbol}(t - ${numberLatex(moment.delay).text})`;
  if (moment.name === 'before') return `${symbol}^{-}`;
  if (moment.name === 'previous') return `${symbol}(t - \\Delta t)`;
  return `${symbol}^{\\mathrm{${escaped(momentText(moment).slice(1))}}}`;
}

/** The index of each extent, from the indices of the two neurons. */
export function indexOf(extent: Extent, post: string, pre: string): string {
  if (extent === 'global') return '';
  if (extent === 'post') return post;
  return extent === 'pre' ? pre : `${post}${pre}`;
}
