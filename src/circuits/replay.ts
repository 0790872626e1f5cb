import type { SignalTable } from '../language/signals.js';
import { type Circuit, type Projection, shapeOf } from '../program/circuit.js';
import { glorot } from './glorot.js';

export interface ReplayOptions {
  readonly preSize: number;
  readonly postSize: number;
  /** The signals that were recorded; default: all of the table. A rule may read no others. */
  readonly signals?: readonly string[];
  /** What rules are `for`; default: the first projection of the table, or `replayed`. */
  readonly kind?: string;
  /** Length of a step in milliseconds; null (the default): steps are counted. */
  readonly stepLength?: number | null;
  /** Whether some synapses do not exist: the constant `mask w` says which do. */
  readonly masked?: boolean;
  /** Whether the loss is the mean squared distance of the last weights from `wanted weights`; else it is 0. */
  readonly wanted?: boolean;
}

/** What every circuit knows without being told. */
const KNOWN = ['w', 'dt', 'pre.size', 'post.size'];

/**
 * A recording as a circuit: every signal of the table comes from outside, as a step input of its own
 * name and extent (pre `[1, preSize]`, post `[1, postSize]`, synapse `[postSize, preSize]`, global
 * `[1, 1]`). The only thing that lives is the weights `w` of its one projection. A recording is thus
 * a circuit whose signal table is its header.
 */
export function replay(table: SignalTable, options: ReplayOptions): Circuit {
  const { preSize, postSize, masked = false, stepLength = null, wanted = false } = options;
  const kind = options.kind ?? table.projections[0] ?? 'replayed';
  const projection: Projection = { name: 'w', kind, preSize, postSize, masked };
  const recorded = new Set(options.signals ?? table.signals.map(({ name }) => name));
  const signals = table.signals.filter(({ name }) => recorded.has(name) || KNOWN.includes(name));
  const weights = shapeOf('synapse', projection);
  return {
    name: `replay of ${table.name} ${preSize}-${postSize}`,
    projections: [projection],
    tables: { [kind]: { ...table, signals } },
    states: [],
    constants: [],
    stepInputs: signals
      .filter(({ name }) => !KNOWN.includes(name))
      .map(({ name, extent }) => ({ name, shape: shapeOf(extent, projection) })),
    queryInputs: wanted ? [{ name: 'wanted weights', shape: weights }] : [],
    stepLength,
    step: (_, now) => ({ states: [], signal: (__, name) => now.value(name) }),
    readout: (b, end) => {
      if (!wanted) return [{ name: 'loss', node: b.constant(0) }];
      const distance = b.subtract(end.weight('w'), end.value('wanted weights'));
      const squares = b.sum(b.sum(b.multiply(distance, distance), 'columns'), 'rows');
      const mean = b.multiply(b.constant(1 / (preSize * postSize)), squares);
      return [{ name: 'loss', node: mean }];
    },
    draw: (stream) => ({ w: glorot(stream, 'w', weights) }),
  };
}
