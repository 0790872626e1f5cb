import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { feedForwardProgram } from '../../../src/circuits/feed-forward.js';
import type { Episode } from '../../../src/engine/engine.js';
import { loadBackend, type Tf } from '../../../src/engine/tfjs/backends.js';
import { packBatch } from '../../../src/engine/tfjs/batch.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { compile, type Tensors } from '../../../src/engine/tfjs/executable.js';
import { Kit } from '../../../src/engine/tfjs/kit.js';
import type { Program, Slot } from '../../../src/program/ir.js';
import { describeBackends } from './backends.js';
import { imageEpisode, normalEpisode, relativeDistance } from './episodes.js';
import { randomProgram } from './random-program.js';
import { ruleOf, tenTerms } from './rule.js';

/**
 * An independent derivation: TensorFlow.js itself differentiates the loss by the parameters, through
 * the unrolled steps, with the derivatives it ships for its operations. (Its build for Node leaves
 * those out; the first import above registers them in the one registry that the process has.)
 */
describeBackends("the tape's gradient is the adjoint graphs' on", (backend) => {
  let tf: Tf;
  beforeAll(async () => {
    tf = (await loadBackend(backend)).tf;
  });

  function tapeGradients(
    program: Program,
    episodes: readonly Episode[],
    parameters: readonly number[],
  ): Float64Array[] {
    const kit = new Kit(tf, backend);
    const step = compile(program.step, kit, { keepAll: true });
    const readout = compile(program.readout, kit, { keepAll: true });
    const batch = packBatch(program, episodes);
    const upload = (
      slots: readonly Slot[],
      from: Readonly<Record<string, Float32Array>>,
      t = 0,
    ): Tensors =>
      Object.fromEntries(
        slots.map(({ name, shape }) => {
          const length = batch.size * shape[0] * shape[1];
          const values = from[name]!.slice(t * length, (t + 1) * length);
          return [name, tf.tensor3d(values, [batch.size, ...shape])];
        }),
      );
    const loss = (...theta: Tensor[]) => {
      const named = Object.fromEntries(program.parameters.map((name, i) => [name, theta[i]!]));
      const fixed = { ...named, ...upload(program.constants, batch.start) };
      let states: Tensors = upload(program.states, batch.start);
      for (let t = 0; t < batch.steps; t++) {
        const inputs = upload(program.stepInputs, batch.stepInputs, t);
        states = step.run({ ...fixed, ...states, ...inputs }, batch.size);
      }
      const query = upload(program.queryInputs, batch.queryInputs);
      const outputs = readout.run({ ...fixed, ...states, ...query }, batch.size);
      return tf.sum(outputs.loss!);
    };
    const gradients = tf.tidy(() => {
      const theta = parameters.map((value) => tf.fill([batch.size, 1, 1], value));
      const shares = tf.grads(loss as (...args: Tensor[]) => Tensor)(theta);
      return shares.map((share) => share.dataSync());
    });
    kit.dispose();
    return episodes.map((_, task) => Float64Array.from(gradients, (share) => share[task]!));
  }

  async function compare(
    program: Program,
    episodes: readonly Episode[],
    parameters: readonly number[],
  ): Promise<number> {
    const engine = await createTfjsEngine(backend, { batch: episodes.length });
    const runner = await engine.prepare(program);
    const results = await runner.run(episodes, parameters, { gradient: true });
    runner.dispose();
    await tf.setBackend(backend);
    const taped = tapeGradients(program, episodes, parameters);
    const distances = results.map(({ gradient }, task) =>
      relativeDistance(gradient!, taped[task]!),
    );
    return Math.max(...distances);
  }

  it('the ten terms, random and symmetric feedback', async () => {
    for (const feedback of ['random', 'symmetric'] as const) {
      const circuit = { sizes: [7, 6, 5], beta: 10, feedback } as const;
      const program = feedForwardProgram(circuit, tenTerms(), 4);
      const episodes = [0, 1].map((task) =>
        imageEpisode(circuit, 8, 4, new Stream(6, feedback, task)),
      );
      const theta = [0.05, 0.01, -0.02, 0.001, 0.002, 0.001, 0.01, 0.01, 0.01, 0.02];
      expect(await compare(program, episodes, theta)).toBeLessThan(2e-5);
    }
  });

  it('rules with dense parts, cumulative sums and bounds', async () => {
    const circuit = { sizes: [7, 6, 5], beta: 10, feedback: 'random' } as const;
    const rule = ruleOf(
      '-a * post.error * pre - b * w * abs(w) + b * tanh(w * post) + c * post * (pre - sum_upto_post(post * w)) + c * clip(w, -0.3, 0.3)',
      ['a', 'b', 'c'],
    );
    const program = feedForwardProgram(circuit, rule, 4);
    const episodes = [0, 1].map((task) =>
      imageEpisode(circuit, 8, 4, new Stream(6, 'dense', task)),
    );
    expect(await compare(program, episodes, [0.05, 0.02, 0.01])).toBeLessThan(2e-5);
  });

  it('random programs', async () => {
    for (let k = 0; k < 10; k++) {
      const stream = new Stream(23, 'program', k);
      const program = randomProgram(stream);
      const episodes = [0, 1].map((task) => normalEpisode(program, 4, stream.child(task), 0.5));
      expect(await compare(program, episodes, [0.3, -0.2, 0.4]), program.name).toBeLessThan(2e-5);
    }
  });
});
