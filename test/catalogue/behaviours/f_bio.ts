import type { Behaviour } from '../behaviour.js';
import { oneStep } from './support/aligning.js';
import { fewShot } from './support/digits.js';
import { atMost, predicted } from './support/figures.js';
import { another, outer } from './support/network.js';
import { minus, product, scaled } from './support/vectors.js';

export { fewShot as trajectory };

export const behaviour: Behaviour = {
  rule: 'f_bio',
  claims: [
    oneStep(
      'a step is −F0 e_l y_{l−1}ᵀ − F2 e_l e_{l−1}ᵀ + F9 (y_l y_{l−1}ᵀ − y_l y_lᵀ W) (Eq 7 with Eqs 14, 16 and 23)',
      'random',
      ({ w, x, y, e, d }, value) => {
        const gradient = outer(scaled(-value('F0'), e), x);
        const errors = outer(scaled(-value('F2'), e), d);
        const projected = product(outer(y, y), w);
        const oja = outer(y, x).map((row, i) => scaled(value('F9'), minus(row, projected[i]!)));
        return oja.map((row, i) => row.map((z, j) => z + gradient[i]![j]! + errors[i]![j]!));
      },
    ),
    {
      says: 'digits of five classes, 40 of each (7 × 7 pixels, five layers): well above chance where feedback alignment is at chance, and weights keep their rows orthonormal (means of four tasks)',
      // Figs 3, 4 and 8 of the paper (MNIST: feedback alignment 25 %, this rule near 75 %; the orthonormality
      // errors of hidden layers ten times smaller or more). Of 200 answers chance is right in 20 % ± 3 %, and
      // tasks differ: 0.35 is five times that away.
      async measure(rule, companion) {
        const [bio, random] = await Promise.all([
          fewShot(rule, 4),
          fewShot(another(companion, 'feedback_alignment'), 4),
        ]);
        return [
          { name: 'share of right answers', value: bio.accuracy, within: [0.35, 1] },
          predicted('that of feedback alignment', random.accuracy, 0.2, 0.1),
          atMost('cross-entropy over that of feedback alignment', bio.loss / random.loss, 0.9),
          ...bio.after.map((error, l) =>
            atMost(
              `orthonormality error of layer ${l + 1} over that of feedback alignment`,
              error / random.after[l]!,
              0.1,
            ),
          ),
        ];
      },
    },
  ],
};
