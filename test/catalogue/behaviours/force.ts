import { Stream } from '../../../src/base/random.js';
import { layer } from '../../../src/circuits/layer.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, ROUNDING } from './support/figures.js';
import { ridgeSolution } from './support/least-squares.js';
import { type Done, type RuleFor, run } from './support/run.js';
import { distance, type Matrix } from './support/vectors.js';

const STEPS = 60;
const EVERY = 10;
const RIDGE = 2;

interface Course {
  readonly done: Done;
  readonly inputs: Matrix;
  readonly targets: Matrix;
}

/** Two outputs that are told their error while patterns go by. */
export async function course(rule: RuleFor, steps = STEPS): Promise<Course> {
  const draws = new Stream(1, 'force');
  const rows = (width: number): number[][] =>
    Array.from({ length: steps }, () => Array.from({ length: width }, () => draws.normal()));
  const [inputs, targets] = [rows(3), rows(2)];
  const circuit = layer({ inputs: 3, outputs: 2, offers: ['target'] });
  const done = await run({
    circuit,
    rules: { forward: rule(circuit.tables.forward!) },
    inputs: { pattern: inputs, target: targets },
    start: {
      W: [
        [0, 0, 0],
        [0, 0, 0],
      ],
    },
    values: { ridge: RIDGE },
    record: ['W'],
    every: EVERY,
  });
  return { done, inputs, targets };
}

const learnedFrom = (rows: Matrix): Matrix => rows.filter((_, t) => (t + 1) % EVERY === 0);

/** How far the weights are from the least squares over what was learned from, after every time. */
export function distances({ done, inputs, targets }: Course): number[] {
  const [x, t] = [learnedFrom(inputs), learnedFrom(targets)];
  return done
    .moments('W')
    .map((w, k) => distance(w, ridgeSolution(x.slice(0, k + 1), t.slice(0, k + 1), RIDGE)));
}

export const behaviour: Behaviour = {
  rule: 'force',
  claims: [
    {
      says: 'at any time the weights are those that minimise the sum of the squared errors of all tenth steps so far, and ridge times their own squares',
      async measure(rule) {
        const found = distances(await course(rule));
        return found.map((each, k) => atMost(`distance after ${k + 1}`, each, ROUNDING));
      },
    },
  ],
};
