import { describe, expect, test } from 'vitest';
import { intervalNotWhole } from '../../src/base/diagnostics/program.js';
import { expectNumbers, type Woven, woven } from '../support/woven.js';

const STEPS = 24;
const row = (k: number): number => Math.floor(k / 3);
const column = (k: number): number => k % 3;

/** Weights after every step, by a function of the old weight. */
async function expectWeights(
  at: Woven,
  next: (w: number, k: number, t: number, all: readonly number[]) => number,
): Promise<void> {
  const ran = await at.run();
  let w = [...at.start.syn!];
  for (let t = 0; t < at.steps; t++) {
    const old = w;
    w = old.map((value, k) => next(value, k, t, old));
    expectNumbers(ran.after(t, 'syn'), w);
  }
}

describe('changes', () => {
  test('all changes are made from the old weight and added', async () => {
    const trial = {
      steps: 8,
      phases: [{ name: 'free', steps: 5 }],
      events: [{ name: 'relax.end', step: 2 }],
    };
    const at = woven(
      `rule r { dw = 0.1 * post * pre  at trial.end: dw = -0.5 * w  during free: dw = 0.2 * w * reward
        at relax.end: dw = 1  every 3 steps: dw = 0.3 * w^2  on pre.spike: dw = 0.01 * w }`,
      { trials: [trial, trial, trial] },
    );
    await expectWeights(at, (w, k, t) => {
      const s = t % 8;
      let dw = 0.1 * at.shown('post', t)[row(k)]! * at.shown('pre', t)[column(k)]!;
      if (s === 7) dw -= 0.5 * w;
      if (s < 5) dw += 0.2 * w * at.shown('reward', t)[0]!;
      if (s === 2) dw += 1;
      if (s % 3 === 2) dw += 0.3 * w * w;
      return w + dw + 0.01 * w * at.shown('pre.spike', t)[column(k)]!;
    });
  });

  test('stacked clauses multiply; what does not act cannot do harm', async () => {
    const trial = { steps: 6, phases: [{ name: 'free', steps: 4 }] };
    const at = woven(
      'rule r { during free: every 2 steps: dw = 0.001 / step(reward + 2 * pre.size - 6.5) }',
      { trials: [trial, trial] },
    );
    // The divisor is 0 in every step in which the line does not act.
    const reward = at.inputs['syn reward']!;
    for (let t = 0; t < at.steps; t++) reward[t] = t % 6 === 1 || t % 6 === 3 ? 1 : 0;
    await expectWeights(at, (w, _, t) => (t % 6 === 1 || t % 6 === 3 ? w + 0.001 : w));
  });

  test('dw/dt is times the length of a step; steps and milliseconds are told apart', async () => {
    const at = woven(
      `rule r { param rate = 2 Hz, few = 4 steps
        trace x = pre over few
        dw/dt = rate * post * pre + x / 8 ms
        every 1.5 ms: dw = 0.1 * dt / few }`,
      STEPS,
      { stepLength: 0.5 },
    );
    let x = [0, 0, 0];
    await expectWeights(at, (w, k, t) => {
      const pre = at.shown('pre', t);
      if (k === 0) x = x.map((value, j) => value * Math.exp(-0.5 / 2) + pre[j]!);
      const product = at.shown('post', t)[row(k)]! * pre[column(k)]!;
      const rate = 0.002 * product + x[column(k)]! / 8;
      return w + 0.5 * rate + (t % 3 === 2 ? (0.1 * 0.5) / 2 : 0);
    });
  });

  test('`every` a time that is no whole number of steps is refused', () => {
    const text = 'rule r { every 1.2 ms: dw = 1 }';
    const facts = { text: '1.2 ms', stepLength: 0.5 };
    expect(() => woven(text, 4, { stepLength: 0.5 })).toThrow(intervalNotWhole(facts).message);
    expect(() => woven('rule r { dw = pre@0.7 ms }', 4, { stepLength: 0.5 })).toThrow(/E440/);
  });

  test('if', async () => {
    const at = woven(
      `rule r { dw = if post > 0 and (pre >= 0.2 or w < 0) then post / post else -0.1 * w
        on pre.spike: dw = if w > 0 then 0.01 else 0 }`,
      STEPS,
    );
    await expectWeights(at, (w, k, t) => {
      const [pre, post] = [at.shown('pre', t)[column(k)]!, at.shown('post', t)[row(k)]!];
      const dw = post > 0 && (pre >= 0.2 || w < 0) ? 1 : -0.1 * w;
      return w + dw + (w > 0 ? 0.01 * at.shown('pre.spike', t)[column(k)]! : 0);
    });
  });
});

