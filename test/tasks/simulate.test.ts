import { describe, expect, test } from 'vitest';
import {
  inputLength,
  missingInput,
  notACount,
  ruleForAnother,
  timelineWrong,
  unknownInput,
  unknownMoment,
} from '../../src/base/diagnostics/circuit.js';
import { noSuchParameter, noSuchProjection } from '../../src/base/diagnostics/program.js';
import { Stream } from '../../src/base/random.js';
import { EngrammarError } from '../../src/base/result.js';
import { feedForward } from '../../src/circuits/feed-forward.js';
import { layer } from '../../src/circuits/layer.js';
import { prepareSimulation, type Simulation, simulate } from '../../src/tasks/simulate.js';
import { checkedText } from '../support/checked-text.js';

const [INPUTS, OUTPUTS, TRIALS, STEPS] = [3, 2, 4, 5];
const circuit = layer({
  inputs: INPUTS,
  outputs: OUTPUTS,
  activation: 'tanh',
  offers: ['reward'],
  phases: ['free', 'clamped'],
});

/** Memory of every kind, restarts, clauses, chance, a moment and bounds. */
const RULE = `rule everything {
  param eta = 0.05 fit
  trace x = pre over 4 steps
  average usual = reward keeping 0.9 from 0.5
  average e = post.slope * pre keeping 0.7 since trial.start
  state best = 0 then max(best, reward)
  trace total = post since trial.start
  draw chance = uniform per synapse
  dw = eta * (reward - usual@before) * e * chance
  every 3 steps: dw = 0.02 * post * x - 0.01 * post@previous * w
  at trial.end: dw = 0.01 * best * total * pre
  during clamped: dw = -0.03 * w
  bound w keeping sign
}`;

const timeline = {
  trials: Array.from({ length: TRIALS }, () => ({
    steps: STEPS,
    phases: [
      { name: 'free', steps: 2 },
      { name: 'clamped', steps: 2 },
    ],
  })),
};

function inputs(steps: number) {
  const stream = new Stream(3, 'simulate');
  return {
    pattern: Float64Array.from({ length: steps * INPUTS }, () => stream.uniform(-1, 1)),
    reward: Float64Array.from({ length: steps }, () => stream.uniform()),
  };
}

const whole: Simulation = {
  circuit,
  rules: { forward: checkedText(RULE) },
  timeline,
  stepInputs: inputs(TRIALS * STEPS),
  seed: 9,
};

const ENGINES = [
  ['interpret', { name: 'interpret' }, 1e-14],
  ['tfjs cpu', { name: 'tfjs', backend: 'cpu' }, 1e-7],
] as const;

describe.each(ENGINES)('a simulation on %s', (_, engine, tolerance) => {
  test('that goes on from where it stopped ends as an uninterrupted one', async () => {
    const uninterrupted = await simulate({ ...whole, engine });
    expect(uninterrupted.divergence).toBeNull();
    const part = (from: number, to: number): Pick<Simulation, 'timeline' | 'stepInputs'> => ({
      timeline: { trials: timeline.trials.slice(from, to) },
      stepInputs: Object.fromEntries(
        Object.entries(whole.stepInputs).map(([name, values]) => {
          const width = values.length / (TRIALS * STEPS);
          return [name, values.slice(from * STEPS * width, to * STEPS * width)];
        }),
      ),
    });
    const first = await simulate({ ...whole, ...part(0, 1), engine });
    const second = await simulate({
      ...whole,
      ...part(1, TRIALS),
      start: first.states,
      continued: true,
      stepsBefore: STEPS,
      engine,
    });
    expect(Object.keys(second.states)).toEqual(Object.keys(uninterrupted.states));
    for (const [name, values] of Object.entries(uninterrupted.states)) {
      const worst = Math.max(...values.map((x, k) => Math.abs(x - second.states[name]![k]!)));
      expect(worst, name).toBeLessThanOrEqual(tolerance);
    }
    // All of it mattered: without the memory, or with other chances, it ends elsewhere.
    const forgetful = await simulate({
      ...whole,
      ...part(1, TRIALS),
      start: { W: first.states.W! },
      stepsBefore: STEPS,
      engine,
    });
    expect(forgetful.states.W).not.toEqual(uninterrupted.states.W);
    const luckier = await simulate({
      ...whole,
      ...part(1, TRIALS),
      start: first.states,
      continued: true,
      engine,
    });
    expect(luckier.states.W).not.toEqual(uninterrupted.states.W);
  });
});

