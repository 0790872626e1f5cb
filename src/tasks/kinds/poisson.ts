import { unknownInput } from '../../base/diagnostics/circuit.js';
import { failure, success, unwrap } from '../../base/result.js';
import { numberOption } from '../../circuits/options.js';
import { poissonSpikes } from '../inputs/spikes.js';
import { sequenceKind } from '../kind.js';
import { LENGTHS, plainTrials } from './slots.js';

const SPIKES = 'spikes of ';

/** Independent spike trains. */
export const poisson = sequenceKind({
  name: 'poisson',
  meaning: 'independent Poisson spike trains at every input',
  circuits: 'those whose inputs are spikes, such as spiking',
  settings: {
    rate: numberOption({
      meaning: 'spikes per second of each input',
      fallback: 10,
      least: 0,
      most: 1e4,
    }),
    ...LENGTHS,
  },
  make: ({ rate, steps, trials }, circuit) => {
    const slots = circuit.stepInputs.filter(({ name }) => name.startsWith(SPIKES));
    const { stepLength } = circuit;
    if (slots.length === 0 || stepLength === null) {
      const known = circuit.stepInputs.map(({ name }) => name);
      const facts = { circuit: circuit.name, what: 'input', given: `${SPIKES}…`, known } as const;
      return failure(unknownInput(facts));
    }
    return success({
      together: 1,
      episode: (stream) => ({
        timeline: plainTrials(circuit, trials, steps),
        stepInputs: Object.fromEntries(
          slots.map(({ name, shape }) => {
            const rates = new Array<number>(shape[1]).fill(rate);
            const options = { steps: steps * trials, rates, stepLength };
            return [name, unwrap(poissonSpikes(stream.child(name), options))];
          }),
        ),
      }),
    });
  },
});
