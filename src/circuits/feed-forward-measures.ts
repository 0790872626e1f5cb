import type { GraphBuilder } from '../program/builder.js';
import type { Measures } from '../program/circuit.js';
import type { Node, Output } from '../program/ir.js';
import type { Neurons } from './neurons.js';

/** What the read-out can tell of the network besides its answers, and what that is. */
export const MEASURES = ['angles', 'orthonormality'] as const;
export type Measure = (typeof MEASURES)[number];

export const MEASURES_MEANING =
  'what the read-out also tells of the network after learning, for each layer: angles between the errors that came back and those of backpropagation, in degrees, and how far the weights are from orthonormal rows';

/** The outputs of the read-out that the angles are made from; an angle itself could not be 0/0. */
const ALIGNMENT = 'alignment';
const ORTHONORMALITY = 'orthonormality';
/** Of each hidden layer: the inner product of two errors, and their squared lengths. */
const PRODUCTS = 3;

/** The query images as a network has them after learning: activities and errors of all layers, input first. */
export interface ShownLayers {
  /** With errors as they come back in this network. */
  readonly own: readonly Neurons[];
  /** With errors through the transposed forward weights. */
  readonly exact: readonly Neurons[];
  weight(l: number): Node;
}

/** The read-out's outputs for the measures that are asked for. */
export function measureOutputs(
  b: GraphBuilder,
  measures: readonly Measure[],
  { own, exact, weight }: ShownLayers,
): Output[] {
  const depth = own.length - 1;
  const layers = Array.from({ length: depth }, (_, k) => k + 1);
  const outputs: Output[] = [];
  if (measures.includes('angles') && depth > 1) {
    const products = layers.slice(0, -1).flatMap((l) => {
      const [came, should] = [b.sum(own[l]!.error, 'rows'), b.sum(exact[l]!.error, 'rows')];
      return [inner(b, came, should), inner(b, came, came), inner(b, should, should)];
    });
    outputs.push({ name: ALIGNMENT, node: b.concat(products) });
  }
  if (measures.includes('orthonormality')) {
    const errors = layers.map((l) => {
      // Eqs 11–12: what the weights make of what they make of the activity, beside what they were given.
      const back = b.matmul(own[l]!.activity, weight(l));
      const again = b.matmul(back, weight(l), false, true);
      const given = b.matmul(own[l - 1]!.activity, weight(l), false, true);
      const difference = b.subtract(given, again);
      return b.sum(inner(b, difference, difference), 'rows');
    });
    outputs.push({ name: ORTHONORMALITY, node: b.concat(errors) });
  }
  return outputs;
}

/** Row by row. */
const inner = (b: GraphBuilder, x: Node, y: Node): Node => b.sum(b.multiply(x, y), 'columns');

/**
 * The measures from the outputs of a read-out: `angles`, in degrees in [0, 180], of each hidden layer from
 * the input on, null where an error is 0 and so has no direction; `orthonormality`, of each layer above
 * the input, the squared distance of W y from W Wᵀ σ, summed over the query images.
 */
export function readMeasures(outputs: Readonly<Record<string, Float64Array>>): Measures {
  const { [ALIGNMENT]: alignment, [ORTHONORMALITY]: orthonormality } = outputs;
  return {
    ...(alignment && {
      angles: Array.from({ length: alignment.length / PRODUCTS }, (_, k) =>
        angleOf(alignment.subarray(PRODUCTS * k, PRODUCTS * (k + 1))),
      ),
    }),
    ...(orthonormality && { orthonormality: [...orthonormality] }),
  };
}

function angleOf([product = 0, came = 0, should = 0]: Float64Array): number | null {
  const size = Math.sqrt(came * should);
  if (!(size > 0)) return null;
  // Rounding may lead a little beyond 1.
  const cosine = Math.min(1, Math.max(-1, product / size));
  return (180 / Math.PI) * Math.acos(cosine);
}
