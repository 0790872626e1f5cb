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

/**
 * Makes graphs. Equal operations on equal operands give the same node, so common subexpressions
 * are shared as they arise, and what is trivially simpler (x + 0, x · 1, x · 0) is simplified.
 */
export class GraphBuilder {
  private readonly made: Node[] = [];
  /** By what is done, then by what it is done to. */
  private readonly known = new Map<string, Map<number | string, Node>>();
  /** By name. */
  private readonly named = new Map<string, { readonly name: string; readonly shape: Shape }>();

  /** A named input. Asking again for the same name gives the same node. */
  input(name: string, shape: Shape): Node {
    if (!this.named.has(name)) this.named.set(name, { name, shape });
    return this.make({ op: 'input', name }, [], shape);
  }

  /** A number; `shape` stretches it. */
  constant(value: number, shape: Shape = [1, 1]): Node {
    return this.broadcast(this.make({ op: 'constant', value }, [], [1, 1]), shape);
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
    return (
      this.simplified(fn, a, b) ??
      this.make({ op: 'binary', fn }, [a, b], stretched(a.shape, b.shape))
    );
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
    const operation = { op: 'matmul', transposeA, transposeB } as const;
    return this.known.get(nameOf(operation))?.get(keyOf([a, b]));
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
    const needed = new Set<Node>();
    const visit = (node: Node): void => {
      if (needed.has(node)) return;
      needed.add(node);
      node.operands.forEach(visit);
    };
    for (const output of outputs) visit(output.node);
    return {
      name,
      inputs: [...this.named.values()],
      nodes: this.made.filter((node) => needed.has(node)),
      outputs,
    };
  }

  private make(operation: Operation, operands: readonly Node[], shape: Shape): Node {
    const name = isShaped(operation) ? `${nameOf(operation)}:${shape}` : nameOf(operation);
    let alike = this.known.get(name);
    if (!alike) {
      alike = new Map();
      this.known.set(name, alike);
    }
    const key = keyOf(operands);
    const had = alike.get(key);
    if (had) return had;
    const node: Node = { id: this.made.length, operation, operands, shape };
    this.made.push(node);
    alike.set(key, node);
    return node;
  }

  private simplified(fn: BinaryFunction, a: Node, b: Node): Node | undefined {
    const shape = stretched(a.shape, b.shape);
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
  const side = (i: 0 | 1): number => {
    const [m, n] = [a[i], b[i]];
    if (m !== n && m !== 1 && n !== 1) throw new RangeError(`shapes [${a}] and [${b}]`);
    return Math.max(m, n);
  };
  return [side(0), side(1)];
}

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

const isShaped = (operation: Operation): boolean =>
  operation.op === 'slice' || operation.op === 'broadcast' || operation.op === 'input';

/** Equal for equal operands. A number where that is enough, since nothing is asked for as often. */
function keyOf(operands: readonly Node[]): number | string {
  if (operands.length === 0) return 0;
  if (operands.length === 1) return operands[0]!.id;
  if (operands.length === 2) return operands[0]!.id * MOST_NODES + operands[1]!.id;
  return operands.map(({ id }) => id).join(' ');
}

/** Of a graph; its square is exact in double precision. */
const MOST_NODES = 2 ** 26;

function nameOf(operation: Operation): string {
  switch (operation.op) {
    case 'input':
      return `input ${operation.name}\n`;
    case 'constant':
      // Zeros of either sign are not the same number to divide by.
      return Object.is(operation.value, -0) ? 'constant -0' : `constant ${operation.value}`;
    case 'unary':
    case 'binary':
      return operation.fn;
    case 'matmul':
      return `matmul ${operation.transposeA} ${operation.transposeB}`;
    case 'sum':
      return operation.axis === 'rows' ? 'sum rows' : 'sum columns';
    case 'max':
      return operation.axis === 'rows' ? 'max rows' : 'max columns';
    case 'cumsum':
      return operation.reverse ? 'cumsum up' : 'cumsum down';
    case 'slice':
      return `slice ${operation.start}`;
    default:
      return operation.op;
  }
}
