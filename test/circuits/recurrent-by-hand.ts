/**
 * The recurrent rate network of Murray 2019 in plain loops, with the three ways to its gradient:
 * back through time, real-time recurrent learning, and the trace of RFLO. For tests only.
 */

/** Weights by projection, row-major `[post, pre]`. */
export interface Weights {
  readonly recurrent: Float64Array;
  readonly input?: Float64Array;
  readonly readout: Float64Array;
  readonly feedback: Float64Array;
}

export interface Sizes {
  readonly inputs: number;
  readonly neurons: number;
  readonly outputs: number;
  readonly tau: number;
}

/** Values step by step: `activity[0]` is before the first step. */
export interface Trajectory {
  readonly activity: number[][];
  readonly slope: number[][];
  /** Output minus target. */
  readonly error: number[][];
  readonly stimulus: number[][];
  /** Mean over the steps of half the squared error. */
  readonly loss: number;
}

export const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** A trial from the activity `start` of all neurons; inputs and targets by step. */
export function trajectory(
  sizes: Sizes,
  weights: Weights,
  start: number,
  stimulus: number[][],
  target: number[][],
): Trajectory {
  const { inputs, neurons: n, outputs, tau } = sizes;
  const activity = [range(n).map(() => start)];
  const slope: number[][] = [];
  const error: number[][] = [];
  for (const [t, wanted] of target.entries()) {
    const before = activity[t]!;
    const u = range(n).map(
      (i) =>
        sum(range(n).map((j) => weights.recurrent[i * n + j]! * before[j]!)) +
        sum(range(inputs).map((j) => weights.input![i * inputs + j]! * stimulus[t]![j]!)),
    );
    const now = before.map((h, i) => h + (Math.tanh(u[i]!) - h) / tau);
    activity.push(now);
    slope.push(u.map((x) => 1 - Math.tanh(x) ** 2));
    error.push(
      range(outputs).map(
        (k) => sum(range(n).map((i) => weights.readout[k * n + i]! * now[i]!)) - wanted[k]!,
      ),
    );
  }
  const loss = sum(error.flat().map((e) => e * e)) / 2 / target.length;
  return { activity, slope, error, stimulus, loss };
}

/** The derivative of the loss by the weights, backwards through time. */
export function gradient(sizes: Sizes, weights: Weights, trial: Trajectory) {
  const { inputs, neurons: n, outputs, tau } = sizes;
  const steps = trial.error.length;
  const found = {
    recurrent: new Float64Array(n * n),
    input: new Float64Array(n * inputs),
    readout: new Float64Array(outputs * n),
  };
  let z = range(n).map(() => 0);
  for (let t = steps - 1; t >= 0; t--) {
    const error = trial.error[t]!;
    const arriving = z;
    z = range(n).map(
      (i) => arriving[i]! + sum(error.map((e, k) => (e / steps) * weights.readout[k * n + i]!)),
    );
    const about = z.map((value, i) => (value * trial.slope[t]![i]!) / tau);
    for (const i of range(n)) {
      for (const j of range(n)) found.recurrent[i * n + j]! += about[i]! * trial.activity[t]![j]!;
      for (const j of range(inputs)) {
        found.input[i * inputs + j]! += about[i]! * trial.stimulus[t]![j]!;
      }
      error.forEach((e, k) => {
        found.readout[k * n + i]! += (e / steps) * trial.activity[t + 1]![i]!;
      });
    }
    const sent = z;
    z = range(n).map(
      (j) =>
        (1 - 1 / tau) * sent[j]! +
        sum(range(n).map((i) => about[i]! * weights.recurrent[i * n + j]!)),
    );
  }
  return found;
}

/** RFLO's trace p[i][j] after every step: p ← (1 − 1/τ) p + φ′(u_i) h_j / τ. */
export function rfloTraces({ neurons: n, tau }: Sizes, trial: Trajectory): Float64Array[] {
  let trace = new Float64Array(n * n);
  return trial.slope.map((slope, t) => {
    trace = trace.map(
      (p, at) =>
        (1 - 1 / tau) * p + (slope[Math.floor(at / n)]! * trial.activity[t]![at % n]!) / tau,
    );
    return trace;
  });
}

/** ∂h_i/∂w_ij at the end of the trial, from the whole derivative ∂h_k/∂w_ij carried forward. */
export function realTimeDiagonal(
  { neurons: n, tau }: Sizes,
  recurrent: Float64Array,
  trial: Trajectory,
): Float64Array {
  let whole = new Float64Array(n * n * n);
  trial.slope.forEach((slope, t) => {
    whole = whole.map((_, at) => {
      const [k, ij] = [Math.floor(at / (n * n)), at % (n * n)];
      const carried = sum(
        range(n).map((l) => {
          const through = (slope[k]! * recurrent[k * n + l]!) / tau + (k === l ? 1 - 1 / tau : 0);
          return through * whole[l * n * n + ij]!;
        }),
      );
      const isOwn = Math.floor(ij / n) === k;
      return carried + (isOwn ? (slope[k]! * trial.activity[t]![ij % n]!) / tau : 0);
    });
  });
  return Float64Array.from({ length: n * n }, (_, ij) => whole[Math.floor(ij / n) * n * n + ij]!);
}
