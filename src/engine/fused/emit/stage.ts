import { isNumber } from '../../../program/builder.js';
import type { Node, Shape } from '../../../program/ir.js';
import type { Stage } from '../../../program/plan/kernels.js';
import type { Local } from '../wasm/code.js';
import { type Block, loadPart, storePart } from './block.js';
import { chunkOf } from './chunks.js';
import { Expressions, type Leaf, type Uses, usesBelow } from './expression.js';
import type { Frame } from './frame.js';
import { emitPass } from './pass.js';
import { type Pass, passesOf } from './passes.js';
import { rootOf } from './places.js';
import { pushAcross, takingIn } from './reduce.js';
import { overwritten, pushMasked } from './sinks.js';

/** What a stage of a sweep has to do, found out before any code is written. */
export interface StageWork {
  readonly stage: Stage;
  /** Loops over columns, one after the other. */
  readonly passes: readonly Pass[];
  /** Below the block's part of vectors of m numbers, which are computed after the loops. */
  readonly uses: Uses;
}

/** @param registers Vectors of m numbers that stages before have left in registers. */
export function stageWork(
  frame: Frame,
  shape: Shape,
  stage: Stage,
  registers: ReadonlySet<Node>,
): StageWork {
  const listed = new Set<Node>(stage.rows);
  const reduced = new Set<Node>(stage.rowReductions);
  const uses = usesBelow(stage.rows, (node) => {
    const root = rootOf(node);
    if (listed.has(root)) return false;
    return isNumber(node) || reduced.has(root) || registers.has(root) || frame.places.has(root);
  });
  return { stage, passes: passesOf(frame, shape, stage, registers), uses };
}

/** A stage for one block: loops over columns, for some rows at a time; then row-local code. */
export function emitStage(frame: Frame, block: Block, work: StageWork): void {
  const { code, names } = frame;
  for (const pass of work.passes) {
    for (const node of pass.computed) code.comment(names.definition(node));
    const partials: Local[][] = pass.rowReductions.map(() => []);
    for (let first = 0; first < block.rows; first += pass.tiling.rows) {
      const count = Math.min(pass.tiling.rows, block.rows - first);
      for (const [k, parts] of emitPass(frame, block, pass, [first, count]).entries()) {
        partials[k]!.push(...parts);
      }
    }
    for (const [k, { node }] of pass.rowReductions.entries()) {
      const take = takingIn(node.operation);
      keepForBlock(frame, block, node, () => pushAcross(frame, partials[k]!, take));
    }
  }
  emitLocal(frame, block, work);
}

/** Keeps the block's part of a vector in a register, and in memory if it has a place there. */
function keepForBlock(frame: Frame, block: Block, node: Node, value: () => void): void {
  const { code, places } = frame;
  const local = frame.localOf(node);
  value();
  code.set(local);
  block.values.set(node, local);
  if (places.has(node)) storePart(frame, block, places.of(node), local);
}

/** Row-local code: a row a lane. What is beyond the last row is set to 0. */
function emitLocal(frame: Frame, block: Block, { stage, uses }: StageWork): void {
  const { code, names, places } = frame;
  const own = new Set(stage.rows);
  const get = (node: Node): Leaf =>
    isNumber(node)
      ? block.splats.get(node)
      : (block.values.get(rootOf(node)) ?? (() => loadPart(frame, block, places.of(node))));
  const has = (node: Node): boolean =>
    isNumber(node) ||
    block.values.has(rootOf(node)) ||
    (places.has(node) && !own.has(rootOf(node)));
  const values = new Expressions(frame, { has, get }, uses.counts);
  const stored = stage.rows.filter((node) => places.has(node));
  for (const leaf of overwritten(frame, uses.leaves, stored)) values.keep(leaf);
  for (const node of stage.rows) {
    code.comment(names.definition(node));
    keepForBlock(frame, block, node, () => {
      pushMasked(frame, values, node, chunkOf(frame, block.rows), true);
    });
  }
}
