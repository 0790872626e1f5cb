import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { offers } from '../../../src/engine/fused/features.js';
import { DOUBLE, type Lanes, SINGLE } from '../../../src/engine/fused/lanes.js';
import { prepareEvaluation } from '../../../src/engine/interpret/evaluate.js';
import { GraphBuilder } from '../../../src/program/builder.js';
import type { Graph, Node, Program } from '../../../src/program/ir.js';
import { canonicalGraph } from '../../../src/program/plan/canonical.js';
import { fuseGraph } from '../../../src/program/plan/fuse.js';
import { cataloguePrograms } from '../../support/catalogue-programs.js';
import { rulesIn } from '../../support/corpus.js';
import { POOL, programOf } from '../../support/program.js';
import { randomGraph } from '../../support/random-graph.js';
import { everything, randomTimeline, replayed } from '../../support/replayed.js';
import { shapesOf, wasmGraph } from '../../support/wasm-graph.js';
import { wholeRule } from '../../support/whole-rules.js';

/*
 * Kernels in WebAssembly compute what the interpreter does, in both precisions, and leave 0 in the padding
 * (`wasmGraph` checks that).
 */

/** Relative, by norm; of what is near 0 in all places, absolute. */
const TOLERANCE = { f64x2: 1e-12, f32x4: 1e-5 } as const;

type Values = Record<string, Float64Array>;
type Initial = Program['initial'];

/** Numbers that single precision has, too; parameters where they start. */
function randomValues(graph: Graph, stream: Stream, scale = 1, initial: Initial = {}): Values {
  return Object.fromEntries(
    shapesOf(graph).map(({ name, shape }) => {
      const value = initial[name];
      if (typeof value === 'number') return [name, Float64Array.of(value)];
      const values = Float64Array.from({ length: shape[0] * shape[1] }, () =>
        Math.fround(scale * stream.uniform(-1, 1)),
      );
      return [name, values];
    }),
  );
}

/** All lanes that there are. */
const LANES = [DOUBLE, SINGLE, ...(offers('relaxed SIMD') ? [{ ...SINGLE, relaxed: true }] : [])];

/** What is wrong, in words. */
function mistakes(graph: Graph, values: Values, lanes: Lanes): string[] {
  const evaluation = prepareEvaluation(graph);
  for (const [name, array] of Object.entries(values)) evaluation.bind(name, array);
  evaluation.run();
  const results = wasmGraph(fuseGraph(canonicalGraph(graph)), lanes).run(values);
  return graph.outputs.flatMap(({ name }) => {
    const error = distance(evaluation.output(name), results[name]!);
    return error <= TOLERANCE[lanes.shape] ? [] : [`${lanes.shape} ${name}: ${error}`];
  });
}

function distance(exact: Float64Array, found: Float64Array): number {
  let [apart, norm] = [0, 0];
  exact.forEach((value, k) => {
    const same = Object.is(value, found[k]) || value === found[k];
    apart += same ? 0 : (value - found[k]!) ** 2;
    norm += Number.isFinite(value) ? value ** 2 : 0;
  });
  return Math.sqrt(apart) / (Math.sqrt(norm) + Math.sqrt(exact.length));
}

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 47];