describe('a simulation', () => {
  test('is the same for the same seed, on both engines, and another for another', async () => {
    const [one, again, other, single] = await Promise.all([
      simulate(whole),
      simulate(whole),
      simulate({ ...whole, seed: 10 }),
      simulate({ ...whole, engine: { name: 'tfjs', backend: 'cpu' } }),
    ]);
    expect(again).toEqual(one);
    expect(other.states.W).not.toEqual(one.states.W);
    one.states.W!.forEach((w, k) => {
      expect(Math.abs(w - single.states.W![k]!)).toBeLessThan(1e-6);
    });
  });

  test('learns in several streams by the mean of what each would learn', async () => {
    const rules = { forward: checkedText('rule hebb { dw = 0.1 * post * pre }') };
    const base = { ...whole, rules, timeline: { trials: [{ steps: 1 }] } };
    const start = { W: Float64Array.of(1, 2, 3, 4, 5, 6) };
    const reward = Float64Array.of(0);
    const patterns = [Float64Array.of(1, 0, -1), Float64Array.of(0, 2, 1)] as const;
    const alone = await Promise.all(
      patterns.map((pattern) => simulate({ ...base, start, stepInputs: { pattern, reward } })),
    );
    const together = await simulate({
      ...base,
      start,
      streams: 2,
      stepInputs: {
        pattern: patterns[0],
        'pattern (stream 2)': patterns[1],
        reward,
        'reward (stream 2)': reward,
      },
    });
    together.states.W!.forEach((w, k) => {
      expect(w).toBeCloseTo((alone[0]!.states.W![k]! + alone[1]!.states.W![k]!) / 2, 14);
    });
  });

  test('takes other values of parameters than those written', async () => {
    const text = (eta: string) => ({
      forward: checkedText(`rule hebb { param eta = ${eta} per projection dw = eta * post * pre }`),
    });
    const written = await simulate({ ...whole, rules: text('0.2') });
    const given = await simulate({ ...whole, rules: text('7'), values: { 'eta of W': 0.2 } });
    expect(given.states.W).toEqual(written.states.W);
  });

  test('one rule on two kinds of projection is one rule, with one gradient', async () => {
    const net = feedForward({ sizes: [3, 2], beta: 1, feedback: 'random', bias: true, queries: 1 });
    const rule = checkedText('rule down { param eta = 0.1 fit dw = -eta * post.error * pre }');
    const ones = (n: number) => new Float64Array(n).fill(0.5);
    const result = await simulate({
      circuit: net,
      rules: { forward: rule, bias: rule },
      timeline: { trials: [{ steps: 2 }] },
      stepInputs: { image: ones(6), target: Float64Array.of(1, 0, 0, 1) },
      queryInputs: { 'query images': ones(3), 'query targets': Float64Array.of(1, 0) },
      seed: 2,
      gradient: true,
    });
    expect(Object.keys(result.gradient)).toEqual(['eta']);
    expect(result.states.bias1!.every((x) => x !== 0)).toBe(true);
  });

  test('can be prepared once for many episodes', async () => {
    const simulator = await prepareSimulation(whole);
    for (const seed of [1, 2, 1]) {
      const here = await simulator.run({ ...whole, seed });
      expect(here).toEqual(await simulate({ ...whole, seed }));
    }
    simulator.dispose();
  });

  test('draws what is not given, and nothing once all of it is known to be', async () => {
    let draws = 0;
    const counted = {
      ...circuit,
      draw: (stream: Stream) => {
        draws += 1;
        return circuit.draw(stream);
      },
    };
    const { run } = await prepareSimulation({ ...whole, circuit: counted });
    const first = await run(whole);
    const given = circuit.draw(new Stream(whole.seed, 'simulate', circuit.name));
    expect(await run({ ...whole, start: given })).toEqual(first);
    expect(draws).toBe(1);
    const [name] = Object.keys(given);
    const { [name!]: _, ...rest } = given;
    expect(await run({ ...whole, start: rest })).toEqual(first);
    expect(draws).toBe(2);
  });

  test('says where numbers stopped being finite', async () => {
    const rules = { forward: checkedText('rule burst { dw = 1e200 * w * post^2 + 1e200 * w }') };
    const { divergence, states } = await simulate({ ...whole, rules });
    expect(divergence).toMatchObject({ where: 'W', step: expect.any(Number) });
    expect(states).toEqual({});
  });
});

