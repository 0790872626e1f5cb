import { assembleProgram } from './assemble.js';
import type { Timeline } from './circuit.js';
import type { Program } from './ir.js';
import { copied } from './with-tangents.js';

/** Step input `[1, 1]`: how much the loss after this step counts. */
const LOSS_WEIGHT = 'weight of the loss';
/** State `[1, 1]`: the weighted losses so far. */
const SUMMED_LOSS = 'summed loss';

/** What an episode is made of that this program needs, too. */
interface Parts {
  readonly start: Readonly<Record<string, Float64Array>>;
  readonly stepInputs: Readonly<Record<string, Float64Array>>;
}

/**
 * The program whose loss is a weighted sum of what its read-out says after each step, so that the loss of
 * an episode is a mean over several of its trials, with its exact gradient: such as all patterns once. Other
 * outputs of the read-out are those after the last step.
 *
 * Throws a `RangeError` for a program whose read-out is shown anything.
 */
export function withSummedLoss(program: Program): Program {
  if (program.queryInputs.length > 0) throw new RangeError(`${program.name} is asked at the end`);
  const stateCount = program.states.length;
  return assembleProgram({
    ...program,
    name: `${program.name}, loss summed`,
    states: [...program.states, { name: SUMMED_LOSS, shape: [1, 1] }],
    stepInputs: [...program.stepInputs, { name: LOSS_WEIGHT, shape: [1, 1] }],
    step(b, value) {
      const outputs = copied(program.step, b, value);
      const next = new Map(outputs.slice(0, stateCount).map(({ name, node }) => [name, node]));
      const [loss] = copied(program.readout, b, (name) => next.get(name) ?? value(name));
      const sum = b.add(value(SUMMED_LOSS), b.multiply(value(LOSS_WEIGHT), loss!.node));
      const states = [...outputs.slice(0, stateCount), { name: SUMMED_LOSS, node: sum }];
      return [...states, ...outputs.slice(stateCount)];
    },
    readout(b, value) {
      const [loss, ...others] = copied(program.readout, b, value);
      return [{ name: loss!.name, node: value(SUMMED_LOSS) }, ...others];
    },
  });
}

/** An episode of the program for that one: the mean of the losses after each of the last `count` trials. */
export function overLastTrials<E extends Parts>(
  episode: E,
  { trials }: Timeline,
  count: number,
): E {
  const weights = new Float64Array(trials.reduce((sum, { steps }) => sum + steps, 0));
  const counted = Math.min(count, trials.length);
  let end = 0;
  trials.forEach(({ steps }, trial) => {
    end += steps;
    if (trial >= trials.length - counted && end > 0) weights[end - 1] = 1 / counted;
  });
  return {
    ...episode,
    start: { ...episode.start, [SUMMED_LOSS]: new Float64Array(1) },
    stepInputs: { ...episode.stepInputs, [LOSS_WEIGHT]: weights },
  };
}
