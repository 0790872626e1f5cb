import type { Stream } from '../../base/random.js';
import { type Table, TableBuilder } from './table.js';

export type Signals = Readonly<Record<string, number>>;

/** A layer of rate units whose weights follow a rule, from inputs that are given. */
export interface RateNetwork {
  /** `inputs[t][j]`. */
  readonly inputs: readonly Float64Array[];
  readonly activation: (drive: number) => number;
  readonly rate: number;
  /** Change of a weight, in units of the learning rate. */
  readonly rule: (signals: Signals) => number;
  /** Signals beside `x`, `y` and `w` at every synapse of a step, given those; keeps its own memory. */
  readonly signals?: (step: Step) => (synapse: Synapse) => Signals;
  /** Whether the weights follow the rule, or stay as they are. */
  readonly isPlastic?: boolean;
}

export interface Step {
  readonly t: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

interface Synapse {
  /** Presynaptic. */
  readonly j: number;
  /** Postsynaptic. */
  readonly i: number;
}

const INPUTS = 10;
const OUTPUTS = 8;
const WEIGHT_SD = 0.3;

/** Every synapse at every step: its signals, its weight before the change, and the change. */
export function recordRateNetwork(network: RateNetwork, stream: Stream): Table {
  const { inputs, activation, rate, rule, signals } = network;
  const initial = stream.child('weights');
  const weights = Float64Array.from(
    { length: INPUTS * OUTPUTS },
    () => WEIGHT_SD * initial.normal(),
  );
  const rows = new TableBuilder();
  for (const [t, x] of inputs.entries()) {
    const y = Float64Array.from({ length: OUTPUTS }, (_, i) => {
      let drive = 0;
      for (let j = 0; j < INPUTS; j++) drive += x[j]! * weights[j * OUTPUTS + i]!;
      return activation(drive);
    });
    const more = signals?.({ t, x, y });
    for (let j = 0; j < INPUTS; j++) {
      for (let i = 0; i < OUTPUTS; i++) {
        const at = j * OUTPUTS + i;
        const here = { x: x[j]!, y: y[i]!, w: weights[at]!, ...more?.({ j, i }) };
        const change = rule(here);
        rows.add({ t, j, i, ...here }, change);
        if (network.isPlastic !== false) weights[at]! += rate * change;
      }
    }
  }
  return rows.build();
}

/** Gaussian inputs that are correlated by .4. */
export function correlatedInputs(stream: Stream, steps = 200): Float64Array[] {
  return inputs(steps, () => {
    const common = Math.sqrt(0.4) * stream.normal();
    return () => common + Math.sqrt(0.6) * stream.normal();
  });
}

/** Inputs that are never negative. */
export const positiveInputs = (stream: Stream, steps = 200): Float64Array[] =>
  inputs(steps, () => () => Math.abs(0.6 + 0.5 * stream.normal()));

/** Inputs that are 1 with this probability, otherwise 0, times `size`, and some noise. */
export const switchedInputs = (
  stream: Stream,
  steps: number,
  { probability, size = 1, noise = 0 }: { probability: number; size?: number; noise?: number },
): Float64Array[] =>
  inputs(steps, () => () => {
    const on = stream.uniform() < probability ? size : 0;
    return noise > 0 ? on + noise * stream.normal() : on;
  });

function inputs(steps: number, ofStep: () => () => number): Float64Array[] {
  return Array.from({ length: steps }, () => {
    const draw = ofStep();
    return Float64Array.from({ length: INPUTS }, () => draw());
  });
}