describe('set and bounds', () => {
  test('`set w` reads the new weight; then the range', async () => {
    const high = Float64Array.of(0.3, 0.5);
    const at = woven(
      `rule r { param high = 0 per post, low = -0.3
        dw = 0.5 * post * pre  every 2 steps: set w = w / sqrt(sum_pre(w^2))
        bound w in [2 * low, high] }`,
      STEPS,
      { values: { 'high of syn': high } },
    );
    const ran = await at.run();
    let w = [...at.start.syn!];
    for (let t = 0; t < STEPS; t++) {
      const [pre, post] = [at.shown('pre', t), at.shown('post', t)];
      w = w.map((value, k) => value + 0.5 * post[row(k)]! * pre[column(k)]!);
      if (t % 2 === 1) {
        const length = [0, 1].map((i) =>
          Math.sqrt([0, 1, 2].reduce((sum, j) => sum + w[3 * i + j]! ** 2, 0)),
        );
        w = w.map((value, k) => value / length[row(k)]!);
      }
      w = w.map((value, k) => Math.min(Math.max(value, -0.6), high[row(k)]!));
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('`on` a spike `set w` sets once, however many spikes there are', async () => {
    const at = woven('rule r { dw = 0.1 * pre  on post.spike: set w = 0.5 * w + post }', STEPS);
    await expectWeights(at, (w, k, t) => {
      const moved = w + 0.1 * at.shown('pre', t)[column(k)]!;
      return at.shown('post.spike', t)[row(k)]! > 0
        ? 0.5 * moved + at.shown('post', t)[row(k)]!
        : moved;
    });
  });

  test('keeping sign: stops at 0 on its side; a weight that starts at 0 has no side', async () => {
    const at = woven('rule r { dw = post * pre  bound w keeping sign }', STEPS);
    at.start.syn!.set([0, 0.5, -0.5]);
    const signs = at.start.syn!.map(Math.sign);
    expect(new Set(signs).size).toBe(3);
    let stopped = 0;
    await expectWeights(at, (w, k, t) => {
      const next = w + at.shown('post', t)[row(k)]! * at.shown('pre', t)[column(k)]!;
      if (next * signs[k]! < 0) stopped += 1;
      return signs[k] === 0 ? next : signs[k]! > 0 ? Math.max(next, 0) : Math.min(next, 0);
    });
    expect(stopped).toBeGreaterThan(3);
  });
});

describe('what synapses send', () => {
  test('a `transmit` line is made of the weight and of memory as it was', async () => {
    const at = woven(
      `rule stp { param U = 0.2
        trace u = U * (1 - u) * pre.spike over 6 steps
        trace gone = (u + U * (1 - u)) * (1 - gone) * pre.spike over 9 steps
        transmit w * (u + U * (1 - u)) * (1 - gone)
        dw = 0.1 * post }`,
      STEPS,
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const [u, gone] = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    const sent = [0, 0];
    for (let t = 0; t < STEPS; t++) {
      const spikes = at.shown('pre.spike', t);
      for (let j = 0; j < 3; j++) {
        u[j]! *= Math.exp(-1 / 6);
        gone[j]! *= Math.exp(-1 / 9);
      }
      const used = u.map((value) => value + 0.2 * (1 - value));
      for (let k = 0; k < 6; k++) {
        sent[row(k)]! += w[k]! * used[column(k)]! * (1 - gone[column(k)]!);
      }
      for (let j = 0; j < 3; j++) {
        gone[j]! += used[j]! * (1 - gone[j]!) * spikes[j]!;
        u[j]! += 0.2 * (1 - u[j]!) * spikes[j]!;
      }
      for (let k = 0; k < 6; k++) w[k]! += 0.1 * at.shown('post', t)[row(k)]!;
      expectNumbers(ran.after(t, 'sent'), sent);
      expectNumbers(ran.after(t, 'syn: gone'), gone);
    }
    expect(at.program.observed).toEqual([{ name: 'arrived', shape: [1, 2] }]);
  });
});
