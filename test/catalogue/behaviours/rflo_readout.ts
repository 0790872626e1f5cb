import type { Behaviour } from '../behaviour.js';
import { predictedWithin, ROUNDING } from './support/figures.js';
import { againstGradient, learningSines, networkOf } from './support/recurrent-network.js';
import { type RuleFor, run, written } from './support/run.js';
import { mean } from './support/vectors.js';

/** Losses while only the read-out of a network learns three sines, trial by trial. */
export const trajectory = (rule: RuleFor, seed = 1): Promise<number[]> =>
  learningSines({ readout: rule }, { trials: 150, seed, values: { eta: 0.1 } });

export const behaviour: Behaviour = {
  rule: 'rflo_readout',
  claims: [
    {
      says: 'a trial changes the read-out by −η times the gradient of its loss, exactly, whatever the recurrent weights',
      measure: (rule) =>
        againstGradient({ gain: 1.5 }, { readout: rule }, { times: -0.03, most: 1e-9 }),
    },
    {
      says: 'one neuron: the distance of the read-out from the best one falls by 1 − η ⟨h²⟩ a trial',
      // The loss is quadratic in the read-out: w* = ⟨h y*⟩ / ⟨h²⟩ over the steps of a trial.
      async measure(rule) {
        const circuit = networkOf({ neurons: 1, inputs: 1, gain: 0.5, tau: 4 });
        const [steps, trials] = [30, 50];
        const stimulus = Array.from({ length: steps }, (_, t) => [40 * Math.sin(t / 5)]);
        const target = Array.from({ length: steps }, (_, t) => [Math.sin(t / 5 - 0.5)]);
        const many = <T>(rows: readonly T[]): T[] =>
          Array.from({ length: trials }, () => rows).flat();
        const checked = rule(circuit.tables.readout!);
        const done = await run({
          circuit,
          rules: { readout: checked },
          timeline: { trials: Array.from({ length: trials }, () => ({ steps })) },
          inputs: { stimulus: many(stimulus), target: many(target) },
          start: { readout: [[-0.7]] },
          record: ['activity'],
        });
        const h = done
          .moments('activity')
          .slice(0, steps)
          .map((moment) => moment[0]![0]!);
        const square = mean(h.map((x) => x * x));
        const best = mean(h.map((x, t) => x * target[t]![0]!)) / square;
        const left = (1 - written(checked, 'eta') * square) ** trials * (-0.7 - best);
        return [
          predictedWithin(
            'w − w* after 50 trials',
            done.end('readout')[0]![0]! - best,
            left,
            ROUNDING,
          ),
        ];
      },
    },
  ],
};
