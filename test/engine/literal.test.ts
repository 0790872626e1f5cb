import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { corpusRules, rulesIn } from '../support/corpus.js';
import {
  type LiteralProjection,
  LiteralRule,
  type LiteralStep,
  type Matrix,
  type Values,
} from '../support/literal/literal.js';

/*
 * The literal interpreter against sums over pairs of spikes and loops written by hand for each rule.
 */

const corpus = new Map(corpusRules().map(({ rule }) => [rule.name, rule]));
const NOTHING: ReadonlySet<string> = new Set();
const stream = new Stream(3, 'by hand');
const vector = (n: number, f: (k: number) => number): number[] =>
  Array.from({ length: n }, (_, k) => f(k));
const matrix = (m: number, n: number, f: (i: number, j: number) => number): Matrix =>
  vector(m, () => 0).map((_, i) => vector(n, (j) => f(i, j)));
const normal = (): number => stream.normal();

interface Setting extends Partial<LiteralProjection> {
  readonly steps: readonly (Partial<Omit<LiteralStep, 'signals'>> & {
    readonly signals: Record<string, Values>;
  })[];
}

function run(
  name: string,
  weights: Matrix,
  { steps, ...rest }: Setting,
  seen?: (r: LiteralRule, t: number) => void,
) {
  const literal = new LiteralRule(corpus.get(name)!, {
    preSize: weights[0]!.length,
    postSize: weights.length,
    weights,
    exists: weights.map((row) => row.map(() => true)),
    stepLength: 1,
    ...rest,
  });
  steps.forEach(({ signals, events = NOTHING, phase = null, draws = [] }, t) => {
    literal.advance({ signals: [signals], events, phase, draws });
    seen?.(literal, t);
  });
  return literal.weights;
}

function close(found: Matrix, wanted: Matrix): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, row] of wanted.entries()) {
    for (const [j, value] of row.entries()) expect(found[i]![j]).toBeCloseTo(value, 12);
  }
}

const [M, N, T] = [3, 4, 80];
const pre = matrix(T, N, () => (stream.uniform() < 0.1 ? 1 : 0));
const post = matrix(T, M, () => (stream.uniform() < 0.1 ? 1 : 0));
const spikes = vector(T, (t) => t).map((t) => ({
  signals: { 'pre.spike': pre[t]!, 'post.spike': post[t]!, reward: Math.sin(t / 7) },
}));
const half = matrix(M, N, () => 0.5);

/** Σ over the spikes before step t of exp(−Δt/τ). */
const faded = (train: Matrix, k: number, t: number, tau: number): number =>
  vector(t, (s) => train[s]![k]! * Math.exp((s - t) / tau)).reduce((a, b) => a + b, 0);
/** Of the last of them alone. */
const last = (train: Matrix, k: number, t: number, tau: number): number => {
  const s = vector(t, (each) => each).findLast((each) => train[each]![k]! > 0);
  return s === undefined ? 0 : Math.exp((s - t) / tau);
};
const byPairs = (f: (t: number, i: number, j: number, w: number) => number): Matrix =>
  matrix(M, N, (i, j) => vector(T, (t) => t).reduce((w, t) => f(t, i, j, w), 0.5));

