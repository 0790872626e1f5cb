import type { SignalTable } from '../../src/language/signals.js';
import { type Circuit, type Projection, shapeOf } from '../../src/program/circuit.js';
import type { Slot } from '../../src/program/ir.js';

/** Signals that every circuit knows without being told. */
const KNOWN = ['w', 'dt', 'pre.size', 'post.size'];

export interface ReplayOptions {
  /** Kinds with the signals they offer; each is one projection of that name. */
  readonly tables: Readonly<Record<string, SignalTable>>;
  readonly preSize: number;
  readonly postSize: number;
  readonly masked?: boolean;
  readonly stepLength?: number | null;
}

/**
 * A circuit that has no dynamics: every signal of every projection is a step input `PROJECTION SIGNAL`,
 * so that a rule can be shown anything. What the synapses send to the constant activity `drive` is added up in the state `sent`.
 * Loss: half the sum of squares of all weights and of `sent`.
 */
export function replay(options: ReplayOptions): Circuit {
  const { tables, preSize, postSize, masked = false, stepLength = null } = options;
  const projections = Object.keys(tables).map(
    (kind): Projection => ({ name: kind, kind, preSize, postSize, masked }),
  );
  const stepInputs = projections.flatMap((projection): Slot[] =>
    tables[projection.kind]!.signals.filter(({ name }) => !KNOWN.includes(name)).map(
      ({ name, extent }) => ({
        name: `${projection.name} ${name}`,
        shape: shapeOf(extent, projection),
      }),
    ),
  );
  return {
    name: 'replay',
    projections,
    tables,
    states: [{ name: 'sent', shape: [1, postSize] }],
    constants: [{ name: 'drive', shape: [1, preSize] }],
    stepInputs,
    queryInputs: [],
    stepLength,
    step: (b, now) => {
      const sent = projections.map(({ name }) =>
        b.matmul(now.value('drive'), now.weight(name), false, true),
      );
      const total = b.total([now.value('sent'), ...sent])!;
      return {
        states: [{ name: 'sent', node: total }],
        signal: ({ name: projection }, name) => now.value(`${projection} ${name}`),
        observed: [{ name: 'arrived', node: b.total(sent)! }],
      };
    },
    readout: (b, { value, weight, streams }) => {
      const squares = [
        ...projections.map(({ name }) => weight(name)),
        ...Array.from({ length: streams }, (_, stream) => value('sent', stream)),
      ].map((node) => b.sum(b.sum(b.multiply(node, node), 'columns'), 'rows'));
      return [{ name: 'loss', node: b.multiply(b.constant(0.5), b.total(squares)!) }];
    },
    draw: () => ({}),
  };
}
