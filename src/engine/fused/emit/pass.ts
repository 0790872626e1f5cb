import { isNumber } from '../../../program/builder.js';
import type { Node } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import type { Block } from './block.js';
import { type Chunk, careFor, overColumns } from './chunks.js';
import { Expressions, type Leaf } from './expression.js';
import type { Frame } from './frame.js';
import { rowBytes } from './memory.js';
import { extentOf, type Pass } from './passes.js';
import { readAs, rootOf } from './places.js';
import { takingIn } from './reduce.js';
import {
  beginPartial,
  mendPadding,
  needsCare,
  overwritten,
  type Partial,
  pushMasked,
  storeVector,
  takeIn,
} from './sinks.js';

/**
 * A loop over columns for `count` rows of a block from the `first` on. Returns what they were summed up
 * to, lane by lane: by row reduction, then by row.
 */
export function emitPass(
  frame: Frame,
  block: Block,
  pass: Pass,
  [first, count]: readonly [number, number],
): Local[][] {
  const { code, names, places, lanes } = frame;
  const { shape, start } = block;
  const stride = rowBytes(shape, lanes);
  const column = code.local('i32', 'column');
  const element = code.local('i32', 'element');
  const spread = Array.from({ length: count }, (_, row) =>
    spreadRow(frame, block, pass, first + row),
  );
  const partials = pass.rowReductions.map(({ node, padding }) =>
    spread.map((_, row) => {
      const name = () => `partial ${names.of(node)}, row ${first + row}`;
      return { node, padding, local: code.local('v128', name) };
    }),
  );
  for (const partial of partials.flat()) beginPartial(frame, partial);

  let row = 0;
  const columns = new Expressions(
    frame,
    {
      has: (node) => isNumber(node) || places.has(node),
      get: (node) =>
        isNumber(node) ? block.splats.get(node) : () => frame.load(places.of(node), column),
    },
    pass.columnUses.counts,
  );
  const inRow = (): number => (first + row) * stride;
  const get = (node: Node): Leaf => {
    switch (extentOf(node, shape)) {
      case 'number':
        return block.splats.get(node);
      case 'row':
        return spread[row]!.get(node)!;
      case 'column':
        return columns.keep(node);
      case 'matrix':
        return () => frame.load(places.of(node), element, inRow());
    }
  };
  const has = (node: Node): boolean => extentOf(node, shape) !== 'matrix' || pass.isLoaded(node);
  const values = new Expressions(frame, { has, get }, pass.uses.counts);
  const matrices = pass.uses.leaves.filter((node) => extentOf(node, shape) === 'matrix');
  const stored = pass.stores.map(({ node }) => node);
  const early = overwritten(frame, matrices, stored);
  const totals: Partial[] = pass.columnReductions.map(({ node, padding }) => ({
    node,
    padding,
    local: code.local('v128', () => `total ${names.of(node)}`),
  }));

  const isNeeded = [...pass.stores, ...partials.flat(), ...totals].some(needsCare);
  const care = careFor(shape[1], isNeeded, pass.tiling.isLong);
  overColumns(frame, column, shape[1], care, (chunk) => {
    code.get(start);
    code.get(column);
    code.op('i32.add');
    code.set(element);
    columns.forget();
    for (row = 0; row < count; row++) {
      values.forget();
      if (chunk.holds !== 'padding') for (const leaf of early) values.keep(leaf);
      for (const store of pass.stores) {
        storeVector(frame, values, store, chunk, [element, inRow()]);
      }
      for (const parts of partials) takeIn(frame, values, parts[row]!, chunk);
      for (const total of totals) {
        const place = places.of(total.node);
        if (row === 0) {
          frame.load(place, column);
          code.set(total.local);
        }
        takeInColumn(frame, values, total, chunk);
        if (row === count - 1) {
          frame.store(place, column, 0, () => code.get(total.local));
        }
      }
    }
  });
  if (care === 'none') {
    for (row = 0; row < count; row++) {
      for (const store of pass.stores) mendPadding(frame, store, shape[1], [start, inRow()]);
    }
  }
  return partials.map((rows) => rows.map(({ local }) => local));
}

/** Into a vector of columns, whose padding has to stay 0. */
function takeInColumn(frame: Frame, values: Expressions, total: Partial, chunk: Chunk): void {
  if (takingIn(total.node.operation) === 'add') {
    takeIn(frame, values, total, chunk);
    return;
  }
  if (chunk.holds === 'padding') return;
  frame.code.get(total.local);
  pushMasked(frame, values, readAs(total.node.operands[0]!), chunk, true);
  frame.op('max');
  frame.code.set(total.local);
}

/** A row's own numbers, each in all lanes of a local variable. */
function spreadRow(frame: Frame, block: Block, pass: Pass, row: number): Map<Node, Local> {
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
  const values = new Expressions(frame, { has, get }, pass.rowUses.counts);
  const found = new Map<Node, Local>();
  for (const node of pass.uses.leaves) {
    if (extentOf(node, block.shape) !== 'row') continue;
    const local = code.local('v128', () => `${names.of(node)}, row ${row}`);
    values.push(node);
    code.set(local);
    found.set(node, local);
  }
  return found;
}
