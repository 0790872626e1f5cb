import { layer } from '../../../src/circuits/layer.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, predicted } from './support/figures.js';
import { normals } from './support/inputs.js';
import { type Done, type RuleFor, run } from './support/run.js';
import { dot, minus, norm, scaled, type Vector } from './support/vectors.js';

/** A direction of unit length, and how far from the plane across it the patterns stay. */
const TEACHER: Vector = [0.5, -0.5, 0.5, -0.5];
const [MARGIN, COUNT, SWEEPS] = [0.3, 40, 25];

const patterns = normals(200, 4, 3)
  .filter((x) => Math.abs(dot(TEACHER, x)) > MARGIN)
  .slice(0, COUNT);
const shown = Array.from({ length: SWEEPS }, () => patterns).flat();
const wanted = (x: Vector): number => (dot(TEACHER, x) > 0 ? 1 : 0);

/** The weights of a neuron that is shown separable patterns again and again, every step. */
export const trajectory = (rule: RuleFor): Promise<Done> => {
  const circuit = layer({ inputs: 4, outputs: 1, offers: ['target'] });
  return run({
    circuit,
    rules: { forward: rule(circuit.tables.forward!) },
    inputs: { pattern: shown, target: shown.map((x) => [wanted(x)]) },
    start: { W: [[0, 0, 0, 0]] },
    record: ['W'],
  });
};

export const behaviour: Behaviour = {
  rule: 'perceptron',
  claims: [
    {
      says: 'from w = 0, 40 separable patterns: the weights change at mistakes only, by the whole pattern, and at most (R / γ)² times',
      // The convergence theorem (Novikoff 1962, Symp Math Theory Automata 12:615): with patterns no longer
      // than R and a margin γ there are at most (R / γ)² mistakes, in whatever order patterns come.
      async measure(rule) {
        const weights = [[0, 0, 0, 0], ...(await trajectory(rule)).moments('W').map(([w]) => w!)];
        let [mistakes, late, wrong] = [0, 0, 0];
        shown.forEach((x, t) => {
          const change = minus(weights[t + 1]!, weights[t]!);
          const error = wanted(x) - (dot(weights[t]!, x) > 0 ? 1 : 0);
          wrong = Math.max(wrong, norm(minus(change, scaled(error, x))));
          if (error === 0) return;
          mistakes += 1;
          if (t >= shown.length - COUNT) late += 1;
        });
        const radius = Math.max(...patterns.map(norm));
        const margin = Math.min(...patterns.map((x) => Math.abs(dot(TEACHER, x))));
        return [
          // w is a sum of at most 100 patterns: rounding alone.
          atMost('largest distance of a change from (t − step(u)) x', wrong, 1e-12),
          // At least the first pattern that belongs above is missed, as step(0) = 0.
          { name: 'mistakes', value: mistakes, within: [1, (radius / margin) ** 2] },
          predicted('mistakes in the last sweep', late, 0, 0),
        ];
      },
    },
  ],
};
