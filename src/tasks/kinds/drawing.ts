import { inputWidth } from '../../base/diagnostics/task.js';
import type { Stream } from '../../base/random.js';
import { failure, success } from '../../base/result.js';
import { countOption } from '../../circuits/options.js';
import { butterfly } from '../inputs/butterfly.js';
import { madeByTrial } from '../inputs/made.js';
import { sequenceKind } from '../kind.js';
import { inputNamed, repeated } from './slots.js';

/** A figure to be drawn over and over (Pyle & Rosenbaum 2019, Neural Comput 31:1430). */
export const drawing = sequenceKind({
  name: 'drawing',
  meaning:
    'a butterfly that has to be drawn, once around in a trial; after the training it is drawn without learning (the phase test)',
  circuits: 'those with a target in the plane and noise: reservoir',
  settings: {
    steps: countOption({ meaning: 'steps of a trial', fallback: 10000, least: 1, most: 1e7 }),
    training: countOption({ meaning: 'trials with learning', fallback: 10, least: 1, most: 1e6 }),
    tests: countOption({ meaning: 'trials without, after them', fallback: 5, least: 1, most: 1e6 }),
  },
  sizes: ({ steps }) => success({ period: steps }),
  make: ({ steps, training, tests }, circuit) => {
    const [target, noise, exploration] = ['target', 'noise', 'exploration'].map((name) =>
      inputNamed(circuit, name),
    );
    for (const slot of [target!, noise!, exploration!]) if (!slot.ok) return slot;
    const width = circuit.stepInputs.find(({ name }) => name === 'target')!.shape[1];
    if (width !== 2) {
      return failure(
        inputWidth({ circuit: circuit.name, name: 'target', given: 2, needed: width }),
      );
    }
    const places = butterfly(steps);
    const uniform = (stream: Stream, name: string) => {
      const size = circuit.stepInputs.find((slot) => slot.name === name)!.shape[1];
      return madeByTrial({ steps, size }, (trial) =>
        stream.child(name, trial).uniforms(new Float64Array(steps * size), -1, 1),
      );
    };
    return success({
      together: 1,
      episode: (stream) => ({
        timeline: {
          trials: Array.from({ length: training + tests }, (_, k) => ({
            steps,
            ...(k >= training && { phases: [{ name: 'test', steps }] }),
          })),
        },
        stepInputs: { target: repeated(places, training + tests) },
        made: { noise: uniform(stream, 'noise'), exploration: uniform(stream, 'exploration') },
      }),
    });
  },
});
