import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { loadRule } from '../../src/catalogue/load.js';
import { perturbed } from '../../src/circuits/perturbed.js';
import type { Engine } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { interpreter } from '../../src/engine/interpret/interpret.js';
import { checkRule } from '../../src/language/check/rule.js';
import { stepsOf } from '../../src/program/schedule.js';
import { inputsBetween } from '../../src/tasks/inputs/made.js';
import { latentInputs } from '../../src/tasks/kinds/latent-inputs.js';
import { type PerturbedReadout, perturbationTheory } from '../../src/tasks/perturbation-theory.js';
import { prepareSimulation, type SimulationResult } from '../../src/tasks/simulate.js';

/*
 * What Züge, Klos & Memmesheimer 2023 (Phys Rev X 13:021006) say of perturbation learning, on a network a
 * fifth as large as theirs: 4 outputs, 20 inputs, 10 of them relevant, 20 bins a trial. The perturbations of
 * the outputs are equally strong, whatever is perturbed.
 */

type Perturbation = PerturbedReadout['perturbation'];
const RULES: Readonly<Record<Perturbation, string>> = {
  weight: 'weight_perturbation',
  active: 'weight_perturbation_active',
  node: 'node_perturbation',
  hybrid: 'node_perturbation',
};
const SIZES = { inputs: 20, outputs: 4, steps: 20, relevant: 10 };
const SEEDS = 8;

interface Setting {
  readonly active?: number;
  readonly effective?: number;
  readonly unreachable?: number;
}

/** The setting as theory has it: what is perturbed changes the outputs by as much, whatever it is. */
function readoutOf(
  perturbation: Perturbation,
  { active = 10, effective = 1e-6, unreachable = 0 }: Setting,
): PerturbedReadout {
  const strength = SIZES.inputs / active;
  const sigma = perturbation === 'node' ? effective : effective / Math.sqrt(strength * active);
  return { ...SIZES, perturbation, active, sigma, unreachable };
}

interface Run extends Setting {
  readonly trials: number;
  readonly seeds?: number;
  readonly baseline?: boolean;
  readonly engine?: Engine;
}

interface Course {
  /** Before every trial, averaged over seeds. */
  readonly errors: readonly number[];
  readonly last: SimulationResult;
  readonly theory: ReturnType<typeof perturbationTheory>;
}

