import type { Node } from '../../../program/ir.js';
import { heldBy } from '../../../program/plan/kernels.js';
import { paddedLength } from '../lanes.js';
import type { Local } from '../wasm/code.js';
import { type Frame, VECTOR } from './frame.js';
import { type Place, rowBytes } from './memory.js';

/** Puts the k-th row of the transpose of a square of vectors on the stack; `parts` are its rows, 0 if missing. */
export function pushTransposed(frame: Frame, parts: readonly Local[], k: number): void {
  const { code, lanes } = frame;
  const part = (index: number): void => {
    const local = parts[index];
    if (local) code.get(local);
    else frame.constant(0);
  };
  part(0);
  part(1);
  if (lanes.count === 2) {
    code.shuffle64(k, 2 + k);
    return;
  }
  code.shuffle32(k, 4 + k, k, 4 + k);
  part(2);
  part(3);
  code.shuffle32(k, 4 + k, k, 4 + k);
  code.shuffle32(0, 1, 4, 5);
}

/**
 * Goes over an array of rows and columns in squares, as wide as a vector: in two loops, with what is left
 * over below and beside done apart. The indexes count rows and columns.
 */
export function overSquares(
  frame: Frame,
  [rows, columns]: readonly [number, number],
  [row, column]: readonly [Local, Local],
  body: (rows: number, columns: number) => void,
): void {
  const { lanes } = frame;
  const { count } = lanes;
  const along = (
    index: Local,
    total: number,
    name: string,
    each: (count: number) => void,
  ): void => {
    const whole = total - (total % count);
    if (whole > 0) frame.loop(name, index, [0, whole, count], () => each(count));
    if (whole < total) {
      frame.code.i32(whole);
      frame.code.set(index);
      each(total - whole);
    }
  };
  along(row, rows, 'squares down', (down) => {
    along(column, columns, 'squares across', (across) => body(down, across));
  });
}

/** Sets vectors of padding to 0 that lie beyond what was written of each row. */
export function clearBeyond(frame: Frame, [rows, columns]: Node['shape'], to: Place): void {
  const { code, lanes } = frame;
  const stride = paddedLength(columns) * lanes.bytes;
  const written = Math.ceil(columns / lanes.count) * VECTOR;
  if (written === stride) return;
  const start = code.local('i32', 'start');
  frame.loop('rows', start, [0, rows * stride, stride], () => {
    frame.store(to, start, written, () => frame.constant(0));
  });
}

/** row · stride + column · width, put into a local variable. */
export function setElement(
  frame: Frame,
  element: Local,
  [row, stride]: readonly [Local, number],
  [column, width]: readonly [Local, number],
): void {
  const { code } = frame;
  code.get(row);
  code.i32(stride);
  code.op('i32.mul');
  code.get(column);
  code.i32(width);
  code.op('i32.mul');
  code.op('i32.add');
  code.set(element);
}

/** The transpose of a matrix, in squares. */
export function emitTranspose(frame: Frame, node: Node, to: Place): void {
  const { code, lanes, places } = frame;
  const [operand] = node.operands as [Node];
  const from = places.of(heldBy(operand));
  const [stride, width] = [rowBytes(operand.shape, lanes), rowBytes(node.shape, lanes)];
  const [row, column] = [code.local('i32', 'row'), code.local('i32', 'column')];
  const [source, target] = [code.local('i32', 'source'), code.local('i32', 'target')];
  const parts = Array.from({ length: lanes.count }, (_, k) => code.local('v128', `row ${k}`));
  overSquares(frame, operand.shape, [row, column], (down, across) => {
    setElement(frame, source, [row, stride], [column, lanes.bytes]);
    setElement(frame, target, [column, width], [row, lanes.bytes]);
    for (let k = 0; k < down; k++) {
      frame.load(from, source, k * stride);
      code.set(parts[k]!);
    }
    for (let k = 0; k < across; k++) {
      frame.store(to, target, k * width, () => pushTransposed(frame, parts.slice(0, down), k));
    }
  });
  clearBeyond(frame, node.shape, to);
}
