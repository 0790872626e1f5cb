import { expect, it } from 'vitest';
import { smallPool } from '../../../src/bench/cases.js';
import { median } from '../../../src/bench/statistics.js';
import type { Runner } from '../../../src/engine/engine.js';
import { createFusedEngine } from '../../../src/engine/fused/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';

/*
 * That nothing made the fused engine slow: no figures are drawn from it. Typical is a ratio of 20 to 40 (see
 * docs/performance.md), so that even a machine at its limits has a wide margin.
 */

const LEAST_RATIO = 3;
/** Odd, so that the median is one of them. */
const ROUNDS = 5;
/** Episodes of the fast one in a round: it takes about as long as one of the slow one. */
const FUSED_EPISODES = 10;

it('the fused engine is several times as fast as the interpreter', { retry: 2 }, async () => {
  const { program, episode, parameters } = smallPool();
  const slow = prepareInterpreter(program);
  const fast = await createFusedEngine().prepare(program);
  // Processor time an episode: what else the machine does counts little.
  const timeOf = async (runner: Runner, episodes: number): Promise<number> => {
    const before = process.cpuUsage();
    for (let k = 0; k < episodes; k++) await runner.run([episode], parameters, { gradient: true });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / episodes;
  };
  await timeOf(fast, FUSED_EPISODES);
  await timeOf(slow, 1);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fused = await timeOf(fast, FUSED_EPISODES);
    ratios.push((await timeOf(slow, 1)) / fused);
  }
  console.log(`interpreter / fused: ${ratios.map((ratio) => ratio.toFixed(1)).join(', ')}`);
  expect(median(ratios)).toBeGreaterThan(LEAST_RATIO);
});
