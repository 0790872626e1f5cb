import type { Node } from '../../../program/ir.js';
import { heldBy } from '../../../program/plan/kernels.js';
import { overColumns } from './chunks.js';
import { padNumbers } from './copies.js';
import type { Frame } from './frame.js';
import { layoutOf, type Place, rowBytes } from './memory.js';

/** Running sums down the rows, or up: a row at a time, added to the one before. */
export function emitRunningSum(frame: Frame, node: Node, to: Place): void {
  const { operation } = node;
  if (operation.op !== 'cumsum') throw new TypeError('not a running sum');
  if (layoutOf(node.shape) === 'matrix') ofMatrix(frame, node, to, operation.reverse);
  else ofVector(frame, node, to, operation.reverse);
}

function ofMatrix(frame: Frame, node: Node, to: Place, reverse: boolean): void {
  const { code, lanes, places } = frame;
  const [rows, columns] = node.shape;
  const stride = rowBytes(node.shape, lanes);
  const from = places.of(heldBy(node.operands[0]!));
  const start = code.local('i32', 'start');
  const column = code.local('i32', 'column');
  const element = code.local('i32', 'element');
  const first = reverse ? (rows - 1) * stride : 0;
  overColumns(frame, column, columns, 'none', () => {
    frame.store(to, column, first, () => frame.load(from, column, first));
  });
  // The upper one of two rows that follow one another is what addresses count from.
  const [current, previous] = reverse ? [0, stride] : [stride, 0];
  frame.loop('rows', start, [0, (rows - 1) * stride, stride], () => {
    overColumns(frame, column, columns, 'none', () => {
      if (reverse) {
        code.i32(first - stride);
        code.get(start);
        code.op('i32.sub');
      } else code.get(start);
      code.get(column);
      code.op('i32.add');
      code.set(element);
      frame.store(to, element, current, () => {
        frame.load(from, element, current);
        frame.load(to, element, previous);
        frame.op('add');
      });
    });
  });
}

/** A column of numbers, summed in double precision. */
function ofVector(frame: Frame, node: Node, to: Place, reverse: boolean): void {
  const { code, lanes, places } = frame;
  const count = node.shape[0];
  const from = places.of(heldBy(node.operands[0]!));
  const sum = code.local('f64', 'sum');
  const at = code.local('i32', 'at');
  const element = code.local('i32', 'element');
  code.f64(0);
  code.set(sum);
  frame.loop('numbers', at, [0, count * lanes.bytes, lanes.bytes], () => {
    if (reverse) {
      code.i32((count - 1) * lanes.bytes);
      code.get(at);
      code.op('i32.sub');
    } else code.get(at);
    code.set(element);
    frame.storeElement(to, element, 0, () => {
      code.get(sum);
      frame.loadElement(from, element);
      code.op('f64.add');
      code.tee(sum);
    });
  });
  padNumbers(frame, to, count);
}
