import { isNumber } from '../../../program/builder.js';
import type { Node, Shape } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import { type Chunk, overColumns } from './chunks.js';
import { Expressions, type Leaf } from './expression.js';
import type { Frame } from './frame.js';
import { rowBytes } from './memory.js';
import { readAs, rootOf } from './places.js';
import { pushAcross, takingIn } from './reduce.js';
import {
  beginPartial,
  needsCare,
  overwritten,
  type Partial,
  pushMasked,
  storeVector,
  takeIn,
} from './sinks.js';
import type { Splats } from './splats.js';
import { extentOf, type StageWork } from './stage-work.js';

/** A few rows of matrices, as many as a vector has lanes or fewer at the end. */
export interface Block {
  readonly shape: Shape;
  readonly rows: number;
  /** Bytes from the beginning of vectors of m numbers to the block's part of them. */
  readonly at: Local;
  /** Bytes from the beginning of matrices to the block's first row. */
  readonly start: Local;
  /** Parts of vectors of m numbers that are in registers: one row a lane, 0 where there is no row. */
  readonly values: Map<Node, Local>;
  readonly splats: Splats;
}

/** A stage of a sweep for one block: the loop over columns for some rows at a time, then row-local code. */
export function emitStage(frame: Frame, block: Block, work: StageWork, atOnce: number): void {
  const { code, names } = frame;
  const { stage } = work;
  for (const node of [...stage.elements, ...stage.rowReductions, ...stage.columnReductions]) {
    code.comment(names.definition(node));
  }
  const partials: Partial[][] = work.rowReductions.map(() => []);
  for (let first = 0; first < block.rows; first += atOnce) {
    const count = Math.min(atOnce, block.rows - first);
    for (const [k, parts] of emitRows(frame, block, work, first, count).entries()) {
      partials[k]!.push(...parts);
    }
  }
  const whole = { valid: block.rows };
  for (const [k, { node }] of work.rowReductions.entries()) {
    const local = frame.localOf(node);
    const parts = partials[k]!.map((partial) => partial.local);
    pushAcross(frame, parts, takingIn(node.operation));
    code.set(local);
    block.values.set(node, local);
    if (frame.places.has(node)) {
      frame.store(frame.places.of(node), block.at, 0, () => code.get(local));
    }
  }
  emitLocal(frame, block, work, whole);
}

/** Row-local code: a row a lane. What is beyond the last row is set to 0. */
function emitLocal(frame: Frame, block: Block, { stage, localUses }: StageWork, rows: Chunk): void {
  const { code, names, places } = frame;
  const own = new Set(stage.rows);
  const get = (node: Node): Leaf =>
    isNumber(node)
      ? block.splats.get(node)
      : (block.values.get(rootOf(node)) ?? (() => frame.load(places.of(node), block.at)));
  const has = (node: Node): boolean =>
    isNumber(node) ||
    block.values.has(rootOf(node)) ||
    (places.has(node) && !own.has(rootOf(node)));
  const values = new Expressions(frame, { has, get }, localUses.counts);
  const stored = stage.rows.filter((node) => places.has(node));
  for (const leaf of overwritten(frame, localUses.leaves, stored)) values.keep(leaf);
  for (const node of own) {
    code.comment(names.definition(node));
    const local = frame.localOf(node);
    pushMasked(frame, values, node, rows, true);
    code.set(local);
    block.values.set(node, local);
    if (places.has(node)) frame.store(places.of(node), block.at, 0, () => code.get(local));
  }
}

