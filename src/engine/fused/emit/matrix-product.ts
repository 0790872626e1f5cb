import type { Node } from '../../../program/ir.js';
import { heldBy } from '../../../program/plan/kernels.js';
import { paddedLength } from '../lanes.js';
import type { Local } from '../wasm/code.js';
import { type Frame, VECTOR } from './frame.js';
import { type Place, rowBytes } from './memory.js';
import { pushAcross } from './reduce.js';
import { mendPadding } from './sinks.js';
import { clearBeyond, overSquares, pushTransposed, setElement } from './transpose.js';

/** The parts of a product of two matrices: out `[m, n]` = A′B′ with inner length k. */
interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly a: Place;
  readonly b: Place;
  readonly to: Place;
  /** Bytes from row to row of A, B and the product. */
  readonly strideA: number;
  readonly strideB: number;
  readonly strideTo: number;
  readonly transposeA: boolean;
}

/** A product of matrices, in tiles whose sums stay in registers. */
export function emitMatrixProduct(frame: Frame, node: Node, to: Place): void {
  const { places, lanes } = frame;
  const { operation, shape } = node;
  if (operation.op !== 'matmul') throw new TypeError('not a product');
  const [a, b] = node.operands as [Node, Node];
  const product: Product = {
    m: shape[0],
    k: a.shape[operation.transposeA ? 0 : 1],
    n: shape[1],
    a: places.of(heldBy(a)),
    b: places.of(heldBy(b)),
    to,
    strideA: rowBytes(a.shape, lanes),
    strideB: rowBytes(b.shape, lanes),
    strideTo: rowBytes(shape, lanes),
    transposeA: operation.transposeA,
  };
  if (!operation.transposeB) {
    byRowsOfB(frame, product);
    mendRows(frame, node);
  } else if (!operation.transposeA) byInnerProducts(frame, product);
  else byTransposedSquares(frame, product);
}

/** Where a number of A is infinite, its product with the padding of B is not 0. */
function mendRows(frame: Frame, node: Node): void {
  const [rows, columns] = node.shape;
  if (columns % 4 === 0) return;
  const stride = rowBytes(node.shape, frame.lanes);
  const start = frame.code.local('i32', 'start');
  frame.loop('padding', start, [0, rows * stride, stride], () => {
    mendPadding(frame, { node, padding: 'finite zero' }, columns, [start, 0]);
  });
}

function accumulators(frame: Frame, rows: number, columns: number): Local[][] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (__, c) => frame.code.local('v128', `sum ${r}, ${c}`)),
  );
}

function clear(frame: Frame, sums: readonly Local[][]): void {
  for (const sum of sums.flat()) {
    frame.constant(0);
    frame.code.set(sum);
  }
}

/** sum += a · b. */
function addProduct(frame: Frame, sum: Local, a: Local, b: Local): void {
  const { code, lanes } = frame;
  if (lanes.relaxed) {
    code.get(a);
    code.get(b);
    code.get(sum);
    frame.op('relaxed_madd');
  } else {
    code.get(sum);
    code.get(a);
    code.get(b);
    frame.op('mul');
    frame.op('add');
  }
  code.set(sum);
}

/** Goes along a length in steps of `most`, the rest apart; the index counts in `unit`s. */
function inSteps(
  frame: Frame,
  name: string,
  index: Local,
  [total, most, unit]: readonly [number, number, number],
  body: (count: number) => void,
): void {
  const whole = total - (total % most);
  if (whole > 0) frame.loop(name, index, [0, whole * unit, most * unit], () => body(most));
  if (whole < total) {
    frame.code.i32(whole * unit);
    frame.code.set(index);
    body(total - whole);
  }
}

/** B as it is: tiles of 4 rows and 2 vectors of columns; rows of B, each times a number of A′. */
function byRowsOfB(frame: Frame, product: Product): void {
  const { code, lanes } = frame;
  const { m, k, n, a, b, to, strideA, strideB, strideTo, transposeA } = product;
  const vectors = (paddedLength(n) * lanes.bytes) / VECTOR;
  const [down, across] = transposeA ? [lanes.bytes, strideA] : [strideA, lanes.bytes];
  const column = code.local('i32', 'column');
  const row = code.local('i32', 'row');
  const [atA, atB, atTo] = ['a', 'b', 'to'].map((name) => code.local('i32', name)) as [
    Local,
    Local,
    Local,
  ];
  const endA = code.local('i32', 'end of a');
  const factor = code.local('v128', 'factor');
  const rowsOfB = [code.local('v128', 'b 0'), code.local('v128', 'b 1')];
  const sums = accumulators(frame, 4, 2);
  const advance = (local: Local, by: number): void => {
    code.get(local);
    code.i32(by);
    code.op('i32.add');
    code.set(local);
  };
  const tile = (height: number, width: number): void => {
    const used = sums.slice(0, height).map((each) => each.slice(0, width));
    clear(frame, used);
    setElement(frame, atTo, [row, strideTo], [column, 1]);
    code.get(row);
    code.i32(down);
    code.op('i32.mul');
    code.tee(atA);
    code.i32(k * across);
    code.op('i32.add');
    code.set(endA);
    code.get(column);
    code.set(atB);
    code.loop('inner', (again) => {
      for (let c = 0; c < width; c++) {
        frame.load(b, atB, c * VECTOR);
        code.set(rowsOfB[c]!);
      }
      for (let r = 0; r < height; r++) {
        frame.loadSplat(a, atA, r * down);
        code.set(factor);
        for (let c = 0; c < width; c++) addProduct(frame, used[r]![c]!, factor, rowsOfB[c]!);
      }
      advance(atB, strideB);
      advance(atA, across);
      code.get(atA);
      code.get(endA);
      code.op('i32.lt_u');
      code.brIf(again);
    });
    for (const [r, each] of used.entries()) {
      for (const [c, sum] of each.entries()) {
        frame.store(to, atTo, r * strideTo + c * VECTOR, () => code.get(sum));
      }
    }
  };
  inSteps(frame, 'tiles across', column, [vectors, 2, VECTOR], (width) => {
    inSteps(frame, 'tiles down', row, [m, 4, 1], (height) => tile(height, width));
  });
}

