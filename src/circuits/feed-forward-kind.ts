import { feedForward } from './feed-forward.js';
import { MEASURES, MEASURES_MEANING } from './feed-forward-measures.js';
import { DIFFERENTIATE, FEEDBACKS, feedForwardTable, SCALES } from './feed-forward-tables.js';
import { circuitKind } from './kind.js';
import {
  countOption,
  countsOption,
  flagOption,
  numberOption,
  wordOption,
  wordsOption,
} from './options.js';

/** The feed-forward network as people choose it. */
export const feedForwardKind = circuitKind({
  name: 'feed-forward',
  meaning:
    'a fully connected network that learns online; errors come back through weights of their own, fixed (feedback alignment, direct feedback) or learned, or through the forward weights (backpropagation)',
  step: 'one sample: forward pass, errors from the output down to the input, one update of all weights',
  trial: 'an episode',
  projections: [
    {
      kind: 'forward',
      meaning: 'from each layer to the next',
      table: feedForwardTable('plastic', 'forward', true),
    },
    {
      kind: 'feedback',
      meaning:
        'from each layer back to the one below (with feedback: plastic); w is what carries the error down, pre the upper neuron',
      table: feedForwardTable('plastic', 'feedback', true),
    },
    {
      kind: 'bias',
      meaning: 'the bias of each neuron above the input (with bias: true); pre is always 1',
      table: feedForwardTable('plastic', 'bias', true),
    },
  ],
  options: {
    sizes: countsOption({
      meaning: 'neurons a layer, input first, output last',
      least: 1,
      shortest: 2,
    }),
    beta: numberOption({
      meaning: 'sharpness of the softplus log(1 + exp(beta u))/beta of the hidden layers',
      fallback: 10,
      least: 0,
      above: true,
    }),
    feedback: wordOption({
      meaning:
        'what carries errors back: fixed random weights from layer to layer (random) or straight from the output (direct), weights that learn by a rule of their own (plastic), the forward weights (symmetric)',
      fallback: 'random',
      words: FEEDBACKS,
    }),
    bias: flagOption({ meaning: 'whether neurons have a bias', fallback: false }),
    weightScale: numberOption({ meaning: SCALES.weightScale, fallback: 1, least: 0 }),
    feedbackScale: numberOption({ meaning: SCALES.feedbackScale, fallback: 1, least: 0 }),
    differentiateFeedback: flagOption({ meaning: DIFFERENTIATE, fallback: true }),
    measures: wordsOption({ meaning: MEASURES_MEANING, fallback: [], words: MEASURES }),
    queries: countOption({
      meaning: 'images the read-out is shown at once; 0: no read-out',
      fallback: 0,
      least: 0,
    }),
  },
  make: feedForward,
});
