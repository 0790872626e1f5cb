import { Stream } from '../../../../src/base/random.js';
import { unwrap } from '../../../../src/base/result.js';
import { replayKind } from '../../../../src/circuits/replay-kind.js';
import type { Arrays } from '../../../../src/engine/engine.js';
import { writtenValue } from '../../../../src/program/rule.js';
import { simulate } from '../../../../src/tasks/simulate.js';
import type { RuleFor } from './learning.js';

/** The steps (from 0) in which a neuron spikes, in order. */
export type SpikeTimes = readonly number[];

/** Spikes imposed on both sides of all synapses from some neurons to others. */
export interface Protocol {
  readonly steps: number;
  /** Length of a step in ms. Default: 1. */
  readonly dt?: number;
  readonly pre: readonly SpikeTimes[];
  readonly post: readonly SpikeTimes[];
  /** Voltage of the postsynaptic neurons in a step, in mV, where it is imposed, too. */
  readonly voltage?: (step: number, neuron: number) => number;
  /** Where weights start: all of them, or `post × pre`. */
  readonly weights: number | Float64Array;
  /** Into how many equal trials the steps fall. Default: 1. */
  readonly trials?: number;
  /** Of parameters, instead of those written in the rule. */
  readonly values?: Readonly<Record<string, number>>;
  /** Where memory starts, by its name in the rule. */
  readonly start?: Arrays;
  /** Steps from one recorded moment to the next. Default: only the last. */
  readonly every?: number;
}

export interface Imposed {
  /** The last weights, `post × pre`. */
  readonly weights: Float64Array;
  /** The weights at every recorded moment; the start is not among them. */
  readonly course: readonly Float64Array[];
  /** A parameter's value. */
  readonly value: (parameter: string) => number;
}

/** What a rule makes of imposed spikes: a recording is run through the program of every simulation. */
export async function imposed(rule: RuleFor, protocol: Protocol): Promise<Imposed> {
  const { steps, dt = 1, pre, post, voltage, trials = 1, values = {}, start = {} } = protocol;
  const signals = ['w', 'pre.spike', 'post.spike', ...(voltage ? ['post.voltage'] : [])];
  const [preSize, postSize] = [pre.length, post.length];
  const circuit = unwrap(replayKind.make({ preSize, postSize, signals, dt }));
  const checked = rule(circuit.tables.replayed!);
  const { states, record } = await simulate({
    circuit,
    rules: { replayed: checked },
    timeline: { trials: Array.from({ length: trials }, () => ({ steps: steps / trials })) },
    stepInputs: {
      'pre.spike': spikeCounts(pre, steps),
      'post.spike': spikeCounts(post, steps),
      ...(voltage && {
        'post.voltage': Float64Array.from({ length: steps * postSize }, (_, at) =>
          voltage(Math.floor(at / postSize), at % postSize),
        ),
      }),
    },
    start: { w: startOf(protocol), ...prefixed(start) },
    values,
    seed: 1,
    record: { slots: ['w'], every: protocol.every ?? steps },
  });
  const synapses = preSize * postSize;
  const recorded = record.w ?? new Float64Array();
  return {
    // A rule that diverged has no weights left.
    weights: states.w ?? new Float64Array(synapses).fill(Number.NaN),
    course: Array.from({ length: recorded.length / synapses }, (_, k) =>
      recorded.subarray(k * synapses, (k + 1) * synapses),
    ),
    value: (name) =>
      values[name] ??
      values[`${name} of w`] ??
      writtenValue(checked.scope.parameters.get(name)!, dt),
  };
}

const prefixed = (memory: Arrays): Arrays =>
  Object.fromEntries(Object.entries(memory).map(([name, values]) => [`w: ${name}`, values]));

function startOf({ pre, post, weights }: Protocol): Float64Array {
  return typeof weights === 'number'
    ? new Float64Array(pre.length * post.length).fill(weights)
    : weights;
}

/** Spike counts, `steps × neurons`. */
export function spikeCounts(neurons: readonly SpikeTimes[], steps: number): Float64Array {
  const values = new Float64Array(steps * neurons.length);
  neurons.forEach((times, neuron) => {
    for (const t of times) values[t * neurons.length + neuron]! += 1;
  });
  return values;
}

/** How a synapse changes with a spike in step t, from the weight before and the spikes of both sides. */
export type SpikeLaw = (
  pre: SpikeTimes,
  post: SpikeTimes,
) => { onPre(t: number, w: number): number; onPost(t: number, w: number): number };

/**
 * The weights that a law of sums over spike times leads to, `post × pre`: what a rule with traces must
 * come to. Spikes that coincide change the same old weight.
 */
export function summed(protocol: Protocol, law: SpikeLaw): Float64Array {
  const { pre, post } = protocol;
  return startOf(protocol).map((start, at) => {
    const [before, after] = [pre[at % pre.length]!, post[Math.floor(at / pre.length)]!];
    const { onPre, onPost } = law(before, after);
    const steps = [...new Set([...before, ...after])].sort((a, b) => a - b);
    return steps.reduce((w, t) => {
      const change =
        (before.includes(t) ? onPre(t, w) : 0) + (after.includes(t) ? onPost(t, w) : 0);
      return w + change;
    }, start);
  });
}

/** Σ e^(−(t − s)/τ) over the spikes s before t, all in steps. */
export const pastSum = (times: SpikeTimes, t: number, tau: number): number =>
  times.reduce((sum, s) => (s < t ? sum + Math.exp((s - t) / tau) : sum), 0);

/** e^(−(t − s)/τ) of the last spike s before t; 0 without one. */
export function pastLast(times: SpikeTimes, t: number, tau: number): number {
  const last = times.filter((s) => s < t).at(-1);
  return last === undefined ? 0 : Math.exp((last - t) / tau);
}

/** Independent neurons, each with a spike in every step with this probability. */
export function randomTrains(
  name: string,
  {
    probabilities,
    steps,
    seed = 1,
  }: { probabilities: readonly number[]; steps: number; seed?: number },
): SpikeTimes[] {
  return probabilities.map((p, neuron) => {
    const stream = new Stream(seed, 'behaviour', name, neuron);
    return Array.from({ length: steps }, (_, t) => t).filter(() => stream.uniform() < p);
  });
}

/** As many equal numbers. */
export const alike = (count: number, value: number): number[] =>
  Array.from({ length: count }, () => value);

/** −n … n. */
export const lagsUpTo = (n: number): number[] => Array.from({ length: 2 * n + 1 }, (_, k) => k - n);

/**
 * One presynaptic spike and one postsynaptic spike `lag` steps later at each of many synapses: the
 * protocol that draws the window of a rule.
 */
export function pairAtEach(lags: readonly number[], quiet = 50): Omit<Protocol, 'weights'> {
  const most = Math.max(...lags.map(Math.abs));
  return {
    steps: 2 * most + 1 + quiet,
    pre: [[most]],
    post: lags.map((lag) => [most + lag]),
  };
}

/** A few seconds' worth of dense random spikes: many coincide. */
export function denseSpikes(steps = 120, dt = 1): Omit<Protocol, 'weights'> {
  const dense = { probabilities: alike(4, 0.15), steps };
  return { steps, dt, pre: randomTrains('pre', dense), post: randomTrains('post', dense) };
}

/** The largest distance between elements; NaN if any is not a number. */
export const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, k) => Math.abs(x - b[k]!)));

export const meanOver = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
