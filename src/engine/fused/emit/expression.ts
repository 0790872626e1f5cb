import type { BinaryFunction, Node } from '../../../program/ir.js';
import type { Local } from '../wasm/code.js';
import type { Frame } from './frame.js';
import { readAs } from './places.js';

/** A vector that is there already, or how to load it. */
export type Leaf = Local | (() => void);

/** What an expression is made of. */
export interface Leaves {
  /** Whether a node is not to be computed. */
  has(node: Node): boolean;
  /** A node that is not to be computed. */
  get(node: Node): Leaf;
}

const INSTRUCTIONS: Readonly<Record<Exclude<BinaryFunction, 'power'>, string>> = {
  add: 'add',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  minimum: 'min',
  maximum: 'max',
};

/** How often each node below some roots is used, the roots' own uses included, and the leaves among them. */
export interface Uses {
  readonly counts: ReadonlyMap<Node, number>;
  readonly leaves: readonly Node[];
}

export function usesBelow(roots: readonly Node[], isLeaf: (node: Node) => boolean): Uses {
  const counts = new Map<Node, number>();
  const leaves: Node[] = [];
  const visit = (node: Node): void => {
    const count = counts.get(node);
    counts.set(node, (count ?? 0) + 1);
    if (count !== undefined) return;
    if (isLeaf(node)) leaves.push(node);
    else for (const operand of node.operands) visit(readAs(operand));
  };
  roots.forEach(visit);
  return { counts, leaves };
}

/**
 * Elementwise expressions as code: a directed acyclic graph of nodes over vectors. What is used more than
 * once is computed once and kept in a local variable until `forget`.
 */
export class Expressions {
  private readonly frame: Frame;
  private readonly leaves: Leaves;
  private readonly counts: ReadonlyMap<Node, number>;
  private readonly kept = new Map<Node, Local>();

  constructor(frame: Frame, leaves: Leaves, counts: ReadonlyMap<Node, number>) {
    this.frame = frame;
    this.leaves = leaves;
    this.counts = counts;
  }

  /** To be called when leaves mean other vectors: the next ones of a loop. */
  forget(): void {
    this.kept.clear();
  }

  /** Puts a node's vector on the stack. */
  push(node: Node): void {
    const { code } = this.frame;
    const had = this.kept.get(node);
    if (had) {
      code.get(had);
      return;
    }
    if (this.leaves.has(node)) {
      const leaf = this.leaves.get(node);
      if (typeof leaf !== 'function') {
        code.get(leaf);
        return;
      }
      leaf();
    } else this.compute(node);
    if ((this.counts.get(node) ?? 0) > 1) {
      const local = this.frame.localOf(node);
      code.tee(local);
      this.kept.set(node, local);
    }
  }

  /** The local variable that holds a node's vector, filled if it was not. */
  keep(node: Node): Local {
    const had = this.kept.get(node);
    if (had) return had;
    if (this.leaves.has(node)) {
      const leaf = this.leaves.get(node);
      if (typeof leaf !== 'function') return leaf;
    }
    this.push(node);
    const local = this.frame.localOf(node);
    this.frame.code.set(local);
    this.kept.set(node, local);
    return local;
  }

  /** Puts `addend + node` on the stack. */
  pushSum(addend: () => void, node: Node): void {
    if (this.isFusible(node)) {
      const [a, b] = node.operands.map(readAs) as [Node, Node];
      this.push(a);
      this.push(b);
      addend();
      this.frame.op('relaxed_madd');
    } else {
      addend();
      this.push(node);
      this.frame.op('add');
    }
  }

  /** A product that may be computed together with what it is added to. */
  private isFusible(node: Node): boolean {
    const { operation } = node;
    return (
      this.frame.lanes.relaxed &&
      operation.op === 'binary' &&
      operation.fn === 'multiply' &&
      this.counts.get(node) === 1 &&
      !this.kept.has(node) &&
      !this.leaves.has(node)
    );
  }

