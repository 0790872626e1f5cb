import { isNumber } from '../../../program/builder.js';
import type { Node } from '../../../program/ir.js';
import type { Lanes } from '../lanes.js';
import type { Uses } from './expression.js';

/** How a loop over columns goes over a block of rows. */
export interface Tiling {
  /** Rows at once. */
  readonly rows: number;
  /** Whether as few as two rows at once need more registers than there are. */
  readonly isTight: boolean;
  /** Whether it computes functions that are long, so that their code had better be there once. */
  readonly isLong: boolean;
}

interface Loop {
  readonly uses: Uses;
  readonly rowReductions: readonly unknown[];
  readonly columnReductions: readonly unknown[];
}

/** Vector registers that V8 leaves to a function on x64: one of 16 is its own. */
const REGISTERS = 15;

/**
 * As many rows at once as leave all values in registers: vectors of columns, sums over rows and numbers
 * once; a row's own numbers and its sums over columns once a row; and what is in between.
 */
export function tilingOf(loop: Loop, lanes: Lanes): Tiling {
  const { counts, leaves } = loop.uses;
  const isLeaf = new Set(leaves);
  if ([...counts.keys()].some((node) => !isLeaf.has(node) && isLong(node))) {
    return { rows: 1, isTight: false, isLong: true };
  }
  const count = (test: (node: Node) => boolean): number => leaves.filter(test).length;
  const numbers = count((node) => isNumber(node) && node.operation.op !== 'constant');
  const columns = count((node) => !isNumber(node) && node.shape[0] === 1);
  const rows = count((node) => !isNumber(node) && node.shape[1] === 1);
  const kept = [...counts].filter(([node, uses]) => uses > 1 && Math.min(...node.shape) > 1);
  const shared = columns + numbers + loop.columnReductions.length + 1 + Math.min(kept.length, 2);
  const needed = (atOnce: number): number => shared + atOnce * (rows + loop.rowReductions.length);
  const isTight = needed(2) > REGISTERS;
  // What is multiplied and added at once needs nothing in between; but sums must not leave registers.
  const more = lanes.relaxed && loop.rowReductions.length < 2 ? 2 : 0;
  const fits = (atOnce: number): boolean =>
    atOnce <= lanes.count && needed(atOnce) <= REGISTERS + more;
  return { rows: isTight ? 1 : fits(4) ? 4 : 2, isTight, isLong: false };
}

const LONG = new Set(['exp', 'log', 'tanh', 'sigmoid', 'softplus']);

/** Functions of many instructions that need all registers for themselves. */
export function isLong({ operation }: Node): boolean {
  if (operation.op === 'unary') return LONG.has(operation.fn);
  return operation.op === 'binary' && operation.fn === 'power';
}