describe('spiking rules are sums over pairs of spikes', () => {
  it.each<[string, (t: number, i: number, j: number, w: number) => number]>([
    [
      'stdp_pair',
      (t, i, j, w) =>
        Math.min(
          Math.max(
            w +
              post[t]![i]! * 0.005 * faded(pre, j, t, 20) -
              pre[t]![j]! * 0.00525 * faded(post, i, t, 20),
            0,
          ),
          1,
        ),
    ],
    [
      'stdp_multiplicative',
      (t, i, j, w) =>
        w +
        0.003 *
          (post[t]![i]! * faded(pre, j, t, 20) * (1 - w) -
            1.05 * pre[t]![j]! * faded(post, i, t, 20) * w),
    ],
    [
      'stdp_triplet',
      (t, i, j, w) =>
        w +
        post[t]![i]! * faded(pre, j, t, 16.8) * (7.5e-10 + 9.3e-3 * faded(post, i, t, 125)) -
        pre[t]![j]! * faded(post, i, t, 33.7) * (7e-3 + 2.3e-4 * faded(pre, j, t, 101)),
    ],
    [
      'stdp_nearest',
      (t, i, j, w) =>
        w +
        post[t]![i]! * 0.005 * last(pre, j, t, 20) -
        pre[t]![j]! * 0.00525 * last(post, i, t, 20),
    ],
    [
      'vogels',
      (t, i, j, w) =>
        w +
        1e-4 *
          (pre[t]![j]! * (faded(post, i, t, 20) - 2 * 0.005 * 20) +
            post[t]![i]! * faded(pre, j, t, 20)),
    ],
  ])('%s', (name, f) => {
    close(run(name, half, { steps: spikes }), byPairs(f));
  });

  it('reward_stdp, with an eligibility trace of its own spikes', () => {
    const eligible = (t: number, i: number, j: number): number =>
      vector(
        t + 1,
        (s) =>
          Math.exp((s - t) / 1000) *
          (0.005 * post[s]![i]! * faded(pre, j, s, 20) -
            0.00525 * pre[s]![j]! * faded(post, i, s, 20)),
      ).reduce((a, b) => a + b, 0);
    const wanted = byPairs((t, i, j, w) => w + 0.1 * Math.sin(t / 7) * eligible(t, i, j));
    close(run('reward_stdp', half, { steps: spikes }), wanted);
  });

  it('depression and facilitation send what is left when the spike arrives', () => {
    const u = vector(N, () => 0);
    const left = vector(N, () => 1);
    const wanted: number[][] = [];
    for (let t = 0; t < T; t++) {
      wanted.push(
        vector(N, (j) => {
          u[j]! *= Math.exp(-1 / 600);
          left[j] = 1 - (1 - left[j]!) * Math.exp(-1 / 200);
          const used = u[j]! + 0.2 * (1 - u[j]!);
          const sent = 0.5 * used * left[j]!;
          if (pre[t]![j]! > 0) [u[j], left[j]] = [used, left[j]! * (1 - used)];
          return sent;
        }),
      );
    }
    run('depression_facilitation', half, { steps: spikes }, (literal, t) => {
      close([literal.sent[0]![0]!], [wanted[t]!]);
    });
  });

  it('homeostatic scaling: the average of spikes is a rate', () => {
    const wanted = matrix(M, N, () => 0.5);
    const kept = Math.exp(-0.5 / 10000);
    const rate = vector(M, () => 0);
    for (let t = 0; t < T; t++) {
      for (let i = 0; i < M; i++) {
        rate[i] = kept * rate[i]! + (1 - kept) * (post[t]![i]! / 0.5);
        for (let j = 0; j < N; j++)
          wanted[i]![j]! += (0.5 * (1 - rate[i]! / 0.005) * wanted[i]![j]!) / 1e5;
      }
    }
    close(run('homeostatic_scaling', half, { steps: spikes, stepLength: 0.5 }), wanted);
  });
});

const trials = (count: number, length: number, signals: () => Record<string, Values>) =>
  vector(count * length, (t) => t % length).map((t) => ({
    signals: signals(),
    events: new Set([
      ...(t === 0 ? ['trial.start'] : []),
      ...(t === length - 1 ? ['trial.end'] : []),
    ]),
  }));

describe('rules with trials, sums and matrices are the loops of their papers', () => {
  it('rflo: a discrete trace, its mean over the trial, applied at the end', () => {
    const steps = trials(3, 20, () => ({
      'post.slope': vector(N, normal),
      pre: vector(N, normal),
      'post.feedback': vector(N, normal),
    }));
    const w = matrix(N, N, () => 0);
    for (let k = 0; k < 3; k++) {
      const p = matrix(N, N, () => 0);
      const g = matrix(N, N, () => 0);
      for (const { signals } of steps.slice(20 * k, 20 * k + 20)) {
        const {
          pre: x,
          'post.slope': slope,
          'post.feedback': L,
        } = signals as Record<string, number[]>;
        for (let i = 0; i < N; i++)
          for (let j = 0; j < N; j++) {
            p[i]![j] = 0.9 * p[i]![j]! + 0.1 * slope![i]! * x![j]!;
            g[i]![j]! += (L![i]! * p[i]![j]!) / 20;
          }
      }
      for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) w[i]![j]! -= 0.03 * g[i]![j]!;
    }
    const zeros = matrix(N, N, () => 0);
    close(run('rflo', zeros, { steps, stepLength: null }), w);
  });

  it('psd: counts of a trial, averaged over trials', () => {
    const steps = trials(5, 30, () => {
      const z = vector(N, () => (stream.uniform() < 0.1 ? 1 : 0));
      return { 'pre.spike': z, 'post.spike': z };
    });
    const a = vector(N, () => 0);
    const w = matrix(N, N, () => 0.5);
    for (let k = 0; k < 5; k++) {
      for (let i = 0; i < N; i++) {
        const count = steps
          .slice(30 * k, 30 * k + 30)
          .reduce((sum, { signals }) => sum + (signals['pre.spike'] as number[])[i]!, 0);
        a[i]! += 0.05 * (count - a[i]!);
      }
      for (let i = 0; i < N; i++)
        for (let j = 0; j < N; j++) {
          const moved = w[i]![j]! + 0.02 * a[j]! * (1 - a[i]!) * w[i]![j]!;
          w[i]![j] = Math.min(Math.max(moved, 0), 1);
        }
    }
    close(
      run(
        'psd',
        matrix(N, N, () => 0.5),
        { steps },
      ),
      w,
    );
  });

  it('force: recursive least squares on every tenth step', () => {
    const steps = trials(1, 50, () => ({
      pre: vector(N, normal),
      'post.error': vector(M, normal),
    }));
    const P = matrix(N, N, (a, b) => (a === b ? 0.1 : 0));
    const w = matrix(M, N, () => 0);
    steps.forEach(({ signals }, t) => {
      if ((t + 1) % 10 !== 0) return;
      const { pre: x, 'post.error': e } = signals as Record<string, number[]>;
      const k = P.map((row) => row.reduce((sum, p, b) => sum + p * x![b]!, 0));
      const c = 1 / (1 + k.reduce((sum, v, b) => sum + v * x![b]!, 0));
      for (let a = 0; a < N; a++) for (let b = 0; b < N; b++) P[a]![b]! -= c * k[a]! * k[b]!;
      for (let i = 0; i < M; i++) for (let j = 0; j < N; j++) w[i]![j]! -= c * e![i]! * k[j]!;
    });
    close(
      run(
        'force',
        matrix(M, N, () => 0),
        { steps, stepLength: null },
      ),
      w,
    );
  });

  it.each(['sanger', 'oja_subspace'])('%s, also where synapses are missing', (name) => {
    const exists = matrix(M, N, () => (stream.uniform() < 0.7 ? 1 : 0)).map((row) =>
      row.map((e) => e === 1),
    );
    const w = matrix(M, N, normal);
    const [x, y] = [vector(N, normal), vector(M, normal)];
    const wanted = matrix(M, N, (i, j) => {
      const seen = vector(name === 'sanger' ? i + 1 : M, (k) =>
        exists[k]![j] ? y[k]! * w[k]![j]! : 0,
      );
      return (
        w[i]![j]! + (exists[i]![j] ? 0.01 * y[i]! * (x[j]! - seen.reduce((a, b) => a + b, 0)) : 0)
      );
    });
    close(run(name, w, { steps: [{ signals: { pre: x, post: y } }], exists }), wanted);
  });

  it('hebb_normalised: what is set sees the new weights', () => {
    const w = run(
      'hebb_normalised',
      matrix(2, 3, () => stream.uniform()),
      {
        steps: [{ signals: { pre: [1, 2, 3], post: [1, -1] } }],
      },
    );
    for (const row of w) expect(row.reduce((a, b) => a + Math.abs(b), 0)).toBeCloseTo(1, 12);
  });
});

