import { describe, expect, test } from 'vitest';
import { recurrentSpiking } from '../../src/circuits/recurrent-spiking.js';
import { createTfjsEngine } from '../../src/engine/tfjs/engine.js';
import { onCircuit, trials } from '../support/on-circuit.js';
import {
  byHand,
  largest,
  SETTINGS,
  STEPS,
  sum,
  task,
  truncatedGradient,
} from './recurrent-spiking-by-hand.js';

describe('the recurrent spiking network', () => {
  const rules = {
    recurrent: 'seeds.rule: eprop',
    input: 'seeds.rule: eprop',
    readout: 'seeds.rule: eprop_readout',
  };
  const eprop = (feedback: string, strength: Float64Array) =>
    onCircuit(recurrentSpiking, { ...SETTINGS, feedback }, rules, {
      values: {
        'eprop.eta': 1,
        'eprop.tau_a': 500,
        'eprop.beta of recurrent': strength,
        'eprop.beta of input': strength,
        'eprop_readout.eta': 1,
      },
    });

  test('runs as its equations say', async () => {
    const on = onCircuit(recurrentSpiking, SETTINGS);
    const [start, inputs] = [on.drawn(1), task(1)];
    const { spikes, slope, error } = byHand(start, inputs);
    const result = await on.run({
      timeline: trials(1, { steps: STEPS }),
      stepInputs: inputs,
      start,
      options: { record: { slots: ['spikes', 'slope'], every: 1 } },
    });
    expect(sum(spikes.flat())).toBeGreaterThan(20);
    expect(Array.from(result.record!.spikes!)).toEqual(spikes.flat());
    expect(largest(result.record!.slope!, slope.flat())).toBeLessThan(1e-12);
    expect(result.loss).toBeCloseTo(sum(error.flat().map((e) => e * e)) / 2 / STEPS, 12);
  });

  test('e-prop with symmetric feedback is the gradient that leaves out what spikes send', async () => {
    const strength = onCircuit(recurrentSpiking, SETTINGS).drawn(2)['adaptation strength']!;
    const on = eprop('symmetric', strength);
    const [start, inputs] = [on.drawn(2), task(2)];
    const timeline = trials(1, { steps: STEPS });
    const { states } = await on.run({ timeline, stepInputs: inputs, start });
    for (const [name, slopes] of Object.entries(truncatedGradient(start, inputs))) {
      const changes = states![name]!.map((w, k) => start[name]![k]! - w);
      const size = Math.max(...slopes.map(Math.abs));
      expect(size).toBeGreaterThan(0.1);
      expect(largest(changes, slopes) / size).toBeLessThan(1e-10);
    }
    // The read-out learns by the gradient of the loss, here summed over the steps.
    const still = await onCircuit(recurrentSpiking, { ...SETTINGS, feedback: 'symmetric' }).run({
      timeline,
      stepInputs: inputs,
      start,
      options: { gradient: true, startGradient: true },
    });
    const changes = states!.readout!.map((w, k) => (start.readout![k]! - w) / STEPS);
    expect(largest(changes, still.startGradient!.readout!)).toBeLessThan(1e-12);
    expect(Math.max(...changes.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  test('single precision gives the same', async () => {
    const strength = onCircuit(recurrentSpiking, SETTINGS).drawn(3)['adaptation strength']!;
    const on = eprop('random', strength);
    const parts = {
      timeline: trials(1, { steps: STEPS }),
      stepInputs: task(3),
      start: on.drawn(3),
    };
    const exact = await on.run(parts);
    const single = await on.run({ ...parts, engine: await createTfjsEngine('cpu') });
    expect(single.states!.spikes).toEqual(exact.states!.spikes);
    for (const name of ['recurrent', 'input', 'readout']) {
      expect(largest(exact.states![name]!, parts.start[name]!)).toBeGreaterThan(0.1);
      expect(largest(exact.states![name]!, single.states![name]!)).toBeLessThan(1e-4);
    }
    expect(single.states!.feedback).toEqual(
      Float64Array.from(Float32Array.from(parts.start.feedback!)),
    );
  });
});
