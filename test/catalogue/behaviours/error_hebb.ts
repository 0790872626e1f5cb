import type { Behaviour } from '../behaviour.js';
import { alignment, learning, oneStep } from './support/aligning.js';
import { atMost, predictedWithin } from './support/figures.js';
import {
  difference,
  drawn,
  layersOf,
  learns,
  lessons,
  networkWith,
  outer,
} from './support/network.js';
import { type Done, type RuleFor, written } from './support/run.js';
import { dot, scaled, transpose } from './support/vectors.js';

const STEPS = 300;

/** The forward weights while only errors are associated, every 10 samples. */
export const trajectory = (rule: RuleFor): Promise<Done> =>
  learning('random', { forward: rule }, { steps: STEPS, seed: 1, every: 10 });

export const behaviour: Behaviour = {
  rule: 'error_hebb',
  claims: [
    oneStep(
      'a step is η e_l e_{l−1}ᵀ (Eq 16 with a negative coefficient, as it was found)',
      'random',
      ({ e, d }, value) => outer(scaled(value('eta'), e), d),
    ),
    {
      says: 'every step turns the forward weights towards the feedback: ⟨ΔW, B⟩ is η Σ φ′ (Bᵀ e)², so the angles between them fall (means of four)',
      // Fig 5 and Eq 9 of the paper. e_{l−1} = (Bᵀ e_l) ⊙ φ′ makes ⟨e_l e_{l−1}ᵀ, B⟩ a sum of squares times
      // slopes. Random matrices of 24 and 96 elements are 90° ± 12° and ± 6° apart, means of four ± 6° and
      // ± 3°; to be within 90° − 12° and 90° − 6° is no chance.
      async measure(rule) {
        const circuit = networkWith('random');
        const start = drawn(circuit, 1);
        const eta = written(rule(circuit.tables.forward!), 'eta');
        const { image, target } = lessons(1, 1);
        const layers = [1, 2, 3];
        const [weights, back] = ['W', 'B'].map((letter) =>
          layers.map((l) => start[`${letter}${l}`]!),
        );
        const hand = layersOf(weights!, back!, image[0]!, target[0]!);
        const done = await learns(circuit, { forward: rule }, { steps: 1, start });
        const turned = layers.map((l) => {
          const brought = transpose(back![l - 1]!).map((column) => dot(column, hand.error[l]!));
          const squares = brought.reduce((sum, x, j) => sum + x * x * hand.slope[l - 1]![j]!, 0);
          const change = difference(done.end(`W${l}`), weights![l - 1]!);
          const found = dot(change.flat(), back![l - 1]!.flat());
          return predictedWithin(`⟨ΔW${l}, B${l}⟩`, found, eta * squares, 1e-9);
        });
        const { angles } = await alignment(rule, { steps: STEPS });
        return [
          ...turned,
          atMost('angle between W3 and B3', angles[3]![1], 90 - 12),
          atMost('angle between W2 and B2', angles[2]![1], 90 - 6),
        ];
      },
    },
  ],
  indistinguishable: [
    {
      mutation: 'pre ↔ post',
      because: 'the product of the two errors is symmetric: it is the same rule',
    },
  ],
};
