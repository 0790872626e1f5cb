import { tableOffering } from '../../../../src/language/vocabulary.js';
import { type Circuit, maskOf } from '../../../../src/program/circuit.js';

const OFFERED = ['w', 'pre', 'post', 'pre.input', 'post.input', 'pre.size', 'post.size'];

/**
 * Neurons that are all connected with each other, none with itself, and are shown one pattern a step
 * (Hopfield 1982). `post.input` is the local field that the present weights make of the pattern.
 */
export function associativeMemory(neurons: number): Circuit {
  const table = tableOffering('associative memory', OFFERED, ['recurrent']);
  return {
    name: `associative memory ${neurons}`,
    projections: [
      { name: 'W', kind: 'recurrent', preSize: neurons, postSize: neurons, masked: true },
    ],
    tables: { recurrent: table },
    states: [],
    constants: [],
    stepInputs: [{ name: 'pattern', shape: [1, neurons] }],
    queryInputs: [],
    stepLength: null,
    step: (b, now) => {
      const field = b.matmul(now.value('pattern'), now.weight('W'), false, true);
      return {
        states: [],
        signal: (_, name) => (name.endsWith('.input') ? field : now.value('pattern')),
      };
    },
    readout: (b) => [{ name: 'loss', node: b.constant(0) }],
    draw: () => ({
      [maskOf('W')]: Float64Array.from({ length: neurons * neurons }, (_, at) =>
        Math.floor(at / neurons) === at % neurons ? 0 : 1,
      ),
    }),
  };
}