describe('what the definition says in passing', () => {
  const only = (text: string) =>
    rulesIn({ name: 'test.rule', text: `rule test { ${text} }` })[0]!.rule;
  const weightsOf = (text: string, steps: readonly LiteralStep[], w = 1): number[] => {
    const literal = new LiteralRule(only(text), {
      preSize: 1,
      postSize: 1,
      weights: [[w]],
      exists: [[true]],
      stepLength: null,
    });
    return steps.map((step) => {
      literal.advance(step);
      return literal.weights[0]![0]!;
    });
  };
  const steps = (
    list: readonly Record<string, Values>[],
    events: Record<number, string> = {},
  ): LiteralStep[] =>
    list.map((signals, t) => ({
      signals: [signals],
      events: new Set(t in events ? [events[t]!] : []),
      phase: null,
    }));
  const spikeIn = (pattern: string) =>
    steps([...pattern].map((c) => ({ 'pre.spike': [Number(c)], pre: [3] })));

  it('a spike sees the trace before it; elsewhere the trace has jumped', () => {
    const trace = 'trace x = pre.spike keeping 0.5';
    expect(weightsOf(`${trace} on pre.spike: dw = x`, spikeIn('101'))).toEqual([1, 1, 1.25]);
    expect(weightsOf(`${trace} dw = pre.spike * x`, spikeIn('101'))).toEqual([1, 1, 1.25]);
    expect(weightsOf(`${trace} dw = x`, spikeIn('101'))).toEqual([2, 2.5, 3.75]);
    expect(weightsOf(`${trace} dw = x@before`, spikeIn('101'))).toEqual([1, 1.5, 1.75]);
  });

  it('a state that restarts with a spike goes on from its start', () => {
    const text = 'state n = 0 then n + 1 since pre.spike dw = n';
    expect(weightsOf(text, spikeIn('0010'), 0)).toEqual([1, 3, 4, 6]);
  });

  it('a plain mean since an event counts the steps that were taken in', () => {
    const values = [1, 2, 6, 4, 8].map((x) => ({ pre: [x] }));
    const text = 'average m = pre since trial.start set w = m';
    const given = steps(values, { 0: 'trial.start', 3: 'trial.start' });
    expect(weightsOf(text, given)).toEqual([1, 1.5, 3, 4, 6]);
  });

  it('delays reach back to the start of the trial', () => {
    const values = [1, 2, 3, 4].map((x) => ({ pre: [x] }));
    const given = steps(values, { 0: 'trial.start', 2: 'trial.start' });
    expect(weightsOf('set w = pre@previous', given)).toEqual([0, 1, 0, 3]);
    expect(weightsOf('set w = pre@1 step + 10 * pre@2 steps', given)).toEqual([0, 1, 0, 3]);
  });

  it('bounds come last and hold from the first step', () => {
    expect(weightsOf('dw = 0 bound w in [-1, 2]', steps([{}, {}]), 5)).toEqual([2, 2]);
    expect(weightsOf('dw = -2 * pre bound w keeping sign', spikeIn('00'))).toEqual([0, 0]);
  });
});
