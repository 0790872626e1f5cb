import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { GraphBuilder } from '../../../src/program/builder.js';
import type { Graph, Node, Shape } from '../../../src/program/ir.js';
import { canonicalGraph } from '../../../src/program/plan/canonical.js';
import { printGraph } from '../../../src/program/print.js';
import { blurred, distanceOf, outputsOf } from '../../support/graph-values.js';

type Inputs = (name: string, shape: Shape) => Node;

/** A graph with one output or several. */
function graphOf(make: (b: GraphBuilder, input: Inputs) => Node | readonly Node[]): Graph {
  const b = new GraphBuilder();
  const made = make(b, (name, shape) => b.input(name, shape));
  const nodes = 'operation' in made ? [made] : made;
  return b.build(
    'test',
    nodes.map((node, k) => ({ name: `out${k}`, node })),
  );
}

const SPECIAL = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Random numbers; now and then a special one, if asked for. */
function values(graph: Graph, seed: number, special = false): Record<string, Float64Array> {
  const stream = new Stream(seed, 'rewrites');
  return Object.fromEntries(
    graph.inputs.map(({ name, shape: [rows, columns] }) => [
      name,
      Float64Array.from({ length: rows * columns }, () =>
        special && stream.uniform() < 0.2 ? SPECIAL[stream.integer(5)]! : stream.normal(),
      ),
    ]),
  );
}

/** The operations of the canonical graph, after a comparison of what both compute. */
function linesOf(graph: Graph): string[] {
  const canonical = canonicalGraph(graph);
  for (let seed = 0; seed < 5; seed++) {
    const inputs = values(graph, seed);
    const { distance } = distanceOf(outputsOf(canonical, inputs), outputsOf(graph, inputs));
    expect(distance).toBeLessThan(1e-13);
  }
  return printGraph(canonical)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !/^(graph|input) /.test(line));
}

const linesFor = (make: Parameters<typeof graphOf>[0]): string[] => linesOf(graphOf(make));

describe('products', () => {
  it('of stacked rows are sums of outer products', () => {
    const lines = linesFor((b, input) => {
      const left = b.concat([input('u', [1, 3]), input('v', [1, 3])]);
      const right = b.concat([input('x', [1, 4]), input('y', [1, 4])]);
      return b.add(input('W', [3, 4]), b.matmul(left, right, true, false));
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = transpose(u) [3, 1]",
        "b = transpose(v) [3, 1]",
        "c = a * x [3, 4]",
        "d = b * y [3, 4]",
        "e = W + c [3, 4]",
        "f = e + d [3, 4]",
        "output out0 = f",
      ]
    `);
  });

  it('of which rows are taken are made of these rows', () => {
    const lines = linesFor((b, input) => {
      const rows = b.concat([input('u', [1, 3]), input('v', [1, 3])]);
      return b.slice(b.matmul(rows, input('W', [3, 4])), 1, 1);
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = transpose(v) [3, 1]",
        "b = W * a [3, 4]",
        "c = sum(b, over rows) [1, 4]",
        "output out0 = c",
      ]
    `);
  });

  it.each([
    ['a row and a matrix', [1, 3], [3, 4], false, false],
    ['a row and a transposed matrix', [1, 3], [4, 3], false, true],
    ['a column as a row and a matrix', [3, 1], [3, 4], true, false],
    ['a matrix and a column', [4, 3], [3, 1], false, false],
    ['a matrix and a row as a column', [4, 3], [1, 3], false, true],
    ['a transposed matrix and a column', [3, 4], [3, 1], true, false],
    ['a row and a column', [1, 3], [3, 1], false, false],
    ['two rows', [1, 3], [1, 3], false, true],
    ['two columns', [3, 1], [3, 1], true, false],
    ['a column and a row', [3, 1], [1, 4], false, false],
    ['a row as a column and a row', [1, 3], [1, 4], true, false],
    ['a number and a row', [1, 1], [1, 4], false, false],
    ['two numbers', [1, 1], [1, 1], false, true],
    ['a row and a row of one number', [1, 1], [4, 1], false, true],
  ] as const)('of %s are loops', (_, left, right, transposeA, transposeB) => {
    const graph = graphOf((b, input) =>
      b.matmul(input('A', left), input('B', right), transposeA, transposeB),
    );
    expect(linesOf(graph).join()).not.toContain('matmul');
  });

  it('of two matrices stay, transposes become flags', () => {
    const lines = linesFor((b, input) =>
      b.matmul(b.transpose(input('X', [5, 9])), b.transpose(input('W', [4, 5]))),
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = matmul(X', W') [9, 4]",
        "output out0 = a",
      ]
    `);
  });

  it('of few rows and a large matrix go row by row, of many rows they stay', () => {
    const product = (rows: number): string[] =>
      linesFor((b, input) => {
        const z = b.matmul(input('X', [rows, 20]), input('W', [30, 20]), false, true);
        return b.sum(b.sum(b.unary('exp', z), 'columns'), 'rows');
      });
    expect(product(2)).toMatchInlineSnapshot(`
      [
        "a = slice(X, from 0) [1, 20]",
        "b = W * a [30, 20]",
        "c = sum(b, over columns) [30, 1]",
        "d = transpose(c) [1, 30]",
        "e = slice(X, from 1) [1, 20]",
        "f = W * e [30, 20]",
        "g = sum(f, over columns) [30, 1]",
        "h = transpose(g) [1, 30]",
        "i = exp(d) [1, 30]",
        "j = exp(h) [1, 30]",
        "k = sum(i, over columns) [1, 1]",
        "l = sum(j, over columns) [1, 1]",
        "m = k + l [1, 1]",
        "output out0 = m",
      ]
    `);
    expect(product(50).join()).toContain('matmul');
  });

  it('summed over few rows and a large matrix are outer products', () => {
    const lines = linesFor((b, input) =>
      b.matmul(input('D', [2, 30]), input('X', [2, 20]), true, false),
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = slice(D, from 0) [1, 30]",
        "b = slice(X, from 0) [1, 20]",
        "c = slice(D, from 1) [1, 30]",
        "d = slice(X, from 1) [1, 20]",
        "e = transpose(a) [30, 1]",
        "f = e * b [30, 20]",
        "g = transpose(c) [30, 1]",
        "h = g * d [30, 20]",
        "i = f + h [30, 20]",
        "output out0 = i",
      ]
    `);
  });
});

