import { Stream } from '../../src/base/random.js';
import type { Arrays } from '../../src/engine/engine.js';

/**
 * The spiking network of Bellec et al. 2020 in plain loops, and its gradient backwards through time
 * without what spikes send to other neurons. For tests only.
 */

const [INPUTS, N, OUTPUTS] = [3, 8, 2];
export const STEPS = 60;
export const SETTINGS = {
  inputs: INPUTS,
  neurons: N,
  outputs: OUTPUTS,
  adaptive: 4,
  threshold: 0.62,
  tauAdaptation: 500,
  refractory: 2,
};
const [KEPT, LEAK, SLOW] = [Math.exp(-1 / 20), Math.exp(-1 / 20), Math.exp(-1 / 500)];

const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const rowOf = (values: Float64Array, t: number, size: number): number[] =>
  Array.from(values.subarray(t * size, (t + 1) * size));

export const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, k) => Math.abs(x - b[k]!)));

export function task(seed: number) {
  const stream = new Stream(seed, 'spiking task');
  return {
    'spikes of inputs': Float64Array.from({ length: STEPS * INPUTS }, () =>
      stream.uniform() < 0.3 ? 1 : 0,
    ),
    target: Float64Array.from({ length: STEPS * OUTPUTS }, () => stream.normal()),
  };
}

/** The network in plain loops. */
export function byHand(weights: Arrays, inputs: ReturnType<typeof task>) {
  const strength = weights['adaptation strength']!;
  const zeros = (): number[] => range(N).map(() => 0);
  let [v, z, a, wait] = [zeros(), zeros(), zeros(), zeros()];
  let y = range(OUTPUTS).map(() => 0);
  const found = { spikes: [] as number[][], slope: [] as number[][], error: [] as number[][] };
  for (const t of range(STEPS)) {
    const x = rowOf(inputs['spikes of inputs'], t, INPUTS);
    a = a.map((value, i) => SLOW * value + z[i]!);
    v = v.map(
      (value, i) =>
        KEPT * value +
        sum(z.map((s, j) => weights.recurrent![i * N + j]! * s)) +
        sum(x.map((s, j) => weights.input![i * INPUTS + j]! * s)) -
        0.62 * z[i]!,
    );
    const over = v.map((value, i) => value - 0.62 - strength[i]! * a[i]!);
    const ready = wait.map((steps) => (steps > 0 ? 0 : 1));
    found.slope.push(
      over.map((d, i) => ready[i]! * (0.3 / 0.62) * Math.max(0, 1 - Math.abs(d) / 0.62)),
    );
    z = over.map((d, i) => (d > 0 ? ready[i]! : 0));
    wait = wait.map((steps, i) => Math.max(0, steps - 1) + 2 * z[i]!);
    y = y.map(
      (value, k) =>
        LEAK * value + (1 - LEAK) * sum(z.map((s, i) => weights.readout![k * N + i]! * s)),
    );
    found.spikes.push(z);
    found.error.push(y.map((value, k) => value - inputs.target[t * OUTPUTS + k]!));
  }
  return found;
}

/**
 * Σ_t ∂E/∂w backwards through time, spikes replaced by their surrogate, but what a spike sends to
 * other neurons and to its own reset is not followed: what e-prop with symmetric feedback is.
 */
export function truncatedGradient(weights: Arrays, inputs: ReturnType<typeof task>) {
  const { spikes, slope, error } = byHand(weights, inputs);
  const strength = weights['adaptation strength']!;
  const found = { recurrent: new Float64Array(N * N), input: new Float64Array(N * INPUTS) };
  let [byVoltage, byAdaptation, byFilter] = [0, 1, 2].map(() => range(N).map(() => 0));
  for (let t = STEPS - 1; t >= 0; t--) {
    byFilter = byFilter!.map(
      (value, i) => LEAK * value + sum(error[t]!.map((e, k) => e * weights.readout![k * N + i]!)),
    );
    const total = range(N).map((i) => (1 - LEAK) * byFilter![i]! + byAdaptation![i]!);
    const psi = slope[t]!;
    byVoltage = byVoltage!.map((value, i) => psi[i]! * total[i]! + KEPT * value);
    byAdaptation = byAdaptation!.map(
      (value, i) => -strength[i]! * psi[i]! * total[i]! + SLOW * value,
    );
    for (const i of range(N)) {
      for (const j of range(N)) {
        const before = t > 0 ? spikes[t - 1]![j]! : 0;
        if (i !== j) found.recurrent[i * N + j]! += byVoltage[i]! * before;
      }
      rowOf(inputs['spikes of inputs'], t, INPUTS).forEach((x, j) => {
        found.input[i * INPUTS + j]! += byVoltage![i]! * x;
      });
    }
  }
  return found;
}
