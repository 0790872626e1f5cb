import { unwrap } from '../../../../src/base/result.js';
import { spiking } from '../../../../src/circuits/spiking-layer.js';
import type { Arrays } from '../../../../src/engine/engine.js';
import { prepareSimulation } from '../../../../src/tasks/simulate.js';
import type { RuleFor } from './learning.js';
import { randomTrains, type SpikeTimes, spikeCounts } from './spikes.js';

/** A layer of leaky integrate-and-fire neurons that learns while its inputs spike. */
export interface LayerLesson {
  /** Settings of the spiking circuit. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** Rate of each input in Hz; or when it spikes, trial after trial. */
  readonly excitatory: readonly number[] | readonly SpikeTimes[];
  readonly inhibitory?: readonly number[];
  /** What the rule is attached to. */
  readonly learns: 'excitatory' | 'inhibitory';
  /** Where weights start, in mV. */
  readonly start: Arrays;
  readonly values?: Readonly<Record<string, number>>;
  /** Steps of trials, one after the other. */
  readonly trials: readonly number[];
}

export interface LayerLearned {
  /** Spikes of each neuron in each trial: `[trial][neuron]`. */
  readonly spikes: readonly (readonly number[])[];
  readonly weights: Float64Array;
}

/** Runs trial after trial, so that the spikes of each can be counted. */
export async function layerLearned(rule: RuleFor, lesson: LayerLesson): Promise<LayerLearned> {
  const { options, excitatory, inhibitory = [], learns, start, values = {}, trials } = lesson;
  const neurons = Number(options.neurons);
  const dt = Number(options.dt ?? 1);
  const sizes = { excitatory: excitatory.length, inhibitory: inhibitory.length };
  const circuit = unwrap(spiking.make({ ...options, ...sizes }));
  const steps = trials.reduce((sum, each) => sum + each, 0);
  const trains = (name: string, given: LayerLesson['excitatory']): Float64Array => {
    const isRates = typeof given[0] === 'number';
    const times = isRates
      ? randomTrains(name, {
          probabilities: (given as readonly number[]).map((rate) => (rate * dt) / 1000),
          steps,
        })
      : (given as readonly SpikeTimes[]);
    return spikeCounts(times, steps);
  };
  const inputs = {
    'spikes of excitatory inputs': trains('excitatory', excitatory),
    ...(inhibitory.length > 0 && {
      'spikes of inhibitory inputs': trains('inhibitory', inhibitory),
    }),
  };
  const simulator = await prepareSimulation({
    circuit,
    rules: { [learns]: rule(circuit.tables[learns]!) },
    values,
  });
  const result = await simulator.run({
    timeline: { trials: trials.map((each) => ({ steps: each })) },
    stepInputs: inputs,
    start,
    seed: 1,
    record: { slots: ['spikes of layer'], every: 1 },
  });
  simulator.dispose();
  const recorded = result.record['spikes of layer'] ?? new Float64Array();
  let step = 0;
  const spikes = trials.map((each) => {
    const from = step;
    step += each;
    return Array.from({ length: neurons }, (_, i) => {
      let sum = 0;
      for (let t = from; t < step; t++) sum += recorded[t * neurons + i] ?? Number.NaN;
      return sum;
    });
  });
  return { spikes, weights: result.states[learns] ?? Float64Array.of(Number.NaN) };
}
