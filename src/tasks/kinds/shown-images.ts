import { inputWidth } from '../../base/diagnostics/task.js';
import { failure, success } from '../../base/result.js';
import { countOption, countsOption, type ValuesOf, wordOption } from '../../circuits/options.js';
import { loadImages } from '../images.js';
import { imageInputs } from '../inputs/images.js';
import { sequenceKind } from '../kind.js';
import { INPUT, inputNamed, LENGTHS, plainTrials } from './slots.js';

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
  ...LENGTHS,
  input: INPUT,
};

const imagesOf = ({ set, pool }: ValuesOf<typeof SETTINGS>) => loadImages({ name: set, pool });

/** Images without a question. */
export const shownImages = sequenceKind({
  name: 'shown-images',
  meaning: 'real images shown one a step, and, where the circuit has a target, their classes',
  circuits: 'any with one input, or an input and a target, such as layer',
  settings: SETTINGS,
  sizes: (given) => {
    const set = imagesOf(given);
    return set.ok ? success({ inputs: set.value.height * set.value.width }) : set;
  },
  make: (given, circuit) => {
    const loaded = imagesOf(given);
    if (!loaded.ok) return loaded;
    const slot = inputNamed(circuit, given.input);
    if (!slot.ok) return slot;
    const { steps, trials, classes } = given;
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
    return success({
      together: 1,
      episode: (stream) => {
        const { patterns, labels } = imageInputs(stream, loaded.value, {
          steps: steps * trials,
          classes: shown,
        });
        const targets = new Float64Array(labels.length * shown.length);
        labels.forEach((label, row) => {
          targets[row * shown.length + shown.indexOf(label)] = 1;
        });
        return {
          timeline: plainTrials(trials, steps),
          stepInputs: { [name]: patterns, ...(target && { target: targets }) },
        };
      },
    });
  },
});
