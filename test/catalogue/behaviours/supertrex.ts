import type { Behaviour } from '../behaviour.js';
import { atMost } from './support/figures.js';
import { whitened } from './support/least-squares.js';
import { replayed } from './support/replayed.js';
import type { RuleFor } from './support/run.js';
import { distance, type Matrix } from './support/vectors.js';

const STEPS = 60;
const [KAPPA, THETA, RIDGE] = [0.5, 0.0015, 2];
const wave = (k: number, t: number): number => Math.sin(0.7 * t * (k + 1) + k);
const PRE = Array.from({ length: STEPS }, (_, t) => [0, 1, 2].map((k) => wave(k, t)));
const PARTNER = Array.from({ length: STEPS }, (_, t) => [wave(3, t), wave(4, t)]);

/** What is learned while the cost stays what it is: the running mean of it grows to the cost, from 0. */
export async function course(rule: RuleFor, cost: number, kept = 0): Promise<Matrix[]> {
  const done = await replayed(rule, {
    preSize: 3,
    postSize: 2,
    signals: { pre: PRE, 'post.partner': PARTNER, cost: PRE.map(() => [cost]) },
    values: { kappa: KAPPA, theta: THETA, ridge: RIDGE, kept },
    every: 10,
  });
  return done.moments('w');
}

/** The same by hand. */
function byHand(cost: number, kept: number): Matrix[] {
  let p: Matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 1 / RIDGE : 0)));
  const w = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  const taken = [0, 0];
  const found: number[][][] = [];
  for (let t = 0; t < STEPS; t++) {
    const usual = cost * (1 - 0.8 ** (t + 1));
    for (const i of [0, 1]) taken[i] = kept * taken[i]! + (1 - kept) * PARTNER[t]![i]!;
    if ((t + 1) % 10 !== 0) continue;
    const open = 0.5 - 0.5 * Math.tanh(5e5 * (usual - THETA));
    const { k, p: next } = whitened(p, PRE[t]!, open);
    p = next;
    w.forEach((row, i) => {
      k.forEach((each, j) => {
        row[j]! += KAPPA * open * taken[i]! * each;
      });
    });
    found.push(w.map((row) => [...row]));
  }
  return found;
}

export const behaviour: Behaviour = {
  rule: 'supertrex',
  claims: [
    {
      says: 'every ten steps the weights change by κ times what the partner sends (or its running mean) times the whitened input, as far as the gate of the cost is open: wide below θ, half at θ',
      // At 1e-6 above θ the running mean passes θ within a few steps of 10, so that the gate is partly open.
      async measure(rule) {
        const figures = [];
        for (const [cost, kept] of [
          [1e-4, 0],
          [THETA, 0.9],
          [THETA + 1e-6, 0],
        ] as const) {
          const [learned, expected] = [await course(rule, cost, kept), byHand(cost, kept)];
          const off = Math.max(...learned.map((w, k) => distance(w, expected[k]!)));
          figures.push(atMost(`distance from it at a cost of ${cost}`, off, 1e-7));
        }
        return figures;
      },
    },
    {
      says: 'while the cost is high nothing is taken over',
      async measure(rule) {
        // The running mean is above θ from the third step on.
        const learned = await course(rule, 0.005);
        return [
          atMost('largest weight', Math.max(...learned.at(-1)!.flat().map(Math.abs)), 1e-100),
        ];
      },
    },
  ],
};
