import { expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { perturbed } from '../../src/circuits/perturbed.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { stepsOf } from '../../src/program/schedule.js';
import { inputsBetween } from '../../src/tasks/inputs/made.js';
import { latentInputs } from '../../src/tasks/kinds/latent-inputs.js';
import { prepareSimulation } from '../../src/tasks/simulate.js';
import { checkedText } from '../support/checked-text.js';

/*
 * What `engrammar discover perturbation_discovery` printed, beside the published rule at the rate that was fitted
 * for it over the same episodes, in the setting of the search.
 */

const TASK = { steps: 4, relevant: 3, active: 3, weight: 0.5, drawn: true, trials: 25, sigma: 0.3 };
const SIZES = { inputs: 3, outputs: 2 };
const EPISODES = 80;

const ruleOf = (change: string): string => `rule test for readout {
  during perturbed: trace tried = post.noise * pre since trial.start
  at trial.end: dw = (${change}) * tried
}`;
const FOUND = '0.124 - 0.924 * reward@baseline + 0.914 * reward@perturbed';
/** 0.0795 / 0.3². */
const PUBLISHED = '0.883 * (reward@perturbed - reward@baseline)';
/**
 * The cost of the perturbation itself, ½ Σ ξ² averaged over steps, weighted as it meets the update:
 * ½ σ² (outputs + 2 / steps).
 */
const cost = 0.5 * 0.3 ** 2 * (SIZES.outputs + 2 / TASK.steps);
const REPAID = `0.883 * (reward@perturbed - reward@baseline + ${cost})`;

async function lossOf(text: string): Promise<number> {
  const task = { ...TASK, baseline: true };
  const settings = { ...SIZES, spread: 0.5, ...unwrap(latentInputs.sizes(task)) };
  const circuit = unwrap(perturbed.make(settings));
  const simulator = await prepareSimulation({
    circuit,
    rules: { readout: checkedText(text, circuit.tables.readout!) },
    engine: createFusedEngine(),
  });
  let sum = 0;
  for (let seed = 0; seed < EPISODES; seed++) {
    const episode = unwrap(latentInputs.make(task, circuit)).episode(new Stream(seed, 'task'));
    const whole = stepsOf(episode.timeline);
    const { loss } = await simulator.run({
      timeline: episode.timeline,
      stepInputs: inputsBetween(episode, { from: 0, to: whole, whole }),
      seed,
    });
    sum += loss;
  }
  simulator.dispose();
  return sum / EPISODES;
}

test('the rule that was found is node perturbation that does not pay for perturbing', async () => {
  const [start, published, found, repaid] = await Promise.all(
    ['0', PUBLISHED, FOUND, REPAID].map((change) => lossOf(ruleOf(change))),
  );
  // Measured: 1.453, 0.223, 0.132, 0.130.
  expect(published!).toBeLessThan(start! / 5);
  expect(found!).toBeLessThan(0.8 * published!);
  expect(repaid!).toBeLessThan(0.8 * published!);
});
