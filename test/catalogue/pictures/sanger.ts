import { trajectory } from '../behaviours/sanger.js';
import { AXES } from '../behaviours/support/inputs.js';
import { alignment } from '../behaviours/support/vectors.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => {
  const { weights } = await trajectory(rule);
  return {
    title: 'Two linear neurons, Gaussian inputs with variances 1, 0.5 and 0.2: components in order',
    x: { label: 'samples' },
    y: { label: 'cosine', range: [0, 1] },
    series: [0, 1].map((k) => ({
      name: `|cos(w${'₁₂'[k]}, PC${k + 1})|`,
      points: over(
        weights.map((w) => alignment(w[k]!, AXES[k]!)),
        20,
      ),
    })),
  };
};