describe('kernels in WebAssembly', { timeout: 120_000 }, () => {
  it('compute what the interpreter does on random graphs', () => {
    const wrong: string[] = [];
    for (let seed = 0; seed < 300; seed++) {
      const stream = new Stream(seed, 'emit');
      const size = () => SIZES[stream.integer(SIZES.length)]!;
      const [m, n] = [size(), size()];
      const graph = randomGraph(stream, m, n);
      const values = randomValues(graph, stream);
      for (const lanes of LANES) {
        for (const found of mistakes(graph, values, lanes)) {
          wrong.push(`seed ${seed}, ${m} × ${n}: ${found}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('have NaN and infinities where the interpreter has them', () => {
    const b = new GraphBuilder();
    const [c, x, y] = [b.input('c', [1, 1]), b.input('x', [1, 6]), b.input('y', [5, 1])];
    const W = b.input('W', [5, 6]);
    const grown = b.multiply(c, x);
    const matrices = [
      b.select(W, x, y),
      b.select(x, W, c),
      b.binary('maximum', W, y),
      b.binary('minimum', W, x),
      b.unary('relu', W),
      b.unary('step', W),
      b.unary('sign', W),
      b.unary('tanh', b.multiply(y, grown)),
      b.binary('power', W, b.constant(2)),
    ];
    // What is tamed where it is infinite must be so in the padding, too.
    const vectors = [
      b.unary('tanh', grown),
      b.unary('relu', b.unary('negate', grown)),
      b.binary('minimum', grown, b.constant(3)),
      b.unary('reciprocal', grown),
      b.select(b.unary('sign', grown), x, c),
      b.binary('minimum', b.unary('abs', grown), x),
    ];
    const d = b.input('d', [1, 1]);
    const others = [b.select(c, d, b.unary('negate', d)), b.matmul(b.matmul(W, W, false, true), W)];
    const sums = [...matrices, ...vectors].flatMap((node) => [
      b.sum(node, 'columns'),
      b.max(node, 'columns'),
      b.sum(b.sum(node, 'columns'), 'rows'),
      b.max(b.max(node, 'columns'), 'rows'),
    ]);
    const nodes = new Set([
      ...matrices,
      ...vectors,
      ...sums,
      ...others,
      ...matrices.map((m) => b.max(m, 'rows')),
    ]);
    const graphOf = (list: Iterable<Node>): Graph =>
      b.build(
        'not finite',
        Array.from(list, (node, k) => ({ name: `${k}`, node })),
      );
    const graph = graphOf(nodes);
    // Summed up alone, without ever being in memory.
    const unseen = vectors.map((node) => graphOf([b.sum(node, 'columns')]));
    for (let seed = 0; seed < 20; seed++) {
      const stream = new Stream(seed, 'not finite');
      const values = randomValues(graph, stream);
      values.c![0] = [Number.POSITIVE_INFINITY, Number.NaN, 2][seed % 3]!;
      for (let k = 0; k < 6; k++) {
        const into = values[stream.choose(['x', 'y', 'W'], 1)[0]!]!;
        const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
        if (seed > 2) into[stream.integer(into.length)] = odd[stream.integer(5)]!;
      }
      for (const lanes of LANES) {
        const found = [graph, ...unseen].flatMap((each) => mistakes(each, values, lanes));
        expect(found, `seed ${seed}`).toEqual([]);
      }
    }
  });

  it('read matrices before they overwrite them, in however many loops', () => {
    for (const [m, n] of [
      [6, 7],
      [9, 8],
      [3, 5],
    ] as const) {
      const b = new GraphBuilder();
      const row = (name: string, length: number): Node => b.input(name, [1, length]);
      const W = b.input('W', [m, n]);
      const outers = [1, 2, 3].map((k) => b.matmul(row(`u${k}`, m), row(`v${k}`, n), true));
      const next = outers.reduce((sum, outer) => b.add(sum, outer), W);
      const times = (k: number, matrix: Node): Node =>
        b.matmul(row(`x${k}`, n), matrix, false, true);
      const under = (k: number, matrix: Node): Node => b.matmul(row(`y${k}`, m), matrix);
      const active = b.unary('sigmoid', times(1, next));
      const nodes = [active, b.matmul(active, next), times(2, next), times(3, W), times(4, W)];
      nodes.push(under(1, next), under(2, next), under(3, W), under(4, W));
      const results = nodes.map((node, k) => ({ name: `${k}`, node }));
      const graph = b.build('in place', [{ name: 'W', node: next }, ...results]);
      const values = randomValues(graph, new Stream(m, 'in place'));
      for (const lanes of LANES) expect(mistakes(graph, values, lanes), `${m}`).toEqual([]);
    }
  });

  const graphsOf = ({ step, stepAdjoint, readout, readoutAdjoint }: Program): Graph[] => [
    step,
    stepAdjoint,
    readout,
    readoutAdjoint,
  ];

  function wrongPrograms(programs: readonly { name: string; program: Program }[]): string[] {
    return programs.flatMap(({ name, program }, k) => {
      const stream = new Stream(k, 'programs');
      return graphsOf(program).flatMap((graph) => {
        const parameters = program.parameters.map((name) => [name, program.initial[name] ?? 0.3]);
        const values = randomValues(graph, stream, 0.5, Object.fromEntries(parameters));
        return (k % 3 === 0 ? [DOUBLE, SINGLE] : [DOUBLE]).flatMap((lanes) =>
          mistakes(graph, values, lanes).map((found) => `${name}, ${graph.name}: ${found}`),
        );
      });
    });
  }

  it('compute the steps, read-outs and adjoints of the ten terms', () => {
    const program = programOf(POOL, [61, 17, 13, 10, 7], 5);
    expect(wrongPrograms([{ name: 'pool', program }])).toEqual([]);
  });

  it('compute those of catalogue rules on circuits', () => {
    const programs = cataloguePrograms(1)
      .filter((_, k) => k % 10 === 0)
      .map(({ rule, circuit, program }) => ({ name: `${rule} on ${circuit}`, program }));
    expect(programs.length).toBeGreaterThan(10);
    expect(wrongPrograms(programs)).toEqual([]);
  });

  it('compute those of generated whole rules', () => {
    const programs: { name: string; program: Program }[] = [];
    for (let seed = 0; programs.length < 100; seed++) {
      const stream = new Stream(seed, 'emit rules');
      const stepLength = stream.uniform() < 0.5 ? null : 2;
      const setting = {
        preSize: 3 + stream.integer(5),
        postSize: 2 + stream.integer(5),
        stepLength,
        masked: stream.uniform() < 0.5,
        streams: stream.uniform() < 0.2 ? 2 : 1,
        timeline: randomTimeline(stream),
      };
      const options = { kinds: ['draw', 'whiten'], wide: true } as const;
      const text = wholeRule(everything('forward', stepLength), seed, options);
      try {
        const made = replayed(rulesIn({ name: 'made.rule', text }), setting, stream);
        programs.push({ name: `seed ${seed}`, program: made.program });
      } catch {
        // Refused only when it is woven: what is sent hangs on a spike of the same step.
      }
    }
    expect(wrongPrograms(programs)).toEqual([]);
  });
});
