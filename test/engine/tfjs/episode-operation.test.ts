import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { unknownInput } from '../../../src/base/diagnostics/circuit.js';
import {
  noSecondDerivative,
  notAtOnce,
  wrongLength,
} from '../../../src/base/diagnostics/engine.js';
import { noSuchParameter } from '../../../src/base/diagnostics/program.js';
import { EngrammarError } from '../../../src/base/result.js';
import type { Engine, EpisodeResult, Runner } from '../../../src/engine/engine.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { interpreter } from '../../../src/engine/interpret/interpret.js';
import { loadBackend, type Tf } from '../../../src/engine/tfjs/backends.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import {
  type EpisodeTensors,
  episodeOperation,
} from '../../../src/engine/tfjs/episode-operation.js';
import { assembleProgram } from '../../../src/program/assemble.js';
import { maskOf } from '../../../src/program/circuit.js';
import { golden, goldenEpisode } from '../../support/golden.js';
import { POOL, programOf } from '../../support/program.js';
import { describeBackends } from './backends.js';

const one = golden.cases.findLast(({ feedback }) => feedback === 'fix')!;
const program = programOf(POOL, golden.dims, golden.XQ.length, 'random', golden.beta);
const episode = goldenEpisode(one);

const engines: [string, () => Engine][] = [
  ['interpreter', () => interpreter],
  ['fused engine', () => createFusedEngine({ precision: 'float64' })],
];

describeBackends('episodes as an operation on', (backend) => {
  let tf: Tf;
  beforeAll(async () => {
    tf = (await loadBackend(backend)).tf;
    await tf.setBackend(backend);
  });

  const tensorsOf = (arrays: Readonly<Record<string, Float64Array>>): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, values]) => [
        name,
        tf.tensor1d(Float32Array.from(values)),
      ]),
    );

  describe.each(engines)('by the %s', (_, create) => {
    let runner: Runner;
    let exact: EpisodeResult;
    beforeAll(async () => {
      runner = await create().prepare(program);
      const options = { gradient: true, startGradient: true };
      [exact] = (await runner.run([episode], one.theta, options)) as [EpisodeResult];
    });

    it('have the loss and the derivatives of the engine', () => {
      const loss = episodeOperation(tf, runner);
      const { start, steps, stepInputs, queryInputs } = tensorsOfEpisode();
      const f = (theta: Tensor, W1: Tensor, W2: Tensor) => {
        const given = {
          parameters: theta,
          start: { ...start, W1, W2 },
          steps,
          stepInputs,
          queryInputs,
        };
        // Part of something larger: (2 loss)².
        return tf.square(tf.mul(2, loss(given))) as Scalar;
      };
      const W1 = tf.tensor2d(
        Float32Array.from(episode.start.W1!),
        program.states[0]!.shape as [number, number],
      );
      const xs = [tf.tensor1d([...one.theta]), W1, start.W2!];
      const { value, grads } = tf.valueAndGrads(f as (...given: Tensor[]) => Scalar)(xs);
      const outer = 8 * exact.loss;
      expect(value.dataSync()[0]! / (4 * exact.loss ** 2)).toBeCloseTo(1, 5);
      expect(grads.map(({ shape }) => shape)).toEqual(xs.map(({ shape }) => shape));
      const wanted = [exact.gradient!, exact.startGradient!.W1!, exact.startGradient!.W2!];
      grads.forEach((share, k) => {
        const most = Math.max(...wanted[k]!.map(Math.abs)) * outer;
        share.dataSync().forEach((number, i) => {
          expect(Math.abs(number - outer * wanted[k]![i]!)).toBeLessThan(1e-5 * most);
        });
      });
    });

    it('take parameters by name, numbers that are no tensors, and give back all memory', () => {
      const before = tf.memory().numTensors;
      const loss = episodeOperation(tf, runner);
      const name = program.parameters[1]!;
      const f = (theta: Tensor) => loss({ ...episode, parameters: { [name]: theta } });
      const x = tf.scalar(0.01);
      const train = (): number => tf.tidy(() => tf.valueAndGrad(f)(x).grad.dataSync()[0]!);
      const derivative = train();
      const values = program.parameters.map((each) => (each === name ? x.dataSync()[0]! : 0));
      const [result] = runner.runNow!([episode], values, { gradient: true });
      expect(derivative / result!.gradient![1]!).toBeCloseTo(1, 5);
      for (let k = 0; k < 3; k++) {
        train();
        f(x).dispose();
      }
      x.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('that diverge have no loss and no derivatives', () => {
      const loss = episodeOperation(tf, runner);
      const wild = tf.fill([one.theta.length], 1e30);
      const { value, grad } = tf.valueAndGrad((theta: Tensor) =>
        loss({ ...episode, parameters: theta }),
      )(wild);
      expect(value.dataSync()[0]).toBeNaN();
      expect([...grad.dataSync()].every(Number.isNaN)).toBe(true);
    });
  });

  function tensorsOfEpisode() {
    const { start, steps, stepInputs, queryInputs } = episode;
    return {
      start: tensorsOf(start),
      steps,
      stepInputs: tensorsOf(stepInputs),
      queryInputs: tensorsOf(queryInputs),
    };
  }
});

