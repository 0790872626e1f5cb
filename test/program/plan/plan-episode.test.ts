import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { startOf } from '../../../src/program/start.js';
import { worstSlot } from '../../support/against-literal.js';
import { golden, goldenEpisode, goldenFeedback, worstRelative } from '../../support/golden.js';
import { runPlanned } from '../../support/planned.js';
import { POOL, programOf } from '../../support/program.js';

describe('a planned episode', () => {
  it.each(golden.cases.map((one) => [one.name, one] as const))(
    'gives what the interpreter gives: %s',
    async (_, one) => {
      const program = programOf(
        POOL,
        golden.dims,
        golden.XQ.length,
        goldenFeedback(one),
        golden.beta,
      );
      const episode = goldenEpisode(one);
      const [wanted] = await prepareInterpreter(program).run([episode], one.theta, {
        gradient: true,
        startGradient: true,
        states: true,
      });
      for (const segment of [1, 7, 1000]) {
        const got = runPlanned(planEpisode(program), episode, one.theta, { segment });
        expect(Math.abs(got.loss - wanted!.loss)).toBeLessThan(1e-10 * wanted!.loss);
        const all = { ...got.states, ...got.outputs, gradient: got.gradient };
        const expected = { ...wanted!.states, ...wanted!.outputs, gradient: wanted!.gradient! };
        expect(worstSlot(all, expected).distance).toBeLessThan(1e-10);
        expect(worstSlot(got.startGradient, wanted!.startGradient!).distance).toBeLessThan(1e-10);
      }
    },
  );
});

describe('a long episode', () => {
  it('that forgets all it learned several times over has the gradient of the interpreter', async () => {
    const STEPS = 5000;
    const program = programOf(POOL, [4, 3, 2], 3);
    const stream = new Stream(1, 'long');
    const draws = (length: number): Float64Array =>
      Float64Array.from({ length }, () => stream.uniform(0, 1));
    const episode = {
      start: startOf(program, { W1: draws(12), W2: draws(6), B1: draws(12), B2: draws(6) }),
      steps: STEPS,
      stepInputs: { image: draws(4 * STEPS), target: draws(2 * STEPS) },
      queryInputs: { 'query images': draws(12), 'query targets': draws(6) },
    };
    const theta = [0.02, 1e-3, -0.02, 0.004, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 0.004];
    const [wanted] = await prepareInterpreter(program).run([episode], theta, { gradient: true });
    const plan = planEpisode(program);
    for (const smallest of [0.5, 1e-2]) {
      const got = runPlanned(plan, episode, theta, { smallest });
      expect(Math.abs(got.loss / wanted!.loss - 1)).toBeLessThan(1e-11);
      expect(worstRelative(got.gradient, wanted!.gradient!)).toBeLessThan(1e-9);
    }
  });
});
