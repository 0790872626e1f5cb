import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { type FeedForwardOptions, feedForward } from '../../src/circuits/feed-forward.js';
import { readMeasures } from '../../src/circuits/feed-forward-measures.js';
import type { Arrays, Episode } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { prepareRule } from '../../src/program/rule.js';
import { weave } from '../../src/program/weave.js';
import { checkedText } from '../support/checked-text.js';

/*
 * What the read-out measures, beside plain loops over the weights after learning; and that derivatives
 * that do not follow symmetric feedback are those with the feedback weights of every step held fixed.
 */

const SIZES = [7, 6, 5, 4];
const DEPTH = SIZES.length - 1;
const BETA = 10;
const QUERIES = 3;
const STEPS = 12;

function made(options: Partial<FeedForwardOptions>, rate = 0.05) {
  const circuit = feedForward({
    ...{ sizes: SIZES, beta: BETA, feedback: 'random', queries: QUERIES },
    ...options,
  });
  const text = `rule made { param a = ${rate} fit dw = -a * post.error * pre }`;
  const rule = checkedText(text, circuit.tables.forward!);
  return { circuit, program: weave(circuit, { forward: prepareRule(rule) }) };
}

function episodeFor({ circuit }: ReturnType<typeof made>): Episode {
  const stream = new Stream(5, 'measures');
  const images = (count: number) =>
    // Some pixels are dark throughout, which engines may leave out.
    Float64Array.from({ length: count * 7 }, (_, k) => (k % 7 < 2 ? 0 : stream.uniform()));
  const targets = (count: number) =>
    Float64Array.from({ length: count * 4 }, (_, k) => (k % 4 === Math.floor(k / 4) % 3 ? 1 : 0));
  return {
    start: circuit.draw(stream.child('weights')),
    steps: STEPS,
    stepInputs: { image: images(STEPS), target: targets(STEPS) },
    queryInputs: { 'query images': images(QUERIES), 'query targets': targets(QUERIES) },
  };
}

type Matrix = number[][];
type Step = { y: number[][]; e: number[][] };

const matrixOf = (values: Float64Array, l: number): Matrix =>
  Array.from({ length: SIZES[l]! }, (_, i) => [
    ...values.subarray(i * SIZES[l - 1]!, (i + 1) * SIZES[l - 1]!),
  ]);
const times = (m: Matrix, v: number[]) =>
  m.map((row) => row.reduce((sum, w, j) => sum + w * v[j]!, 0));
const back = (m: Matrix, v: number[]) =>
  m[0]!.map((_, j) => m.reduce((sum, row, i) => sum + row[j]! * v[i]!, 0));

