import type { Stream } from '../../src/base/random.js';
import { assembleProgram, type Lookup } from '../../src/program/assemble.js';
import type { GraphBuilder } from '../../src/program/builder.js';
import type { Node, Output, Program, Shape, Slot } from '../../src/program/ir.js';

const [M, N] = [4, 3];
const MATRICES = ['V', 'W', 'E'];
const VECTORS: readonly Slot[] = [
  { name: 'x', shape: [1, N] },
  { name: 'y', shape: [1, M] },
];

/**
 * A program, no rule: matrices that change by all sorts of sums of outer products of what is computed from
 * them, that fade, that take in one another, that are selected, masked, limited; and vectors.
 */
export function randomProgram(stream: Stream): Program {
  const seed = stream.integer(2 ** 30);
  const matrices = MATRICES.slice(0, 1 + stream.integer(3));
  const states = [...matrices.map((name): Slot => ({ name, shape: [M, N] })), ...VECTORS];
  return assembleProgram({
    name: 'random',
    parameters: ['p', 'q', 'fading'],
    states,
    constants: [
      { name: 'B', shape: [M, N] },
      { name: 'mask', shape: [M, N] },
      { name: 'a', shape: [1, M] },
      { name: 'b', shape: [1, N] },
    ],
    stepInputs: [
      { name: 'image', shape: [1, N] },
      { name: 'spikes', shape: [1, M] },
      { name: 'gate', shape: [1, 1] },
    ],
    queryInputs: [],
    step: (builder, value) =>
      new Step(builder, value, stream.child('step', `${seed}`)).next(states),
    readout: (b, value) => {
      const each = states.map(({ name }) => {
        const squashed = b.unary('tanh', value(name));
        return b.sum(b.sum(squashed, 'columns'), 'rows');
      });
      return [{ name: 'loss', node: b.total(each)! }];
    },
  });
}

/** Both graphs of a step are made of the same random choices. */
class Step {
  private readonly b: GraphBuilder;
  private readonly value: Lookup;
  private readonly stream: Stream;
  private readonly rows: Record<number, Node[]>;
  private readonly numbers: Node[];

  constructor(builder: GraphBuilder, value: Lookup, stream: Stream) {
    this.b = builder;
    this.value = value;
    this.stream = stream;
    const ones = (length: number): Node => builder.constant(1, [1, length]);
    this.rows = {
      [N]: [value('x'), value('image'), value('b'), ones(N)],
      [M]: [value('y'), value('spikes'), value('a'), ones(M)],
    };
    this.numbers = [value('p'), value('q'), builder.constant(0.5)];
  }

