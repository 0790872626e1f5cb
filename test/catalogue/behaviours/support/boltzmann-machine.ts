import { Stream } from '../../../../src/base/random.js';
import { tableOffering } from '../../../../src/language/vocabulary.js';
import { type Circuit, maskOf } from '../../../../src/program/circuit.js';
import type { Matrix } from './vectors.js';

/**
 * Stochastic neurons of ±1, all connected, none hidden (Ackley, Hinton & Sejnowski 1985, at temperature
 * 1). While clamped they are what the data say. While free one of them (`whose turn` is 1 for it) is set
 * anew: to 1 with the chance σ(2u), where `luck`, uniform in [0, 1), is below it. The free states are a
 * chain that goes on from trial to trial.
 */
export function boltzmannMachine(neurons: number): Circuit {
  const table = tableOffering('Boltzmann machine', ['w', 'pre', 'post'], ['recurrent'], {
    phases: ['clamped', 'free'],
  });
  const row = (name: string) => ({ name, shape: [1, neurons] }) as const;
  return {
    name: `Boltzmann machine ${neurons}`,
    projections: [
      { name: 'W', kind: 'recurrent', preSize: neurons, postSize: neurons, masked: true },
    ],
    tables: { recurrent: table },
    states: [row('chain')],
    constants: [],
    stepInputs: [row('data'), row('whose turn'), { name: 'luck', shape: [1, 1] }],
    queryInputs: [],
    stepLength: null,
    step: (b, now) => {
      const before = now.value('chain');
      const field = b.matmul(before, now.weight('W'), false, true);
      const chance = b.unary('sigmoid', b.multiply(b.constant(2), field));
      const up = b.unary('step', b.subtract(chance, now.value('luck')));
      const drawn = b.subtract(b.multiply(b.constant(2), up), b.constant(1));
      const turn = b.multiply(now.during('free'), now.value('whose turn'));
      const chain = b.add(before, b.multiply(turn, b.subtract(drawn, before)));
      const taught = now.during('clamped');
      const state = b.add(chain, b.multiply(taught, b.subtract(now.value('data'), chain)));
      return { states: [{ name: 'chain', node: chain }], signal: () => state };
    },
    readout: (b) => [{ name: 'loss', node: b.constant(0) }],
    draw: () => ({
      chain: new Float64Array(neurons).fill(1),
      [maskOf('W')]: Float64Array.from({ length: neurons * neurons }, (_, at) =>
        Math.floor(at / neurons) === at % neurons ? 0 : 1,
      ),
    }),
  };
}

/** States of neurons with these weights in equilibrium, drawn independently: P(s) ∝ exp(½ sᵀWs). */
export function equilibrium(weights: Matrix, count: number, seed: number): number[][] {
  const states = Array.from({ length: 2 ** weights.length }, (_, code) =>
    weights.map((_, i) => ((code >> i) & 1 ? 1 : -1)),
  );
  const chances = states.map((s) =>
    Math.exp(
      s.reduce((sum, x, i) => sum + 0.5 * x * weights[i]!.reduce((u, w, j) => u + w * s[j]!, 0), 0),
    ),
  );
  const all = chances.reduce((a, b) => a + b);
  const stream = new Stream(seed, 'equilibrium');
  return Array.from({ length: count }, () => {
    let left = stream.uniform() * all;
    return states.find((_, k) => {
      left -= chances[k]!;
      return left < 0;
    })!;
  });
}
