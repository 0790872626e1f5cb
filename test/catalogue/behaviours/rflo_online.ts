import type { Behaviour } from '../behaviour.js';
import { atMost, predictedWithin } from './support/figures.js';
import { another } from './support/network.js';
import { againstGradient, learningSines, TRIAL } from './support/recurrent-network.js';
import type { Companion, RuleFor } from './support/run.js';

const TRIALS = 150;
/** Changes of 40 steps add up. */
const VALUES = { 'rflo_online.eta': 0.0025, 'rflo_online.tau': 5, 'rflo_readout.eta': 0.1 };

/** Losses while a network learns three sines, trial by trial. */
export const trajectory = (rule: RuleFor, companion: Companion, seed = 1): Promise<number[]> =>
  learningSines(
    { recurrent: rule, readout: another(companion, 'rflo_readout') },
    { trials: TRIALS, seed, values: VALUES },
  );

export const behaviour: Behaviour = {
  rule: 'rflo_online',
  claims: [
    {
      says: 'as η goes to 0 the changes of a trial sum to −η times the gradient of the summed loss (no recurrent weights, symmetric feedback)',
      // Weights that move within the trial make a difference of order η: 1e-5 or less at η = 1e-6.
      measure: (rule) =>
        againstGradient(
          { gain: 0, feedback: 'symmetric' },
          { recurrent: rule, input: rule },
          { times: -1e-6 * TRIAL, most: 1e-4, values: { eta: 1e-6 } },
        ),
    },
    {
      says: 'with random feedback a network learns three sines within 150 trials while the trials go on',
      // As for rflo: to answer 0 costs 0.328, and the read-out alone leaves about half of it.
      async measure(rule, companion) {
        const losses = await trajectory(rule, companion);
        return [
          predictedWithin('loss of the first trial', losses[0]!, 0.328, 0.05),
          atMost('loss of the last trial', losses.at(-1)!, 0.328 / 3),
        ];
      },
    },
  ],
};
