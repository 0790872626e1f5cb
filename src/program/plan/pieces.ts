import type { BinaryFunction, UnaryFunction } from '../ir.js';

/** A formula, and how tightly its outermost operation binds. */
export interface Piece {
  readonly text: string;
  readonly level: number;
  /** Where it begins with a minus sign: the formula without it. */
  readonly opposite?: Piece;
}

/** Levels, from the loosest. */
export const [CHOICE, SUM, PRODUCT, ATOM] = [0, 1, 2, 4] as const;
const POWER = 3;

const SIGNS = { multiply: '*', divide: '/' } as const;

export const atom = (text: string): Piece => ({ text, level: ATOM });

export function number(value: number): Piece {
  const text = numberText(value);
  if (!text.startsWith('-')) return atom(text);
  return { text, level: PRODUCT, opposite: atom(text.slice(1)) };
}

/** Without the digits that only tell of rounding. */
export const numberText = (value: number): string => String(Number(value.toPrecision(12)));

/** What is one number all over is written as often as it stands there. */
export function repeated(piece: Piece, times: number): Piece[] {
  if (times > MOST_REPEATED) return [atom(`${tight(piece, ATOM)} (${times} times)`)];
  return Array.from({ length: times }, () => piece);
}

const MOST_REPEATED = 12;

/** In brackets where it binds too loosely. */
export const tight = ({ text, level }: Piece, least: number): string =>
  level < least ? `(${text})` : text;

/** `name(a, b)` */
export const call = (name: string, pieces: readonly Piece[]): Piece =>
  atom(`${name}(${pieces.map((piece) => tight(piece, SUM)).join(', ')})`);

function minus(piece: Piece): Piece {
  if (piece.opposite) return piece.opposite;
  return { text: `-${tight(piece, PRODUCT)}`, level: PRODUCT, opposite: piece };
}

export function unary(fn: UnaryFunction, a: Piece): Piece {
  if (fn === 'negate') return minus(a);
  if (fn === 'reciprocal') return binary('divide', atom('1'), a);
  return call(fn, [a]);
}

export function binary(fn: BinaryFunction, a: Piece, b: Piece): Piece {
  switch (fn) {
    case 'add':
      if (b.opposite) return difference(a, b.opposite);
      if (a.opposite) return difference(b, a.opposite);
      if (a.text === b.text) return binary('multiply', atom('2'), a);
      return { text: `${tight(a, SUM)} + ${tight(b, SUM)}`, level: SUM };
    case 'subtract':
      if (b.opposite) return binary('add', a, b.opposite);
      return difference(a, b);
    case 'multiply':
    case 'divide': {
      const [first, second] = fn === 'multiply' && isNumeral(b) && !isNumeral(a) ? [b, a] : [a, b];
      if (first.opposite) return minus(binary(fn, first.opposite, second));
      if (fn === 'multiply' && first.text === '1') return second;
      if (second.opposite) return minus(binary(fn, first, second.opposite));
      if (fn === 'multiply' && first.text === second.text && !isNumeral(first)) {
        return { text: `${tight(first, ATOM)}^2`, level: POWER };
      }
      const least = fn === 'multiply' ? PRODUCT : POWER;
      return {
        text: `${tight(first, PRODUCT)} ${SIGNS[fn]} ${tight(second, least)}`,
        level: PRODUCT,
      };
    }
    case 'power':
      return { text: `${tight(a, ATOM)}^${tight(b, ATOM)}`, level: POWER };
    case 'minimum':
      return call('min', [a, b]);
    case 'maximum':
      return call('max', [a, b]);
  }
}

const isNumeral = ({ text }: Piece): boolean => /^-?[\d.e-]+$/.test(text);

const difference = (a: Piece, b: Piece): Piece => ({
  text: `${tight(a, SUM)} - ${tight(b, PRODUCT)}`,
  level: SUM,
});
