import type { Behaviour } from '../behaviour.js';
import { atMost, predicted } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import { farthest, imposed, lagsUpTo, pairAtEach } from './support/spikes.js';

/** Time constant of calcium in ms; steps that make the delay of 13.7 ms a whole number of steps. */
const [TAU_CALCIUM, DELAY, DT] = [20, 13.7, 0.1];
const START = 0.5;

type Value = (parameter: string) => number;

/** Lags at which the calcium of both comes one after the other, and the one at which it comes at once. */
const LAGS = [...lagsUpTo(30).map((k) => 2 * k), DELAY];

/** Weights after one pair of spikes from 0.5, by the lag from pre to post in ms. */
export async function pairing(rule: RuleFor, lags = LAGS) {
  const steps = lags.map((lag) => Math.round(lag / DT));
  const { weights, value } = await imposed(rule, {
    ...pairAtEach(steps, 600),
    dt: DT,
    weights: START,
  });
  return { lags, weights, value };
}

/** Steps of a jump of calcium to `height` before it is back at the threshold: n with height e^(−n dt/τ) above it. */
const stepsAbove = (height: number, threshold: number): number =>
  height > threshold ? Math.ceil((TAU_CALCIUM / DT) * Math.log(height / threshold)) : 0;

/**
 * The weight after calcium jumped to these heights, each for so many steps: while it is above the higher
 * threshold the weight relaxes to γp/(γp + γd), then, above the lower one, to 0. The third term of the rule
 * is left out: it moves a weight that is 0.02 from 0.5 by 0.25 · 0.02 · 100 ms/150 s = 3e-6.
 */
function relaxed(segments: readonly { height: number; steps: number }[], value: Value): number {
  const [gammaP, gammaD] = [value('gamma_p'), value('gamma_d')];
  const share = DT / value('tau');
  return segments.reduce((w, { height, steps }) => {
    const both = Math.min(steps, stepsAbove(height, value('high')));
    const sinking = Math.min(steps, stepsAbove(height, value('low'))) - both;
    const goal = gammaP / (gammaP + gammaD);
    const risen = goal + (w - goal) * (1 - share * (gammaP + gammaD)) ** both;
    return risen * (1 - share * gammaD) ** sinking;
  }, START);
}

/** Calcium of a pair: the presynaptic spike's comes 13.7 ms late. */
function pairSegments(lag: number, value: Value) {
  const ahead = Math.round((lag - DELAY) / DT);
  const [sooner, later] =
    ahead > 0 ? [value('C_pre'), value('C_post')] : [value('C_post'), value('C_pre')];
  const between = Math.abs(ahead);
  const height = later + sooner * Math.exp((-between * DT) / TAU_CALCIUM);
  return [
    { height: sooner, steps: between },
    { height, steps: Number.POSITIVE_INFINITY },
  ];
}

/** ẇ = −w(1 − w)(½ − w)/τ in closed form: with u = w − ½, u²/(¼ − u²) grows as e^(t/2τ). */
function drifted(start: number, time: number, tau: number): number {
  const u = start - 0.5;
  if (Math.abs(u) === 0.5) return start;
  const z = (u ** 2 / (0.25 - u ** 2)) * Math.exp(time / (2 * tau));
  return 0.5 + Math.sign(u) * 0.5 * Math.sqrt(z / (1 + z));
}

export const DRIFT_STARTS = [0, 0.1, 0.3, 0.45, 0.49, 0.5, 0.51, 0.55, 0.7, 0.9, 1];

/** Weights without spikes, every 15 s of 1,500 s in time constants of 150 s (a hundred times faster here). */
export async function drifting(rule: RuleFor) {
  const [dt, tau] = [1.37, 1500];
  const every = Math.round(150 / dt);
  const { course } = await imposed(rule, {
    steps: 100 * every,
    dt,
    pre: [[]],
    post: DRIFT_STARTS.map(() => []),
    weights: Float64Array.from(DRIFT_STARTS),
    values: { tau },
    every,
  });
  return { course, times: course.map((_, k) => (k + 1) * every * dt), tau };
}

export const behaviour: Behaviour = {
  rule: 'calcium',
  claims: [
    {
      says: 'one postsynaptic spike: its calcium is above the thresholds for τ ln(2/1.3) = 8.6 ms and τ ln 2 = 13.9 ms; a presynaptic spike alone does nothing',
      // With γd = 0 the time above the higher threshold is −τ ln((1 − w)/(1 − w₀))/γp, and with γp = 0 that
      // above the lower one −τ ln(w/w₀)/γd; up to a step and the rise within it.
      async measure(rule) {
        const spikes = { steps: 400, dt: DT, weights: START };
        const after = { ...spikes, pre: [[]], post: [[20]] };
        const up = await imposed(rule, { ...after, values: { gamma_d: 0 } });
        const down = await imposed(rule, { ...after, values: { gamma_p: 0 } });
        const neither = await imposed(rule, { ...spikes, pre: [[20]], post: [[]] });
        const { value } = neither;
        const tau = value('tau');
        const rising = -Math.log((1 - up.weights[0]!) / (1 - START)) * (tau / value('gamma_p'));
        const sinking = -Math.log(down.weights[0]! / START) * (tau / value('gamma_d'));
        return [
          predicted('ms above high', rising, TAU_CALCIUM * Math.log(2 / 1.3), DT),
          predicted('ms above low', sinking, TAU_CALCIUM * Math.log(2), DT),
          predicted('change by a presynaptic spike', neither.weights[0]! - START, 0, 0),
        ];
      },
    },
    {
      says: 'one pair of spikes at lags from −60 to 60 ms: two relaxations as long as the calcium of both is above the thresholds, that of the presynaptic spike 13.7 ms late',
      async measure(rule) {
        const { lags, weights, value } = await pairing(rule);
        const expected = lags.map((lag) => relaxed(pairSegments(lag, value), value));
        return [atMost('largest distance', farthest(weights, expected), 5e-6)];
      },
    },
    {
      says: 'without spikes there are two stable states: weights below 0.5 go to 0, those above to 1, along the closed form',
      // Steps of 1.37 ms at a rate of at most 1/(2τ): Euler’s method is off by dt/(4τ) = 2e-4 of the way.
      async measure(rule) {
        const { course, times, tau } = await drifting(rule);
        const apart = course.map((w, k) =>
          farthest(
            w,
            DRIFT_STARTS.map((start) => drifted(start, times[k]!, tau)),
          ),
        );
        const last = course.at(-1)!;
        return [
          atMost('largest distance from the closed form', Math.max(...apart), 5e-4),
          predicted('from 0.5', last[DRIFT_STARTS.indexOf(0.5)]!, 0.5, 0),
          predicted(
            'from 0.45',
            last[DRIFT_STARTS.indexOf(0.45)]!,
            drifted(0.45, times.at(-1)!, tau),
            5e-4,
          ),
          predicted(
            'from 0.55',
            last[DRIFT_STARTS.indexOf(0.55)]!,
            drifted(0.55, times.at(-1)!, tau),
            5e-4,
          ),
        ];
      },
    },
  ],
};