describe('sums over an axis', () => {
  it('leave out what is constant along it', () => {
    const lines = linesFor((b, input) => {
      const scaled = b.multiply(
        input('c', [1, 1]),
        b.multiply(input('W', [3, 4]), input('y', [1, 4])),
      );
      return b.sum(b.multiply(b.transpose(input('p', [1, 3])), scaled), 'columns');
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = W * y [3, 4]",
        "b = sum(a, over columns) [3, 1]",
        "d = transpose(b) [1, 3]",
        "e = p * d [1, 3]",
        "f = c * e [1, 3]",
        "g = transpose(f) [3, 1]",
        "output out0 = g",
      ]
    `);
  });

  it('of outer products go over vectors only', () => {
    const lines = linesFor((b, input) => {
      const [u, v] = [input('u', [1, 3]), input('v', [1, 3])];
      const [x, y] = [input('x', [1, 4]), input('y', [1, 4])];
      const both = b.matmul(b.concat([u, v]), b.concat([x, y]), true, false);
      return b.sum(both, 'columns');
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = sum(x, over columns) [1, 1]",
        "b = sum(y, over columns) [1, 1]",
        "c = a * u [1, 3]",
        "d = b * v [1, 3]",
        "e = c + d [1, 3]",
        "f = transpose(e) [3, 1]",
        "output out0 = f",
      ]
    `);
  });

  it('go into selections that are the same all along it', () => {
    const lines = linesFor((b, input) => {
      const W = input('W', [3, 4]);
      return b.sum(b.select(input('gate', [1, 1]), W, b.constant(0)), 'rows');
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = sum(W, over rows) [1, 4]",
        "b = select(gate, a, 0) [1, 4]",
        "output out0 = b",
      ]
    `);
  });

  it('count what is the same all along them', () => {
    const lines = linesFor((b, input) => {
      const [x, u] = [input('x', [1, 4]), input('u', [1, 3])];
      const sum = b.add(b.transpose(u), x);
      return [
        b.sum(sum, 'columns'),
        b.sum(b.broadcast(x, [3, 4]), 'rows'),
        b.sum(b.select(input('gate', [1, 1]), b.add(sum, sum), b.constant(2)), 'columns'),
      ];
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = sum(x, over columns) [1, 1]",
        "b = 4 * u [1, 3]",
        "c = a + b [1, 3]",
        "d = transpose(c) [3, 1]",
        "e = 2 * c [1, 3]",
        "f = select(gate, e, 8) [1, 3]",
        "g = transpose(f) [3, 1]",
        "h = 3 * x [1, 4]",
        "output out0 = d",
        "output out1 = h",
        "output out2 = g",
      ]
    `);
  });

  it('stay outside selections that differ along them', () => {
    const lines = linesFor((b, input) => {
      const W = input('W', [3, 4]);
      return b.sum(b.select(b.unary('step', input('x', [1, 4])), W, b.constant(0)), 'columns');
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = step(x) [1, 4]",
        "b = select(a, W, 0) [3, 4]",
        "c = sum(b, over columns) [3, 1]",
        "output out0 = c",
      ]
    `);
  });

  it('over both axes go over columns first', () => {
    const lines = linesFor((b, input) =>
      b.sum(b.sum(b.multiply(input('G', [3, 4]), input('W', [3, 4])), 'rows'), 'columns'),
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = G * W [3, 4]",
        "b = sum(a, over columns) [3, 1]",
        "c = transpose(b) [1, 3]",
        "d = sum(c, over columns) [1, 1]",
        "output out0 = d",
      ]
    `);
  });

  it('running down rows run over what changes from row to row', () => {
    const lines = linesFor((b, input) => {
      const outer = b.matmul(input('u', [1, 3]), input('x', [1, 4]), true, false);
      return [b.cumsum(outer), b.cumsum(b.broadcast(input('x', [1, 4]), [3, 4]), true)];
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = transpose(u) [3, 1]",
        "b = cumsum(a) [3, 1]",
        "c = b * x [3, 4]",
        "d = broadcast(1) [3, 1]",
        "e = cumsum(d, from below) [3, 1]",
        "f = e * x [3, 4]",
        "output out0 = c",
        "output out1 = f",
      ]
    `);
  });
});

describe('terms', () => {
  it('with the same vector are collected, and vectors with the same column', () => {
    const lines = linesFor((b, input) => {
      const [a, c] = [input('a', [1, 1]), input('c', [1, 1])];
      const [u, x, y] = [input('u', [1, 3]), input('x', [1, 4]), input('y', [1, 4])];
      const outer = (left: Node, right: Node): Node => b.matmul(left, right, true, false);
      const sum = b.add(
        b.subtract(outer(u, b.multiply(a, x)), outer(u, b.multiply(c, x))),
        outer(u, y),
      );
      return b.add(input('W', [3, 4]), sum);
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "b = transpose(u) [3, 1]",
        "d = a - c [1, 1]",
        "e = d * x [1, 4]",
        "f = y + e [1, 4]",
        "g = b * f [3, 4]",
        "h = W + g [3, 4]",
        "output out0 = h",
      ]
    `);
  });

  it('keep a value of its own apart from its multiples', () => {
    const lines = linesFor((b, input) => {
      const W = input('W', [3, 4]);
      return b.subtract(W, b.multiply(input('c', [1, 1]), W));
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = c * W [3, 4]",
        "b = W - a [3, 4]",
        "output out0 = b",
      ]
    `);
  });

  it('divide numbers, not matrices', () => {
    const lines = linesFor((b, input) => {
      const W = input('W', [3, 4]);
      const norm = b.unary('exp', b.sum(W, 'rows'));
      return b.binary('divide', b.multiply(b.constant(3), W), norm);
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = sum(W, over rows) [1, 4]",
        "b = exp(a) [1, 4]",
        "c = 3 / b [1, 4]",
        "d = W * c [3, 4]",
        "output out0 = d",
      ]
    `);
  });

  it('are vectors before they meet a matrix', () => {
    const lines = linesFor((b, input) => {
      const [x, y] = [input('x', [1, 4]), input('y', [1, 4])];
      return b.subtract(b.add(input('W', [3, 4]), x), y);
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = x - y [1, 4]",
        "b = W + a [3, 4]",
        "output out0 = b",
      ]
    `);
  });
});

describe('what must not change', () => {
  it('decides by its last bit as it was written', () => {
    const graph = graphOf((b, input) => {
      const moved = b.add(input('w', [1, 1]), input('dw', [1, 1]));
      return b.unary('step', b.subtract(b.constant(1), moved));
    });
    const inputs = { w: Float64Array.of(1), dw: Float64Array.of(-1e-20) };
    expect(outputsOf(canonicalGraph(graph), inputs)).toEqual({ out0: Float64Array.of(0) });
  });

  it('what is not selected does no harm', () => {
    const graph = graphOf((b, input) => {
      const [gate, W, x] = [input('gate', [1, 1]), input('W', [3, 4]), input('x', [1, 4])];
      const zero = b.constant(0);
      const mask = b.unary('step', W);
      const guarded = b.select(mask, b.unary('reciprocal', W), zero);
      const gated = b.select(gate, b.multiply(W, x), zero);
      return [
        b.sum(gated, 'rows'),
        b.sum(gated, 'columns'),
        b.sum(b.multiply(guarded, x), 'columns'),
        b.add(W, b.multiply(gate, b.select(gate, x, zero))),
        b.sum(b.sum(b.select(b.sum(W, 'columns'), W, x), 'rows'), 'columns'),
      ];
    });
    const canonical = canonicalGraph(graph);
    for (let seed = 0; seed < 200; seed++) {
      const inputs = values(graph, seed, true);
      const [got, wanted] = [canonical, graph].map((each) => blurred(outputsOf(each, inputs)));
      expect(distanceOf(got!, wanted!).distance, JSON.stringify(inputs)).toBeLessThan(1e-13);
    }
  });

  it('delay lines move as wholes', () => {
    const lines = linesFor((b, input) => {
      const line = b.select(input('start', [1, 1]), b.constant(0), input('line', [9, 4]));
      return [b.concat([input('now', [1, 4]), b.slice(line, 0, 8)]), b.slice(line, 8, 1)];
    });
    expect(lines).toMatchInlineSnapshot(`
      [
        "a = slice(line, from 0) [8, 4]",
        "b = select(start, 0, a) [8, 4]",
        "c = concat(now, b) [9, 4]",
        "d = slice(line, from 8) [1, 4]",
        "e = select(start, 0, d) [1, 4]",
        "output out0 = c",
        "output out1 = e",
      ]
    `);
  });
});
