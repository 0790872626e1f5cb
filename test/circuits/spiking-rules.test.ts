import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { spiking } from '../../src/circuits/spiking-layer.js';
import { createTfjsEngine } from '../../src/engine/tfjs/engine.js';
import { poissonSpikes } from '../../src/tasks/inputs/spikes.js';
import { onCircuit, trials } from '../support/on-circuit.js';
import { spikesAt } from './spike-trains.js';

describe('rules on spikes', () => {
  /** One input that spikes at 200; neuron k is made to spike at 200 + its offset. */
  const offsets = [-120, -60, -20, -5, -1, 0, 1, 5, 20, 60, 120];
  const steps = 400;
  const pairing = onCircuit(
    spiking,
    { neurons: offsets.length, dt: 0.5, forced: true },
    { excitatory: 'catalogue.rule: stdp_pair' },
  );
  const forced = new Float64Array(steps * offsets.length);
  offsets.forEach((offset, k) => {
    forced[(200 + offset) * offsets.length + k] = 1;
  });
  const protocol = {
    timeline: trials(1, { steps }),
    stepInputs: {
      'spikes of excitatory inputs': spikesAt(steps, 200),
      'forced spikes of layer': forced,
    },
    start: {
      excitatory: new Float64Array(offsets.length).fill(0.5),
      'initial voltage of layer': new Float64Array(offsets.length).fill(-70),
    },
  };

  test('pairs of spikes change a synapse by the window of the rule', async () => {
    const { states } = await pairing.run(protocol);
    offsets.forEach((offset, k) => {
      const size = Math.exp(-Math.abs(offset * 0.5) / 20);
      const wanted = offset === 0 ? 0 : offset > 0 ? 0.005 * size : -0.00525 * size;
      const found = states!.excitatory![k]! - 0.5;
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-6 * Math.abs(wanted) + 1e-15);
    });
  });

  test('the window has the integral of its closed form', async () => {
    const [range, dt] = [400, 0.5];
    const all = Array.from({ length: 2 * range + 1 }, (_, k) => k - range);
    const on = onCircuit(
      spiking,
      { neurons: all.length, dt, forced: true },
      { excitatory: 'catalogue.rule: stdp_pair' },
    );
    const length = 2 * range + 1;
    const spikes = new Float64Array(length * all.length);
    all.forEach((offset, k) => {
      spikes[(range + offset) * all.length + k] = 1;
    });
    const { states } = await on.run({
      timeline: trials(1, { steps: length }),
      stepInputs: {
        'spikes of excitatory inputs': spikesAt(length, range),
        'forced spikes of layer': spikes,
      },
      start: {
        excitatory: new Float64Array(all.length).fill(0.5),
        'initial voltage of layer': new Float64Array(all.length).fill(-70),
      },
    });
    const changes = states!.excitatory!.map((w) => w - 0.5);
    const area = dt * changes.reduce((a, b) => a + b, 0);
    // Sums of e^(−k dt/τ), k = 1 … 400.
    const side = (dt * (1 - Math.exp(-10))) / (Math.exp(dt / 20) - 1);
    expect(area / (side * (0.005 - 0.00525))).toBeCloseTo(1, 6);
  });

  test('single precision gives the same', async () => {
    const exact = await pairing.run(protocol);
    const single = await pairing.run({ ...protocol, engine: await createTfjsEngine('cpu') });
    for (const slot of ['excitatory', 'voltage of layer', 'spike count of layer']) {
      exact.states![slot]!.forEach((value, k) => {
        const scale = Math.max(1, Math.abs(value));
        expect(Math.abs(single.states![slot]![k]! - value) / scale).toBeLessThan(1e-6);
      });
    }
  });

  describe('inhibition learns to balance excitation', () => {
    const duration = 20_000;
    const on = (rho: number | null) =>
      onCircuit(
        spiking,
        {
          neurons: 6,
          excitatory: 40,
          inhibitory: 20,
          excitation: 2.5,
          inhibition: 0.2,
          tauExcitatory: 5,
          tauInhibitory: 10,
        },
        rho === null ? {} : { inhibitory: 'catalogue.rule: vogels' },
        rho === null ? {} : { values: { eta: 0.05, rho: rho / 1000 } },
      );
    const inputs = (seed: number) => {
      const spikesOf = (name: string, count: number): Float64Array =>
        unwrap(
          poissonSpikes(new Stream(seed, 'inputs', name), {
            steps: duration,
            rates: Array(count).fill(30),
            stepLength: 1,
          }),
        );
      return {
        'spikes of excitatory inputs': spikesOf('excitatory', 40),
        'spikes of inhibitory inputs': spikesOf('inhibitory', 20),
      };
    };
    /** Rates in Hz in the last quarter. */
    const ratesAtEnd = async (rho: number | null): Promise<number[]> => {
      const circuit = on(rho);
      const { record } = await circuit.run({
        timeline: trials(1, { steps: duration }),
        stepInputs: inputs(1),
        start: circuit.drawn(1),
        options: { record: { slots: ['spike count of layer'], every: duration / 4 } },
      });
      const counts = record!['spike count of layer']!;
      return Array.from(counts.slice(18), (count, i) => (count - counts[12 + i]!) / 5);
    };
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

    test.each([5, 10])('to the %d Hz it is asked for', async (rho) => {
      const rates = await ratesAtEnd(rho);
      expect(Math.abs(mean(rates) - rho)).toBeLessThan(1);
      for (const rate of rates) expect(Math.abs(rate - rho)).toBeLessThan(2.5);
    });

    test('without learning it fires several times as much', async () => {
      expect(mean(await ratesAtEnd(null))).toBeGreaterThan(20);
    });
  });
});
