import type { Measure, NameExpression, UnitName } from '../language/ast.js';
import type { Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { momentText } from './atoms.js';

/** How names and numbers look in LaTeX; shared by the synapse form and the matrix form. */

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

/** What a name of a scope is written as. Two names never look the same. */
export interface Symbols {
  /** A parameter without its index. */
  parameter(name: string): string;
  /** A signal without its index, and as a whole vector or matrix. */
  signal(name: string): { readonly symbol: string; readonly matrixSymbol: string };
  /** Letters that stand for parameters or broadcast signals, so that no index may use them. */
  readonly letters: ReadonlySet<string>;
  /** A parameter looks like \sigma, so the function of that name is written out. */
  readonly sigmaTaken: boolean;
}

/** i and j are the two neurons of the synapse. */
const INDICES = ['i', 'j'];
/** The numbers of neurons in the matrix form. */
const COUNTS = ['n_{\\mathrm{pre}}', 'n_{\\mathrm{post}}'];

/** Signals keep the symbols of their table; a parameter that would look like one is written out. */
export function symbolsOf(scope: Scope): Symbols {
  const { signals } = scope.table;
  const signalSymbols = signals.flatMap((each) => [each.symbol, each.matrixSymbol]);
  const taken = new Set([...INDICES, ...COUNTS, ...signalSymbols]);
  const looksIndexed = (symbol: string): boolean => {
    const [, base = ''] = /^(.*)_[a-z]$/.exec(symbol) ?? [];
    return signalSymbols.includes(base);
  };
  const parameters = new Map<string, string>();
  for (const name of scope.parameters.keys()) {
    const nice = niceSymbol(name);
    const symbol =
      nice !== null && !taken.has(nice) && !looksIndexed(nice)
        ? nice
        : `\\mathrm{${escaped(name)}}`;
    taken.add(symbol);
    parameters.set(name, symbol);
  }
  const letters = [
    ...parameters.values(),
    ...signals.filter((each) => each.extent === 'global').map((each) => each.symbol),
  ];
  return {
    parameter: (name) => parameters.get(name) ?? `\\mathrm{${escaped(name)}}`,
    signal: (name) => {
      const found = signals.find((each) => each.name === name);
      return found ?? { symbol: upright(name), matrixSymbol: upright(name) };
    },
    letters: new Set(letters),
    sigmaTaken: [...parameters.values()].some((symbol) => symbol.startsWith('\\sigma')),
  };
}

const escaped = (name: string): string => name.replaceAll('_', '\\_');

const upright = (name: string): string => `\\mathrm{${escaped(name)}}`;

/**
 * `eta` is \eta, `A_plus` is A_{+}, `F10` is F_{10}, `w_star` is w_{\ast}, `kept` is an upright word.
 * null for names with nothing between two underscores.
 */
function niceSymbol(name: string): string | null {
  const match = /^([A-Za-z]+)(\d*)((?:_[A-Za-z0-9]+)*)$/.exec(name);
  if (!match) return null;
  const [, base = '', digits = '', rest = ''] = match;
  const marks = [...(digits ? [digits] : []), ...rest.split('_').slice(1).map(mark)];
  const body = letter(base) ?? `\\mathrm{${base}}`;
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

/** A symbol at a moment: a superscript. */
export function withMoment(symbol: string, moment: NameExpression['moment']): string {
  if (moment === null) return symbol;
  if (moment.kind === 'delay') return `${symbol}^{(t-${numberLatex(moment.delay).text})}`;
  if (moment.name === 'before') return `${symbol}^{-}`;
  if (moment.name === 'previous') return `${symbol}^{(t-1)}`;
  return `${symbol}^{\\mathrm{${escaped(momentText(moment).slice(1))}}}`;
}

/** The index of each extent, from the indices of the two neurons. */
export function indexOf(extent: Extent, post: string, pre: string): string {
  if (extent === 'global') return '';
  if (extent === 'post') return post;
  return extent === 'pre' ? pre : `${post}${pre}`;
}

const UNITS: Readonly<Record<UnitName, string>> = {
  ms: '\\mathrm{ms}',
  s: '\\mathrm{s}',
  step: '\\mathrm{step}',
  Hz: '\\mathrm{Hz}',
  mV: '\\mathrm{mV}',
};

export function unitLatex(unit: UnitName): string {
  return UNITS[unit];
}

/** A number as written, 1e-3 as 10^{-3}, and how tightly its text holds together. */
export function numberLatex({ text, unit, per }: Measure): {
  readonly text: string;
  readonly kind: 'atom' | 'power' | 'product' | 'signed';
} {
  const match = /^(-?)0*(\d*(?:\.\d*)?)(?:[eE]\+?(-?)0*(\d+))?$/.exec(text);
  const [, sign = '', mantissa = text, minus = '', exponent = ''] = match ?? [];
  const padded = mantissa.startsWith('.') || mantissa === '' ? `0${mantissa}` : mantissa;
  const digits = padded.replace(/\.$/, '');
  const scale = exponent === '' ? '' : `10^{${minus}${exponent}}`;
  const number = scale === '' ? digits : digits === '1' ? scale : `${digits} \\cdot ${scale}`;
  const units = [
    ...(unit === null ? [] : [UNITS[unit]]),
    ...per.map((each) => `${UNITS[each]}^{-1}`),
  ].join('\\,');
  const whole = sign + number + (units === '' ? '' : `\\,${units}`);
  if (sign !== '') return { text: whole, kind: 'signed' };
  if (units !== '' || number.includes('\\cdot')) return { text: whole, kind: 'product' };
  return { text: whole, kind: scale === '' ? 'atom' : 'power' };
}
