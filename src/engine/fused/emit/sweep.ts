import type { Node } from '../../../program/ir.js';
import type { Sweep } from '../../../program/plan/kernels.js';
import type { Block } from './block.js';
import { careFor, maskPadding, overColumns } from './chunks.js';
import { padNumbers } from './copies.js';
import type { Frame } from './frame.js';
import { rowBytes } from './memory.js';
import { neutral } from './reduce.js';
import { mendPadding } from './sinks.js';
import { Splats } from './splats.js';
import { emitStage, type StageWork, stageWork } from './stage.js';

/**
 * One pass over matrices, in blocks of rows. Where something is computed between stages, a block has as
 * many rows as a vector has lanes, so that it is computed with a row a lane; what is left over is a block
 * of its own. Where long functions are computed of matrices, it has one row, which makes for less code.
 */
export function emitSweep(frame: Frame, sweep: Sweep): void {
  const { shape, stages } = sweep;
  const { code } = frame;
  const [rows, columns] = shape;
  const works = worksOf(frame, sweep);
  const splats = new Splats(frame);
  for (const { passes, uses } of works) {
    const all = passes.flatMap((pass) => [pass.uses, pass.columnUses, pass.rowUses]);
    for (const { leaves } of [...all, uses]) splats.prepare(leaves);
  }
  const at = code.local('i32', 'at');
  const start = code.local('i32', 'start');
  const totals = stages.flatMap(({ columnReductions }) => columnReductions);
  for (const node of totals) beginTotal(frame, node, columns);

  const most = rowsAtOnce(frame, works);
  const emitBlock = (count: number): void => {
    const isSingle = most === 1;
    const block: Block = { shape, rows: count, isSingle, at, start, values: new Map(), splats };
    for (const work of works) emitStage(frame, block, work);
  };
  const { bytes } = frame.lanes;
  const whole = rows - (rows % most);
  code.i32(0);
  code.set(start);
  if (whole > 0) {
    frame.loop('rows', at, [0, whole * bytes, most * bytes], () => {
      emitBlock(most);
      code.get(start);
      code.i32(most * rowBytes(shape, frame.lanes));
      code.op('i32.add');
      code.set(start);
    });
  }
  if (whole < rows) {
    code.i32(whole * bytes);
    code.set(at);
    emitBlock(rows - whole);
  }
  emitPadding(frame, works, [rows, most]);
  const sums = works.flatMap(({ passes }) => passes.flatMap((pass) => pass.columnReductions));
  for (const sum of sums) mendPadding(frame, sum, columns, [undefined, 0]);
}

function rowsAtOnce(frame: Frame, works: readonly StageWork[]): number {
  const passes = works.flatMap((work) => work.passes);
  if (passes.some(({ tiling }) => tiling.isLong)) return 1;
  const isLocal = works.some(({ stage }) => stage.rowReductions.length + stage.rows.length > 0);
  return isLocal ? frame.lanes.count : Math.max(...passes.map(({ tiling }) => tiling.rows));
}

function worksOf(frame: Frame, { shape, stages }: Sweep): StageWork[] {
  const registers = new Set<Node>();
  return stages.map((stage) => {
    const work = stageWork(frame, shape, stage, registers);
    for (const node of [...stage.rowReductions, ...stage.rows]) registers.add(node);
    return work;
  });
}

/** Padding of vectors of m numbers that no block writes: single rows do not, nor two lanes in place of four. */
function emitPadding(
  frame: Frame,
  works: readonly StageWork[],
  [rows, most]: readonly [number, number],
): void {
  const written = Math.ceil(rows / most) * most;
  const vectors = works.flatMap(({ stage }) => [...stage.rowReductions, ...stage.rows]);
  for (const node of vectors) {
    if (frame.places.has(node)) padNumbers(frame, frame.places.of(node), written);
  }
}

/** Sums and maxima over rows are gathered where they are kept. */
function beginTotal(frame: Frame, node: Node, columns: number): void {
  const index = frame.code.local('i32', 'column');
  const place = frame.places.of(node);
  const first = neutral(node.operation);
  const care = careFor(columns, first !== 0, false);
  overColumns(frame, index, columns, care, (chunk) => {
    frame.store(place, index, 0, () => {
      frame.constant(first);
      maskPadding(frame, chunk);
    });
  });
}