function softmax(z: number[]): number[] {
  const powers = z.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** One image through weights `w[l]`, its error back through `b[l]`; layers from 0. */
function shown(image: number[], target: number[], w: Matrix[], b: Matrix[]): Step {
  const y = [image];
  for (let l = 1; l <= DEPTH; l++) {
    const z = times(w[l]!, y[l - 1]!);
    y.push(l < DEPTH ? z.map((u) => Math.log1p(Math.exp(BETA * u)) / BETA) : softmax(z));
  }
  const e: number[][] = [];
  e[DEPTH] = y[DEPTH]!.map((p, i) => p - target[i]!);
  for (let l = DEPTH - 1; l >= 0; l--) {
    e[l] = back(b[l + 1]!, e[l + 1]!).map((x, i) => x * (1 - Math.exp(-BETA * y[l]![i]!)));
  }
  return { y, e };
}

const row = (values: Float64Array, k: number, size: number) => [
  ...values.subarray(k * size, (k + 1) * size),
];
const layersOf = (letter: string, arrays: Arrays): Matrix[] =>
  SIZES.map((_, l) => (l === 0 ? [] : matrixOf(arrays[`${letter}${l}`]!, l)));

function queriesShown(one: Episode, w: Matrix[], b: Matrix[]): Step[] {
  return Array.from({ length: QUERIES }, (_, k) => {
    const image = row(one.queryInputs['query images']!, k, 7);
    return shown(image, row(one.queryInputs['query targets']!, k, 4), w, b);
  });
}

describe('what the read-out measures', () => {
  const measures = ['angles', 'orthonormality'] as const;

  test('the interpreter has what plain loops have', async () => {
    const net = made({ measures });
    const one = episodeFor(net);
    const [result] = await prepareInterpreter(net.program).run([one], [0.05], {
      gradient: false,
      states: true,
    });
    const w = layersOf('W', result!.states!);
    const own = queriesShown(one, w, layersOf('B', one.start));
    const exact = queriesShown(one, w, w);
    const mean = (steps: Step[], l: number) =>
      steps[0]!.e[l]!.map((_, i) => steps.reduce((sum, { e }) => sum + e[l]![i]!, 0));
    const dot = (x: number[], y: number[]) => x.reduce((sum, a, i) => sum + a * y[i]!, 0);
    const angles = [1, 2].map((l) => {
      const [x, y] = [mean(own, l), mean(exact, l)];
      return (180 / Math.PI) * Math.acos(dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)));
    });
    const orthonormality = [1, 2, 3].map((l) =>
      own.reduce((sum, { y }) => {
        const given = times(w[l]!, y[l - 1]!);
        const again = times(w[l]!, back(w[l]!, y[l]!));
        return sum + given.reduce((all, z, i) => all + (z - again[i]!) ** 2, 0);
      }, 0),
    );
    const found = net.circuit.measures!(result!.outputs);
    expect(Object.keys(found)).toEqual(['angles', 'orthonormality']);
    expect(Math.min(...angles)).toBeGreaterThan(5);
    found.angles!.forEach((angle, k) => {
      expect(angle).toBeCloseTo(angles[k]!, 9);
    });
    found.orthonormality!.forEach((error, k) => {
      expect(error! / orthonormality[k]!).toBeCloseTo(1, 9);
    });
  });

  test.each(['random', 'direct', 'plastic'] as const)(
    'with %s feedback the fused engine agrees, and the gradient is that of the loss alone',
    async (feedback) => {
      const net = made({ feedback, measures });
      const one = episodeFor(net);
      const runners = [
        prepareInterpreter(net.program),
        await createFusedEngine().prepare(net.program),
        prepareInterpreter(made({ feedback }).program),
      ];
      const [exact, single, without] = await Promise.all(
        runners.map(async (runner) => (await runner.run([one], [0.05], { gradient: true }))[0]),
      );
      const wanted = net.circuit.measures!(exact!.outputs);
      const found = net.circuit.measures!(single!.outputs);
      for (const [name, values] of Object.entries(wanted)) {
        values.forEach((value, k) => {
          expect(found[name]![k]! / value!).toBeCloseTo(1, 4);
        });
      }
      expect(exact!.gradient).toEqual(without!.gradient);
      expect(exact!.loss).toBe(without!.loss);
    },
  );

  test('with symmetric feedback the angles are 0', async () => {
    const net = made({ feedback: 'symmetric', measures: ['angles'] });
    const [result] = await prepareInterpreter(net.program).run([episodeFor(net)], [0.05], {
      gradient: false,
    });
    expect(net.circuit.measures!(result!.outputs)).toEqual({ angles: [0, 0] });
  });

  test('an error that is 0 has no direction: null, not 0; rounding makes no NaN', () => {
    const alignment = Float64Array.of(0, 0, 4, 1 + 1e-9, 1, 1, -3, 9, 1);
    const { angles } = readMeasures({ alignment });
    expect(angles).toEqual([null, 0, 180]);
    expect(readMeasures({ logits: alignment })).toEqual({});
  });

  test('a circuit that measures nothing has nothing more to do', () => {
    const { circuit, program } = made({});
    expect(circuit.measures).toBeUndefined();
    expect(program.readout.outputs.map(({ name }) => name)).toEqual(['loss', 'logits']);
  });
});

describe('derivatives that do not follow symmetric feedback', () => {
  /** The loss of an episode with F0 at this rate; feedback is `held[t]` in step t, or the weights themselves. */
  function lossAt(one: Episode, rate: number, held: Matrix[][] | null) {
    let w = layersOf('W', one.start);
    const way: Matrix[][] = [];
    for (let t = 0; t < STEPS; t++) {
      way.push(w);
      const image = row(one.stepInputs.image!, t, 7);
      const { y, e } = shown(image, row(one.stepInputs.target!, t, 4), w, held?.[t] ?? w);
      w = w.map((m, l) => m.map((r, i) => r.map((x, j) => x - rate * e[l]![i]! * y[l - 1]![j]!)));
    }
    const losses = queriesShown(one, w, w).map(
      ({ y }, k) => -Math.log(y[DEPTH]![row(one.queryInputs['query targets']!, k, 4).indexOf(1)]!),
    );
    return { loss: losses.reduce((a, b) => a + b, 0) / QUERIES, way };
  }

  test('are those with the feedback weights of every step held fixed; the network is the same', async () => {
    const rate = 0.4;
    const cut = made({ feedback: 'symmetric', differentiateFeedback: false }, rate);
    const whole = made({ feedback: 'symmetric' }, rate);
    const one = episodeFor(cut);
    const { loss, way } = lossAt(one, rate, null);
    const step = 1e-5;
    const slope = (held: Matrix[][] | null) =>
      (lossAt(one, rate + step, held).loss - lossAt(one, rate - step, held).loss) / (2 * step);
    const fused = createFusedEngine();
    for (const [net, held] of [
      [cut, way],
      [whole, null],
    ] as const) {
      const runners = [prepareInterpreter(net.program), await fused.prepare(net.program)];
      const given = { ...one, start: net.circuit.draw(new Stream(5, 'measures').child('weights')) };
      const [exact, single] = await Promise.all(
        runners.map(async (runner) => (await runner.run([given], [rate], { gradient: true }))[0]!),
      );
      expect(exact!.loss).toBeCloseTo(loss, 12);
      expect(exact!.gradient![0]! / slope(held)).toBeCloseTo(1, 6);
      expect(single!.gradient![0]! / slope(held)).toBeCloseTo(1, 3);
    }
    expect(Math.abs(slope(way) / slope(null) - 1)).toBeGreaterThan(0.05);
  });
});
