import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { loadRule } from '../../src/catalogue/load.js';
import { reservoir } from '../../src/circuits/reservoir.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { checkRule } from '../../src/language/check/rule.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { stepsOf } from '../../src/program/schedule.js';
import { inputsBetween } from '../../src/tasks/inputs/made.js';
import { drawing } from '../../src/tasks/kinds/drawing.js';
import { prepareSimulation } from '../../src/tasks/simulate.js';

/*
 * What Pyle & Rosenbaum 2019 (Neural Comput 31:1430) say of their parallel pathways, with 200 neurons instead
 * of 1,000, 10,000 steps a trial instead of 50,000, and half of the training. The standard experiments
 * supertrex and supertrex_arm have all of the training, and more networks.
 */

interface Work {
  readonly rules: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly circuit?: Readonly<Record<string, unknown>>;
  readonly training: number;
  readonly seed?: number;
}

interface Drawn {
  /** Root mean square of the distance over the test. */
  readonly distance: number;
  readonly mastery: number;
}

async function draw({
  rules,
  values = {},
  circuit: settings,
  training,
  seed = 0,
}: Work): Promise<Drawn> {
  const task = { training, tests: 1 };
  const circuit = unwrap(reservoir.make({ ...settings, ...unwrap(drawing.sizes(task)) }));
  const episode = unwrap(drawing.make(task, circuit)).episode(new Stream(seed, 'x'));
  const checked = Object.entries(rules).map(([kind, name]): [string, CheckedRule] => {
    const { item, source } = unwrap(loadRule(name));
    return [kind, unwrap(checkRule(item, source, circuit.tables[kind]!))];
  });
  const simulator = await prepareSimulation({
    circuit,
    rules: Object.fromEntries(checked),
    values,
    engine: createFusedEngine(),
  });
  const whole = stepsOf(episode.timeline);
  const done = await simulator.run({
    timeline: episode.timeline,
    stepInputs: inputsBetween(episode, { from: 0, to: whole, whole }),
    seed,
  });
  simulator.dispose();
  expect(done.divergence).toBeNull();
  return {
    distance: done.outputs['distance in the test']![0]!,
    mastery: Math.hypot(...done.states.mastery!),
  };
}

const BOTH = { mastery: 'supertrex', exploring: 'rmhl' };
const VALUES = { 'supertrex.theta': 0.015, 'rmhl.eta': 0.0125, 'rmhl.worse': 0 };
/** Of the target: that of a network that does nothing. */
const NOTHING = 0.6648;

describe('drawing a butterfly', () => {
  test('FORCE is told the error of each coordinate, and gets there', async () => {
    const circuit = { exploration: 0 };
    const force = await draw({ rules: { mastery: 'force' }, circuit, training: 2 });
    expect(force.distance).toBeLessThan(0.1);
  });

  test('SUPERTREX is told one number, and needs no reward in the end; RMHL alone does not get there', {
    timeout: 120_000,
  }, async () => {
    const supertrex = await draw({ rules: BOTH, values: VALUES, training: 4 });
    const rmhl = await draw({
      rules: { exploring: 'rmhl' },
      values: { eta: 0.0125, worse: 0 },
      circuit: { tested: 'exploring' },
      training: 4,
    });
    expect(supertrex.distance).toBeLessThan(0.1);
    expect(rmhl.distance).toBeGreaterThan(5 * supertrex.distance);
  });

  test('nothing is learned where the pathway of the reward is blocked from the start', async () => {
    const blocked = await draw({
      rules: BOTH,
      values: VALUES,
      circuit: { exploration: 0 },
      training: 1,
    });
    expect(blocked.mastery).toBe(0);
    expect(blocked.distance).toBeCloseTo(NOTHING, 3);
  });
});

test('an arm of two segments learns to draw though nobody knows what its joints should do', async () => {
  const { distance } = await draw({
    rules: BOTH,
    values: {
      'supertrex.theta': 0.015,
      'supertrex.kept': 0.9,
      'rmhl.eta': 0.0125,
      'rmhl.kept': 0.9,
    },
    circuit: { arm: [1.8, 1.8], exploration: 0.01, root: 5 },
    training: 2,
  });
  expect(distance).toBeLessThan(0.15);
});
