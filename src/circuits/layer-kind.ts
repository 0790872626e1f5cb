import { wholeVocabulary } from '../language/vocabulary.js';
import { ACTIVATIONS } from './activation.js';
import { circuitKind } from './kind.js';
import { LAYER_DEFAULTS, LAYER_OFFERS, layer, layerTable } from './layer.js';
import { countOption, numberOption, wordOption, wordsOption } from './options.js';

/** A layer, or a single neuron, as people choose it. */
export const layerKind = circuitKind({
  name: 'layer',
  meaning:
    'a layer of neurons, or a single one, that is shown one pattern after the other; targets, rewards and the like come with the pattern where they are asked for',
  step: 'one pattern, or dt: the neurons answer it',
  trial: 'a sequence of patterns, as the timeline says',
  projections: [
    {
      kind: 'forward',
      meaning: 'from the pattern to the neurons',
      table: layerTable({
        offers: LAYER_OFFERS,
        stepLength: null,
        phases: wholeVocabulary.phases,
      }),
    },
  ],
  options: {
    inputs: countOption({ meaning: 'values of a pattern', least: 1 }),
    outputs: countOption({ meaning: 'neurons', fallback: 1, least: 1 }),
    activation: wordOption({
      meaning: 'what a neuron makes of its summed input',
      fallback: LAYER_DEFAULTS.activation,
      words: ACTIVATIONS,
    }),
    offers: wordsOption({
      meaning:
        'what comes with a pattern; target brings post.target, post.feedback, post.error and cost',
      fallback: LAYER_DEFAULTS.offers,
      words: LAYER_OFFERS,
    }),
    density: numberOption({
      meaning: 'share of the synapses that exist',
      fallback: LAYER_DEFAULTS.density,
      least: 0,
      above: true,
      most: 1,
    }),
    dt: numberOption({
      meaning: 'length of a step in milliseconds; 0: steps are counted',
      fallback: 0,
      least: 0,
    }),
    phases: wordsOption({
      meaning: 'phases a trial may have',
      fallback: LAYER_DEFAULTS.phases,
      words: wholeVocabulary.phases,
    }),
    queries: countOption({
      meaning: 'patterns the read-out is shown at once; 0: no read-out',
      fallback: LAYER_DEFAULTS.queries,
      least: 0,
    }),
  },
  make: ({ dt, ...options }) => layer({ ...options, stepLength: dt === 0 ? null : dt }),
});
