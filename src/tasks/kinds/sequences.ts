import { inputWidth } from '../../base/diagnostics/task.js';
import type { Stream } from '../../base/random.js';
import { failure, success } from '../../base/result.js';
import { countOption, flagOption } from '../../circuits/options.js';
import type { Trial } from '../../program/circuit.js';
import { sequenceKind } from '../kind.js';
import { inputNamed } from './slots.js';

const times = (meaning: string, fallback: number, least = 0) =>
  countOption({ meaning, fallback, least, most: 1e6 });

/** Short sequences, then a longer one made of them, as in Murray 2019 (eLife 8:e43299). */
export const sequences = sequenceKind({
  name: 'sequences',
  meaning:
    'short sequences to be made, each with a cue of its own, in random order; then a chain of them, each cue shown as it begins (the phase chain, but for the first); then the chain with the first cue alone and without learning (the phase test)',
  circuits: 'those that choose cues: recurrent-cued',
  settings: {
    sequences: times('short sequences, and links of the chain', 3, 1),
    steps: countOption({ meaning: 'steps of each', fallback: 50, least: 2, most: 1e6 }),
    components: times('half waves of each, with normal amplitudes: 1, 2, … in its steps', 4, 1),
    training: times('how often each short sequence is shown by itself', 500),
    chains: times('how often the chain is shown with all its cues', 10),
    tests: times('how often the chain is asked for', 1, 1),
    joined: flagOption({
      meaning:
        'whether the chain is learned as one long sequence with one cue instead, in as many steps',
      fallback: false,
    }),
  },
  sizes: ({ sequences }) => success({ cues: sequences }),
  make: (settings, circuit) => {
    const { sequences: count, steps, components, training, chains, tests, joined } = settings;
    const [target, stimulus] = [inputNamed(circuit, 'target'), inputNamed(circuit, 'stimulus')];
    if (!target.ok) return target;
    if (!stimulus.ok) return stimulus;
    const [outputs, cues] = [target.value.shape[1], stimulus.value.shape[1]];
    if (cues < count) {
      const facts = { circuit: circuit.name, name: 'stimulus' };
      return failure(inputWidth({ ...facts, given: count, needed: cues }));
    }
    const wave = (stream: Stream): Float64Array => {
      const values = new Float64Array(steps * outputs);
      for (let output = 0; output < outputs; output++) {
        for (let m = 1; m <= components; m++) {
          const amplitude = stream.normal() / Math.sqrt(components);
          for (let t = 0; t < steps; t++) {
            values[t * outputs + output]! += amplitude * Math.sin((Math.PI * m * (t + 1)) / steps);
          }
        }
      }
      return values;
    };
    const all = Array.from({ length: count }, (_, k) => k);
    const rounds = training + chains + tests;
    const trialsOf = (round: number): Trial[] => {
      const name = round < training ? null : round < training + chains ? 'chain' : 'test';
      const length = joined ? steps * count : steps;
      return (joined ? [0] : all).map((k) =>
        name === null || (name === 'chain' && k === 0)
          ? { steps: length }
          : { steps: length, phases: [{ name, steps: length }] },
      );
    };
    return success({
      together: joined ? 1 : count,
      episode: (stream) => {
        const waves = all.map((k) => wave(stream.child('wave', k)));
        const chain = stream.child('chain').choose(all);
        const shuffles = stream.child('training');
        const targets = new Float64Array(rounds * count * steps * outputs);
        const stimuli = new Float64Array(rounds * count * steps * cues);
        for (let round = 0; round < rounds; round++) {
          const isAlone = round < training && !joined;
          const order = isAlone ? shuffles.choose(all) : chain;
          order.forEach((which, k) => {
            const from = (round * count + k) * steps;
            targets.set(waves[which]!, from * outputs);
            const isShown = k === 0 || (!joined && round < training + chains);
            if (isShown) stimuli[from * cues + which] = 1;
          });
        }
        return {
          timeline: { trials: Array.from({ length: rounds }, (_, k) => trialsOf(k)).flat() },
          stepInputs: { target: targets, stimulus: stimuli },
        };
      },
    });
  },
});
