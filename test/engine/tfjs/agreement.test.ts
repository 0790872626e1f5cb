import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { feedForwardProgram } from '../../../src/circuits/feed-forward.js';
import type { Engine, Episode, Runner } from '../../../src/engine/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { BINARY, type Program, UNARY } from '../../../src/program/ir.js';
import { describeBackends } from './backends.js';
import { disagreement, imageEpisode, normalEpisode } from './episodes.js';
import { randomProgram } from './random-program.js';
import { ruleOf, tenTerms } from './rule.js';

/** What single precision is held to, on loss, outputs and meta-gradient. */
const BOUND = 1e-4;

const OTHERS =
  'matmul transpose sum max cumsum softmax logsumexp concat slice broadcast select'.split(' ');

interface Golden {
  readonly dims: number[];
  readonly beta: number;
  readonly W0: number[][][];
  readonly B: number[][][];
  readonly X: number[][];
  readonly Y: number[];
  readonly XQ: number[][];
  readonly YQ: number[];
  readonly cases: {
    readonly name: string;
    readonly feedback: 'fix' | 'sym';
    readonly theta: number[];
    readonly meta_loss: number;
    readonly grad: number[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/golden_pool.json', import.meta.url), 'utf8'),
);

function goldenEpisode(feedback: 'random' | 'symmetric'): Episode {
  const flat = (rows: number[][]) => Float64Array.from(rows.flat());
  const classes = golden.dims.at(-1)!;
  const oneHot = (labels: number[]) =>
    flat(labels.map((label) => Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0))));
  const named = (letter: string, matrices: number[][][]) =>
    Object.fromEntries(matrices.map((matrix, l) => [`${letter}${l + 1}`, flat(matrix)]));
  return {
    start: { ...named('W', golden.W0), ...(feedback === 'random' && named('B', golden.B)) },
    steps: golden.X.length,
    stepInputs: { image: flat(golden.X), target: oneHot(golden.Y) },
    queryInputs: { 'query images': flat(golden.XQ), 'query targets': oneHot(golden.YQ) },
  };
}

/** Runs on both engines and compares. */
async function compare(
  engine: Engine,
  program: Program,
  episodes: readonly Episode[],
  parameters: readonly number[],
) {
  const runner = await engine.prepare(program);
  const results = await runner.run(episodes, parameters, { gradient: true });
  runner.dispose();
  const expected = await prepareInterpreter(program).run(episodes, parameters, { gradient: true });
  expect(expected.every(({ divergence }) => divergence === null)).toBe(true);
  return disagreement(results, expected);
}

describeBackends('agreement with the interpreter on', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine(backend);
  });

  describe.each(golden.cases)('golden case $name', (one) => {
    it('has the published loss and meta-gradient', async () => {
      const feedback = one.feedback === 'sym' ? 'symmetric' : 'random';
      const circuit = { sizes: golden.dims, beta: golden.beta, feedback } as const;
      const program = feedForwardProgram(circuit, tenTerms(), golden.XQ.length);
      const runner = await engine.prepare(program);
      const episode = goldenEpisode(feedback);
      const [result] = await runner.run([episode], one.theta, { gradient: true });
      runner.dispose();
      expect(Math.abs(result!.loss / one.meta_loss - 1)).toBeLessThan(BOUND);
      one.grad.forEach((share, k) => {
        expect(Math.abs(result!.gradient![k]! / share - 1), `F${k}`).toBeLessThan(BOUND);
      });
    });
  });

  it('random programs that use every operation', async () => {
    const used = new Set<string>();
    for (let k = 0; k < 25; k++) {
      const stream = new Stream(11, 'program', k);
      const program = randomProgram(stream);
      for (const { nodes } of [program.step, program.readout]) {
        for (const { operation } of nodes) {
          used.add('fn' in operation ? operation.fn : operation.op);
        }
      }
      const episodes = [0, 1, 2].map((task) =>
        normalEpisode(program, 6, stream.child('episode', task), 0.5),
      );
      const found = await compare(engine, program, episodes, [0.3, -0.2, 0.4]);
      for (const key of ['loss', 'gradient', 'outputs'] as const) {
        expect(found[key], `${program.name}: ${key}`).toBeLessThan(BOUND);
      }
    }
    expect([...used]).toEqual(expect.arrayContaining([...UNARY, ...BINARY, ...OTHERS]));
  });

  it('rules with every part of the machine form, on layers of usual size', async () => {
    const updates = [
      'a * post * (pre - post * w) - b * post.error * pre',
      '-a * post.error * pre - b * w * abs(w) + c * tanh(w * post)',
      '-a * post.error * pre + b * pre * w - c * post^2 * w',
      'a * post * (pre - sum_upto_post(post * w)) - b * post.error * pre',
      '-a * post.error * (pre - mean_pre(pre)) + b * clip(w, -0.05, 0.05) * c',
    ];
    const circuit = { sizes: [60, 40, 30, 10], beta: 10, feedback: 'random' } as const;
    for (const [k, update] of updates.entries()) {
      const program = feedForwardProgram(circuit, ruleOf(update, ['a', 'b', 'c']), 12);
      const stream = new Stream(5, 'rule', k);
      const episodes = [0, 1].map((task) => imageEpisode(circuit, 12, 12, stream.child(task)));
      const found = await compare(engine, program, episodes, [0.003, 0.002, 0.001]);
      for (const key of ['loss', 'gradient', 'outputs'] as const) {
        expect(found[key], `${update}: ${key}`).toBeLessThan(BOUND);
      }
    }
  });
});

describeBackends('batches and checkpoints on', (backend) => {
  const circuit = { sizes: [12, 9, 5], beta: 10, feedback: 'random' } as const;
  const program = feedForwardProgram(circuit, tenTerms(), 6);
  const theta = [0.05, 0.01, -0.02, 0.001, 0.002, 0.001, 0.01, 0.01, 0.01, 0.01];
  const episodes = Array.from({ length: 5 }, (_, task) =>
    imageEpisode(circuit, 23, 6, new Stream(8, 'batch', task)),
  );
  const run = async (options: { batch?: number; memoryBudget?: number }) => {
    const engine = await createTfjsEngine(backend, options);
    const runner: Runner = await engine.prepare(program);
    const results = await runner.run(episodes, theta, { gradient: true, states: true });
    runner.dispose();
    return results;
  };

  it('give each task what it gets alone', async () => {
    const alone = await run({ batch: 1 });
    for (const batch of [2, 5]) {
      const found = disagreement(await run({ batch }), alone);
      expect(Math.max(found.loss, found.gradient, found.outputs)).toBeLessThan(1e-5);
    }
    expect(new Set(alone.map(({ loss }) => loss)).size).toBe(5);
    const [first] = alone;
    expect(Object.keys(first!.states!)).toEqual(['W1', 'W2']);
    expect(first!.states!.W1).toHaveLength(9 * 12);
    expect(Object.keys(first!.outputs)).toEqual(['logits']);
  });

  it('give the same with the states of every step kept and with checkpoints', async () => {
    const whole = await run({ batch: 1 });
    const checkpoints = await run({ batch: 1, memoryBudget: 1 });
    expect(checkpoints.map(({ gradient }) => gradient)).toEqual(
      whole.map(({ gradient }) => gradient),
    );
  });
});