/** The loop over columns for some rows of a block. Returns partial sums: by reduction, then by row. */
function emitRows(
  frame: Frame,
  block: Block,
  work: StageWork,
  first: number,
  count: number,
): Partial[][] {
  const { code, names, places, lanes } = frame;
  const { shape, start } = block;
  const stride = rowBytes(shape, lanes);
  const column = code.local('i32', 'column');
  const element = code.local('i32', 'element');
  const spread = Array.from({ length: count }, (_, row) =>
    spreadRow(frame, block, work, first + row),
  );
  const partials = work.rowReductions.map(({ node, isMasked }) =>
    spread.map((_, row) => ({
      node,
      isMasked,
      local: code.local('v128', `partial ${names.of(node)}, row ${first + row}`),
    })),
  );
  for (const partial of partials.flat()) beginPartial(frame, partial);

  const columns = new Expressions(
    frame,
    {
      has: (node) => isNumber(node) || places.has(node),
      get: (node) =>
        isNumber(node) ? block.splats.get(node) : () => frame.load(places.of(node), column),
    },
    work.columnUses.counts,
  );
  let row = 0;
  const get = (node: Node): Leaf => {
    switch (extentOf(node, shape)) {
      case 'number':
        return block.splats.get(node);
      case 'row':
        return spread[row]!.get(node)!;
      case 'column':
        return columns.keep(node);
      case 'matrix':
        return () => frame.load(places.of(node), element, (first + row) * stride);
    }
  };
  const has = (node: Node): boolean => extentOf(node, shape) !== 'matrix' || work.isLoaded(node);
  const values = new Expressions(frame, { has, get }, work.uses.counts);
  const matrices = work.uses.leaves.filter((node) => extentOf(node, shape) === 'matrix');
  const early = overwritten(frame, matrices, work.stage.stores);
  const totals: Partial[] = work.columnReductions.map(({ node, isMasked }) => ({
    node,
    isMasked,
    local: code.local('v128', `partial ${names.of(node)}`),
  }));

  const apart =
    shape[1] % 4 !== 0 &&
    (work.stores.some(({ isMasked }) => isMasked) ||
      partials.some(([partial]) => needsCare(partial!)) ||
      totals.some(needsCare));
  overColumns(frame, column, shape[1], apart, (chunk) => {
    code.get(start);
    code.get(column);
    code.op('i32.add');
    code.set(element);
    columns.forget();
    for (row = 0; row < count; row++) {
      values.forget();
      if (chunk.valid > 0) for (const leaf of early) values.keep(leaf);
      for (const { node, isMasked } of work.stores) {
        const extra = (first + row) * stride;
        storeVector(frame, values, node, chunk, isMasked, [element, extra]);
      }
      for (const parts of partials) takeIn(frame, values, parts[row]!, chunk);
      for (const total of totals) {
        if (row === 0) {
          frame.load(places.of(total.node), column);
          code.set(total.local);
        }
        takeInMasked(frame, values, total, chunk);
        if (row === count - 1) {
          frame.store(places.of(total.node), column, 0, () => code.get(total.local));
        }
      }
    }
  });
  return partials;
}

/** Into a vector of columns, whose padding has to stay 0. */
function takeInMasked(frame: Frame, values: Expressions, total: Partial, chunk: Chunk): void {
  if (takingIn(total.node.operation) === 'add') {
    takeIn(frame, values, total, chunk);
    return;
  }
  if (chunk.valid === 0) return;
  frame.code.get(total.local);
  pushMasked(frame, values, readAs(total.node.operands[0]!), chunk, true);
  frame.op('max');
  frame.code.set(total.local);
}

/** A row's own numbers, each in all lanes of a local variable. */
function spreadRow(frame: Frame, block: Block, work: StageWork, row: number): Map<Node, Local> {
  const { code, names, places, lanes } = frame;
  const shuffled = (vector: Local): void => {
    code.get(vector);
    code.get(vector);
    if (lanes.count === 4) code.shuffle32(row, row, row, row);
    else code.shuffle64(row, row);
  };
  const get = (node: Node): Leaf => {
    if (isNumber(node)) return block.splats.get(node);
    const vector = block.values.get(rootOf(node));
    return vector
      ? () => shuffled(vector)
      : () => frame.loadSplat(places.of(node), block.at, row * lanes.bytes);
  };
  const has = (node: Node): boolean =>
    isNumber(node) || block.values.has(rootOf(node)) || places.has(node);
  const values = new Expressions(frame, { has, get }, work.rowUses.counts);
  const found = new Map<Node, Local>();
  for (const node of work.uses.leaves) {
    if (extentOf(node, block.shape) !== 'row') continue;
    const local = code.local('v128', `${names.of(node)}, row ${row}`);
    values.push(node);
    code.set(local);
    found.set(node, local);
  }
  return found;
}
