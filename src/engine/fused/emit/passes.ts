import { isNumber } from '../../../program/builder.js';
import type { Node, Shape } from '../../../program/ir.js';
import type { Stage } from '../../../program/plan/kernels.js';
import { type Uses, usesBelow } from './expression.js';
import type { Frame } from './frame.js';
import { paddingsOf } from './padding.js';
import { readAs, rootOf } from './places.js';
import { type Tiling, tilingOf } from './registers.js';
import { overwritten, type Store } from './sinks.js';

/**
 * A loop over the columns of a few rows of a block. A stage is one of these, or a few after one another
 * when one would need more registers than there are.
 */
export interface Pass {
  readonly stores: readonly Store[];
  /** With what is summed up in the padding. */
  readonly rowReductions: readonly Store[];
  readonly columnReductions: readonly Store[];
  /** Of elements and what they are made of, down to what is not `[m, n]` or is loaded. */
  readonly uses: Uses;
  /** Below what is `[1, n]`. */
  readonly columnUses: Uses;
  /** Below what is `[m, 1]`, a number a row. */
  readonly rowUses: Uses;
  readonly tiling: Tiling;
  /** Elements and reductions, for the comments. */
  readonly computed: readonly Node[];
  /** Whether a matrix is loaded, not computed in this loop. */
  isLoaded(node: Node): boolean;
}

/** How an operand of a matrix is stretched. */
export type Extent = 'number' | 'row' | 'column' | 'matrix';

export function extentOf({ shape }: Node, [rows]: Shape): Extent {
  if (shape[0] === 1 && shape[1] === 1) return 'number';
  if (shape[1] === 1 && shape[0] === rows) return 'row';
  return shape[0] === 1 ? 'column' : 'matrix';
}

/** What a pass has to do: some of a stage's stores and reductions. */
interface Work {
  readonly stores: readonly Node[];
  readonly reductions: readonly Node[];
}

const reduced = (node: Node): Node => readAs(node.operands[0]!);

/** @param registers Vectors of m numbers that stages before have left in registers. */
export function passesOf(
  frame: Frame,
  shape: Shape,
  stage: Stage,
  registers: ReadonlySet<Node>,
): Pass[] {
  const rows = new Set(stage.rowReductions);
  const make = ({ stores, reductions }: Work, loaded: ReadonlySet<Node>): Pass => {
    const own = new Set(stage.elements.filter((node) => !loaded.has(node)));
    const { places } = frame;
    const extent = (node: Node) => extentOf(node, shape);
    const isLoaded = (node: Node): boolean => !own.has(node);
    const isPadded = (node: Node): boolean =>
      (extent(node) === 'matrix' && isLoaded(node)) ||
      (extent(node) === 'column' && places.has(node));
    const isSpread = (node: Node): boolean => extent(node) === 'number' || extent(node) === 'row';
    const padding = paddingsOf(isPadded, isSpread);
    const sink = (node: Node, value: Node): Store => ({ node, padding: padding(value) });
    const sums = (isRow: boolean): Store[] =>
      reductions
        .filter((node) => rows.has(node) === isRow)
        .map((node) => sink(node, reduced(node)));
    const uses = usesBelow(
      [...stores, ...reductions.map(reduced)],
      (node) => extent(node) !== 'matrix' || isLoaded(node),
    );
    const leavesOf = (kind: Extent): Node[] => uses.leaves.filter((node) => extent(node) === kind);
    const loop = {
      stores: stores.map((node) => sink(node, node)),
      rowReductions: sums(true),
      columnReductions: sums(false),
      uses,
      columnUses: usesBelow(leavesOf('column'), (node) => isNumber(node) || places.has(node)),
      rowUses: usesBelow(
        leavesOf('row'),
        (node) => isNumber(node) || places.has(node) || registers.has(rootOf(node)),
      ),
      isLoaded,
      computed: [
        ...stage.elements.filter((node) => uses.counts.has(node) && own.has(node)),
        ...reductions,
      ],
    };
    return { ...loop, tiling: tilingOf(loop, frame.lanes) };
  };

  const reductions = [...stage.rowReductions, ...stage.columnReductions];
  const whole = make({ stores: stage.stores, reductions }, new Set());
  if (!whole.tiling.isTight) return [whole];
  return split(frame, { stores: stage.stores, reductions }, make) ?? [whole];
}

/**
 * A stage that needs too many registers as several loops: the first writes, and sums up what it computes
 * alone; the others sum up what they load. None if that would compute something twice.
 */
function split(
  frame: Frame,
  { stores, reductions }: Work,
  make: (work: Work, loaded: ReadonlySet<Node>) => Pass,
): Pass[] | undefined {
  const stored = new Set(stores);
  const first = make({ stores, reductions: [] }, new Set());
  const isMovable = (node: Node): boolean => {
    const alone = make({ stores: [], reductions: [node] }, stored);
    const isTwice = [...alone.uses.counts.keys()].some(
      (each) =>
        first.uses.counts.has(each) && !first.uses.leaves.includes(each) && !stored.has(each),
    );
    const spoilt = overwritten(frame, alone.uses.leaves, stores).some((leaf) => !stored.has(leaf));
    return !isTwice && !spoilt;
  };
  const passes: Pass[] = [];
  const movable = reductions.filter(isMovable);
  let now: Work = { stores, reductions: reductions.filter((node) => !movable.includes(node)) };
  let pass = make(now, new Set());
  for (const node of movable) {
    const more: Work = { ...now, reductions: [...now.reductions, node] };
    const loaded = passes.length === 0 ? new Set<Node>() : stored;
    const wider = make(more, loaded);
    const isEmpty = now.stores.length === 0 && now.reductions.length === 0;
    if (isEmpty || !wider.tiling.isTight) [now, pass] = [more, wider];
    else {
      passes.push(pass);
      now = { stores: [], reductions: [node] };
      pass = make(now, stored);
    }
  }
  passes.push(pass);
  return passes;
}
