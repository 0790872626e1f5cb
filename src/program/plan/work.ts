import type { Node, Shape } from '../ir.js';
import { flopsOf } from './flops.js';
import { computedIn, type KernelPlan } from './kernels.js';
import { matricesOf } from './matrices.js';
import { isMatrix } from './vectors.js';

/** What carrying out a plan's kernels once takes. */
export interface Work {
  /** Additions and multiplications. */
  readonly flops: number;
  /** Values of functions such as exp and tanh. */
  readonly functions: number;
  /** Passes over matrices, by the name of each; without those that live within the plan only. */
  readonly passes: readonly MatrixPasses[];
}

export interface MatrixPasses {
  readonly matrix: string;
  readonly shape: Shape;
  readonly passes: number;
  readonly isWritten: boolean;
}

export function workOf(plan: KernelPlan): Work {
  const functions = plan.kernels
    .flatMap(computedIn)
    .reduce((sum, node) => sum + functionsOf(node), 0);
  return { flops: flopsOf(plan), functions, passes: passesOf(plan) };
}

const sizeOf = ({ shape }: Node): number => shape[0] * shape[1];

function functionsOf(node: Node): number {
  const { operation } = node;
  const isFunction =
    operation.op === 'unary'
      ? FUNCTIONS.includes(operation.fn)
      : operation.op === 'binary' && operation.fn === 'power';
  return isFunction ? sizeOf(node) : 0;
}

const FUNCTIONS: readonly string[] = ['exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'softplus'];

function passesOf(plan: KernelPlan): MatrixPasses[] {
  const { kernels, homes } = plan;
  const found = new Map<string, MatrixPasses>();
  const count = (read: Iterable<Node>, written: Iterable<Node>): void => {
    const touched = new Map<string, { readonly shape: Shape; isWritten: boolean }>();
    const touch = (node: Node, isWritten: boolean): void => {
      const home = homes.get(node);
      if (home === undefined || home.kind === 'scratch' || !isMatrix(node)) return;
      const { name } = home;
      touched.set(name, {
        shape: node.shape,
        isWritten: isWritten || (touched.get(name)?.isWritten ?? false),
      });
    };
    for (const node of read) touch(node, false);
    for (const node of written) touch(node, true);
    for (const [matrix, { shape, isWritten }] of touched) {
      const before = found.get(matrix);
      found.set(matrix, {
        matrix,
        shape,
        passes: (before?.passes ?? 0) + 1,
        isWritten: isWritten || (before?.isWritten ?? false),
      });
    }
  };
  for (const kernel of kernels) {
    if (kernel.kind === 'whole') count(kernel.node.operands, [kernel.node]);
    if (kernel.kind !== 'sweep') continue;
    const { read, written } = matricesOf(plan, kernel);
    count(read, written);
  }
  return [...found.values()];
}
