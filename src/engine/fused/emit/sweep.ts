import type { Node } from '../../../program/ir.js';
import type { Sweep } from '../../../program/plan/kernels.js';
import { paddedLength } from '../lanes.js';
import type { Block } from './block.js';
import { overColumns } from './chunks.js';
import { type Frame, VECTOR } from './frame.js';
import { rowBytes } from './memory.js';
import { neutral } from './reduce.js';
import { Splats } from './splats.js';
import { emitStage, type StageWork, stageWork } from './stage.js';

/**
 * One pass over matrices, in blocks of as many rows as a vector has lanes, so that what is computed
 * between stages has a row a lane. The rows that are left over are a block of their own.
 */
export function emitSweep(frame: Frame, sweep: Sweep): void {
  const { shape, stages } = sweep;
  const { code, lanes } = frame;
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

  const emitBlock = (count: number): void => {
    const block: Block = { shape, rows: count, at, start, values: new Map(), splats };
    for (const work of works) emitStage(frame, block, work);
  };
  const whole = Math.floor(rows / lanes.count);
  code.i32(0);
  code.set(start);
  if (whole > 0) {
    frame.loop('rows', at, [0, whole * VECTOR, VECTOR], () => {
      emitBlock(lanes.count);
      code.get(start);
      code.i32(lanes.count * rowBytes(shape, lanes));
      code.op('i32.add');
      code.set(start);
    });
  }
  if (rows % lanes.count !== 0) {
    code.i32(whole * VECTOR);
    code.set(at);
    emitBlock(rows % lanes.count);
  }
  emitPadding(frame, works, rows);
}

function worksOf(frame: Frame, { shape, stages }: Sweep): StageWork[] {
  const registers = new Set<Node>();
  return stages.map((stage) => {
    const work = stageWork(frame, shape, stage, registers);
    for (const node of [...stage.rowReductions, ...stage.rows]) registers.add(node);
    return work;
  });
}

/** A vector register of padding that no block writes: two lanes do not make up for four. */
function emitPadding(frame: Frame, works: readonly StageWork[], rows: number): void {
  const written = Math.ceil(rows / frame.lanes.count) * VECTOR;
  const end = paddedLength(rows) * frame.lanes.bytes;
  if (written === end) return;
  const vectors = works.flatMap(({ stage }) => [...stage.rowReductions, ...stage.rows]);
  for (const node of vectors) {
    if (!frame.places.has(node)) continue;
    frame.store(frame.places.of(node), undefined, written, () => frame.constant(0));
  }
}

/** Sums and maxima over rows are gathered where they are kept. */
function beginTotal(frame: Frame, node: Node, columns: number): void {
  const index = frame.code.local('i32', 'column');
  const place = frame.places.of(node);
  const first = neutral(node.operation);
  const apart = first !== 0 && columns % 4 !== 0;
  overColumns(frame, index, columns, apart, ({ valid }) => {
    frame.store(place, index, 0, () => frame.split(valid, first, 0));
  });
}
