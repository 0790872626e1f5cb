import { describe, expect, test } from 'vitest';
import type { Timeline } from '../../src/program/circuit.js';
import { type WovenOptions, woven } from '../support/woven.js';

/**
 * The gradients of what is woven against fourth-order central differences: of every parameter of the
 * program, and of the start of its weights and of parameters that have a value for each neuron.
 */

interface Case {
  readonly name: string;
  readonly rule: string | Readonly<Record<string, string>>;
  readonly timeline?: Timeline;
  readonly options?: WovenOptions;
}

const PHASED = {
  steps: 9,
  phases: [
    { name: 'free', steps: 3 },
    { name: 'clamped', steps: 4 },
  ],
};
const PHASES: Timeline = { trials: [PHASED, PHASED, { steps: 3 }] };
const MASK = [1, 0, 1, 1, 1, 0];

const CASES: readonly Case[] = [
  {
    name: 'time constants and coefficients of triplets',
    rule: `rule r { param A = 0.3 fit, B = 0.2 fit, tau = 17 ms fit, slow = 90 ms fit
      trace x = pre.spike over tau  trace y = post.spike over tau  trace z = post.spike over slow
      on post.spike: dw = A * x * (1 - w + z)  on pre.spike: dw = -B * y * w }`,
    options: { stepLength: 2 },
  },
  {
    name: 'eligibility, from a value, since spikes',
    rule: `rule r { param a = 0.4 fit, tau = 5 steps fit, f = 0.7 fit, start = 0.6 fit
      trace x = pre over tau since post.spike from start
      trace e = post * x + a * w over 2 * tau
      average u = e keeping f from start
      state z = start then a * z + x since trial.start
      dw = 0.3 * reward * e + 0.1 * u * z@before }`,
    timeline: PHASES,
  },
  {
    name: 'trial means, gates and phases',
    rule: `rule r { param a = 0.4 fit, tau = 5 steps fit
      average m = a * post * pre + 0.1 * w since trial.start
      during free: trace g = post * a over tau
      on pre.spike: average s = w since trial.start
      at trial.end: dw = m + g * s
      every 2 steps: dw = a * w@previous * post@free }`,
    timeline: PHASES,
  },
  {
    name: 'a gate that is shut keeps what is undefined out of the gradient',
    rule: `rule r { param a = 0.4 fit
      trace n = 1 since trial.start
      trace q = a * post over 3 steps
      at trial.end: dw = 0.1 * sqrt(n - 2.5) / (n - 2) + 0.1 * a * log(n - 2.9) * q * w
      dw = if w > 0.05 then 0.1 * a * sqrt(w) else 0 }`,
    timeline: PHASES,
  },
  {
    name: 'masks, sums, set and bounds',
    rule: `rule r { param a = 0.3 fit, top = 0.9 fit
      dw = a * post * (pre - sum_post(post * w)) + 0.1 * a * max_pre(w * pre) + 0.1 * mean_pre(w^2)
      every 3 steps: set w = w / (1 + a * sum_pre(w^2))
      bound w in [-0.8, top] }`,
    options: { mask: MASK },
  },
  {
    name: 'sign and transmission',
    rule: `rule r { param a = 0.3 fit, U = 0.3 fit, tau = 6 steps fit
      trace u = U * (1 - u) * pre.spike over tau
      transmit w * (U + u)
      dw = a * (post * pre - 0.2 * w + u)  bound w keeping sign }`,
  },
  {
    name: 'a value for each neuron, two rules, three streams',
    rule: {
      one: `rule first { param eta = 0.2 fit, goal = 0.5 per pre fit, tau = 4 steps per post fit
        trace y = post over tau dw = eta * y * (goal - w * pre) }`,
      two: `rule second { param eta = 0.2 per projection fit, c = 0.1 per synapse fit
        average x = pre keeping 0.5 dw = eta * c * x * post + 0.1 * w * post@2 steps }`,
    },
    options: { streams: 3 },
  },
];

/** d f / d x at 0, to fourth order, or null where two widths disagree (a kink). */
async function slope(f: (shift: number) => Promise<number>): Promise<number | null> {
  const at = async (h: number): Promise<number> =>
    (8 * ((await f(h)) - (await f(-h))) - ((await f(2 * h)) - (await f(-2 * h)))) / (12 * h);
  const [wide, narrow] = [await at(2e-3), await at(1e-3)];
  return Math.abs(wide - narrow) < 1e-6 * Math.max(1, Math.abs(narrow)) ? narrow : null;
}

describe('gradients equal central differences', () => {
  test.each(CASES)('$name', async ({ rule, timeline = 20, options = {} }) => {
    const at = woven(rule, timeline, options);
    const { program } = at;
    const values = program.parameters.map((name) => program.initial[name] as number);
    const ran = await at.run({ gradient: true });
    expect(ran.divergence).toBeNull();
    let compared = 0;
    let kinks = 0;
    const compare = (found: number, expected: number | null): void => {
      if (expected === null) kinks += 1;
      else {
        compared += 1;
        const allowed = 1e-8 * Math.max(1, Math.abs(expected));
        expect(Math.abs(found - expected)).toBeLessThan(allowed);
      }
    };
    for (const k of values.keys()) {
      const shifted = (shift: number): number[] =>
        values.map((value, i) => (i === k ? value + shift : value));
      const expected = await slope(async (h) => (await at.run({ parameters: shifted(h) })).loss);
      compare(ran.gradient![k]!, expected);
    }
    const given = program.states.filter(({ name }) => name in program.initial || name in at.given);
    for (const { name } of given) {
      for (const k of at.start[name]!.keys()) {
        if (at.given[`mask ${name}`]?.[k] === 0) continue;
        const shifted = (shift: number): Float64Array =>
          at.start[name]!.map((value, i) => (i === k ? value + shift : value));
        const expected = await slope(
          async (h) => (await at.run({ start: { [name]: shifted(h) } })).loss,
        );
        compare(ran.startGradient![name]![k]!, expected);
      }
    }
    expect(compared).toBeGreaterThan(5);
    expect(kinks).toBeLessThan(compared / 4);
  });
});
