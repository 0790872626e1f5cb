import { describe, expect, test } from 'vitest';
import { scheduleInputs } from '../../src/program/schedule.js';
import { expectNumbers, woven } from '../support/woven.js';

/** Every construct against the same thing written as loops over neurons and steps. */

const STEPS = 30;
const zeros = (n: number): number[] => new Array<number>(n).fill(0);

describe('traces', () => {
  test('fade first, then take in; outside of spikes the present value is read', async () => {
    const at = woven(
      `rule r { trace x = pre over 7 steps  trace e = post * pre over 3 steps
        dw = x * post + 0.5 * e + 0.25 * e@before }`,
      STEPS,
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const x = zeros(3);
    const e = zeros(6);
    for (let t = 0; t < STEPS; t++) {
      const [pre, post] = [at.shown('pre', t), at.shown('post', t)];
      for (let j = 0; j < 3; j++) x[j] = x[j]! * Math.exp(-1 / 7) + pre[j]!;
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 3; j++) {
          const k = 3 * i + j;
          const before = e[k]! * Math.exp(-1 / 3);
          e[k] = before + post[i]! * pre[j]!;
          w[k]! += x[j]! * post[i]! + 0.5 * e[k]! + 0.25 * before;
        }
      }
      expectNumbers(ran.after(t, 'syn: x'), x);
      expectNumbers(ran.after(t, 'syn: e'), e);
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('next to a spike the past is read: coincident spikes do not see each other', async () => {
    const at = woven(
      `rule triplet { param A2 = 0.3, A3 = 0.2, B2 = 0.1, B3 = 0.4
        trace x1 = pre.spike over 16.5 ms  trace x2 = pre.spike over 100 ms
        trace y1 = post.spike over 33 ms   trace y2 = post.spike over 125 ms
        on post.spike: dw = x1 * (A2 + A3 * y2)
        on pre.spike: dw = -y1 * (B2 + B3 * x2) }`,
      STEPS,
      { stepLength: 0.5 },
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const [x1, x2, y1, y2] = [zeros(3), zeros(3), zeros(2), zeros(2)];
    let coincident = 0;
    for (let t = 0; t < STEPS; t++) {
      const [pre, post] = [at.shown('pre.spike', t), at.shown('post.spike', t)];
      const fade = (trace: number[], tau: number): void =>
        trace.forEach((value, k) => {
          trace[k] = value * Math.exp(-0.5 / tau);
        });
      fade(x1, 16.5);
      fade(x2, 100);
      fade(y1, 33);
      fade(y2, 125);
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 3; j++) {
          if (pre[j]! > 0 && post[i]! > 0) coincident += 1;
          w[3 * i + j]! +=
            post[i]! * x1[j]! * (0.3 + 0.2 * y2[i]!) - pre[j]! * y1[i]! * (0.1 + 0.4 * x2[j]!);
        }
      }
      pre.forEach((spikes, j) => {
        x1[j]! += spikes;
        x2[j]! += spikes;
      });
      post.forEach((spikes, i) => {
        y1[i]! += spikes;
        y2[i]! += spikes;
      });
      expectNumbers(ran.after(t, 'syn'), w);
      expectNumbers(ran.after(t, 'syn: y2'), y2);
    }
    expect(coincident).toBeGreaterThan(STEPS);
  });

  test('a factor that is a spike is the same as `on` it', async () => {
    const written = [
      'trace x = pre.spike over 9 steps on post.spike: dw = 0.1 * x * w',
      'trace x = pre.spike over 9 steps dw = 0.1 * post.spike * x * w',
      'trace x = pre.spike over 9 steps dw = 0.1 * post.spike * x@before * w',
    ];
    const ends = await Promise.all(
      written.map(async (lines) => (await woven(`rule r { ${lines} }`, STEPS).run()).states!.syn!),
    );
    expectNumbers(ends[1]!, ends[0]!);
    expectNumbers(ends[2]!, ends[0]!);
    const other =
      'trace x = pre.spike over 9 steps trace z = post.spike * x over 1 steps dw = z + x';
    expect((await woven(`rule r { ${other} }`, STEPS).run()).states!.syn).not.toEqual(ends[0]);
  });

  test('since its own spike: only the last one is remembered', async () => {
    const at = woven(
      `rule r { trace x = pre.spike over 5 steps since pre.spike
        trace z = post * pre over 4 steps since post.spike from 0.5
        dw = 0.1 * x + z
        on post.spike: dw = x }`,
      STEPS,
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const x = zeros(3);
    const z = new Array<number>(6).fill(0.5);
    for (let t = 0; t < STEPS; t++) {
      const [pre, post] = [at.shown('pre', t), at.shown('post', t)];
      const [s, S] = [at.shown('pre.spike', t), at.shown('post.spike', t)];
      const before = x.map((value) => value * Math.exp(-1 / 5));
      for (let j = 0; j < 3; j++) x[j] = (s[j]! > 0 ? 0 : before[j]!) + s[j]!;
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 3; j++) {
          const k = 3 * i + j;
          const base = S[i]! > 0 ? 0.5 : z[k]! * Math.exp(-1 / 4);
          z[k] = base + post[i]! * pre[j]!;
          w[k]! += 0.1 * x[j]! + z[k]! + S[i]! * before[j]!;
        }
      }
      expectNumbers(ran.after(t, 'syn: x'), x);
      expectNumbers(ran.after(t, 'syn: z'), z);
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('under `during` a trace goes on fading, a trace `keeping` does not', async () => {
    const trial = {
      steps: 9,
      phases: [
        { name: 'free', steps: 4 },
        { name: 'clamped', steps: 3 },
      ],
    };
    const at = woven(
      `rule r { during free: trace x = pre over 5 steps  during free: trace y = post keeping 0.75
        dw = x * y }`,
      { trials: [trial, trial, { steps: 4 }] },
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const [x, y] = [zeros(3), zeros(2)];
    for (let t = 0; t < at.steps; t++) {
      const acts = t < 18 && t % 9 < 4;
      at.shown('pre', t).forEach((value, j) => {
        x[j] = x[j]! * Math.exp(-1 / 5) + (acts ? value : 0);
      });
      at.shown('post', t).forEach((value, i) => {
        if (acts) y[i] = 0.75 * y[i]! + value;
      });
      for (let k = 0; k < 6; k++) w[k]! += x[k % 3]! * y[Math.floor(k / 3)]!;
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('`on` a spike: `keeping` fades only then', async () => {
    const at = woven('rule r { on post.spike: trace x = pre keeping 0.5  dw = x }', STEPS);
    const ran = await at.run();
    const x = zeros(6);
    for (let t = 0; t < STEPS; t++) {
      const [pre, S] = [at.shown('pre', t), at.shown('post.spike', t)];
      for (let k = 0; k < 6; k++) {
        const spikes = S[Math.floor(k / 3)]!;
        if (spikes > 0) x[k] = 0.5 * x[k]! + spikes * pre[k % 3]!;
      }
      expectNumbers(ran.after(t, 'syn: x'), x);
    }
  });
});

describe('averages', () => {
  test('a running mean, from a value, read before', async () => {
    const at = woven(
      `rule bcm { average theta = post^2 keeping 0.9 from 0.25
        average u = pre over 6 steps
        dw = 0.1 * post * (post - theta@before) * pre + u }`,
      STEPS,
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const theta = [0.25, 0.25];
    const u = zeros(3);
    for (let t = 0; t < STEPS; t++) {
      const [pre, post] = [at.shown('pre', t), at.shown('post', t)];
      const before = [...theta];
      post.forEach((y, i) => {
        theta[i] = 0.9 * theta[i]! + (1 - 0.9) * y * y;
      });
      const d = Math.exp(-1 / 6);
      pre.forEach((x, j) => {
        u[j] = d * u[j]! + (1 - d) * x;
      });
      for (let k = 0; k < 6; k++) {
        const [i, j] = [Math.floor(k / 3), k % 3];
        w[k]! += 0.1 * post[i]! * (post[i]! - before[i]!) * pre[j]! + u[j]!;
      }
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('of spikes is a rate', async () => {
    const at = woven('rule r { average x = pre.spike over 15 ms dw = 1 ms * x }', STEPS, {
      stepLength: 0.25,
    });
    const ran = await at.run();
    const x = zeros(3);
    const d = Math.exp(-0.25 / 15);
    for (let t = 0; t < STEPS; t++) {
      at.shown('pre.spike', t).forEach((spikes, j) => {
        x[j] = d * x[j]! + ((1 - d) * spikes) / 0.25;
      });
      expectNumbers(ran.after(t, 'syn: x'), x);
    }
  });

  test('since the start of the trial: the plain mean of the steps that acted', async () => {
    const trial = { steps: 8, phases: [{ name: 'free', steps: 3 }] };
    const at = woven(
      `rule r { average m = post * pre since trial.start
        every 3 steps: average n = pre since trial.start
        during free: average f = post since trial.start
        on pre.spike: average s = post since trial.start
        at trial.end: dw = m + n * f + s }`,
      { trials: [trial, trial, { steps: 5 }] },
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const kept = { m: zeros(6), n: zeros(3), f: zeros(2), s: zeros(6) };
    const count = { m: zeros(6), n: zeros(3), f: zeros(2), s: zeros(6) };
    const take = (name: keyof typeof kept, k: number, value: number): void => {
      count[name][k]! += 1;
      kept[name][k]! += (value - kept[name][k]!) / count[name][k]!;
    };
    for (let t = 0; t < at.steps; t++) {
      const s = t % 8;
      if (s === 0)
        for (const each of [kept, count]) for (const all of Object.values(each)) all.fill(0);
      const [pre, post] = [at.shown('pre', t), at.shown('post', t)];
      const spikes = at.shown('pre.spike', t);
      for (let k = 0; k < 6; k++) take('m', k, post[Math.floor(k / 3)]! * pre[k % 3]!);
      for (let j = 0; j < 3; j++) if (s % 3 === 2) take('n', j, pre[j]!);
      for (let i = 0; i < 2; i++) if (s < 3 && t < 16) take('f', i, post[i]!);
      for (let k = 0; k < 6; k++) if (spikes[k % 3]! > 0) take('s', k, post[Math.floor(k / 3)]!);
      if (s === 7 || t === at.steps - 1) {
        for (let k = 0; k < 6; k++) {
          w[k]! += kept.m[k]! + kept.n[k % 3]! * kept.f[Math.floor(k / 3)]! + kept.s[k]!;
        }
      }
      for (const [name, values] of Object.entries(kept)) {
        expectNumbers(ran.after(t, `syn: ${name}`), values);
      }
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('since a spike: the plain mean begins anew with it', async () => {
    const at = woven('rule r { average m = post since pre.spike  dw = m }', STEPS);
    const ran = await at.run();
    const [m, count] = [zeros(6), zeros(6)];
    for (let t = 0; t < STEPS; t++) {
      const [post, spikes] = [at.shown('post', t), at.shown('pre.spike', t)];
      for (let k = 0; k < 6; k++) {
        if (spikes[k % 3]! > 0) [m[k], count[k]] = [0, 0];
        count[k]! += 1;
        m[k]! += (post[Math.floor(k / 3)]! - m[k]!) / count[k]!;
      }
      expectNumbers(ran.after(t, 'syn: m'), m);
    }
  });
});

describe('names', () => {
  test('parameters and memory may be called as what every object of JavaScript has', async () => {
    const odd = 'param constructor = 1, toString = 2 trace __proto__ = pre keeping 0.5';
    const plain = 'param a = 1, b = 2 trace c = pre keeping 0.5';
    const [one, other] = await Promise.all([
      woven(`rule r { ${odd} dw = constructor * __proto__ + toString * post }`, 5).run(),
      woven(`rule r { ${plain} dw = a * c + b * post }`, 5).run(),
    ]);
    expect(one.divergence).toBeNull();
    expectNumbers(one.after(4, 'syn'), other.after(4, 'syn'));
  });
});

describe('states, sums and order', () => {
  test('what an average keeps may depend on the average', async () => {
    const at = woven('rule r { average a = pre keeping a * a  dw = a }', 9, { stepLength: 0.5 });
    const ran = await at.run();
    const a = zeros(3);
    for (let t = 0; t < at.steps; t++) {
      const pre = at.shown('pre', t);
      a.forEach((old, j) => {
        a[j] = old ** 3 + (1 - old ** 2) * pre[j]!;
      });
      expectNumbers(ran.after(t, 'syn: a'), a);
    }
  });

  test('a state reads its old value, other memory the present one', async () => {
    const at = woven(
      `rule r { trace x = pre over 4 steps since trial.start
        state z = 0.5 then x + 0.3 * z since trial.start
        state y = 1 then z * y@before - 0.1 * z@before since pre.spike
        dw = y * post }`,
      { trials: [{ steps: 6 }, { steps: 6 }] },
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const x = zeros(3);
    const z = [0.5, 0.5, 0.5];
    const y = [1, 1, 1];
    for (let t = 0; t < at.steps; t++) {
      const [pre, post] = [at.shown('pre', t), at.shown('post', t)];
      const spikes = at.shown('pre.spike', t);
      for (let j = 0; j < 3; j++) {
        if (t % 6 === 0) [x[j], z[j]] = [0, 0.5];
        const before = z[j]!;
        x[j] = x[j]! * Math.exp(-1 / 4) + pre[j]!;
        z[j] = x[j]! + 0.3 * before;
        y[j] = z[j]! * (spikes[j]! > 0 ? 1 : y[j]!) - 0.1 * before;
      }
      for (let k = 0; k < 6; k++) w[k]! += y[k % 3]! * post[Math.floor(k / 3)]!;
      expectNumbers(ran.after(t, 'syn: y'), y);
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('a trace that starts from something fades in its first step', async () => {
    const at = woven(
      'rule r { param a = 2 trace x = reward over 3 steps from a dw = x@before }',
      4,
    );
    const ran = await at.run();
    let x = 2;
    const w = [...at.start.syn!];
    for (let t = 0; t < 4; t++) {
      const before = x * Math.exp(-1 / 3);
      x = before + at.shown('reward', t)[0]!;
      w.forEach((_, k) => {
        w[k]! += before;
      });
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('what starts once goes on where an episode is continued', async () => {
    const text = `rule r { average u = pre keeping 0.5 from 3  trace s = post since free.start from 1
      dw = 0.01 * u * s  bound w keeping sign }`;
    const trial = {
      steps: 5,
      phases: [
        { name: 'clamped', steps: 2 },
        { name: 'free', steps: 2 },
      ],
    };
    const whole = woven(text, { trials: [trial, trial, trial, trial] });
    const full = await whole.run();
    const half = woven(text, { trials: [trial, trial] });
    const part = (from: number) =>
      Object.fromEntries(
        Object.entries(whole.inputs).map(([name, values]) => [
          name,
          values.slice((from * values.length) / 2, ((from + 1) * values.length) / 2),
        ]),
      );
    const begun = await half.run({ inputs: part(0) });
    const second = await half.run({ inputs: part(1), start: begun.states! });
    for (const [name, values] of Object.entries(full.states!)) {
      expectNumbers(second.states![name]!, values);
    }
    expect(Object.keys(full.states!)).toContain('syn: u');
    const first = (continued: boolean) =>
      scheduleInputs(half.program, { trials: [trial] }, { continued })['first step'];
    expect([...first(false)!]).toEqual([1, 0, 0, 0, 0]);
    expect([...first(true)!]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('moments of signals', () => {
  test('one step ago, some time ago, 0 before the trial', async () => {
    const at = woven(
      `rule r { dw = post * (pre - pre@previous) + pre@1.5 ms * post.spike@1 ms + 0.1 * w@previous }`,
      { trials: [{ steps: 7 }, { steps: 2 }, { steps: 6 }] },
      { stepLength: 0.5 },
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    const starts = [0, 7, 9];
    let past = zeros(6);
    for (let t = 0; t < at.steps; t++) {
      const start = starts.filter((s) => s <= t).at(-1)!;
      const ago = (signal: string, n: number, k: number): number =>
        t - n < start ? 0 : at.shown(signal, t - n)[k]!;
      const old = [...w];
      for (let k = 0; k < 6; k++) {
        const [i, j] = [Math.floor(k / 3), k % 3];
        w[k]! +=
          ago('post', 0, i) * (ago('pre', 0, j) - ago('pre', 1, j)) +
          ago('pre', 3, j) * ago('post.spike', 2, i) +
          0.1 * (t === start ? 0 : past[k]!);
      }
      past = old;
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });

  test('a delay that would hold too much is refused', () => {
    const refused = () => woven('rule r { dw = pre@1e9 s }', 4, { stepLength: 0.5 });
    expect(refused).toThrow(/E447 `syn: pre@1e12 ms` would hold 6,000,000,000,000 numbers/);
    const infinite = () => woven('rule r { dw = pre@1e308 s }', 4, { stepLength: 0.5 });
    expect(infinite).toThrow(/`1e311 ms` is no whole number of steps/);
  });

  test('as it was at the end of a phase, in that very step too', async () => {
    const trial = {
      steps: 7,
      phases: [
        { name: 'free', steps: 3 },
        { name: 'clamped', steps: 4 },
      ],
    };
    const at = woven(
      `rule contrastive { at trial.end: dw = post@clamped * pre@clamped - post@free * pre@free }`,
      { trials: [trial, trial, trial] },
    );
    const ran = await at.run();
    const w = [...at.start.syn!];
    for (let t = 6; t < at.steps; t += 7) {
      const product = (step: number, k: number): number =>
        at.shown('post', step)[Math.floor(k / 3)]! * at.shown('pre', step)[k % 3]!;
      w.forEach((_, k) => {
        w[k]! += product(t, k) - product(t - 4, k);
      });
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });
});