/** B transposed: inner products of rows of A with rows of B, as many of these as a vector has lanes. */
function byInnerProducts(frame: Frame, product: Product): void {
  const { code, lanes } = frame;
  const { m, k, n, a, b, to, strideA, strideB, strideTo } = product;
  const [row, column] = [code.local('i32', 'row'), code.local('i32', 'column')];
  const [atA, atB, atTo] = ['a', 'b', 'to'].map((name) => code.local('i32', name)) as [
    Local,
    Local,
    Local,
  ];
  const inner = code.local('i32', 'inner');
  const most = 8 / lanes.count;
  const rowsOfA = Array.from({ length: most }, (_, r) => code.local('v128', `a ${r}`));
  const rowOfB = code.local('v128', 'b');
  const sums = accumulators(frame, most, lanes.count);
  const tile = (height: number, width: number): void => {
    const used = sums.slice(0, height).map((each) => each.slice(0, width));
    clear(frame, used);
    frame.loop('inner', inner, [0, paddedLength(k) * lanes.bytes, VECTOR], () => {
      setElement(frame, atA, [row, strideA], [inner, 1]);
      setElement(frame, atB, [column, strideB], [inner, 1]);
      for (let r = 0; r < height; r++) {
        frame.load(a, atA, r * strideA);
        code.set(rowsOfA[r]!);
      }
      for (let c = 0; c < width; c++) {
        frame.load(b, atB, c * strideB);
        code.set(rowOfB);
        for (let r = 0; r < height; r++) addProduct(frame, used[r]![c]!, rowsOfA[r]!, rowOfB);
      }
    });
    setElement(frame, atTo, [row, strideTo], [column, lanes.bytes]);
    for (const [r, parts] of used.entries()) {
      frame.store(to, atTo, r * strideTo, () => pushAcross(frame, parts, 'add'));
    }
  };
  inSteps(frame, 'tiles across', column, [n, lanes.count, 1], (width) => {
    inSteps(frame, 'tiles down', row, [m, most, 1], (height) => tile(height, width));
  });
  clearBeyond(frame, [m, n], to);
}

/** Both transposed: columns of A are vectors, so squares of the product come out transposed. */
function byTransposedSquares(frame: Frame, product: Product): void {
  const { code, lanes } = frame;
  const { m, k, n, a, b, to, strideA, strideB, strideTo } = product;
  const [row, column] = [code.local('i32', 'row'), code.local('i32', 'column')];
  const [atA, atB, atTo] = ['a', 'b', 'to'].map((name) => code.local('i32', name)) as [
    Local,
    Local,
    Local,
  ];
  const inner = code.local('i32', 'inner');
  const [columnsOfA, factor] = [code.local('v128', 'a'), code.local('v128', 'factor')];
  const sums = accumulators(frame, 1, lanes.count)[0]!;
  overSquares(frame, [m, n], [row, column], (down, across) => {
    const used = sums.slice(0, across);
    clear(frame, [used]);
    frame.loop('inner', inner, [0, k, 1], () => {
      setElement(frame, atA, [inner, strideA], [row, lanes.bytes]);
      setElement(frame, atB, [column, strideB], [inner, lanes.bytes]);
      frame.load(a, atA);
      code.set(columnsOfA);
      for (const [c, sum] of used.entries()) {
        frame.loadSplat(b, atB, c * strideB);
        code.set(factor);
        addProduct(frame, sum, columnsOfA, factor);
      }
    });
    setElement(frame, atTo, [row, strideTo], [column, lanes.bytes]);
    for (let r = 0; r < down; r++) {
      frame.store(to, atTo, r * strideTo, () => pushTransposed(frame, used, r));
    }
  });
  clearBeyond(frame, [m, n], to);
}