  private compute(node: Node): void {
    const { code, functions, lanes } = this.frame;
    const { operation } = node;
    const operands = node.operands.map(readAs);
    switch (operation.op) {
      case 'unary':
        this.push(operands[0]!);
        functions.unary(code, operation.fn, lanes);
        return;
      case 'binary':
        this.binary(operation.fn, operands as [Node, Node]);
        return;
      case 'select':
        this.select(operands as [Node, Node, Node]);
        return;
      case 'broadcast':
      case 'transpose':
        this.push(operands[0]!);
        return;
      case 'constant':
        this.frame.constant(operation.value);
        return;
      default:
        throw new RangeError(
          `node ${node.id} (${operation.op} [${node.shape}]) is neither in memory nor elementwise`,
        );
    }
  }

  private binary(fn: BinaryFunction, [a, b]: [Node, Node]): void {
    const { code, functions, lanes } = this.frame;
    if (fn === 'add' && this.isFusible(b)) {
      this.pushSum(() => this.push(a), b);
      return;
    }
    if (fn === 'add' && this.isFusible(a)) {
      this.pushSum(() => this.push(b), a);
      return;
    }
    if (fn === 'subtract' && this.isFusible(b)) {
      const [c, d] = b.operands.map(readAs) as [Node, Node];
      this.push(c);
      this.push(d);
      this.push(a);
      this.frame.op('relaxed_nmadd');
      return;
    }
    if (fn === 'power' && this.smallPower(a, b)) return;
    if (this.changes(fn, a, b)) return;
    this.push(a);
    this.push(b);
    if (fn === 'power') functions.power(code, lanes);
    else this.frame.op(INSTRUCTIONS[fn]);
  }

  /**
   * `W ± p ± q` as `W ± (p ± q)`: what is kept in memory from step to step is rounded once, however many
   * products change it. Not where each product is added in one instruction with its multiplication.
   */
  private changes(fn: BinaryFunction, from: Node, last: Node): boolean {
    if (this.frame.lanes.relaxed) return false;
    const products: { readonly sign: 'add' | 'subtract'; readonly node: Node }[] = [];
    let [sign, kept, product] = [fn, from, last];
    for (;;) {
      if ((sign !== 'add' && sign !== 'subtract') || !isProduct(product)) return false;
      products.unshift({ sign, node: product });
      if (this.leaves.has(kept)) break;
      if (kept.operation.op !== 'binary' || this.counts.get(kept) !== 1) return false;
      sign = kept.operation.fn;
      [kept, product] = kept.operands.map(readAs) as [Node, Node];
    }
    const [first, ...others] = products;
    if (others.length === 0) return false;
    this.push(kept);
    this.push(first!.node);
    for (const other of others) {
      this.push(other.node);
      this.frame.op(INSTRUCTIONS[other.sign === first!.sign ? 'add' : 'subtract']);
    }
    this.frame.op(INSTRUCTIONS[first!.sign]);
    return true;
  }

  /** Squares and cubes are products. */
  private smallPower(base: Node, { operation }: Node): boolean {
    if (operation.op !== 'constant' || ![2, 3].includes(operation.value)) return false;
    const local = this.keep(base);
    for (let k = 0; k < operation.value; k++) this.frame.code.get(local);
    for (let k = 1; k < operation.value; k++) this.frame.op('mul');
    return true;
  }

  /** A condition that is NaN gives NaN: all bits set. */
  private select([condition, then, otherwise]: [Node, Node, Node]): void {
    const { code } = this.frame;
    const mask = this.keep(condition);
    this.push(otherwise);
    this.push(then);
    code.get(mask);
    this.frame.constant(0);
    this.frame.op('eq');
    code.op('v128.bitselect');
    code.get(mask);
    code.get(mask);
    this.frame.op('ne');
    code.op('v128.or');
  }
}

function isProduct({ operation }: Node): boolean {
  return operation.op === 'binary' && operation.fn === 'multiply';
}
