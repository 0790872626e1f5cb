import { layer } from '../../../../src/circuits/layer.js';
import type { Circuit } from '../../../../src/program/circuit.js';

/**
 * A layer of linear neurons that explores, and whose reward is what its answer deserves:
 * R = −½ Σ (y + ξ − target)², with the noise that was added.
 */
export function rewardedLayer(inputs: number, outputs: number): Circuit {
  const circuit = layer({ inputs, outputs, offers: ['target', 'noise', 'reward'] });
  return {
    ...circuit,
    name: `rewarded ${circuit.name}`,
    stepInputs: circuit.stepInputs.filter(({ name }) => name !== 'reward'),
    step: (b, now) => {
      const made = circuit.step(b, now);
      return {
        ...made,
        signal: (projection, name) =>
          name === 'reward'
            ? b.unary('negate', made.signal(projection, 'cost'))
            : made.signal(projection, name),
      };
    },
  };
}
