import { type GraphBuilder, isConstant } from '../builder.js';
import type { Node, Slot } from '../ir.js';
import type { Result } from './adjoint-step.js';
import type { PlannedState } from './episode-plan.js';
import { collectOuters, type Outer } from './outers.js';

/**
 * A matrix whose update of one step is carried out in the next: X + Σ leftᵀ right is held as X, with the
 * sides as vectors beside it. So the update is made while the next step reads the matrix anyway.
 */
export interface Delay {
  readonly matrix: Slot;
  /** Of this step, to be carried out in the next. */
  readonly outers: readonly Outer[];
  /** The names of the sides that are carried. */
  readonly pending: readonly { readonly left: Slot; readonly right: Slot }[];
}

/**
 * The update to be put off; undefined where the matrix changes by more than outer products, or where
 * nothing that the update depends on reads the matrix, so that one sweep does for both already.
 */
export function delayOf(b: GraphBuilder, next: Result): Delay | undefined {
  const { name, shape, form } = next;
  if (!form || form.outers.length === 0 || form.parts.size !== 1) return undefined;
  const input = b.input(name, shape);
  const factor = form.parts.get(input);
  if (!factor || !isConstant(factor, 1)) return undefined;
  const outers = collectOuters(b, form.outers);
  if (!outers.some(({ left, right }) => readsAny([left, right], input))) return undefined;
  const matrix = { name, shape };
  const pending = outers.map(({ left, right }, k) => ({
    left: { name: `pending left ${k + 1} of ${name}`, shape: left.shape },
    right: { name: `pending right ${k + 1} of ${name}`, shape: right.shape },
  }));
  return { matrix, outers, pending };
}

/** The matrix with what is pending carried out. */
export function carriedOut(b: GraphBuilder, { matrix, pending }: Delay): Node {
  const products = pending.map(({ left, right }) =>
    b.matmul(b.input(left.name, left.shape), b.input(right.name, right.shape), true, false),
  );
  return b.total([b.input(matrix.name, matrix.shape), ...products])!;
}

export function pendingStates({ pending }: Delay): PlannedState[] {
  return pending
    .flatMap(({ left, right }) => [left, right])
    .map((slot) => ({ ...slot, role: 'pending' }));
}

function readsAny(nodes: readonly Node[], input: Node): boolean {
  const seen = new Set<Node>();
  const visit = (node: Node): boolean => {
    if (node === input) return true;
    if (seen.has(node)) return false;
    seen.add(node);
    return node.operands.some(visit);
  };
  return nodes.some(visit);
}