async function courseOf(perturbation: Perturbation, run: Run): Promise<Course> {
  const { trials, seeds = SEEDS, baseline = false } = run;
  const engine = run.engine ?? createFusedEngine({ precision: 'float64' });
  const readout = readoutOf(perturbation, run);
  const { inputs, outputs, steps, relevant, active, sigma, unreachable } = readout;
  const task = { steps, relevant, active, sigma, unreachable, trials, baseline };
  const circuit = unwrap(
    perturbed.make({
      inputs,
      outputs,
      perturbs: perturbation === 'node' ? 'outputs' : 'weights',
      ...unwrap(latentInputs.sizes(task)),
    }),
  );
  const theory = perturbationTheory(readout);
  const { item, source } = unwrap(loadRule(RULES[perturbation]));
  const simulator = await prepareSimulation({
    circuit,
    rules: { readout: unwrap(checkRule(item, source, circuit.tables.readout!)) },
    values: { eta: theory.eta, sigma },
    engine,
  });
  const errors = new Array<number>(trials).fill(0);
  let last: SimulationResult | null = null;
  for (let seed = 0; seed < seeds; seed++) {
    const episode = unwrap(latentInputs.make(task, circuit)).episode(new Stream(seed, 'course'));
    const whole = stepsOf(episode.timeline);
    last = await simulator.run({
      timeline: episode.timeline,
      stepInputs: inputsBetween(episode, { from: 0, to: whole, whole }),
      seed,
      record: { slots: ['trial loss'], every: whole / trials },
    });
    last.record['trial loss']!.forEach((error, k) => {
      errors[k]! += error / seeds;
    });
  }
  simulator.dispose();
  return { errors, last: last!, theory };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Over trials from … up to (not including) to: what was measured as a share of what theory says. */
function share({ errors, theory }: Course, from: number, to: number): number {
  const expected = errors.slice(from, to).map((_, k) => theory.at(from + k, errors[0]!));
  return meanOf(errors.slice(from, to)) / meanOf(expected);
}

/** 25 per cent. */
const near = (value: number): void => {
  expect(value).toBeGreaterThan(0.75);
  expect(value).toBeLessThan(1.25);
};

describe('one task, small perturbations', () => {
  test.each(['weight', 'node', 'active', 'hybrid'] as const)(
    'by %s: the error falls as theory says, equally fast for all',
    async (perturbation) => {
      const course = await courseOf(perturbation, { trials: 130 });
      // ½ · outputs · inputs · 0.1², and 1 − 1 / (outputs · relevant + 2) of it after each trial.
      expect(course.errors[0]).toBeCloseTo(0.4, 9);
      expect(course.theory.factor).toBeCloseTo(1 - 1 / 42, 12);
      for (const from of [40, 80, 120]) near(share(course, from, from + 10));
    },
  );
});

describe('what stays', () => {
  const last = ({ errors }: Course): number => meanOf(errors.slice(-200));

  test.each([
    ['large perturbations', { effective: 0.05 }],
    ['targets that cannot be reached', { unreachable: 0.5 }],
  ])('of %s is about twice as much by nodes as by weights', async (_, setting) => {
    const trials = 450;
    const weight = await courseOf('weight', { ...setting, trials });
    const node = await courseOf('node', { ...setting, trials });
    for (const course of [weight, node]) near(share(course, 250, 450));
    const ratio = last(node) / last(weight);
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(2.4);
  });
});

describe('many inputs of which few are used at a time', () => {
  test('weight perturbation is slow, unless it leaves alone what is silent', async () => {
    const setting = { active: 2, trials: 250 };
    const courses = Object.fromEntries(
      await Promise.all(
        (['weight', 'node', 'active', 'hybrid'] as const).map(
          async (each) => [each, await courseOf(each, setting)] as const,
        ),
      ),
    ) as Record<Perturbation, Course>;
    for (const each of Object.values(courses)) near(share(each, 110, 130));
    const at = (each: Perturbation): number => meanOf(courses[each].errors.slice(220));
    for (const each of ['node', 'active', 'hybrid'] as const) {
      expect(at(each)).toBeLessThan(at('weight') / 4);
    }
  });
});

describe('weights that do not matter', () => {
  test('diffuse by weight perturbation, and stay exactly where they are by the others', async () => {
    const idle = async (perturbation: Perturbation): Promise<number> =>
      (await courseOf(perturbation, { trials: 100, seeds: 1 })).last.outputs[
        'rms of idle weights'
      ]![0]!;
    expect(await idle('node')).toBe(0);
    expect(await idle('active')).toBe(0);
    expect(await idle('hybrid')).toBe(0);
    expect(await idle('weight')).toBeGreaterThan(0.01);
  });
});

describe('the reward as a difference', () => {
  test('is that of the two phases, without their loss of digits', async () => {
    const setting = { effective: 1e-3, trials: 20, seeds: 1 };
    const one = await courseOf('node', setting);
    const two = await courseOf('node', { ...setting, baseline: true });
    one.errors.forEach((error, k) => {
      expect(two.errors[k]).toBeCloseTo(error, 9);
    });
  });

  test('learns the same on the interpreter, and in single precision', async () => {
    const setting = { trials: 20, seeds: 1 };
    const fused = await courseOf('weight', setting);
    const exact = await courseOf('weight', { ...setting, engine: interpreter });
    const single = await courseOf('weight', { ...setting, engine: createFusedEngine() });
    exact.errors.forEach((error, k) => {
      expect(fused.errors[k]).toBeCloseTo(error, 12);
      expect(single.errors[k]).toBeCloseTo(error, 5);
    });
  });
});

test('theory is the published one where all inputs are active', () => {
  const readout = { ...SIZES, active: 10, sigma: 0.1, unreachable: 0.5, eta: 3e-3 };
  const [m, n, t, sigma, eta, opt, strength] = [4, 10, 20, 0.1, 3e-3, 0.5, 2];
  const factor = 1 - 2 * eta * strength + eta ** 2 * strength ** 2 * (m * n + 2);
  const weight =
    (sigma ** 2 * eta ** 2 * strength ** 3 * (m ** 3 * n ** 3 + 6 * m ** 2 * n ** 2 + 8 * m * n)) /
    8;
  const node =
    (sigma ** 2 * eta ** 2 * strength ** 2 * (m ** 3 * n * t + 6 * m ** 2 * n + (8 * m * n) / t)) /
      8 +
    eta ** 2 * strength ** 2 * m * n * opt;
  for (const [perturbation, added] of [
    ['weight', weight],
    ['node', node],
  ] as const) {
    const theory = perturbationTheory({ ...readout, perturbation });
    expect(theory.factor).toBeCloseTo(factor, 12);
    expect(theory.rest).toBeCloseTo(opt + added / (1 - factor), 12);
    expect(theory.at(0, 7)).toBeCloseTo(7, 12);
    expect(theory.at(1, 7) - theory.rest).toBeCloseTo(factor * (7 - theory.rest), 12);
  }
});
