import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, ROUNDING } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import {
  denseSpikes,
  farthest,
  imposed,
  pastSum,
  type SpikeLaw,
  type SpikeTimes,
  summed,
} from './support/spikes.js';

const [TAU_PLUS, TAU_X, TAU_MINUS, TAU_Y] = [16.8, 101, 33.7, 125];

type Amplitudes = (name: string) => number;

/** Pfister & Gerstner 2006, Eqs 3 and 4: what a spike reads does not count itself. */
const triplets =
  (a: Amplitudes): SpikeLaw =>
  (pre, post) => ({
    onPost: (t) =>
      pastSum(pre, t, TAU_PLUS) * (a('A2_plus') + a('A3_plus') * pastSum(post, t, TAU_Y)),
    onPre: (t) =>
      -pastSum(post, t, TAU_MINUS) * (a('A2_minus') + a('A3_minus') * pastSum(pre, t, TAU_X)),
  });

/**
 * The pairings of Sjöström, Turrigiano & Nelson 2001 as Pfister & Gerstner simulate them: 60 pairs, the
 * postsynaptic spike 10 ms after or before the presynaptic one, at a rate in Hz; the data with standard
 * errors, as they list them.
 */
export const PAIRINGS = [
  { rate: 10, lag: 10, change: 0.14, error: 0.1 },
  { rate: 20, lag: 10, change: 0.29, error: 0.14 },
  { rate: 40, lag: 10, change: 0.53, error: 0.11 },
  { rate: 50, lag: 10, change: 0.56, error: 0.26 },
  { rate: 10, lag: -10, change: -0.41, error: 0.11 },
  { rate: 20, lag: -10, change: -0.34, error: 0.1 },
  { rate: 40, lag: -10, change: 0.56, error: 0.32 },
  { rate: 50, lag: -10, change: 0.75, error: 0.19 },
] as const;

const PAIRS = 60;

const regular = (rate: number, from: number): SpikeTimes =>
  Array.from({ length: PAIRS }, (_, k) => from + (1000 / rate) * k);

/** Change of weight by each pairing. */
export async function pairings(rule: RuleFor) {
  const { weights, value } = await imposed(rule, {
    steps: (PAIRS * 1000) / 10,
    pre: PAIRINGS.map(({ rate }) => regular(rate, 10)),
    post: PAIRINGS.map(({ rate, lag }) => regular(rate, 10 + lag)),
    weights: 0,
  });
  // Every neuron meets every other; the pairings are on the diagonal.
  const changes = PAIRINGS.map((_, k) => weights[k * PAIRINGS.length + k]!);
  return { changes, value };
}

export const behaviour: Behaviour = {
  rule: 'stdp_triplet',
  claims: [
    {
      says: 'pairs and triplets one by one: only a second postsynaptic spike potentiates, and a second presynaptic one depresses more',
      async measure(rule) {
        const { weights, value: a } = await imposed(rule, {
          steps: 200,
          pre: [[50], [50, 70]],
          post: [[60], [40], [45, 60]],
          weights: 0,
        });
        const plus = (lag: number, others: number): number =>
          Math.exp(-lag / TAU_PLUS) * (a('A2_plus') + a('A3_plus') * others);
        const minus = (lag: number, others: number): number =>
          -Math.exp(-lag / TAU_MINUS) * (a('A2_minus') + a('A3_minus') * others);
        const again = Math.exp(-20 / TAU_X);
        const expected = [
          plus(10, 0),
          plus(10, 0) + minus(10, again),
          minus(10, 0),
          minus(10, 0) + minus(30, again),
          minus(5, 0) + plus(10, Math.exp(-15 / TAU_Y)),
          minus(5, 0) + plus(10, Math.exp(-15 / TAU_Y)) + minus(10, again) + minus(25, again),
        ];
        // A₂₊ is 5e-10, so that a pair alone must be right to 1e-6 of that.
        const shares = Array.from(weights, (w, k) => Math.abs(w / expected[k]! - 1));
        return [atMost('largest distance, as a share', Math.max(...shares), 1e-6)];
      },
    },
    {
      says: 'random spikes, many of them coincident: the sum over all pairs and triplets',
      async measure(rule) {
        const protocol = { ...denseSpikes(), weights: 0 };
        const { weights, value } = await imposed(rule, protocol);
        return [
          atMost(
            'largest distance',
            farthest(weights, summed(protocol, triplets(value))),
            ROUNDING,
          ),
        ];
      },
    },
    {
      says: '60 pairs at 10 to 50 Hz: potentiation grows with the rate of pairing, and post before pre turns from depression to potentiation, as measured in visual cortex',
      // In the steady state both sums over earlier spikes are geometric series. Fits to the data are good
      // to two standard errors of theirs.
      async measure(rule) {
        const { changes, value: a } = await pairings(rule);
        const series = (first: number, period: number, tau: number, count: number): number => {
          const q = Math.exp(-period / tau);
          return (Math.exp(-first / tau) * (1 - q ** count)) / (1 - q);
        };
        const expected = PAIRINGS.map(({ rate, lag }) => {
          const period = 1000 / rate;
          let sum = 0;
          for (let k = 0; k < PAIRS; k++) {
            const [before, after] = lag > 0 ? [k + 1, k] : [k, k + 1];
            const toPost = lag > 0 ? lag : period + lag;
            const toPre = lag > 0 ? period - lag : -lag;
            const x1 = series(toPost, period, TAU_PLUS, before);
            const y1 = series(toPre, period, TAU_MINUS, after);
            const y2 = series(period, period, TAU_Y, k);
            const x2 = series(period, period, TAU_X, k);
            sum += x1 * (a('A2_plus') + a('A3_plus') * y2);
            sum -= y1 * (a('A2_minus') + a('A3_minus') * x2);
          }
          return sum;
        });
        return [
          atMost('largest distance from the series', farthest(changes, expected), ROUNDING),
          ...PAIRINGS.map(({ rate, lag, change, error }, k) =>
            predicted(`change at ${rate} Hz, ${lag} ms`, changes[k]!, change, 2 * error),
          ),
        ];
      },
    },
  ],
};
