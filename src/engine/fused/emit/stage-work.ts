import { isNumber } from '../../../program/builder.js';
import type { Node, Shape } from '../../../program/ir.js';
import type { Stage } from '../../../program/plan/kernels.js';
import { type Uses, usesBelow } from './expression.js';
import type { Frame } from './frame.js';
import { isZeroInPadding } from './padding.js';
import { readAs, rootOf } from './places.js';

/** What a stage of a sweep has to do, found out before any code is written. */
export interface StageWork {
  readonly stage: Stage;
  readonly stores: readonly Sink[];
  readonly rowReductions: readonly Sink[];
  readonly columnReductions: readonly Sink[];
  /** Of elements and what they are made of, down to what is not `[m, n]` or is loaded. */
  readonly uses: Uses;
  /** Below what is `[1, n]`. */
  readonly columnUses: Uses;
  /** Below what is `[m, 1]`, a number a row. */
  readonly rowUses: Uses;
  /** Of the block's part of vectors of m numbers, after the loop. */
  readonly localUses: Uses;
  /** Whether a matrix is loaded, not computed in this stage. */
  isLoaded(node: Node): boolean;
}

interface Sink {
  readonly node: Node;
  /** Whether what is stored or summed up may be other than 0 in the padding. */
  readonly isMasked: boolean;
}

/** How an operand of a matrix is stretched. */
type Extent = 'number' | 'row' | 'column' | 'matrix';

export function extentOf({ shape }: Node, [rows]: Shape): Extent {
  if (shape[0] === 1 && shape[1] === 1) return 'number';
  if (shape[1] === 1 && shape[0] === rows) return 'row';
  return shape[0] === 1 ? 'column' : 'matrix';
}

/** @param registers Vectors of m numbers that stages before have left in registers. */
export function stageWork(
  frame: Frame,
  shape: Shape,
  stage: Stage,
  registers: ReadonlySet<Node>,
): StageWork {
  const { places } = frame;
  const own = new Set(stage.elements);
  const extent = (node: Node) => extentOf(node, shape);
  const isLoaded = (node: Node): boolean => !own.has(node);
  const isPadded = (node: Node): boolean =>
    (extent(node) === 'matrix' && isLoaded(node)) ||
    (extent(node) === 'column' && places.has(node));
  const isSpread = (node: Node): boolean => ['number', 'row'].includes(extent(node));
  const sinks = (nodes: readonly Node[], seen: (node: Node) => Node): Sink[] =>
    nodes.map((node) => ({
      node,
      isMasked: !isZeroInPadding(seen(node), isPadded, isSpread),
    }));
  const reduced = (node: Node): Node => readAs(node.operands[0]!);
  const reductions = [...stage.rowReductions, ...stage.columnReductions];
  const uses = usesBelow(
    [...stage.stores, ...reductions.map(reduced)],
    (node) => extent(node) !== 'matrix' || isLoaded(node),
  );
  const leavesOf = (kind: Extent): Node[] => uses.leaves.filter((node) => extent(node) === kind);
  const isKnown = (node: Node): boolean =>
    isNumber(node) || places.has(node) || registers.has(rootOf(node));
  const listed = new Set<Node>(stage.rows);
  const reducedHere = new Set<Node>(stage.rowReductions);
  return {
    stage,
    stores: sinks(stage.stores, (node) => node),
    rowReductions: sinks(stage.rowReductions, reduced),
    columnReductions: sinks(stage.columnReductions, reduced),
    uses,
    columnUses: usesBelow(leavesOf('column'), (node) => isNumber(node) || places.has(node)),
    rowUses: usesBelow(leavesOf('row'), isKnown),
    localUses: usesBelow(stage.rows, (node) => {
      const root = rootOf(node);
      return !listed.has(root) && (isKnown(node) || reducedHere.has(root));
    }),
    isLoaded,
  };
}
