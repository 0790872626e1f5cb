import type { Graph, Node, Program, Shape, Slot } from '../ir.js';
import type { Axes, Side } from './axes.js';
import type { IdleAxis } from './idle-columns.js';

/** The same program with another number of places along an axis. */
export function narrowed(program: Program, { axis, axes }: IdleAxis, size: number): Program {
  const resized = (shape: Shape, axisOf: (side: Side) => number | undefined): Shape => [
    axisOf(0) === axis ? size : shape[0],
    axisOf(1) === axis ? size : shape[1],
  ];
  const slots = (from: readonly Slot[]): Slot[] =>
    from.map(({ name, shape }) => ({
      name,
      shape: resized(shape, (side) => axes.ofSlot(name, side)),
    }));
  const graph = (from: Graph): Graph => {
    const made = new Map<Node, Node>();
    for (const node of from.nodes) {
      made.set(node, {
        ...node,
        operands: node.operands.map((operand) => made.get(operand)!),
        shape: resized(node.shape, (side) => axes.ofNode(node, side)),
      });
    }
    return {
      name: from.name,
      inputs: slots(from.inputs),
      nodes: [...made.values()],
      outputs: from.outputs.map(({ name, node }) => ({ name, node: made.get(node)! })),
    };
  };
  return {
    ...program,
    states: slots(program.states),
    constants: slots(program.constants),
    stepInputs: slots(program.stepInputs),
    queryInputs: slots(program.queryInputs),
    observed: slots(program.observed),
    step: graph(program.step),
    readout: graph(program.readout),
    stepAdjoint: graph(program.stepAdjoint),
    readoutAdjoint: graph(program.readoutAdjoint),
  };
}

/** An array with only these places along an axis, times over (the steps of a step input). */
export function gather(
  values: Float64Array,
  { name, shape }: Slot,
  { axis, axes }: { readonly axis: number; readonly axes: Axes },
  places: Int32Array,
): Float64Array {
  const [rows, columns] = shape;
  const byRow = axes.ofSlot(name, 0) === axis;
  const byColumn = axes.ofSlot(name, 1) === axis;
  if (!byRow && !byColumn) return values;
  const times = values.length / (rows * columns);
  const [toRows, toColumns] = [byRow ? places.length : rows, byColumn ? places.length : columns];
  const gathered = new Float64Array(times * toRows * toColumns);
  let to = 0;
  for (let time = 0; time < times; time++) {
    for (let i = 0; i < toRows; i++) {
      const from = (time * rows + (byRow ? places[i]! : i)) * columns;
      for (let j = 0; j < toColumns; j++) {
        gathered[to++] = values[from + (byColumn ? places[j]! : j)]!;
      }
    }
  }
  return gathered;
}

/** The reverse of `gather` for one array; 0 at all other places. */
export function scatter(
  values: Float64Array,
  { name, shape }: Slot,
  { axis, axes }: { readonly axis: number; readonly axes: Axes },
  places: Int32Array,
): Float64Array {
  const [rows, columns] = shape;
  const byRow = axes.ofSlot(name, 0) === axis;
  const byColumn = axes.ofSlot(name, 1) === axis;
  if (!byRow && !byColumn) return values;
  const [fromRows, fromColumns] = [
    byRow ? places.length : rows,
    byColumn ? places.length : columns,
  ];
  const scattered = new Float64Array(rows * columns);
  for (let i = 0; i < fromRows; i++) {
    for (let j = 0; j < fromColumns; j++) {
      const [row, column] = [byRow ? places[i]! : i, byColumn ? places[j]! : j];
      scattered[row * columns + column] = values[i * fromColumns + j]!;
    }
  }
  return scattered;
}
