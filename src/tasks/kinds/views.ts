import { inputWidth } from '../../base/diagnostics/task.js';
import type { Stream } from '../../base/random.js';
import { failure, type Result, success } from '../../base/result.js';
import { countOption, numberOption, type ValuesOf, wordOption } from '../../circuits/options.js';
import type { Circuit } from '../../program/circuit.js';
import { loadImages } from '../images.js';
import { principalAxes } from '../inputs/principal-axes.js';
import { imageViews, objectViews, signalViews, type Views } from '../inputs/views.js';
import { sequenceKind } from '../kind.js';
import { INPUT, inputNamed, LENGTHS, plainTrials } from './slots.js';

const SETTINGS = {
  of: wordOption({
    meaning:
      'signals with amplitudes 1/f that pass by, real digits that move, or mirror-symmetric objects that turn',
    fallback: 'signals',
    words: ['signals', 'digits', 'objects'],
  }),
  size: countOption({
    meaning: 'values of a view; of digits the side of the square that is seen',
    fallback: 32,
    least: 2,
    most: 256,
  }),
  sigma: numberOption({
    meaning: 'width of the Gaussian aperture through which signals and digits are seen; 0: none',
    fallback: 5,
    least: 0,
  }),
  length: countOption({
    meaning:
      'of a signal, which goes on at its beginning: as long as a view it is seen whole, at every shift',
    fallback: 256,
    least: 2,
    most: 4096,
  }),
  things: countOption({
    meaning: 'different signals, digits or objects that are learned from',
    fallback: 40,
    least: 1,
    most: 1000,
  }),
  novel: countOption({
    meaning: 'others that are asked about, in all their views',
    fallback: 4,
    least: 1,
    most: 100,
  }),
  templates: wordOption({
    meaning: 'whether the weights start as the first views of one of the novel things',
    fallback: 'none',
    words: ['none', 'novel'],
  }),
  ...LENGTHS,
  input: INPUT,
};

type Settings = ValuesOf<typeof SETTINGS>;

function viewsOf({ of, size, sigma, length }: Settings): Result<Views> {
  if (of === 'objects') return success(objectViews(size));
  if (of === 'signals') return success(signalViews(length, size, sigma));
  const set = loadImages({ name: 'digits', pool: DIGITS_POOLED });
  return set.ok ? success(imageViews(set.value, size, sigma)) : set;
}

/** Digits of 14 × 14 pixels. */
const DIGITS_POOLED = 2;
const [SHIFTS_OF_DIGIT, ANGLES_OF_OBJECT] = [14 * 14, 37];

const widthOf = ({ of, size }: Settings): number => (of === 'digits' ? size * size : size);

/** Views of things that move. */
export const views = sequenceKind({
  name: 'views',
  meaning:
    'views of things that move behind an aperture or turn, one a step, drawn with equal probability, without their mean; a circuit with queries is asked about all views of other things, one with axes is told the principal components',
  circuits: 'any with one input, such as simple-complex or layer',
  settings: SETTINGS,
  sizes: (given) =>
    success({
      inputs: widthOf(given),
      things: given.novel,
      views: { signals: given.length, digits: SHIFTS_OF_DIGIT, objects: ANGLES_OF_OBJECT }[
        given.of
      ],
    }),
  make: (given, circuit) => {
    const slot = inputNamed(circuit, given.input);
    if (!slot.ok) return slot;
    const { name, shape } = slot.value;
    const width = widthOf(given);
    if (shape[1] !== width) {
      return failure(inputWidth({ circuit: circuit.name, name, given: width, needed: shape[1] }));
    }
    const made = viewsOf(given);
    if (!made.ok) return made;
    const { steps, trials } = given;
    return success({
      together: 1,
      episode: (stream) => {
        const { known, asked, axes } = worldOf(given, made.value, stream);
        const shown = new Float64Array(steps * trials * width);
        const order = stream.child('order');
        for (let step = 0; step < steps * trials; step++) {
          shown.set(known[order.integer(known.length)]!, step * width);
        }
        return {
          timeline: plainTrials(circuit, trials, steps),
          stepInputs: { [name]: shown },
          queryInputs: questions(circuit, { asked, axes }),
          ...(given.templates === 'novel' && { start: templates(circuit, asked) }),
        };
      },
    });
  },
});

/** Views to learn from and to be asked about, without the mean of the former, and their principal axes. */
function worldOf({ things, novel }: Settings, viewsOfThing: Views, stream: Stream) {
  const seen = (kind: string, count: number): Float64Array[] =>
    Array.from({ length: count }, (_, k) => viewsOfThing(stream.child(kind, k))).flat();
  const [known, asked] = [seen('thing', things), seen('novel', novel)];
  const width = known[0]!.length;
  const mean = new Float64Array(width);
  for (const view of known) {
    for (let i = 0; i < width; i++) mean[i]! += view[i]! / known.length;
  }
  for (const view of [...known, ...asked]) {
    for (let i = 0; i < width; i++) view[i]! -= mean[i]!;
  }
  const axes = (): Float64Array => {
    const covariance = new Float64Array(width * width);
    for (const view of known) {
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          covariance[i * width + j]! += (view[i]! * view[j]!) / known.length;
        }
      }
    }
    return principalAxes(covariance, width).axes;
  };
  return { known, asked, axes };
}

function questions(
  { queryInputs }: Circuit,
  { asked, axes }: { asked: readonly Float64Array[]; axes: () => Float64Array },
): Record<string, Float64Array> {
  const rows = (count: number): Float64Array =>
    Float64Array.from(asked.slice(0, count).flatMap((view) => [...view]));
  return Object.fromEntries(
    queryInputs.map(({ name, shape: [count, columns] }) => [
      name,
      name === 'query axes' ? axes().subarray(0, count * columns) : rows(count),
    ]),
  );
}

/** One view a neuron, as far as there are views. */
function templates({ projections }: Circuit, asked: readonly Float64Array[]) {
  const { name, postSize } = projections[0]!;
  return { [name]: Float64Array.from(asked.slice(0, postSize).flatMap((view) => [...view])) };
}
