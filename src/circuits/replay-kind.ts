import { wholeVocabulary } from '../language/vocabulary.js';
import { circuitKind } from './kind.js';
import { countOption, flagOption, numberOption, wordsOption } from './options.js';
import { replay } from './replay.js';

const NAMES = wholeVocabulary.signals.map(({ name }) => name);

/** A recording as people choose it: with signals of the vocabulary. */
export const replayKind = circuitKind({
  name: 'replay',
  meaning:
    'a recording: every signal comes from outside, step by step, and only the weights of one projection live',
  step: 'one row of the recording',
  trial: 'as the recording says',
  projections: [
    {
      kind: 'replayed',
      meaning: 'the recorded synapses',
      table: { ...wholeVocabulary, name: 'replay', projections: ['replayed'] },
    },
  ],
  options: {
    preSize: countOption({ meaning: 'presynaptic neurons', least: 1 }),
    postSize: countOption({ meaning: 'postsynaptic neurons', least: 1 }),
    signals: wordsOption({
      meaning: 'what was recorded',
      fallback: ['w', 'pre', 'post'],
      words: NAMES,
    }),
    dt: numberOption({
      meaning: 'length of a step in milliseconds; 0: steps are counted',
      fallback: 0,
      least: 0,
    }),
    masked: flagOption({ meaning: 'whether some synapses do not exist', fallback: false }),
    wanted: flagOption({
      meaning: 'whether the loss is the mean squared distance of the last weights from wanted ones',
      fallback: false,
    }),
  },
  make: ({ dt, ...options }) => {
    const time = dt === 0 ? 'steps' : 'milliseconds';
    const table = { ...wholeVocabulary, name: 'replay', projections: ['replayed'], time } as const;
    return replay(table, { ...options, stepLength: dt === 0 ? null : dt });
  },
});
