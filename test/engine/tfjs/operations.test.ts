import { beforeAll, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { prepareEvaluation } from '../../../src/engine/interpret/evaluate.js';
import { loadBackend, type Tf } from '../../../src/engine/tfjs/backends.js';
import { compile } from '../../../src/engine/tfjs/executable.js';
import { Kit } from '../../../src/engine/tfjs/kit.js';
import { GraphBuilder } from '../../../src/program/builder.js';
import { BINARY, type Graph, type Node, type Shape, UNARY } from '../../../src/program/ir.js';
import { describeBackends } from './backends.js';

type Draw = (stream: Stream) => number;

const normal: Draw = (stream) => stream.normal();
const positive: Draw = (stream) => stream.uniform(0.2, 3);

interface Case {
  readonly group: string;
  readonly name: string;
  readonly graph: Graph;
  readonly draw: Draw;
}

/** A graph with one output made of inputs a, b of these shapes. */
function graphOf(shapes: readonly Shape[], make: (b: GraphBuilder, ...nodes: Node[]) => Node) {
  const b = new GraphBuilder();
  const inputs = shapes.map((shape, i) => b.input('abc'[i]!, shape));
  return b.build('test', [{ name: 'out', node: make(b, ...inputs) }]);
}

function cases(): Case[] {
  const list: Case[] = [];
  const add = (
    name: string,
    shapes: readonly Shape[],
    make: (b: GraphBuilder, ...nodes: Node[]) => Node,
    draw = normal,
  ): void => {
    const group = name.split(' ')[0]!;
    list.push({
      group,
      name: `${name} ${JSON.stringify(shapes)}`,
      graph: graphOf(shapes, make),
      draw,
    });
  };
  for (const fn of UNARY) {
    const draw = fn === 'log' || fn === 'sqrt' || fn === 'reciprocal' ? positive : normal;
    add(fn, [[3, 4]], (b, x) => b.unary(fn, x!), draw);
  }
  const pairs: [Shape, Shape][] = [
    [
      [3, 4],
      [3, 4],
    ],
    [
      [3, 4],
      [1, 4],
    ],
    [
      [3, 1],
      [3, 4],
    ],
    [
      [1, 1],
      [3, 4],
    ],
    [
      [3, 4],
      [1, 1],
    ],
    [
      [3, 1],
      [1, 4],
    ],
    [
      [1, 1],
      [1, 1],
    ],
  ];
  for (const fn of BINARY) {
    const draw = fn === 'power' || fn === 'divide' ? positive : normal;
    for (const [a, c] of pairs) add(fn, [a, c], (b, x, y) => b.binary(fn, x!, y!), draw);
    add(`${fn} of a constant`, [[3, 4]], (b, x) => b.binary(fn, b.constant(0.7), x!), draw);
    add(`${fn} by a constant`, [[3, 4]], (b, x) => b.binary(fn, x!, b.constant(0.7)), draw);
  }
  // Small ones, and ones large enough for every special way a backend has.
  for (const [m, k, n] of [
    [2, 3, 4],
    [1, 5, 4],
    [4, 5, 1],
    [40, 1, 50],
    [40, 3, 50],
    [1, 70, 60],
    [20, 50, 30],
  ] as const) {
    for (const flipA of [false, true]) {
      for (const flipB of [false, true]) {
        add(
          `matmul ${flipA} ${flipB}`,
          [flipA ? [k, m] : [m, k], flipB ? [n, k] : [k, n]],
          (b, x, y) => b.matmul(x!, y!, flipA, flipB),
        );
      }
    }
  }
  for (const shape of [
    [3, 4],
    [1, 4],
    [3, 1],
  ] as Shape[]) {
    add('transpose', [shape], (b, x) => b.transpose(x!));
    add('softmax', [shape], (b, x) => b.softmax(x!));
    add('logsumexp', [shape], (b, x) => b.logsumexp(x!));
    for (const axis of ['rows', 'columns'] as const) {
      add(`sum ${axis}`, [shape], (b, x) => b.unary('negate', b.sum(x!, axis)));
      add(`max ${axis}`, [shape], (b, x) => b.unary('negate', b.max(x!, axis)));
    }
    add('broadcast', [shape], (b, x) => b.broadcast(b.sum(x!, 'rows'), [5, shape[1]]));
    add('broadcast', [shape], (b, x) => b.broadcast(b.sum(x!, 'columns'), [shape[0], 6]));
    add('broadcast', [shape], (b, x) => b.broadcast(b.slice(b.sum(x!, 'columns'), 0, 1), [3, 6]));
  }
  for (const reverse of [false, true])
    add(`cumsum ${reverse}`, [[5, 3]], (b, x) => b.cumsum(x!, reverse));
  add(
    'concat',
    [
      [2, 3],
      [1, 3],
      [4, 3],
    ],
    (b, x, y, z) => b.concat([x!, y!, z!]),
  );
  add('concat with a constant', [[2, 3]], (b, x) => b.concat([x!, b.constant(1.5, [1, 3])]));
  const chosen: [Shape, Shape, Shape][] = [
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    [
      [1, 1],
      [3, 4],
      [3, 4],
    ],
    [
      [3, 1],
      [3, 4],
      [1, 4],
    ],
    [
      [1, 4],
      [3, 1],
      [1, 1],
    ],
  ];
  for (const shapes of chosen) {
    add('select', shapes, (b, x, y, z) => b.select(b.unary('step', x!), y!, z!));
    add('select of counts', shapes, (b, x, y, z) => b.select(b.unary('sign', x!), y!, z!));
  }
  add(
    'select with a constant',
    [
      [3, 4],
      [3, 4],
    ],
    (b, x, y) => b.select(b.unary('step', x!), b.constant(0.7), y!),
  );
  add('slice', [[5, 3]], (b, x) => b.slice(x!, 1, 3));
  add('an input as it is', [[2, 3]], (_, x) => x!);
  add('a constant as it is', [], (b) => b.constant(2.5, [2, 3]));
  return list;
}

const BATCHES = [1, 3];

describeBackends('operations on', (backend) => {
  let tf: Tf;
  let kit: Kit;
  beforeAll(async () => {
    tf = (await loadBackend(backend)).tf;
    await tf.setBackend(backend);
    kit = new Kit(tf, backend);
  });

  const compute = (graph: Graph, batch: number, values: Record<string, Float64Array>) => {
    const executable = compile(graph, kit);
    const inputs = Object.fromEntries(
      graph.inputs.map(({ name, shape }) => [
        name,
        tf.tensor3d(Float32Array.from(values[name]!), [batch, ...shape]),
      ]),
    );
    const { out } = executable.run(inputs, batch);
    const result = Float64Array.from(out!.dataSync());
    expect(out!.shape).toEqual([batch, ...graph.outputs[0]!.node.shape]);
    tf.dispose(inputs);
    out!.dispose();
    return result;
  };

  const groups = [...new Set(cases().map(({ group }) => group))];

  it.each(groups)('%s', (group) => {
    for (const one of cases().filter((candidate) => candidate.group === group)) check(one);
  });

  function check({ name: title, graph, draw }: Case): void {
    for (const batch of BATCHES) {
      const stream = new Stream(3, backend, batch);
      const values = Object.fromEntries(
        graph.inputs.map(({ name, shape }) => [
          name,
          Float64Array.from({ length: batch * shape[0] * shape[1] }, () => draw(stream)),
        ]),
      );
      const leaked = tf.memory().numTensors;
      const computed = compute(graph, batch, values);
      const again = tf.memory().numTensors;
      compute(graph, batch, values);
      // The first run may add constants that stay; the second adds nothing.
      expect(tf.memory().numTensors, title).toBe(again);
      expect(again - leaked, title).toBeLessThanOrEqual(4);
      const size = computed.length / batch;
      for (let task = 0; task < batch; task++) {
        const loops = prepareEvaluation(graph);
        for (const { name, shape } of graph.inputs) {
          const length = shape[0] * shape[1];
          loops.bind(name, values[name]!.slice(task * length, (task + 1) * length));
        }
        loops.run();
        const expected = loops.output('out');
        expected.forEach((value, i) => {
          const got = computed[task * size + i]!;
          const bound = 1e-5 * Math.max(1, Math.abs(value));
          expect(Math.abs(got - value), title).toBeLessThanOrEqual(bound);
        });
      }
    }
  }

  it('keeps a NaN that comes in, and lets infinities do what they do', () => {
    const shapes: Shape[] = [[1, 3]];
    const input = { a: Float64Array.of(Number.NaN, 2, Number.POSITIVE_INFINITY) };
    for (const fn of UNARY) {
      const [first, second] = compute(
        graphOf(shapes, (b, x) => b.unary(fn, x!)),
        1,
        input,
      );
      expect(first, fn).toBeNaN();
      expect(second, fn).not.toBeNaN();
    }
    for (const fn of BINARY) {
      const left = compute(
        graphOf(shapes, (b, x) => b.binary(fn, x!, b.constant(1.5))),
        1,
        input,
      );
      const right = compute(
        graphOf(shapes, (b, x) => b.binary(fn, b.constant(1.5), x!)),
        1,
        input,
      );
      expect(left[0], fn).toBeNaN();
      expect(right[0], fn).toBeNaN();
      expect([left[1], right[1]], fn).not.toContain(Number.NaN);
    }
    const clip = (b: GraphBuilder, x: Node) =>
      b.binary('minimum', b.binary('maximum', x, b.constant(0)), b.constant(1));
    expect([
      ...compute(
        graphOf(shapes, (b, x) => clip(b, x!)),
        1,
        input,
      ),
    ]).toEqual([Number.NaN, 1, 1]);
  });

  it('chooses without looking at what it does not choose', () => {
    const input = {
      a: Float64Array.of(1, 0, 2, Number.NaN),
      b: Float64Array.of(5, Number.NaN, 7, 8),
      c: Float64Array.of(Number.POSITIVE_INFINITY, 6, Number.NaN, 9),
    };
    const shapes: Shape[] = [
      [1, 4],
      [1, 4],
      [1, 4],
    ];
    // A mask that is given is 0 or a count; one that is computed may be no number.
    const given = graphOf(shapes, (b, x, y, z) => b.select(x!, y!, z!));
    expect([...compute(given, 1, input)].slice(0, 3)).toEqual([5, 6, 7]);
    const made = graphOf(shapes, (b, x, y, z) => b.select(b.unary('abs', x!), y!, z!));
    expect([...compute(made, 1, input)]).toEqual([5, 6, 7, Number.NaN]);
    const loops = prepareEvaluation(made);
    for (const [name, values] of Object.entries(input)) loops.bind(name, values);
    loops.run();
    expect([...loops.output('out')]).toEqual([5, 6, 7, Number.NaN]);
  });

  it('is stable where the plain formula overflows', () => {
    const input = { a: Float64Array.of(-200, 0, 200) };
    const one = (make: (b: GraphBuilder, x: Node) => Node) => [
      ...compute(
        graphOf([[1, 3]], (b, x) => make(b, x!)),
        1,
        input,
      ),
    ];
    expect(one((b, x) => b.unary('softplus', x))).toEqual([0, expect.closeTo(Math.LN2, 6), 200]);
    expect(one((b, x) => b.unary('sigmoid', x))).toEqual([0, 0.5, 1]);
    expect(one((b, x) => b.logsumexp(x))).toEqual([200]);
    expect(one((b, x) => b.softmax(x))).toEqual([0, 0, 1]);
  });
});
