import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, ROUNDING } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import {
  alike,
  farthest,
  imposed,
  meanOver,
  randomTrains,
  type SpikeTimes,
} from './support/spikes.js';
import { layerLearned } from './support/spiking-layer.js';

/** A running mean keeps this much from trial to trial. */
const KEPT = 0.95;
const START = 0.1;

type Value = (parameter: string) => number;

/** The weight after trials with these numbers of spikes. */
function scaled(pre: readonly number[], post: readonly number[], value: Value): number {
  let [w, before, after] = [START, 0, 0];
  pre.forEach((spikes, k) => {
    before = KEPT * before + (1 - KEPT) * spikes;
    after = KEPT * after + (1 - KEPT) * post[k]!;
    w *= 1 + value('eta') * before * (value('goal') - after);
  });
  return w;
}

/** Spikes in each of equal trials. */
const perTrial = (times: SpikeTimes, trials: number, length: number): number[] =>
  Array.from(
    { length: trials },
    (_, k) => times.filter((t) => Math.floor(t / length) === k).length,
  );

const [NEURONS, INPUTS, TRIALS, LENGTH] = [4, 20, 250, 50];

/**
 * Four neurons with 20 inputs that spike once a trial, one after the other within 20 ms, and two that never
 * do. Spikes in each trial, and the last weights.
 */
export async function rehearsing(rule: RuleFor) {
  const volley = Array.from(
    { length: INPUTS },
    (_, j): SpikeTimes => Array.from({ length: TRIALS }, (_trial, k) => k * LENGTH + 5 + j),
  );
  return layerLearned(rule, {
    options: { neurons: NEURONS },
    excitatory: [...volley, [], []],
    learns: 'excitatory',
    // 4 to 7 mV if nothing leaked: all neurons are silent at first.
    start: {
      excitatory: Float64Array.from(
        { length: NEURONS * (INPUTS + 2) },
        (_, at) => 0.2 + 0.05 * Math.floor(at / (INPUTS + 2)),
      ),
      'initial voltage of layer': new Float64Array(NEURONS).fill(-70),
    },
    values: { 'w_max of excitatory': 5 },
    trials: alike(TRIALS, LENGTH),
  });
}

export const behaviour: Behaviour = {
  rule: 'psd',
  claims: [
    {
      says: 'random spikes in 30 trials: once a trial w grows by the share η a_pre(goal − a_post), a the running mean over trials',
      async measure(rule) {
        const [trials, length] = [30, 20];
        const each = { probabilities: [0, 0.02, 0.05, 0.15], steps: trials * length };
        const [pre, post] = [randomTrains('psd pre', each), randomTrains('psd post', each)];
        const { weights, value } = await imposed(rule, {
          steps: trials * length,
          trials,
          pre,
          post,
          weights: START,
        });
        const counted = (times: SpikeTimes) => perTrial(times, trials, length);
        const expected = post.flatMap((after) =>
          pre.map((before) => scaled(counted(before), counted(after), value)),
        );
        return [
          atMost('largest distance', farthest(weights, expected), ROUNDING),
          predicted('weight from a silent neuron onto a silent one', weights[0]!, START, 0),
        ];
      },
    },
    {
      says: 'one presynaptic spike a trial: a silent neuron’s weight grows to w_max, one that fires once a trial keeps its weight',
      // After 100 trials Σ (1 − 0.95ᵏ) = 81 would make 0.1 · e^(0.02 · 81) = 0.5; after 200 the bound is there.
      async measure(rule) {
        const once = Array.from({ length: 200 }, (_, k) => 5 * k + 2);
        const protocol = {
          steps: 1000,
          trials: 200,
          pre: [once],
          post: [[], once],
          weights: START,
          start: { a_post: Float64Array.of(0, 1) },
        };
        const { weights } = await imposed(rule, protocol);
        return [
          predicted('silent', weights[0]!, 1, 0),
          predicted('one spike a trial', weights[1]!, START, ROUNDING),
        ];
      },
    },
    {
      says: 'neurons that are silent at first come to fire exactly once a trial; weights from silent inputs stay',
      async measure(rule) {
        const { spikes, weights } = await rehearsing(rule);
        const late = spikes.slice(-50).flat();
        const silent = Array.from(weights).filter((_, at) => at % (INPUTS + 2) >= INPUTS);
        const starts = silent.map((_, k) => 0.2 + 0.05 * Math.floor(k / 2));
        return [
          predicted('spikes of the first 10 trials', meanOver(spikes.slice(0, 10).flat()), 0, 0),
          predicted('fewest spikes in one of the last 50 trials', Math.min(...late), 1, 0),
          predicted('most spikes in one of the last 50 trials', Math.max(...late), 1, 0),
          predicted('change of weights from silent inputs', farthest(silent, starts), 0, 0),
        ];
      },
    },
  ],
};
