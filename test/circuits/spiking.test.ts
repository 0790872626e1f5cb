import { describe, expect, test } from 'vitest';
import { spiking } from '../../src/circuits/spiking-layer.js';
import { onCircuit, repeated, trials } from '../support/on-circuit.js';
import { spikesAt, stepsOfSpikes } from './spike-trains.js';

/** One neuron with one input, all that is said about it by steps of one trial. */
async function oneNeuron(
  settings: Record<string, unknown>,
  spikes: readonly number[],
  { steps = 60, voltage = -70, weight = 4, rule = '' } = {},
) {
  const on = onCircuit(spiking, settings, rule === '' ? {} : { excitatory: rule });
  const result = await on.run({
    timeline: trials(1, { steps }),
    stepInputs: { 'spikes of excitatory inputs': spikesAt(steps, ...spikes) },
    start: {
      excitatory: Float64Array.of(weight),
      'initial voltage of layer': Float64Array.of(voltage),
    },
    options: { record: { slots: ['voltage of layer', 'spikes of layer'], every: 1 } },
  });
  return {
    voltages: result.record!['voltage of layer']!,
    spikes: stepsOfSpikes(result.record!['spikes of layer']!),
    states: result.states!,
  };
}

describe('a spiking neuron', () => {
  test('forgets its voltage exponentially, and jumps by the weight at a spike', async () => {
    const { voltages, spikes } = await oneNeuron({ dt: 0.5 }, [20], { voltage: -61 });
    voltages.forEach((voltage, t) => {
      const start = 9 * Math.exp(-((t + 1) * 0.5) / 20);
      const jump = t < 20 ? 0 : 4 * Math.exp(-((t - 20) * 0.5) / 20);
      expect(Math.abs(voltage - (-70 + start + jump))).toBeLessThan(1e-12);
    });
    expect(spikes).toEqual([]);
  });

  test.each([5, 20])('follows a current that decays within %d ms exactly', async (tau) => {
    const settings = { dt: 0.5, tauExcitatory: tau };
    const { voltages } = await oneNeuron(settings, [10]);
    voltages.forEach((voltage, step) => {
      const t = Math.max(0, (step - 10) * 0.5);
      // w/τ e^(−t/τ) through a membrane of 20 ms; where both times are equal, w t/τ e^(−t/τ).
      const response =
        tau === 20
          ? (t / 20) * Math.exp(-t / 20)
          : (Math.exp(-t / 20) - Math.exp(-t / tau)) / tau / (1 / tau - 1 / 20);
      expect(Math.abs(voltage - (-70 + 4 * response))).toBeLessThan(1e-12);
    });
  });

  test.each([0, 1, 7])('hears of a spike %d ms later, and so does its synapse', async (delay) => {
    const { voltages, states } = await oneNeuron({ delay }, [20], {
      rule: 'rule listen { trace x = pre.spike over 30 ms dw = 1e-9 * x }',
    });
    const first = voltages.findIndex((voltage) => voltage > -70);
    expect(first).toBe(20 + delay);
    const since = 59 - (20 + delay);
    expect(states['excitatory: x']![0]).toBeCloseTo(Math.exp(-since / 30), 12);
  });

  test('spikes on their way do not outlive the trial', async () => {
    const on = onCircuit(spiking, { delay: 5, tauExcitatory: 5 });
    const { record } = await on.run({
      timeline: trials(2, { steps: 20 }),
      stepInputs: { 'spikes of excitatory inputs': spikesAt(40, 10, 18) },
      start: { excitatory: Float64Array.of(5), 'initial voltage of layer': Float64Array.of(-70) },
      options: { record: { slots: ['voltage of layer'], every: 1 } },
    });
    const voltages = record!['voltage of layer']!;
    expect(voltages[18]).toBeGreaterThan(-69);
    expect(new Set(voltages.slice(20))).toEqual(new Set([-70]));
  });

  test('fires under constant drive in the intervals of its closed form', async () => {
    const drives = [20.5, 21, 23, 26, 30, 40, 60, 100];
    const [steps, dt, refractory] = [6000, 0.1, 4];
    const on = onCircuit(spiking, {
      neurons: drives.length,
      dt,
      refractory,
      reset: -65,
      driven: true,
    });
    const { record } = await on.run({
      timeline: trials(1, { steps }),
      stepInputs: {
        'spikes of excitatory inputs': new Float64Array(steps),
        'drive of layer': repeated(drives, steps),
      },
      start: {},
      options: { record: { slots: ['spikes of layer', 'voltage of layer'], every: 1 } },
    });
    const of = (slot: string, i: number) =>
      record![slot]!.filter((_, k) => k % drives.length === i);
    drives.forEach((drive, i) => {
      const spikes = stepsOfSpikes(of('spikes of layer', i));
      expect(spikes.length).toBeGreaterThan(5);
      // From −65 mV to the threshold at −50 mV, towards −70 mV + drive.
      const exact = refractory + 20 * Math.log((drive - 5) / (drive - 20));
      for (let k = 1; k < spikes.length; k++) {
        const interval = (spikes[k]! - spikes[k - 1]!) * dt;
        expect(interval).toBeGreaterThanOrEqual(exact - 1e-9);
        expect(interval).toBeLessThan(exact + dt + 1e-9);
      }
      const voltages = of('voltage of layer', i);
      expect(Array.from(voltages.slice(spikes[0]!, spikes[0]! + 41))).toEqual(Array(41).fill(-65));
      expect(voltages[spikes[0]! + 41]).toBeGreaterThan(-65);
    });
  });

  test('offers the surrogate derivative of its spikes, per mV', async () => {
    const rule = `rule look { state slope = 0 then post.slope
      average height = post.voltage keeping 0 dw = 1e-9 * slope + 1e-9 per mV * height }`;
    for (const [voltage, weight, slope] of [
      [-60, 0, (0.3 / 20) * 0.5],
      [-60, 5, (0.3 / 20) * 0.75],
      [-60, 20, (0.3 / 20) * 0.5],
      [-75, 0, 0],
    ] as const) {
      const held = { steps: 1, voltage, weight, rule };
      const { states } = await oneNeuron({ tau: 1e12, dt: 1 }, [0], held);
      expect(states['excitatory: height']![0]).toBeCloseTo(voltage + weight, 8);
      expect(states['excitatory: slope']![0]).toBeCloseTo(slope, 8);
    }
    const refractory = { steps: 3, weight: 30, rule };
    const { states, spikes } = await oneNeuron({}, [1, 2], refractory);
    expect(spikes).toEqual([1]);
    expect(states['excitatory: slope']![0]).toBe(0);
  });
});

