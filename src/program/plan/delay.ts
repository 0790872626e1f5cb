import { type GraphBuilder, isConstant } from '../builder.js';
import type { Node, Slot } from '../ir.js';
import type { Result } from './adjoint-step.js';
import type { PlannedState } from './episode-plan.js';
import type { MatrixForm } from './matrix-form.js';
import type { Origins } from './origins.js';
import { collectOuters } from './outers.js';
import { isMatrix } from './vectors.js';

/**
 * A matrix whose update of one step is carried out in the next. An update that needs nothing but the matrix
 * itself, vectors and numbers (W + uᵀv, say, or its positive part) is not made at the end of the step, when
 * the vectors are known: these are carried, and the update is made while the next step goes over the matrix
 * anyway.
 */
export interface Delay {
  readonly matrix: Slot;
  /** What the matrix becomes. */
  readonly update: Node;
  /** What the update needs of the step, and the name under which it is carried. */
  readonly pending: readonly { readonly node: Node; readonly slot: Slot }[];
  /** A number that is 0 until there is something to carry out; undefined where vectors of 0 change nothing. */
  readonly begun: Slot | undefined;
}

/**
 * The update to be put off; undefined where it needs other matrices, or where it needs nothing that is
 * computed from the matrix, so that one pass does for both already.
 */
export function delayOf(b: GraphBuilder, result: Result, origins: Origins): Delay | undefined {
  const { name, shape, node, form } = result;
  if (!isMatrix(node)) return undefined;
  const input = b.input(name, shape);
  const found = needsOf(node, input, origins);
  if (!found || !dependsOn(found, input)) return undefined;
  const isNothingAtFirst = form !== undefined && isSumOfChanging(b, form, input, origins);
  return {
    matrix: { name, shape },
    update: node,
    pending: found.map((each, k) => ({
      node: each,
      slot: { name: `pending ${k + 1} of ${name}`, shape: each.shape },
    })),
    begun: isNothingAtFirst ? undefined : { name: `pending of ${name}`, shape: [1, 1] },
  };
}

/** Whether the update adds outer products only, all of which are 0 where what is pending is 0. */
function isSumOfChanging(
  b: GraphBuilder,
  { parts, outers }: MatrixForm,
  input: Node,
  origins: Origins,
): boolean {
  const factor = parts.get(input);
  if (parts.size !== 1 || !factor || !isConstant(factor, 1)) return false;
  return collectOuters(b, outers).every(
    ({ left, right }) => !origins.isFixed(left) || !origins.isFixed(right),
  );
}

/** Vectors and numbers that change from step to step; undefined if it needs another matrix that does. */
function needsOf(update: Node, input: Node, origins: Origins): Node[] | undefined {
  const needs = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): boolean => {
    if (seen.has(node) || node === input) return true;
    seen.add(node);
    if (origins.isFixed(node)) return true;
    if (!isMatrix(node)) {
      needs.add(node);
      return true;
    }
    return isElementwise(node) && node.operands.every(visit);
  };
  return visit(update) ? [...needs] : undefined;
}

function isElementwise({ operation, operands }: Node): boolean {
  switch (operation.op) {
    case 'unary':
    case 'binary':
    case 'select':
    case 'broadcast':
    case 'transpose':
      return true;
    case 'matmul':
      return !operands.some(isMatrix);
    default:
      return false;
  }
}

function dependsOn(nodes: readonly Node[], input: Node): boolean {
  const seen = new Set<Node>();
  const visit = (node: Node): boolean => {
    if (node === input) return true;
    if (seen.has(node)) return false;
    seen.add(node);
    return node.operands.some(visit);
  };
  return nodes.some(visit);
}

/** The matrix with what is pending carried out. */
export function carriedOut(b: GraphBuilder, { matrix, update, pending, begun }: Delay): Node {
  const input = b.input(matrix.name, matrix.shape);
  const seen = new Map<Node, Node>();
  for (const { node, slot } of pending) seen.set(node, b.input(slot.name, slot.shape));
  const made = b.adopt(update, seen);
  return begun ? b.select(b.input(begun.name, begun.shape), made, input) : made;
}

/** What is carried for it besides the matrix. */
export function pendingStates({ pending, begun }: Delay): PlannedState[] {
  const slots = [...pending.map(({ slot }) => slot), ...(begun ? [begun] : [])];
  return slots.map((slot) => ({ ...slot, role: 'pending' }));
}

/** The outputs of a step for a matrix whose update is put off. */
export function delayedOutputs(
  b: GraphBuilder,
  delay: Delay,
  value: (node: Node) => Node,
): { readonly name: string; readonly node: Node }[] {
  const { matrix, pending, begun } = delay;
  return [
    { name: matrix.name, node: carriedOut(b, delay) },
    ...pending.map(({ node, slot }) => ({ name: slot.name, node: value(node) })),
    ...(begun ? [{ name: begun.name, node: b.constant(1) }] : []),
  ];
}