describe('episodes as an operation', () => {
  let tf: Tf;
  beforeAll(async () => {
    tf = (await loadBackend('cpu')).tf;
    await tf.setBackend('cpu');
  });
  const refused = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error instanceof EngrammarError ? error.diagnostics[0] : error;
    }
    return null;
  };

  it('have no derivative by weights that do not exist', async () => {
    const masked = assembleProgram({
      name: 'masked',
      parameters: [],
      states: [{ name: 'w', shape: [1, 2] }],
      constants: [{ name: maskOf('w'), shape: [1, 2] }],
      stepInputs: [],
      queryInputs: [],
      step: (_, value) => [{ name: 'w', node: value('w') }],
      readout: (b, value) => [{ name: 'loss', node: b.sum(value('w'), 'columns') }],
    });
    const loss = episodeOperation(tf, await interpreter.prepare(masked));
    const f = (w: Tensor) =>
      loss({
        start: { w, [maskOf('w')]: Float64Array.of(1, 0) },
        steps: 0,
        stepInputs: {},
        queryInputs: {},
      });
    const { value, grad } = tf.valueAndGrad(f)(tf.tensor1d([3, 5]));
    expect([value.dataSync()[0], ...grad.dataSync()]).toEqual([3, 1, 0]);
  });

  it('take parameters that are no tensors, all of them or some', async () => {
    const runner = await interpreter.prepare(program);
    const loss = episodeOperation(tf, runner);
    const lossAt = (parameters: EpisodeTensors['parameters'] & object): number =>
      loss({ ...episode, parameters }).dataSync()[0]!;
    const theta = Float64Array.from(one.theta);
    const [exact] = runner.runNow!([episode], theta, { gradient: false });
    expect(lossAt(theta)).toBe(Math.fround(exact!.loss));
    const each = program.parameters.map((name, k) => [name, theta.subarray(k, k + 1)] as const);
    expect(lossAt(Object.fromEntries(each))).toBe(Math.fround(exact!.loss));
    const [name] = program.parameters;
    const some = Object.fromEntries(each.slice(1));
    const f = (x: Tensor) => loss({ ...episode, parameters: { ...some, [name!]: x } });
    const { gradient } = runner.runNow!([episode], theta, { gradient: true })[0]!;
    const derivative = tf.grad(f)(tf.scalar(theta[0]!)).dataSync()[0]!;
    expect(derivative / gradient![0]!).toBeCloseTo(1, 5);
  });

  it('say what they cannot do', async () => {
    const loss = episodeOperation(tf, await interpreter.prepare(program));
    const given = (changes: Partial<EpisodeTensors>) => () => loss({ ...episode, ...changes });
    const theta = tf.tensor1d([...one.theta]);
    expect(refused(given({ parameters: { rate: tf.scalar(1) } }))).toEqual(
      noSuchParameter({ name: 'rate', known: program.parameters }),
    );
    const known = [...program.states, ...program.constants].map(({ name }) => name);
    expect(refused(given({ start: { ...episode.start, W: theta } }))).toEqual(
      unknownInput({ circuit: program.name, what: 'start', given: 'W', known }),
    );
    expect(refused(given({ parameters: tf.zeros([3]) }))).toMatchObject({ code: 'E704' });
    const rate = program.parameters[0]!;
    for (const count of [0, 2]) {
      const facts = { what: `the parameter ${rate}`, expected: 1, given: count };
      expect(refused(given({ parameters: { [rate]: tf.zeros([count]) } }))).toEqual(
        wrongLength({ program: program.name, ...facts }),
      );
    }
    expect(refused(given({ queryInputs: {} }))).toMatchObject({ code: 'E704' });

    const slow = await (await createTfjsEngine('cpu')).prepare(program);
    const later = notAtOnce({ program: program.name });
    expect(refused(() => episodeOperation(tf, slow))).toEqual(later);

    const first = tf.grad((x: Tensor) => loss({ ...episode, parameters: x }));
    const second = tf.grad((x: Tensor) => tf.sum(first(x)));
    expect(refused(() => second(theta))).toEqual(noSecondDerivative({ program: program.name }));
  });
});
