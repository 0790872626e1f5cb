import { describe, expect, it } from 'vitest';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { worstSlot } from '../../support/against-literal.js';
import { golden, goldenEpisode, goldenFeedback } from '../../support/golden.js';
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