describe('a spiking layer', () => {
  test('excites others one step later, inhibits by strengths, has no synapse onto itself', async () => {
    const settings = { neurons: 3, excitatory: 0, inhibitory: 1, recurrent: true, forced: true };
    const on = onCircuit(spiking, settings);
    const forced = new Float64Array(15);
    forced[2 * 3 + 1] = 1;
    const { record } = await on.run({
      timeline: trials(1, { steps: 5 }),
      stepInputs: {
        'forced spikes of layer': forced,
        'spikes of inhibitory inputs': spikesAt(5, 0),
      },
      start: {
        ...on.drawn(1),
        recurrent: new Float64Array(9).fill(2),
        inhibitory: Float64Array.of(1, 1, 1),
        'initial voltage of layer': new Float64Array(3).fill(-70),
      },
      options: { record: { slots: ['voltage of layer', 'spikes of layer'], every: 1 } },
    });
    expect(stepsOfSpikes(record!['spikes of layer']!)).toEqual([7]);
    const voltages = record!['voltage of layer']!;
    expect(Array.from(voltages.slice(0, 3))).toEqual([-71, -71, -71]);
    const left = (steps: number) => -70 - Math.exp(-steps / 20);
    expect(voltages[3 * 3]).toBeCloseTo(left(3) + 2, 12);
    expect(voltages[3 * 3 + 1]).toBe(-70);
    expect(voltages[3 * 3 + 2]).toBeCloseTo(left(3) + 2, 12);
    const mask = on.drawn(1)['mask recurrent']!;
    expect(Array.from(mask)).toEqual([0, 1, 1, 1, 0, 1, 1, 1, 0]);
  });

  test('has as many synapses as it should', () => {
    const on = onCircuit(spiking, { neurons: 50, excitatory: 80, probability: 0.3, excitation: 2 });
    const drawn = on.drawn(1);
    const existing = drawn['mask excitatory']!.filter((exists) => exists === 1).length;
    expect(Math.abs(existing / 4000 - 0.3)).toBeLessThan(0.03);
    const isInOrder = drawn.excitatory!.every(
      (weight, k) => weight < 2 && weight > 0 === (drawn['mask excitatory']![k] === 1),
    );
    expect(isInOrder).toBe(true);
    expect(on.drawn(1)).toEqual(drawn);
    expect(on.drawn(2)).not.toEqual(drawn);
  });

  test('refuses settings that do not fit together', () => {
    const codes = (settings: Record<string, unknown>) => {
      const made = spiking.make(settings);
      return made.ok ? [] : made.diagnostics.map(({ message }) => message);
    };
    expect(codes({ delay: 1.5 })).toEqual([
      'the circuit spiking: delay of 1.5 ms is not a whole number of steps of 1 ms',
    ]);
    expect(codes({ dt: 0.1, delay: 1.5, refractory: 0.3 })).toEqual([]);
    expect(codes({ threshold: -70 })).toHaveLength(2);
    expect(codes({ excitatory: 0 })).toHaveLength(1);
    expect(codes({ excitatory: 0, neurons: 2, recurrent: true })).toEqual([]);
  });
});
