import type { Stream } from '../../src/base/random.js';
import { GraphBuilder } from '../../src/program/builder.js';
import type { Graph, Node, Shape } from '../../src/program/ir.js';

/**
 * A random graph over numbers, vectors both ways and matrices of two sizes, with all operations. Values
 * stay of moderate size. What jumps (steps, conditions) hangs on inputs alone, so that rounding does not
 * decide. Some outputs are named like inputs.
 */
export function randomGraph(stream: Stream, m: number, n: number): Graph {
  const made = new Maker(stream, m, n);
  for (let k = 0; k < 10 + stream.integer(25); k++) made.grow();
  return made.graph();
}

class Maker {
  private readonly b = new GraphBuilder();
  private readonly stream: Stream;
  private readonly inputs: Node[];
  private readonly nodes: Node[];

  constructor(stream: Stream, m: number, n: number) {
    this.stream = stream;
    const shapes: Record<string, Shape> = {
      c: [1, 1],
      d: [1, 1],
      x: [1, n],
      v: [1, n],
      y: [m, 1],
      u: [m, 1],
      z: [1, m],
      W: [m, n],
      B: [m, n],
      S: [m, m],
    };
    this.inputs = Object.entries(shapes).map(([name, shape]) => this.b.input(name, shape));
    this.nodes = [...this.inputs];
  }

  graph(): Graph {
    const { stream } = this;
    const nodes = stream.choose(this.nodes.slice(-20), 1 + stream.integer(5));
    const names = new Set<string>();
    const outputs = nodes.map((node, k) => {
      const alike = this.inputs.find((input) => sameShape(input.shape, node.shape));
      const own = alike?.operation.op === 'input' && this.chance(0.5) ? alike.operation.name : '';
      const name = own !== '' && !names.has(own) ? own : `out ${k}`;
      names.add(name);
      return { name, node };
    });
    return this.b.build('random', outputs);
  }

  grow(): void {
    const node = this.tamed(this.made());
    if (node.operation.op !== 'constant') this.nodes.push(node);
  }

  private made(): Node {
    const { b, stream } = this;
    const kind = stream.integer(20);
    const a = this.pick(this.nodes);
    if (kind < 9) return this.binary(a, this.pick(this.fitting(a.shape)));
    if (kind < 12) return this.unary(a);
    if (kind < 14) return b.sum(a, this.pick(['rows', 'columns'] as const));
    if (kind === 14) return b.max(a, this.pick(['rows', 'columns'] as const));
    if (kind === 15) return this.product(a);
    if (kind === 16) return this.select(a);
    if (kind === 17) return this.rarer(a);
    if (kind === 18) return b.transpose(a);
    return b.binary('multiply', a, b.constant(stream.uniform(-1, 1)));
  }

  private binary(a: Node, c: Node): Node {
    const { b } = this;
    const kind = this.stream.integer(12);
    const positive = (node: Node): Node => b.add(b.multiply(node, node), b.constant(0.5));
    if (kind < 4) return b.multiply(a, c);
    if (kind < 6) return b.add(a, c);
    if (kind < 8) return b.subtract(a, c);
    if (kind === 8) return b.binary('minimum', a, c);
    if (kind === 9) return b.binary('maximum', a, c);
    if (kind === 10) return b.binary('divide', a, positive(c));
    return this.chance(0.5)
      ? b.binary('power', positive(a), b.unary('tanh', c))
      : b.binary('power', a, b.constant(this.pick([2, 3])));
  }

  private unary(a: Node): Node {
    const { b } = this;
    const positive = b.add(b.multiply(a, a), b.constant(0.5));
    const kind = this.stream.integer(10);
    if (kind === 0) return b.unary('exp', b.unary('tanh', a));
    if (kind === 1) return b.unary('log', positive);
    if (kind === 2) return b.unary('sqrt', positive);
    if (kind === 3) return b.unary('reciprocal', positive);
    if (kind === 4) return b.unary(this.pick(['step', 'sign'] as const), this.input());
    const easy = ['negate', 'abs', 'relu', 'tanh', 'sigmoid', 'softplus'] as const;
    return b.unary(this.pick(easy), a);
  }

  private product(a: Node): Node {
    const [transposeA, transposeB] = [this.chance(0.5), this.chance(0.5)];
    const inner = a.shape[transposeA ? 0 : 1];
    const others = this.nodes.filter(({ shape }) => shape[transposeB ? 1 : 0] === inner);
    if (others.length === 0) return a;
    return this.b.matmul(a, this.pick(others), transposeA, transposeB);
  }

  private select(a: Node): Node {
    const condition = this.pick(this.fitting(a.shape).filter((node) => this.inputs.includes(node)));
    const mask = this.b.unary('step', condition);
    const shape = this.b.add(mask, a).shape;
    return this.b.select(mask, a, this.pick(this.fitting(shape)));
  }

  private rarer(a: Node): Node {
    const { b, stream } = this;
    const kind = stream.integer(6);
    if (kind === 0) return b.cumsum(a, this.chance(0.5));
    if (kind === 1) return b.softmax(a);
    if (kind === 2) return b.logsumexp(a);
    if (kind === 3) {
      const start = stream.integer(a.shape[0]);
      return b.slice(a, start, 1 + stream.integer(a.shape[0] - start));
    }
    if (kind === 4) {
      const alike = this.nodes.filter(({ shape }) => shape[1] === a.shape[1]);
      return b.concat([a, this.pick(alike)]);
    }
    const whole = this.pick(this.inputs);
    const fits = a.shape.every((side, k) => side === 1 || side === whole.shape[k]);
    return fits ? b.broadcast(a, whole.shape) : a;
  }

  /** So that sums of products of sums do not run away. */
  private tamed(node: Node): Node {
    const { b } = this;
    const { op } = node.operation;
    if (op === 'sum' || op === 'cumsum' || op === 'matmul') {
      return b.multiply(node, b.constant(0.2));
    }
    return this.chance(0.15) && op === 'binary' ? b.unary('tanh', node) : node;
  }

  private fitting(shape: Shape): Node[] {
    const fits = (k: 0 | 1, other: Shape): boolean =>
      other[k] === shape[k] || other[k] === 1 || shape[k] === 1;
    return this.nodes.filter((node) => fits(0, node.shape) && fits(1, node.shape));
  }

  private input(): Node {
    return this.pick(this.inputs);
  }

  private chance(p: number): boolean {
    return this.stream.uniform() < p;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.stream.integer(items.length)]!;
  }
}

const sameShape = (a: Shape, b: Shape): boolean => a[0] === b[0] && a[1] === b[1];
