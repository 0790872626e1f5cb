import { describe, expect, test } from 'vitest';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import {
  flat,
  golden,
  goldenEpisode,
  goldenFeedback,
  worstRelative,
} from '../../support/golden.js';
import { POOL, programOf } from '../../support/program.js';

describe.each(golden.cases)('$name against automatic differentiation in PyTorch', (one) => {
  const program = programOf(POOL, golden.dims, golden.XQ.length, goldenFeedback(one), golden.beta);

  // With no memory for a history the backward pass recomputes segments.
  test.each([
    ['keeping every state', 2 ** 30],
    ['recomputing segments', 0],
  ])('%s', async (_, budget) => {
    const runner = prepareInterpreter(program, budget);
    const [result] = await runner.run([goldenEpisode(one)], one.theta, {
      gradient: true,
      states: true,
    });
    expect(result!.divergence).toBeNull();
    expect(worstRelative([result!.loss], [one.meta_loss])).toBeLessThan(1e-12);
    expect(worstRelative(result!.gradient!, one.grad)).toBeLessThan(1e-10);
    expect(worstRelative(result!.outputs.logits!, flat(one.query_logits))).toBeLessThan(1e-10);
    one.W_final.forEach((matrix, l) => {
      expect(worstRelative(result!.states![`W${l + 1}`]!, flat(matrix))).toBeLessThan(1e-10);
    });
  });
});
