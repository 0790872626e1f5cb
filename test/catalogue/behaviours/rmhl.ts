import { Stream } from '../../../src/base/random.js';
import { layer } from '../../../src/circuits/layer.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, ROUNDING } from './support/figures.js';
import { replayed } from './support/replayed.js';
import { type Done, type RuleFor, run } from './support/run.js';
import { distance, dot, mean } from './support/vectors.js';

const PRE = [
  [1, -2],
  [0.5, 1],
  [-1, 0.5],
  [2, 1],
];
const POST = [
  [0.5, -1],
  [1, 0.2],
  [-0.4, 0.8],
  [0.3, -0.6],
];
const COST = [2, 0.1, 0.6, 0.05];

/** The changes by hand: the present value is a fifth of the running means, or a tenth. */
function byHand(eta: number, worse: number, kept: number): number[][] {
  const w = [
    [0, 0],
    [0, 0],
  ];
  let usual = 0;
  const lately = [0, 0];
  COST.forEach((cost, t) => {
    usual = 0.8 * usual + 0.2 * cost;
    const more = cost - usual;
    const worth = more < 0 ? (-more) ** 0.25 : -worse * more ** 0.25;
    for (const i of [0, 1]) {
      lately[i] = kept * lately[i]! + (1 - kept) * POST[t]![i]!;
      for (const j of [0, 1]) w[i]![j]! += eta * worth * (POST[t]![i]! - lately[i]!) * PRE[t]![j]!;
    }
  });
  return w;
}

const PATTERN = [0.6, -0.48, 0.64];
const TARGET = 0.5;

/** A neuron that tries out answers to a pattern: how far off it would be without trying. */
export async function course(rule: RuleFor, steps = 3000): Promise<number[]> {
  const circuit = layer({ inputs: 3, outputs: 1, offers: ['target', 'noise'] });
  const draws = new Stream(2, 'rmhl');
  const rows = Array.from({ length: steps }, () => 0);
  const done: Done = await run({
    circuit,
    rules: { forward: rule(circuit.tables.forward!) },
    inputs: {
      pattern: rows.map(() => PATTERN),
      target: rows.map(() => [TARGET]),
      noise: rows.map(() => [draws.uniform(-0.05, 0.05)]),
    },
    start: { W: [[0, 0, 0]] },
    values: { eta: 0.05 },
    record: ['W'],
    every: 10,
  });
  return done.moments('W').map(([w]) => TARGET - dot(w!, PATTERN));
}

export const behaviour: Behaviour = {
  rule: 'rmhl',
  claims: [
    {
      says: 'the change is η times the fourth root of how much lower the cost is than its running mean (minus that of how much higher it is), times what the output does other than lately, times the input; with worse = 0 nothing is unlearned',
      async measure(rule) {
        const figures = [];
        for (const [worse, kept] of [
          [1, 0.8],
          [0, 0.9],
        ] as const) {
          const done = await replayed(rule, {
            preSize: 2,
            postSize: 2,
            signals: { pre: PRE, post: POST, cost: COST.map((cost) => [cost]) },
            values: { eta: 0.3, worse, kept },
          });
          const off = distance(done.end('w'), byHand(0.3, worse, kept));
          figures.push(atMost(`distance from it, worse ${worse}`, off, ROUNDING));
        }
        return figures;
      },
    },
    {
      says: 'a neuron that tries out answers within ± 0.05, and is told the cost alone, gets to the target from 0.5 away',
      async measure(rule) {
        const missing = await course(rule);
        const last = missing.slice(-100).map(Math.abs);
        return [atMost('mean distance in the last thousand steps', mean(last), 0.01)];
      },
    },
  ],
};
