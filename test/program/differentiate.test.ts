import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import { GraphBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import { BINARY, type Node, type Shape, UNARY } from '../../src/program/ir.js';

type Make = (b: GraphBuilder, x: Node, y: Node) => Node;

interface Case {
  readonly name: string;
  readonly make: Make;
  readonly x: Shape;
  readonly y: Shape;
}

const one = (name: string, make: Make, x: Shape = [3, 4], y: Shape = [1, 1]): Case => ({
  name,
  make,
  x,
  y,
});

const shapes: [string, Shape, Shape][] = [
  ['equal shapes', [3, 4], [3, 4]],
  ['a row stretched', [1, 4], [3, 4]],
  ['a column stretched', [3, 4], [3, 1]],
  ['a number stretched', [1, 1], [3, 4]],
  ['row against column', [1, 4], [3, 1]],
];

const cases: Case[] = [
  ...UNARY.map((fn) => one(fn, (b, x) => b.unary(fn, x))),
  ...BINARY.flatMap((fn) =>
    shapes.map(([words, x, y]) => one(`${fn}, ${words}`, (b, p, q) => b.binary(fn, p, q), x, y)),
  ),
  one('power with a constant', (b, x) => b.binary('power', x, b.constant(3))),
  one('matmul', (b, x, y) => b.matmul(x, y), [3, 4], [4, 2]),
  one("matmul x'", (b, x, y) => b.matmul(x, y, true, false), [4, 3], [4, 2]),
  one("matmul y'", (b, x, y) => b.matmul(x, y, false, true), [3, 4], [2, 4]),
  one("matmul x' y'", (b, x, y) => b.matmul(x, y, true, true), [4, 3], [2, 4]),
  one('transpose', (b, x) => b.transpose(x)),
  one('sum over rows', (b, x) => b.sum(x, 'rows')),
  one('sum over columns', (b, x) => b.sum(x, 'columns')),
  one('max over rows', (b, x) => b.max(x, 'rows')),
  one('max over columns', (b, x) => b.max(x, 'columns')),
  one('cumsum', (b, x) => b.cumsum(x)),
  one('cumsum from below', (b, x) => b.cumsum(x, true)),
  one('softmax', (b, x) => b.softmax(x)),
  one('logsumexp', (b, x) => b.logsumexp(x)),
  one('concat', (b, x, y) => b.concat([x, y, x]), [3, 4], [2, 4]),
  one('slice', (b, x) => b.slice(x, 1, 2), [4, 3]),
  ...shapes.map(([words, x, y]) =>
    one(
      `select, ${words}`,
      (b, p, q) => b.select(b.unary('step', b.subtract(p, b.constant(1))), p, b.multiply(q, q)),
      x,
      y,
    ),
  ),
  one('select by a number', (b, x, y) => b.select(b.constant(1), y, x), [3, 4], [1, 4]),
  one('broadcast', (b, x) => b.broadcast(x, [3, 4]), [1, 4]),
];

/** Σ c ∘ f(x, y) with fixed random c, so that every element of the result counts differently. */
function scalarOf(make: Make, xShape: Shape, yShape: Shape, stream: Stream) {
  const b = new GraphBuilder();
  const [x, y] = [b.input('x', xShape), b.input('y', yShape)];
  const value = make(b, x, y);
  const weights = b.input('weights', value.shape);
  const total = b.sum(b.sum(b.multiply(value, weights), 'rows'), 'columns');
  const [gx, gy] = differentiate(b, [{ node: total, adjoint: b.constant(1) }], [x, y]);
  const graph = b.build('test', [
    { name: 'total', node: total },
    { name: 'x', node: gx! },
    { name: 'y', node: gy! },
  ]);
  const evaluation = prepareEvaluation(graph);
  evaluation.bind(
    'weights',
    draw(value.shape, () => stream.uniform(-1, 1)),
  );
  return evaluation;
}

const draw = ([rows, columns]: Shape, number: () => number): Float64Array =>
  Float64Array.from({ length: rows * columns }, number);

describe('the adjoint of every operation equals central differences', () => {
  test.each(cases)('$name', ({ make, x: xShape, y: yShape }) => {
    const stream = new Stream(7, 'differentiate');
    // Positive (log, sqrt, power), away from the kinks of abs, relu, sign and step.
    const x = draw(xShape, () => stream.uniform(0.3, 1.7));
    const y = draw(yShape, () => stream.uniform(0.3, 1.7));
    const evaluation = scalarOf(make, xShape, yShape, stream);
    const total = (): number => {
      evaluation.bind('x', x);
      evaluation.bind('y', y);
      evaluation.run();
      return evaluation.output('total')[0]!;
    };
    total();
    const exact = { x: evaluation.output('x').slice(), y: evaluation.output('y').slice() };
    for (const [name, values] of Object.entries({ x, y })) {
      values.forEach((value, k) => {
        const h = 1e-6;
        values[k] = value + h;
        const above = total();
        values[k] = value - h;
        const below = total();
        values[k] = value;
        const difference = (above - below) / (2 * h);
        expect(exact[name as 'x' | 'y'][k]).toBeCloseTo(difference, 7);
      });
    }
  });
});

describe('at a kink the derivative is 0, as the language defines', () => {
  test.each([
    ['abs', 0],
    ['relu', 0],
    ['step', 0],
    ['sign', 0],
  ] as const)('%s', (fn, expected) => {
    const evaluation = scalarOf((b, x) => b.unary(fn, x), [1, 1], [1, 1], new Stream(1));
    evaluation.bind('x', Float64Array.of(0));
    evaluation.bind('y', Float64Array.of(0));
    evaluation.run();
    expect(evaluation.output('x')[0]! + 0).toBe(expected);
  });

  test.each(['minimum', 'maximum'] as const)('%s of equal numbers', (fn) => {
    const evaluation = scalarOf((b, x, y) => b.binary(fn, x, y), [1, 1], [1, 1], new Stream(1));
    evaluation.bind('x', Float64Array.of(2));
    evaluation.bind('y', Float64Array.of(2));
    evaluation.run();
    expect([evaluation.output('x')[0]! + 0, evaluation.output('y')[0]! + 0]).toEqual([0, 0]);
  });
});

describe('what a selection does not take has derivative 0, whatever it is', () => {
  const shut = (make: Make, x: readonly number[]) => {
    const evaluation = scalarOf(make, [1, x.length], [1, 1], new Stream(1));
    evaluation.bind('x', Float64Array.from(x));
    evaluation.bind('y', Float64Array.of(0));
    evaluation.run();
    return [...evaluation.output('x')].map((value) => value + 0);
  };
  const zero = (b: GraphBuilder): Node => b.constant(0);

  test('behind a gate', () => {
    const quotient: Make = (b, x, y) => b.select(y, b.binary('divide', b.sum(x, 'columns'), y), x);
    expect(shut(quotient, [1, 2]).every(Number.isFinite)).toBe(true);
    const product: Make = (b, x, y) => b.select(y, b.matmul(b.unary('log', x), x, true), zero(b));
    expect(shut(product, [0, 2])).toEqual([0, 0]);
  });

  test('element by element', () => {
    const root: Make = (b, x) => b.select(b.unary('step', x), b.unary('sqrt', x), zero(b));
    const [first, second] = shut(root, [-1, 4]);
    expect([first, second !== 0 && Number.isFinite(second)]).toEqual([0, true]);
    const chained: Make = (b, x) => {
      const inverse = b.unary('reciprocal', x);
      return b.select(b.unary('abs', x), b.multiply(inverse, b.unary('exp', inverse)), zero(b));
    };
    expect(shut(chained, [0, 0])).toEqual([0, 0]);
  });

  test('a branch that is used elsewhere too keeps the derivative of that use', () => {
    const both: Make = (b, x, y) =>
      b.add(b.select(y, b.unary('log', x), zero(b)), b.unary('exp', x));
    expect(shut(both, [1])[0]).not.toBe(0);
  });
});

describe('selections that are decided beforehand are not made', () => {
  const b = new GraphBuilder();
  const [x, y] = [b.input('x', [2, 3]), b.input('y', [1, 3])];

  test('by a constant, or between equals', () => {
    expect(b.select(b.constant(2), x, y)).toBe(x);
    expect(b.select(b.constant(0, [2, 3]), y, x)).toBe(x);
    expect(b.select(y, x, x)).toBe(x);
    expect(b.select(b.constant(0), x, y).shape).toEqual([2, 3]);
  });
});
