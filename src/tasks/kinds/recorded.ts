import { inputWidth } from '../../base/diagnostics/task.js';
import { failure, success } from '../../base/result.js';
import { countOption, textOption } from '../../circuits/options.js';
import { wholeVocabulary } from '../../language/vocabulary.js';
import { type RecordedInput, readRecording } from '../inputs/recording.js';
import { sequenceKind } from '../kind.js';
import { inputNamed, plainTrials, repeated } from './slots.js';

/** What somebody measured or made elsewhere. */
export const recorded = sequenceKind({
  name: 'recorded',
  meaning:
    'inputs from a CSV or JSON file, a row a step; its header names the inputs of the circuit (of replay: the signals)',
  circuits: 'any whose inputs are all recorded, such as replay and layer',
  settings: {
    file: textOption({
      meaning: 'CSV with a header such as pre[1],pre[2],post, or JSON with rows by name',
    }),
    trials: countOption({
      meaning: 'how often the recording is shown; each time is a trial',
      fallback: 1,
      least: 1,
      most: 1e6,
    }),
  },
  sizes: ({ file }) => {
    const read = readRecording(file);
    return read.ok ? success(sizesOf(read.value)) : read;
  },
  make: ({ file, trials }, circuit) => {
    const read = readRecording(file);
    if (!read.ok) return read;
    for (const { name, columns } of read.value) {
      const slot = inputNamed(circuit, name);
      if (!slot.ok) return slot;
      const [rows, width] = slot.value.shape;
      const facts = { circuit: circuit.name, name, given: columns, needed: rows * width };
      if (columns !== rows * width) return failure(inputWidth(facts));
    }
    const { values, columns } = read.value[0]!;
    return success({
      together: 1,
      episode: () => ({
        timeline: plainTrials(circuit, trials, values.length / columns),
        stepInputs: Object.fromEntries(
          read.value.map((each) => [each.name, repeated(each.values, trials)]),
        ),
      }),
    });
  },
});

/** A layer has as many inputs as its pattern, a replay the signals of the header and their sizes. */
function sizesOf(inputs: readonly RecordedInput[]): Record<string, unknown> {
  const columns = (name: string): number | undefined =>
    inputs.find((each) => each.name === name)?.columns;
  const side = (extent: 'pre' | 'post'): number => {
    const of = wholeVocabulary.signals.filter((signal) => signal.extent === extent);
    return Math.max(1, ...of.map(({ name }) => columns(name) ?? 1));
  };
  const [pattern, target] = [columns('pattern'), columns('target')];
  return {
    preSize: side('pre'),
    postSize: side('post'),
    signals: inputs.map(({ name }) => name),
    ...(pattern !== undefined && { inputs: pattern }),
    ...(target !== undefined && { outputs: target }),
  };
}
