import type {
  Axis,
  BinaryFunction,
  Graph,
  Node,
  Operation,
  Output,
  Shape,
  UnaryFunction,
} from './ir.js';
import { keyOf, MOST_NODES } from './node-key.js';

const NUMBER: Shape = [1, 1];

/**
 * Makes graphs. Equal operations on equal operands give the same node, so common subexpressions
 * are shared as they arise, and what is trivially simpler (x + 0, x · 1, x · 0) is simplified.
 */
export class GraphBuilder {
  private readonly made: Node[] = [];
  private readonly known = new Map<number | string, Node>();
  private readonly named = new Map<string, { readonly name: string; readonly shape: Shape }>();

  /** A named input. Asking again for the same name gives the same node. */
  input(name: string, shape: Shape): Node {
    if (!this.named.has(name)) this.named.set(name, { name, shape });
    return this.make({ op: 'input', name }, [], shape);
  }

  /** A number; `shape` stretches it. */
  constant(value: number, shape: Shape = NUMBER): Node {
    return this.broadcast(this.make({ op: 'constant', value }, [], NUMBER), shape);
  }

  unary(fn: UnaryFunction, a: Node): Node {
    if (fn === 'negate') {
      if (a.operation.op === 'constant') return this.constant(-a.operation.value);
      if (a.operation.op === 'unary' && a.operation.fn === 'negate') return a.operands[0]!;
    }
    if (a.operation.op === 'constant') {
      const folded = foldUnary(fn, a.operation.value);
      if (folded !== undefined) return this.constant(folded);
    }
    return this.make({ op: 'unary', fn }, [a], a.shape);
  }

  binary(fn: BinaryFunction, a: Node, b: Node): Node {
    const shape = stretched(a.shape, b.shape);
    const mayBeSimpler = a === b || isAnyConstant(a) || isAnyConstant(b);
    const simpler = mayBeSimpler ? this.simplified(fn, a, b, shape) : undefined;
    return simpler ?? this.make({ op: 'binary', fn }, [a, b], shape);
  }

  add(a: Node, b: Node): Node {
    return this.binary('add', a, b);
  }

  subtract(a: Node, b: Node): Node {
    return this.binary('subtract', a, b);
  }

  multiply(a: Node, b: Node): Node {
    return this.binary('multiply', a, b);
  }

  /** The sum of any number of nodes; undefined for none. */
  total(nodes: readonly Node[]): Node | undefined {
    return nodes.length === 0 ? undefined : nodes.reduce((sum, node) => this.add(sum, node));
  }

