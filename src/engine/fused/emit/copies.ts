import type { Node } from '../../../program/ir.js';
import { heldBy } from '../../../program/plan/kernels.js';
import { type Frame, VECTOR } from './frame.js';
import { arrayBytes, layoutOf, type Place, rowBytes } from './memory.js';

/** An array with its padding to a place of its own kind. */
export function emitCopy(frame: Frame, from: Node, to: Place): void {
  const source = frame.places.of(from);
  if (layoutOf(from.shape) === 'number') frame.storeNumber(to, () => frame.loadNumber(source));
  else copyVectors(frame, [source, 0], [to, 0], arrayBytes(from.shape, frame.lanes));
}

/** So many bytes, some bytes behind a place, to some bytes behind another. */
function copyVectors(
  frame: Frame,
  [from, first]: readonly [Place, number],
  [to, shift]: readonly [Place, number],
  bytes: number,
): void {
  const index = frame.code.local('i32', 'at');
  frame.loop('copy', index, [0, bytes, VECTOR], () => {
    frame.store(to, index, shift, () => frame.load(from, index, first));
  });
}

/** Operands under one another. */
export function emitConcat(frame: Frame, { operands, shape }: Node, to: Place): void {
  const { lanes, places } = frame;
  const [rows, columns] = shape;
  const stride = rowBytes(shape, lanes);
  let row = 0;
  for (const part of operands) {
    const [count] = part.shape;
    if (columns === 1) copyNumbers(frame, [part, 0], [to, row], count);
    else copyVectors(frame, [places.of(heldBy(part)), 0], [to, row * stride], count * stride);
    row += count;
  }
  if (columns === 1) padNumbers(frame, to, rows);
}

/** Some rows of the operand. */
export function emitSlice(frame: Frame, { operation, operands, shape }: Node, to: Place): void {
  if (operation.op !== 'slice') throw new TypeError('not a slice');
  const { lanes, places } = frame;
  const { start } = operation;
  const [from] = operands as [Node];
  const source = places.of(heldBy(from));
  const [rows, columns] = shape;
  if (columns > 1) {
    const stride = rowBytes(from.shape, lanes);
    copyVectors(frame, [source, start * stride], [to, 0], rows * stride);
  } else if (rows === 1) {
    frame.storeNumber(to, () => frame.loadElement(source, undefined, start * lanes.bytes));
  } else {
    copyNumbers(frame, [from, start], [to, 0], rows);
    padNumbers(frame, to, rows);
  }
}

/** Numbers of a column from one row on to another row on, one by one. */
function copyNumbers(
  frame: Frame,
  [from, first]: readonly [Node, number],
  [to, row]: readonly [Place, number],
  count: number,
): void {
  const { bytes } = frame.lanes;
  const source = frame.places.of(heldBy(from));
  const index = frame.code.local('i32', 'at');
  frame.loop('copy', index, [0, count * bytes, bytes], () => {
    frame.storeElement(to, index, row * bytes, () => {
      if (layoutOf(from.shape) === 'number') frame.loadNumber(source);
      else frame.loadElement(source, index, first * bytes);
    });
  });
}

/** Sets the padding of a vector that was written number by number to 0. */
export function padNumbers(frame: Frame, to: Place, count: number): void {
  for (let row = count; row % 4 !== 0; row++) {
    frame.storeElement(to, undefined, row * frame.lanes.bytes, () => frame.code.f64(0));
  }
}
