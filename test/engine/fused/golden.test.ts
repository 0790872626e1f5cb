import { describe, expect, it } from 'vitest';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import {
  flat,
  golden,
  goldenEpisode,
  goldenFeedback,
  worstRelative,
} from '../../support/golden.js';
import { POOL, programOf } from '../../support/program.js';
import { relativeDistance } from '../tfjs/episodes.js';

describe.each(golden.cases)('$name against automatic differentiation in PyTorch', (one) => {
  const program = programOf(POOL, golden.dims, golden.XQ.length, goldenFeedback(one), golden.beta);

  // With no memory for a tape of all steps, segments run again.
  it.each([
    ['float32', 2 ** 30, 1e-5],
    ['float32', 0, 1e-5],
    ['float64', 2 ** 30, 1e-11],
    ['float64', 0, 1e-11],
  ] as const)('%s with %i bytes', async (precision, memoryBudget, bound) => {
    const runner = await createFusedEngine({ precision, memoryBudget }).prepare(program);
    const options = { gradient: true, states: true };
    const [result] = await runner.run([goldenEpisode(one)], one.theta, options);
    expect(result!.divergence).toBeNull();
    expect(worstRelative([result!.loss], [one.meta_loss])).toBeLessThan(bound);
    expect(worstRelative(result!.gradient!, one.grad)).toBeLessThan(bound);
    expect(relativeDistance(result!.outputs.logits!, flat(one.query_logits))).toBeLessThan(bound);
    one.W_final.forEach((matrix, l) => {
      expect(relativeDistance(result!.states![`W${l + 1}`]!, flat(matrix))).toBeLessThan(bound);
    });
  });
});