  matmul(a: Node, b: Node, transposeA = false, transposeB = false): Node {
    const [rows, innerA] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
    const [innerB, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
    if (innerA !== innerB) {
      throw new RangeError(`matmul of [${a.shape}] and [${b.shape}]: inner sides differ`);
    }
    return this.make({ op: 'matmul', transposeA, transposeB }, [a, b], [rows, columns]);
  }

  /** The product if this graph already has it: lets a planner choose what costs nothing more. */
  knownMatmul(a: Node, b: Node, transposeA: boolean, transposeB: boolean): Node | undefined {
    return this.known.get(keyOf({ op: 'matmul', transposeA, transposeB }, [a, b], NUMBER));
  }

  transpose(a: Node): Node {
    if (isNumber(a)) return a;
    if (a.operation.op === 'transpose') return a.operands[0]!;
    return this.make({ op: 'transpose' }, [a], [a.shape[1], a.shape[0]]);
  }

  sum(a: Node, axis: Axis): Node {
    if (isConstant(a, 0)) return this.constant(0, reduced(a.shape, axis));
    return a.shape[axis === 'rows' ? 0 : 1] === 1
      ? a
      : this.make({ op: 'sum', axis }, [a], reduced(a.shape, axis));
  }

  max(a: Node, axis: Axis): Node {
    return a.shape[axis === 'rows' ? 0 : 1] === 1
      ? a
      : this.make({ op: 'max', axis }, [a], reduced(a.shape, axis));
  }

  cumsum(a: Node, reverse = false): Node {
    return a.shape[0] === 1 ? a : this.make({ op: 'cumsum', reverse }, [a], a.shape);
  }

  softmax(a: Node): Node {
    return this.make({ op: 'softmax' }, [a], a.shape);
  }

  logsumexp(a: Node): Node {
    return this.make({ op: 'logsumexp' }, [a], [a.shape[0], 1]);
  }

  concat(parts: readonly Node[]): Node {
    if (parts.length === 1) return parts[0]!;
    const columns = parts[0]!.shape[1];
    if (parts.some((part) => part.shape[1] !== columns))
      throw new RangeError('concat: columns differ');
    const rows = parts.reduce((sum, part) => sum + part.shape[0], 0);
    return this.make({ op: 'concat' }, parts, [rows, columns]);
  }

  slice(a: Node, start: number, rows: number): Node {
    if (start === 0 && rows === a.shape[0]) return a;
    return this.make({ op: 'slice', start }, [a], [rows, a.shape[1]]);
  }

  /** Where `condition` is not 0 `then`, elsewhere `otherwise`: what is not chosen cannot do harm. */
  select(condition: Node, then: Node, otherwise: Node): Node {
    const shape = stretched(condition.shape, stretched(then.shape, otherwise.shape));
    if (isAnyConstant(condition)) {
      return this.broadcast(isConstant(condition, 0) ? otherwise : then, shape);
    }
    if (then === otherwise) return this.broadcast(then, shape);
    return this.make({ op: 'select' }, [condition, then, otherwise], shape);
  }

  broadcast(a: Node, shape: Shape): Node {
    if (sameShape(a.shape, shape)) return a;
    const fits = (side: 0 | 1) => a.shape[side] === 1 || a.shape[side] === shape[side];
    if (!fits(0) || !fits(1)) throw new RangeError(`cannot stretch [${a.shape}] to [${shape}]`);
    return this.make({ op: 'broadcast' }, [a], shape);
  }

  /** `a` summed down to `shape`, the reverse of a broadcast. */
  sumTo(a: Node, shape: Shape): Node {
    let node = a;
    if (shape[0] === 1) node = this.sum(node, 'rows');
    if (shape[1] === 1) node = this.sum(node, 'columns');
    return node;
  }

  /** Copies a node of another graph (and what it needs) into this one. */
  adopt(node: Node, seen: Map<Node, Node>): Node {
    const had = seen.get(node);
    if (had) return had;
    const operands = node.operands.map((operand) => this.adopt(operand, seen));
    const { operation } = node;
    const copy =
      operation.op === 'input'
        ? this.input(operation.name, node.shape)
        : this.make(operation, operands, node.shape);
    seen.set(node, copy);
    return copy;
  }

  /** The graph of these outputs: only what they need, in the order in which it was made. */
  build(name: string, outputs: readonly Output[]): Graph {
    const isNeeded = new Uint8Array(this.made.length);
    for (const { node } of outputs) isNeeded[node.id] = 1;
    // Operands have smaller ids.
    for (let id = this.made.length - 1; id >= 0; id--) {
      if (isNeeded[id] === 1) {
        for (const operand of this.made[id]!.operands) isNeeded[operand.id] = 1;
      }
    }
    const nodes = this.made.filter(({ id }) => isNeeded[id] === 1);
    return { name, inputs: [...this.named.values()], nodes, outputs };
  }

  private make(operation: Operation, operands: readonly Node[], shape: Shape): Node {
    const key = keyOf(operation, operands, shape);
    const had = this.known.get(key);
    if (had) return had;
    const id = this.made.length;
    if (id >= MOST_NODES) throw new RangeError(`a graph of more than ${MOST_NODES} operations`);
    const node: Node = { id, operation, operands, shape };
    this.made.push(node);
    this.known.set(key, node);
    return node;
  }

  private simplified(fn: BinaryFunction, a: Node, b: Node, shape: Shape): Node | undefined {
    const whole = (node: Node): Node => this.broadcast(node, shape);
    if (a.operation.op === 'constant' && b.operation.op === 'constant') {
      const folded = foldConstants(fn, a.operation.value, b.operation.value);
      if (folded !== undefined) return this.constant(folded);
    }
    if (fn === 'add') return isConstant(a, 0) ? whole(b) : isConstant(b, 0) ? whole(a) : undefined;
    if (fn === 'subtract') {
      if (isConstant(b, 0)) return whole(a);
      return isConstant(a, 0) ? whole(this.unary('negate', b)) : undefined;
    }
    if (fn === 'multiply') {
      if (isConstant(a, 0) || isConstant(b, 0)) return this.constant(0, shape);
      if (isConstant(a, 1)) return whole(b);
      if (isConstant(b, 1)) return whole(a);
      if (isConstant(a, -1)) return whole(this.unary('negate', b));
      return isConstant(b, -1) ? whole(this.unary('negate', a)) : undefined;
    }
    if (fn === 'minimum' || fn === 'maximum') return a === b ? a : undefined;
    return fn === 'divide' && isConstant(b, 1) ? whole(a) : undefined;
  }
}

/** Whether a node is this number, stretched or not. */
export function isConstant(node: Node, value: number): boolean {
  const { operation } = node;
  if (operation.op === 'broadcast') return isConstant(node.operands[0]!, value);
  return operation.op === 'constant' && operation.value === value;
}

/** Whether a node is a single number. */
export function isNumber({ shape }: Node): boolean {
  return shape[0] === 1 && shape[1] === 1;
}

function sameShape(a: Shape, b: Shape): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function isAnyConstant(node: Node): boolean {
  const { operation } = node;
  return operation.op === 'broadcast'
    ? isAnyConstant(node.operands[0]!)
    : operation.op === 'constant';
}

/** The shape of two arrays stretched to each other. */
function stretched(a: Shape, b: Shape): Shape {
  if (isStretchedTo(a, b)) return b;
  if (isStretchedTo(b, a)) return a;
  const fits = (side: 0 | 1): boolean => a[side] === b[side] || a[side] === 1 || b[side] === 1;
  if (!fits(0) || !fits(1)) throw new RangeError(`shapes [${a}] and [${b}]`);
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Whether an array of one shape is stretched to another by an array that has it. */
const isStretchedTo = (from: Shape, to: Shape): boolean =>
  (from[0] === to[0] || from[0] === 1) && (from[1] === to[1] || from[1] === 1);

function reduced(shape: Shape, axis: Axis): Shape {
  return axis === 'rows' ? [1, shape[1]] : [shape[0], 1];
}

/** Where that is a number: computed once, and in double precision whatever the engine. */
function foldUnary(fn: UnaryFunction, x: number): number | undefined {
  const functions: Partial<Record<UnaryFunction, (x: number) => number>> = {
    reciprocal: (value) => 1 / value,
    exp: Math.exp,
    log: Math.log,
    sqrt: Math.sqrt,
    tanh: Math.tanh,
  };
  const value = functions[fn]?.(x);
  return Number.isFinite(value) ? value : undefined;
}

function foldConstants(fn: BinaryFunction, a: number, b: number): number | undefined {
  switch (fn) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return b === 0 ? undefined : a / b;
    default:
      return undefined;
  }
}