  next(states: readonly Slot[]): Output[] {
    const { b } = this;
    const matrices = states.filter(({ shape }) => shape[0] > 1).map(({ name }) => this.value(name));
    for (let k = 3 + this.stream.integer(6); k > 0; k--) this.compute(matrices);
    return states.map(({ name, shape }) => {
      const node =
        shape[0] > 1
          ? this.change(this.value(name), matrices)
          : b.unary('tanh', b.add(this.value(name), this.row(shape[1])));
      return { name, node: b.broadcast(node, shape) };
    });
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.stream.integer(items.length)]!;
  }

  private chance(p: number): boolean {
    return this.stream.uniform() < p;
  }

  private row(length: number): Node {
    return this.pick(this.rows[length]!);
  }

  /** One more vector or number from what there is. */
  private compute(matrices: readonly Node[]): void {
    const { b } = this;
    const length = this.chance(0.5) ? N : M;
    const keep = (node: Node): void => void this.rows[node.shape[1]]!.push(node);
    const kind = this.stream.uniform();
    if (kind < 0.4) {
      const matrix = this.matrix(matrices);
      keep(b.matmul(this.row(length), matrix, false, length === N));
    } else if (kind < 0.5)
      keep(b.unary(this.pick(['tanh', 'relu', 'softplus'] as const), this.row(length)));
    else if (kind < 0.7) keep(b.multiply(this.number(), this.row(length)));
    else if (kind < 0.85) {
      const fn = this.pick(['add', 'subtract', 'multiply'] as const);
      keep(b.binary(fn, this.row(length), this.row(length)));
    } else if (kind < 0.93) {
      const product = b.multiply(this.row(length), this.row(length));
      this.numbers.push(b.unary('tanh', b.sum(product, 'columns')));
    } else {
      const spread = b.sum(b.multiply(this.matrix(matrices), this.row(N)), 'columns');
      keep(b.transpose(spread));
    }
  }

  private number(): Node {
    return this.b.multiply(this.b.constant(0.3), this.pick(this.numbers));
  }

  private matrix(matrices: readonly Node[]): Node {
    const { b } = this;
    const one = this.chance(0.8) ? this.pick(matrices) : this.value('B');
    if (this.chance(0.8)) return one;
    return b.add(one, b.multiply(this.number(), this.pick([...matrices, this.outer()])));
  }

  private outer(): Node {
    const { b } = this;
    const scaled = b.multiply(this.number(), this.row(N));
    return this.chance(0.8)
      ? b.matmul(this.row(M), scaled, true, false)
      : b.multiply(b.transpose(this.row(M)), scaled);
  }

  private change(matrix: Node, matrices: readonly Node[]): Node {
    const { b } = this;
    let sum = this.chance(0.5) ? b.multiply(this.fading(), matrix) : matrix;
    for (let k = this.stream.integer(4); k > 0; k--) {
      const outer = this.outer();
      sum = b.binary(this.pick(['add', 'subtract'] as const), sum, outer);
    }
    if (this.chance(0.3)) sum = b.add(sum, b.multiply(this.number(), this.pick(matrices)));
    if (this.chance(0.15)) {
      const spread = this.chance(0.5) ? this.row(N) : b.transpose(this.row(M));
      sum = b.add(sum, b.multiply(this.number(), spread));
    }
    if (this.chance(0.15)) sum = b.add(sum, b.multiply(this.value('B'), this.outer()));
    if (this.chance(0.2)) sum = b.select(this.value('gate'), sum, matrix);
    if (this.chance(0.1))
      sum = b.select(this.value('gate'), b.multiply(this.number(), this.value('B')), sum);
    if (this.chance(0.15)) sum = b.select(this.value('mask'), sum, b.constant(0));
    if (this.chance(0.1)) sum = b.unary('tanh', sum);
    return sum;
  }

  private fading(): Node {
    const { b } = this;
    const one = b.constant(1);
    switch (this.stream.integer(5)) {
      case 0:
        return b.subtract(one, this.value('fading'));
      case 1:
        return b.subtract(one, b.multiply(this.value('fading'), this.pick(this.numbers)));
      case 2:
        return b.subtract(one, b.multiply(this.value('fading'), this.row(N)));
      case 3: {
        const squared = b.multiply(this.row(M), this.row(M));
        return b.transpose(b.subtract(one, b.multiply(this.value('fading'), squared)));
      }
      default:
        return b.select(this.value('gate'), b.constant(0), b.subtract(one, this.value('fading')));
    }
  }
}

/** Everything a random program starts from and sees; masked matrices are 0 where the mask is. */
export function valuesFor(program: Program, stream: Stream): Record<string, Float64Array> {
  const values: Record<string, Float64Array> = {};
  const sizeOf = (shape: Shape): number => shape[0] * shape[1];
  for (const { name, shape } of [...program.states, ...program.constants]) {
    values[name] = Float64Array.from({ length: sizeOf(shape) }, () =>
      name === 'mask' ? stream.integer(2) : 0.5 * stream.normal(),
    );
  }
  for (const name of MATRICES) {
    if (values[name]) values[name] = values[name]!.map((x, k) => x * values.mask![k]!);
  }
  return values;
}
