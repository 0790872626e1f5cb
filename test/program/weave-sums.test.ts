import { describe, expect, test } from 'vitest';
import { expectNumbers, type Woven, woven } from '../support/woven.js';

/** Sums range over the synapses that exist; nothing else has weight, memory or change. */

const STEPS = 8;
/** Of 4 postsynaptic neurons one has no synapse; so has one of 5 presynaptic ones. */
const MASK = [1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1];
const [M, N] = [4, 5];

interface At {
  readonly w: (i: number, j: number) => number;
  readonly pre: Float64Array;
  readonly post: Float64Array;
  readonly i: number;
  readonly j: number;
}

/** What `dw` of a rule is at the synapse from j to i, by the definition of its sums. */
async function expectUpdate(text: string, dw: (at: At) => number, mask: readonly number[] = MASK) {
  const at: Woven = woven(`rule r { dw = ${text} }`, STEPS, { preSize: N, postSize: M, mask });
  const ran = await at.run();
  expect(ran.divergence).toBeNull();
  let w = [...at.start.syn!];
  expectNumbers(
    w.filter((_, k) => mask[k] === 0),
    mask.filter((exists) => exists === 0),
  );
  for (let t = 0; t < STEPS; t++) {
    const old = w;
    const seen = {
      w: (i: number, j: number) => old[N * i + j]!,
      pre: at.shown('pre', t),
      post: at.shown('post', t),
    };
    w = old.map((value, k) => {
      if (mask[k] === 0) return 0;
      return value + dw({ ...seen, i: Math.floor(k / N), j: k % N });
    });
    expectNumbers(ran.after(t, 'syn'), w);
  }
}

const PLACES = Array.from({ length: M * N }, (_, k) => [Math.floor(k / N), k % N] as const);
const exists = (i: number, j: number): boolean => MASK[N * i + j] === 1;
const onto = (i: number) => PLACES.filter(([k, l]) => k === i && exists(k, l));
const from = (j: number) => PLACES.filter(([k, l]) => l === j && exists(k, l));
const every = () => PLACES.filter(([k, l]) => exists(k, l));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : sum(values) / values.length;
const max = (values: readonly number[]): number => (values.length === 0 ? 0 : Math.max(...values));

describe('sums over the synapses that exist', () => {
  test('onto the postsynaptic neuron', async () => {
    await expectUpdate('0.1 * sum_pre(1)', ({ i }) => 0.1 * onto(i).length);
    await expectUpdate('0.1 * sum_pre(pre) - 0.1 * mean_pre(pre * post)', ({ pre, post, i }) => {
      const values = onto(i).map(([, j]) => pre[j]!);
      return 0.1 * sum(values) - 0.1 * mean(values) * post[i]!;
    });
    await expectUpdate('0.1 * sum_pre(w * pre) + mean_pre(w^2) * post', ({ w, pre, post, i }) => {
      const values = onto(i).map(([k, l]) => w(k, l) ** 2);
      return 0.1 * sum(onto(i).map(([k, l]) => w(k, l) * pre[l]!)) + mean(values) * post[i]!;
    });
    await expectUpdate('0.1 * max_pre(pre - 2) + 0.1 * max_pre(w * pre)', ({ w, pre, i }) => {
      const products = onto(i).map(([k, l]) => w(k, l) * pre[l]!);
      return 0.1 * max(onto(i).map(([, l]) => pre[l]! - 2)) + 0.1 * max(products);
    });
  });

  test('from the presynaptic neuron', async () => {
    await expectUpdate('0.1 * sum_post(post * w) + 0.01 * sum_post(1)', ({ w, post, j }) => {
      return 0.1 * sum(from(j).map(([k, l]) => w(k, l) * post[k]!)) + 0.01 * from(j).length;
    });
    await expectUpdate('0.1 * mean_post(post) + 0.1 * max_post(post * pre)', ({ pre, post, j }) => {
      const values = from(j).map(([k]) => post[k]!);
      return 0.1 * mean(values) + 0.1 * max(values.map((value) => value * pre[j]!));
    });
    await expectUpdate('0.1 * post * sum_upto_post(post * w + 1)', ({ w, post, i, j }) => {
      const values = from(j).filter(([k]) => k <= i);
      return 0.1 * post[i]! * sum(values.map(([k, l]) => post[k]! * w(k, l) + 1));
    });
  });

  test('over everything: neurons as they are, synapses where they exist', async () => {
    await expectUpdate('0.1 * sum_all(pre) + mean_all(post^2)', ({ pre, post }) => {
      return 0.1 * sum([...pre]) + mean([...post].map((y) => y * y));
    });
    await expectUpdate('0.01 * sum_all(w * pre * post) - 0.1 * mean_all(w)', ({ w, pre, post }) => {
      const products = every().map(([k, l]) => w(k, l) * pre[l]! * post[k]!);
      return 0.01 * sum(products) - 0.1 * mean(every().map(([k, l]) => w(k, l)));
    });
    await expectUpdate('0.1 * max_all(post) + 0.1 * max_all(w - 5)', ({ w, post }) => {
      return 0.1 * max([...post]) + 0.1 * max(every().map(([k, l]) => w(k, l) - 5));
    });
  });

  test('what has no value where there is no synapse does no harm', async () => {
    await expectUpdate('0.01 / w + 0.01 * sum_pre(1 / w)', ({ w, i, j }) => {
      return 0.01 / w(i, j) + 0.01 * sum(onto(i).map(([k, l]) => 1 / w(k, l)));
    });
  });

  test('without any synapse at all', async () => {
    await expectUpdate(
      'mean_all(w) + max_all(w) + max_pre(pre) + mean_post(post)',
      () => Number.NaN,
      MASK.map(() => 0),
    );
  });

  test('memory of synapses, set and bounds', async () => {
    const at = woven(
      `rule r { trace e = post * pre + 1 over 4 steps from 2
        dw = 0.1 * e + 0.1 * sum_pre(e)  set w = w + 1  bound w in [0.5, 3] }`,
      STEPS,
      { preSize: N, postSize: M, mask: MASK },
    );
    const ran = await at.run();
    let w = [...at.start.syn!];
    let e = MASK.map((one) => 2 * one);
    for (let t = 0; t < STEPS; t++) {
      const [pre, post] = [at.shown('pre', t), at.shown('post', t)];
      e = e.map((value, k) => {
        if (MASK[k] === 0) return 0;
        return value * Math.exp(-1 / 4) + post[Math.floor(k / N)]! * pre[k % N]! + 1;
      });
      w = w.map((value, k) => {
        if (MASK[k] === 0) return 0;
        const all = sum(onto(Math.floor(k / N)).map(([i, j]) => e[N * i + j]!));
        return Math.min(Math.max(value + 0.1 * e[k]! + 0.1 * all + 1, 0.5), 3);
      });
      expectNumbers(ran.after(t, 'syn: e'), e);
      expectNumbers(ran.after(t, 'syn'), w);
    }
  });
});
