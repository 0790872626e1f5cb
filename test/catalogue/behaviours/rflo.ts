import type { Behaviour, Figure } from '../behaviour.js';
import { atMost, predictedWithin } from './support/figures.js';
import { another, difference } from './support/network.js';
import {
  againstGradient,
  learningSines,
  networkOf,
  oneTrial,
  SMALL,
  startOf,
} from './support/recurrent-network.js';
import type { Companion, RuleFor } from './support/run.js';
import { dot, mean, norm } from './support/vectors.js';

const TRIALS = 150;
const VALUES = { 'rflo.eta': 0.1, 'rflo.tau': 5, 'rflo_readout.eta': 0.1 };

/** Losses while a network learns three sines, trial by trial. */
export const trajectory = (rule: RuleFor, companion: Companion, seed = 1): Promise<number[]> =>
  learningSines(
    { recurrent: rule, readout: another(companion, 'rflo_readout') },
    { trials: TRIALS, seed, values: VALUES },
  );

export const behaviour: Behaviour = {
  rule: 'rflo',
  claims: [
    {
      says: 'without recurrent weights and with symmetric feedback a trial changes weights by −η times the gradient of its loss, exactly',
      // Murray 2019: RFLO leaves out of real-time recurrent learning what goes through recurrent weights, and
      // brings errors by other weights. Where neither differs it is the gradient (here of 25 steps).
      measure: (rule) =>
        againstGradient(
          { gain: 0, feedback: 'symmetric' },
          { recurrent: rule, input: rule },
          { times: -0.03, most: 1e-9 },
        ),
    },
    {
      says: 'with recurrent weights (gain 0.5 and 1.5) it is no longer the gradient but still goes down',
      async measure(rule) {
        const figures: Figure[] = [];
        for (const gain of [0.5, 1.5]) {
          const settings = { gain, feedback: 'symmetric' };
          const start = startOf(networkOf({ ...SMALL, ...settings }), 3);
          const learned = await oneTrial(settings, { recurrent: rule }, { seed: 3 });
          const still = await oneTrial(settings, {}, { seed: 3 });
          const change = difference(learned.end('recurrent'), start.recurrent!).flat();
          const slope = still.slopes('recurrent').flat();
          const cosine = -dot(change, slope) / (norm(change) * norm(slope));
          figures.push({
            name: `cosine with the way down, gain ${gain}`,
            value: cosine,
            within: [0, 1],
          });
        }
        return figures;
      },
    },
    {
      says: 'with random feedback a network learns three sines within 150 trials, far better than by its read-out alone (means of two)',
      // The task of Murray 2019. At first the output is about 0, which costs ½ · ½ (1 + ½² + ¼²) = 0.328; the
      // read-out alone takes the first half away. (10,000 trials lead RFLO to 1.5e-4 with 100 neurons.)
      async measure(rule, companion) {
        const readout = another(companion, 'rflo_readout');
        const both = await Promise.all([1, 2].map((seed) => trajectory(rule, companion, seed)));
        const alone = await Promise.all(
          [1, 2].map((seed) =>
            learningSines({ readout }, { trials: TRIALS, seed, values: { eta: 0.1 } }),
          ),
        );
        const after = (losses: number[][]): number => mean(losses.map((each) => each.at(-1)!));
        return [
          predictedWithin(
            'loss of the first trial',
            mean(both.map(([first]) => first!)),
            0.328,
            0.03,
          ),
          atMost('loss of the last trial', after(both), 0.328 / 4),
          atMost('loss over that of the read-out alone', after(both) / after(alone), 0.5),
        ];
      },
    },
  ],
};
