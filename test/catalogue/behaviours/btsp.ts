import type { Behaviour, Figure } from '../behaviour.js';
import { predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { events, type Replayed, replayed } from './support/replayed.js';
import type { RuleFor } from './support/run.js';

/** Step and the times of presynaptic activity before (negative) and after the plateau, in ms. */
const DT = 20;
export const LEADS = [-3000, -1500, -600, -300, 0, 100, 200, 500, 1000];
const [PLATEAU, STEPS] = [160, 420];

/**
 * Short bursts at different times around one short plateau potential, of such sizes that each makes
 * its memory jump to 1: the weights before and after, `[before, after]`.
 */
export async function trajectory(rule: RuleFor, start: number): Promise<Replayed> {
  const jump = (tau: number): number => 1 / (1 - Math.exp(-DT / tau));
  const bursts = LEADS.map((lead, j) => [PLATEAU + lead / DT, j, jump(1500)] as const);
  return replayed(rule, {
    preSize: LEADS.length,
    postSize: 1,
    stepLength: DT,
    signals: {
      pre: events(STEPS, LEADS.length, bursts),
      'post.plateau': events(STEPS, 1, [[PLATEAU, 0, jump(500)]]),
    },
    start: { w: [LEADS.map(() => start)] },
    every: STEPS,
  });
}

const OVERLAPS = [0, 0.05, 0.1, 0.2, 0.3, 0.6];
/** w of a silent synapse at the end: dw/dt = u(t) (5 − w) − d(t) w in very short steps, by the equation. */
function grown(lead: number): number {
  let w = 0;
  const [last, dt] = [(STEPS - PLATEAU) * DT, 1];
  for (let t = -PLATEAU * DT; t < last; t += dt) {
    const overlap = t < 0 ? 0 : Math.exp(lead / 1500 - (t * 4) / 1500);
    const up = sigmoid(20 * (overlap - 0.3)) * (5 - w);
    w += (dt / 1000) * (up - 0.3 * sigmoid(20 * (overlap - 0.1)) * w);
  }
  return w;
}

const atLeast = (name: string, value: number, least: number): Figure => ({
  name,
  value,
  within: [least, Number.POSITIVE_INFINITY],
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const behaviour: Behaviour = {
  rule: 'btsp',
  claims: [
    {
      says: 'at a steady overlap w goes to k₊ w_max s₊ / (k₊ s₊ + k₋ s₋) at the rate k₊ s₊ + k₋ s₋, from below and from above',
      // The linear equation of Milstein et al. 2021 in w, in steps of 20 ms: what is left is
      // (1 − rate · dt)ⁿ of it.
      async measure(rule) {
        const steps = 40;
        const figures: Figure[] = [];
        for (const w of [0.5, 4]) {
          const done = await replayed(rule, {
            preSize: OVERLAPS.length,
            postSize: 1,
            stepLength: DT,
            signals: {
              pre: Array.from({ length: steps }, () => OVERLAPS),
              'post.plateau': Array.from({ length: steps }, () => [1]),
            },
            start: {
              w: [OVERLAPS.map(() => w)],
              'w: tag': [OVERLAPS],
              'w: signal': [[1]],
            },
            every: steps,
          });
          const perStep = (name: string): number => done.value(name) * DT;
          OVERLAPS.forEach((overlap, j) => {
            const up = perStep('k_plus') * sigmoid(20 * (overlap - 0.3));
            const down = perStep('k_minus') * sigmoid(20 * (overlap - 0.1));
            const level = (up * done.value('w_max')) / (up + down);
            const left = level + (w - level) * (1 - up - down) ** steps;
            const name = `w from ${w} at overlap ${overlap}`;
            figures.push(predictedWithin(name, done.end('w')[0]![j]!, left, ROUNDING));
          });
        }
        return figures;
      },
    },
    {
      says: 'short bursts and one plateau: silent synapses active up to seconds before it are potentiated, a burst Δ before it as much as one Δ / 3 after; strong ones are depressed most at intermediate distances',
      // After the second of the two events the overlap is c e^{−λt} with λ = 1/1.5 s + 1/0.5 s, c = e^{−Δ/1.5 s}
      // before and e^{−Δ/0.5 s} after the plateau: a window three times as wide on one side. Steps of 20 ms
      // add up to 20 ms / 2 · k₊ w_max = 0.05; drift without overlap (0.01 / s) that comes earlier or later, 0.02.
      // At w = 4 the change is −0.94, −0.22 and −0.15 / s where the overlap is 0.2, 0.5 and 0.
      async measure(rule) {
        const silent = (await trajectory(rule, 0)).end('w')[0]!;
        const strong = (await trajectory(rule, 4)).end('w')[0]!;
        const at = (row: readonly number[], lead: number): number => row[LEADS.indexOf(lead)]!;
        return [
          ...[-1500, -600, -300, 0].map((lead) =>
            predicted(
              `w of silent synapses, burst at ${lead} ms`,
              at(silent, lead),
              grown(lead),
              0.07,
            ),
          ),
          ...[100, 200, 500, 1000].map((lag) =>
            predicted(
              `w, burst at ${lag} ms minus at ${-3 * lag} ms`,
              at(silent, lag) - at(silent, -3 * lag),
              0,
              0.02,
            ),
          ),
          atLeast(
            'strong: lost at −1500 more than at 0 ms',
            at(strong, 0) - at(strong, -1500),
            0.05,
          ),
          atLeast(
            'strong: lost at −1500 more than at −3000 ms',
            at(strong, -3000) - at(strong, -1500),
            0.05,
          ),
        ];
      },
    },
  ],
};
