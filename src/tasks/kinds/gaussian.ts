import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { covarianceMissing, inputWidth } from '../../base/diagnostics/task.js';
import { Stream } from '../../base/random.js';
import { failure, success, unwrap } from '../../base/result.js';
import { numbersOption, rowsOption, type ValuesOf } from '../../circuits/options.js';
import { gaussianInputs } from '../inputs/gaussian.js';
import { sequenceKind } from '../kind.js';
import { INPUT, inputNamed, LENGTHS, plainTrials } from './slots.js';

const SETTINGS = {
  eigenvalues: numbersOption({
    meaning:
      'variances along the principal axes, which are drawn anew for every episode; [] where covariance is given',
    fallback: [],
    least: 0,
    shortest: 0,
  }),
  covariance: rowsOption({
    meaning: 'the covariance matrix, row by row; [] where eigenvalues are given',
    fallback: [],
  }),
  mean: numbersOption({ meaning: 'mean of each input; []: 0', fallback: [], shortest: 0 }),
  ...LENGTHS,
  input: INPUT,
};

/** Patterns from a normal distribution. */
export const gaussian = sequenceKind({
  name: 'gaussian',
  meaning: 'patterns drawn from a normal distribution, one a step',
  circuits: 'any with one input, such as layer',
  settings: SETTINGS,
  sizes: (given) => {
    const ambiguous = bothOrNeither(given);
    return ambiguous ? failure(ambiguous) : success({ inputs: widthOf(given) });
  },
  make: (given, circuit) => {
    const { eigenvalues, covariance, mean, steps, trials } = given;
    const ambiguous = bothOrNeither(given);
    if (ambiguous) return failure(ambiguous);
    const slot = inputNamed(circuit, given.input);
    if (!slot.ok) return slot;
    const { name, shape } = slot.value;
    const width = widthOf(given);
    if (shape[1] !== width) {
      return failure(inputWidth({ circuit: circuit.name, name, given: width, needed: shape[1] }));
    }
    const draw = (stream: Stream, count: number) =>
      gaussianInputs(stream, {
        steps: count,
        covariance: covariance.length > 0 ? covariance : turned(eigenvalues, stream),
        ...(mean.length > 0 && { mean }),
      });
    // A matrix that is no covariance is found before anything runs.
    const tried = draw(new Stream(0), 0);
    if (!tried.ok) return tried;
    return success({
      together: 1,
      episode: (stream) => ({
        timeline: plainTrials(circuit, trials, steps),
        stepInputs: { [name]: unwrap(draw(stream, steps * trials)) },
      }),
    });
  },
});

function bothOrNeither({ eigenvalues, covariance }: ValuesOf<typeof SETTINGS>): Diagnostic | null {
  const both = covariance.length > 0;
  return eigenvalues.length > 0 === both ? covarianceMissing({ both }) : null;
}

const widthOf = ({ eigenvalues, covariance }: ValuesOf<typeof SETTINGS>): number =>
  Math.max(eigenvalues.length, covariance.length);

/** The covariance with these eigenvalues along axes of random direction. */
function turned(eigenvalues: readonly number[], stream: Stream): number[][] {
  const axes: number[][] = [];
  for (const _ of eigenvalues) {
    const axis = eigenvalues.map(() => stream.normal());
    for (const other of axes) {
      const along = axis.reduce((sum, x, k) => sum + x * other[k]!, 0);
      for (const k of axis.keys()) axis[k]! -= along * other[k]!;
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((x) => x / length));
  }
  return eigenvalues.map((_, i) =>
    eigenvalues.map((__, j) =>
      axes.reduce((sum, axis, k) => sum + eigenvalues[k]! * axis[i]! * axis[j]!, 0),
    ),
  );
}
