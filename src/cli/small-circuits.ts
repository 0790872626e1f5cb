import { LAYER_OFFERS } from '../circuits/layer.js';
import { wholeVocabulary } from '../language/vocabulary.js';

type Settings = Readonly<Record<string, unknown>>;

/**
 * Circuits as small as they can be read, with layers of different sizes; the simplest come first. Of each
 * the settings to be tried in turn: what a rule reads decides what a circuit must offer.
 */
export const SMALL_CIRCUITS: Readonly<
  Record<string, (reads: readonly string[]) => readonly Settings[]>
> = {
  layer: () => {
    const layer = { inputs: 4, outputs: 3, queries: 2 };
    const offers = [[], ['target'], ['reward'], LAYER_OFFERS];
    const phases = [[], wholeVocabulary.phases];
    return [0, 1].flatMap((dt) =>
      phases.flatMap((named) =>
        offers.map((each) => ({ ...layer, dt, phases: named, offers: each })),
      ),
    );
  },
  'feed-forward': () => {
    const network = { sizes: [4, 3, 2], queries: 2 };
    return [
      network,
      { ...network, bias: true },
      { ...network, feedback: 'plastic' },
      { ...network, bias: true, feedback: 'plastic' },
    ];
  },
  recurrent: () => [{ inputs: 3, neurons: 4, outputs: 2 }],
  relaxing: () => [{ inputs: 2, hidden: 2, outputs: 1 }],
  spiking: () => {
    const layer = { neurons: 3, excitatory: 4 };
    return [1, 0.1].flatMap((dt) => [
      { ...layer, dt },
      { ...layer, dt, inhibitory: 2 },
      { ...layer, dt, recurrent: true },
      { ...layer, dt, inhibitory: 2, recurrent: true },
    ]);
  },
  'recurrent-cued': () => [{ cues: 2, neurons: 4, outputs: 2 }],
  'recurrent-spiking': () => [{ inputs: 3, neurons: 4, outputs: 2 }],
  'predictive-coding': () => [{ inputs: 4, hidden: [3], outputs: 2 }],
  'simple-complex': () => [{ inputs: 4, outputs: 3 }],
  perturbed: () => [
    { inputs: 4, outputs: 3 },
    { inputs: 4, outputs: 3, perturbs: 'weights' },
  ],
  reservoir: () => [{ neurons: 4 }],
  replay: (signals) => [
    { preSize: 4, postSize: 3, signals },
    { preSize: 4, postSize: 3, signals, dt: 1 },
    { preSize: 4, postSize: 3, signals, dt: 0.1 },
  ],
};
