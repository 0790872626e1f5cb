import { inputWidth } from '../../base/diagnostics/task.js';
import { failure, success } from '../../base/result.js';
import { countOption, countsOption, type ValuesOf, wordOption } from '../../circuits/options.js';
import type { Arrays } from '../../engine/engine.js';
import { loadImages } from '../images.js';
import { imageInputs } from '../inputs/images.js';
import { madeByTrial } from '../inputs/made.js';
import { sequenceKind } from '../kind.js';
import { INPUT, inputNamed, LENGTHS, plainTrials, repeated } from './slots.js';

const SETTINGS = {
  set: wordOption({
    meaning: 'which images of those that come with the package',
    fallback: 'digits',
    words: ['digits', 'glyphs'],
  }),
  classes: countsOption({
    meaning: 'the classes that are shown, from 0; []: all',
    fallback: [],
    least: 0,
    shortest: 0,
  }),
  pool: countOption({
    meaning: 'average pooling: 2 makes images of 28 × 28 pixels 14 × 14',
    fallback: 2,
    least: 1,
    most: 28,
  }),
  held: wordOption({
    meaning: 'how long an image stays, for a step or for a whole trial',
    fallback: 'step',
    words: ['step', 'trial'],
  }),
  asked: countOption({
    meaning:
      'images that are asked about after learning, and never shown; 0: nothing is asked. The circuit has as many',
    fallback: 0,
    least: 0,
    most: 10000,
  }),
  ...LENGTHS,
  input: INPUT,
};

const imagesOf = ({ set, pool }: ValuesOf<typeof SETTINGS>) => loadImages({ name: set, pool });

/** Images one after the other. */
export const shownImages = sequenceKind({
  name: 'shown-images',
  meaning:
    'real images shown one a step or one a trial, and, where the circuit has a target, their classes; a circuit with queries is asked about others',
  circuits: 'any with one input, or an input and a target, such as layer or predictive-coding',
  settings: SETTINGS,
  sizes: (given) => {
    const set = imagesOf(given);
    if (!set.ok) return set;
    const { height, width } = set.value;
    const { asked } = given;
    return success({ inputs: height * width, ...(asked > 0 && { queries: asked }) });
  },
  make: (given, circuit) => {
    const loaded = imagesOf(given);
    if (!loaded.ok) return loaded;
    const slot = inputNamed(circuit, given.input);
    if (!slot.ok) return slot;
    const { steps, trials, classes, asked, held } = given;
    const { height, width, classes: all } = loaded.value;
    const { name, shape } = slot.value;
    const shown = classes.length > 0 ? classes : Array.from({ length: all }, (_, k) => k);
    const target = circuit.stepInputs.find((each) => each.name === 'target');
    for (const [slotName, given, needed] of [
      [name, height * width, shape[1]],
      ['target', shown.length, target?.shape[1] ?? shown.length],
    ] as const) {
      if (given === needed) continue;
      return failure(inputWidth({ circuit: circuit.name, name: slotName, given, needed }));
    }
    /** A row a label, 1 for its class. */
    const targetsOf = (labels: readonly number[]): Float64Array => {
      const targets = new Float64Array(labels.length * shown.length);
      labels.forEach((label, row) => {
        targets[row * shown.length + shown.indexOf(label)] = 1;
      });
      return targets;
    };
    return success({
      together: 1,
      episode: (stream) => {
        const others = imageInputs(stream.child('asked'), loaded.value, {
          steps: asked,
          classes: shown,
        });
        const { patterns, labels } = imageInputs(stream, loaded.value, {
          steps: held === 'trial' ? trials : steps * trials,
          classes: shown,
          without: others.images,
        });
        const inputs = { [name]: patterns, ...(target && { target: targetsOf(labels) }) };
        const questions = {
          'query patterns': others.patterns,
          'query targets': targetsOf(others.labels),
        };
        return {
          timeline: plainTrials(circuit, trials, steps),
          ...(held === 'trial'
            ? { stepInputs: {}, made: heldForTrials(inputs, steps, trials) }
            : { stepInputs: inputs }),
          ...(circuit.queryInputs.length > 0 && { queryInputs: questions }),
        };
      },
    });
  },
});

/** Rows of values, each in all steps of a trial. */
function heldForTrials(inputs: Arrays, steps: number, trials: number) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => {
      const size = values.length / trials;
      const row = (trial: number) => values.subarray(trial * size, (trial + 1) * size);
      return [name, madeByTrial({ steps, size }, (trial) => repeated(row(trial), steps))];
    }),
  );
}