describe('what is wrong with a simulation is said', () => {
  const refusal = async (changes: Partial<Simulation>): Promise<unknown> => {
    try {
      await simulate({ ...whole, ...changes });
    } catch (error) {
      if (error instanceof EngrammarError) return error.diagnostics;
      throw error;
    }
    throw new Error('nothing was refused');
  };
  const name = circuit.name;
  const steps = TRIALS * STEPS;
  const { pattern, reward } = inputs(steps) as { pattern: Float64Array; reward: Float64Array };

  test('missing, misnamed and misshapen inputs', async () => {
    const what = 'input';
    expect(await refusal({ stepInputs: { pattern } })).toEqual([
      missingInput({ circuit: name, what, name: 'reward', needed: steps, steps }),
    ]);
    expect(await refusal({ stepInputs: { pattern, reward, revard: reward } })).toEqual([
      unknownInput({ circuit: name, what, given: 'revard', known: ['pattern', 'reward'] }),
    ]);
    expect(await refusal({ stepInputs: { pattern: reward, reward } })).toEqual([
      inputLength({
        circuit: name,
        what,
        name: 'pattern',
        given: steps,
        needed: steps * INPUTS,
        steps,
      }),
    ]);
    expect(await refusal({ queryInputs: { pattern } })).toMatchObject([
      { code: unknownInput.code },
    ]);
  });

  test('names that nothing has, in start, record and values', async () => {
    const slot = Float64Array.of(1);
    expect(await refusal({ start: { V: slot } })).toMatchObject([{ code: unknownInput.code }]);
    expect(await refusal({ record: { slots: ['rate'], every: 1 } })).toMatchObject([
      { code: unknownInput.code, message: expect.stringContaining('rate') },
    ]);
    expect(await refusal({ values: { etta: 1 } })).toMatchObject([{ code: noSuchParameter.code }]);
  });

  test('rules on projections that are not there, or that they are not for', async () => {
    const rule = checkedText('rule back for feedback { dw = -w }');
    expect(await refusal({ rules: { feedback: rule } })).toEqual([
      noSuchProjection({ kind: 'feedback', circuit: name, known: ['forward'] }),
    ]);
    expect(await refusal({ rules: { forward: rule } })).toEqual([
      ruleForAnother(
        { rule: 'back', targets: ['feedback'], kind: 'forward' },
        { source: rule.source, span: rule.rule.nameSpan },
      ),
    ]);
  });

  test('rules that read what the projection does not offer, with their place', async () => {
    const rule = checkedText('rule r { dw = post.error * pre }');
    expect(await refusal({ rules: { forward: rule } })).toMatchObject([
      { message: expect.stringContaining('post.error'), span: { start: 14 } },
    ]);
  });

  test('counts that are none', async () => {
    const record = { slots: ['W'], every: 0 };
    expect(await refusal({ record })).toEqual([
      notACount({ what: 'record.every', given: 0, least: 1 }),
    ]);
    expect(await refusal({ streams: 1.5 })).toMatchObject([{ code: notACount.code }]);
    expect(await refusal({ stepsBefore: -1 })).toMatchObject([{ code: notACount.code }]);
  });

  test('timelines that cannot be', async () => {
    const trial = (more: object) => ({ timeline: { trials: [{ steps: 5, ...more }] } });
    expect(await refusal(trial({ steps: 2.5 }))).toEqual([
      timelineWrong({ trial: 1, problem: 'steps' }),
    ]);
    expect(await refusal(trial({ phases: [{ name: 'free', steps: 6 }] }))).toEqual([
      timelineWrong({ trial: 1, problem: 'phases' }),
    ]);
    const known = ['free', 'clamped'];
    expect(await refusal(trial({ phases: [{ name: 'fre', steps: 1 }] }))).toEqual([
      unknownMoment({ circuit: name, what: 'phase', given: 'fre', known }),
    ]);
    expect(await refusal(trial({ events: [{ name: 'relax.end', step: 9 }] }))).toMatchObject([
      { code: timelineWrong.code },
      { code: unknownMoment.code },
    ]);
  });
});
