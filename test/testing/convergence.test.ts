import { describe, expect, it } from 'vitest';
import { unknownInput } from '../../src/base/diagnostics/circuit.js';
import { noSuchProjection } from '../../src/base/diagnostics/program.js';
import { whichProjection } from '../../src/base/diagnostics/testing.js';
import { Stream } from '../../src/base/random.js';
import { feedForward } from '../../src/circuits/feed-forward.js';
import { layer } from '../../src/circuits/layer.js';
import '../../src/testing/vitest.js';
import type { ConvergenceOptions } from '../../src/testing/vitest.js';
import { messageOf } from './message.js';

const STEPS = 4000;
const stream = new Stream(1, 'convergence');
/** Two inputs of variances 1 and 0.1. */
const patterns = Array.from({ length: STEPS }, () => [stream.normal(), 0.3 * stream.normal()]);
const neuron = { circuit: layer({ inputs: 2, outputs: 1 }), inputs: { pattern: patterns } };

describe('toConvergeTo', () => {
  it('follows what is measured of the weights', async () => {
    const length = {
      ...neuron,
      measure: ({ W }: { W?: readonly (readonly number[])[] }) => Math.hypot(...W![0]!),
    };
    await expect('oja').toConvergeTo(1, { ...length, within: 0.15 });
    await expect('hebb').not.toConvergeTo(1, { ...length, within: 0.15, values: { eta: 0.001 } });
  });

  it('follows weights', async () => {
    const start = { W: [0.5, 0.5] };
    await expect('oja').toConvergeTo([1, 0], { ...neuron, start, within: 0.2 });
    // Instar on a constant input and a constant activity: w → x.
    const still = { circuit: layer({ inputs: 2, outputs: 2, offers: ['partner'] }), within: 1e-6 };
    const inputs = {
      pattern: patterns.map(() => [0.5, -1]),
      partner: patterns.map(() => [1, 1]),
    };
    await expect('dw = 0.05 * (pre - w)').toConvergeTo(
      [
        [0.5, -1],
        [0.5, -1],
      ],
      { ...still, inputs },
    );
  });

  it('shows the trajectories', async () => {
    const short = {
      ...neuron,
      inputs: { pattern: patterns.slice(0, 400) },
      start: { W: [0.5, 0.5] },
    };
    expect(
      await messageOf(() => expect('oja').toConvergeTo([0, 1], { ...short, within: 0.1 })),
    ).toMatchInlineSnapshot(`
      "oja does not converge to its target within 0.1 in 400 steps

        after step         2        58       116       172       230        286        344       400  target
        W, 1 → 1    0.528259  0.685858  0.904204  0.960876  0.979831    0.99205   0.998082  0.998859       0
        W, 2 → 1    0.488814  0.423747  0.268919  0.176818   0.13767  0.0986011  0.0509081  0.044572       1"
    `);
    expect(
      await messageOf(() =>
        expect('dw = 3 * post * pre').toConvergeTo(1, { ...neuron, within: 0.1 }),
      ),
    ).toMatchInlineSnapshot(`"unnamed diverges: \`W\` is no finite number after step 731 of 4000"`);
  });

  it('fails for what cannot be asked, whichever answer is wanted', async () => {
    const net = feedForward({ sizes: [2, 2, 2], beta: 10, feedback: 'plastic', queries: 1 });
    const within = 1;
    const wrong: [string, [number, ConvergenceOptions], string][] = [
      ['oja', [0, { circuit: net, inputs: {}, within }], whichProjection.code],
      ['oja', [0, { ...neuron, on: 'forwards', within }], noSuchProjection.code],
      ['oja', [0, { ...neuron, inputs: { patern: patterns }, within }], unknownInput.code],
      ['oja', [0, { ...neuron, start: { V: 1 }, within }], unknownInput.code],
      ['rule r { dw = psot }', [0, { ...neuron, within }], 'E201'],
    ];
    for (const [rule, asked, code] of wrong) {
      expect(await messageOf(() => expect(rule).toConvergeTo(...asked))).toContain(code);
      expect(await messageOf(() => expect(rule).not.toConvergeTo(...asked))).toContain(code);
    }
  });
});
