import { GraphBuilder } from '../builder.js';
import type { Graph, Node, Program, UnaryFunction } from '../ir.js';
import { type Axes, axesOf, type Side } from './axes.js';

/**
 * An axis along which places may lie idle: where all step and query inputs along it are 0 throughout an
 * episode (a pixel that no image of the episode uses), nothing there reaches the loss, whatever the weights
 * there are and do.
 */
export interface IdleAxis {
  readonly axis: number;
  readonly size: number;
  readonly axes: Axes;
  /** Inputs that must be 0 at a place in all steps for it to be idle. */
  readonly inputs: readonly string[];
  /** States that must start at 0 there. */
  readonly zeroStates: readonly string[];
}

/** What is known of a value at idle places: a number, or that it belongs to the place (null). */
type AtIdle = number | null;

/**
 * Every axis of step inputs, at least so long, for which it can be proven. The adjoints of the program are
 * looked at only where step and read-out alone do not rule it out.
 */
export function idleAxesOf(program: Program, least = 1): IdleAxis[] {
  if (!program.stepInputs.some(({ shape }) => shape[1] >= least)) return [];
  const { step, readout } = program;
  if (provenAmong(program, axesOf(program, [step, readout]), least).length === 0) return [];
  return provenAmong(program, axesOf(program), least);
}

function provenAmong(program: Program, axes: Axes, least: number): IdleAxis[] {
  const candidates = new Map<number, number>();
  for (const { name, shape } of program.stepInputs) {
    const axis = axes.ofSlot(name, 1);
    if (axis !== undefined && shape[1] >= least && !axes.isFixed(axis))
      candidates.set(axis, shape[1]);
  }
  return [...candidates].flatMap(([axis, size]) => proven(program, axes, axis, size) ?? []);
}

function proven(program: Program, axes: Axes, axis: number, size: number): IdleAxis | null {
  const sidesOf = (name: string): Side[] =>
    ([0, 1] as const).filter((side) => axes.ofSlot(name, side) === axis);
  const along = (name: string): boolean => sidesOf(name).length > 0;
  const inputs = [...program.stepInputs, ...program.queryInputs]
    .map(({ name }) => name)
    .filter(along);
  // What a state is at idle places depends on itself: hoped to stay 0 until shown otherwise.
  const zeroStates = new Set(
    program.states.filter(({ name, shape }) => along(name) && Math.min(...shape) === 1).map(nameOf),
  );
  for (;;) {
    const known = (name: string): AtIdle =>
      inputs.includes(name) || zeroStates.has(name) ? 0 : null;
    const step = valuesAtIdle(program.step, axes, axis, known);
    const readout = valuesAtIdle(program.readout, axes, axis, known);
    if (!step || !readout) return null;
    if (program.readout.outputs.some(({ node }) => readout.has(node))) return null;
    const broken = program.step.outputs.filter(
      ({ name, node }) => zeroStates.has(name) && step.get(node) !== 0,
    );
    if (broken.length === 0) {
      return { axis, size, axes, inputs, zeroStates: [...zeroStates] };
    }
    for (const { name } of broken) zeroStates.delete(name);
  }
}

const nameOf = ({ name }: { readonly name: string }): string => name;

/**
 * The values at idle places of all nodes that run along the axis; undefined where a node elsewhere would
 * hang on them.
 */
function valuesAtIdle(
  graph: Graph,
  axes: Axes,
  axis: number,
  known: (input: string) => AtIdle,
): Map<Node, AtIdle> | undefined {
  const values = new Map<Node, AtIdle>();
  for (const node of graph.nodes) {
    const sides = ([0, 1] as const).filter((side) => axes.ofNode(node, side) === axis);
    if (sides.length > 1) return undefined;
    if (sides.length === 0 && mixesIn(node, values)) return undefined;
    if (sides.length === 1) {
      const value = valueAtIdle(node, sides[0]!, values, known);
      if (value === undefined) return undefined;
      values.set(node, value);
    }
  }
  return values;
}

/** Whether a node that does not run along the axis takes something from its idle places. */
function mixesIn(node: Node, values: ReadonlyMap<Node, AtIdle>): boolean {
  const along = node.operands.filter((operand) => values.has(operand));
  if (along.length === 0) return false;
  const isZero = (operand: Node): boolean => values.get(operand) === 0;
  switch (node.operation.op) {
    case 'sum':
      return !isZero(along[0]!);
    case 'matmul':
      // Summed over the axis: both factors run along it, and one of them is 0.
      return along.length < 2 || !along.some(isZero);
    default:
      return true;
  }
}

function valueAtIdle(
  node: Node,
  side: Side,
  values: ReadonlyMap<Node, AtIdle>,
  known: (input: string) => AtIdle,
): AtIdle | undefined {
  const { operation, operands } = node;
  const numbers = operands.map((operand) =>
    values.has(operand) ? values.get(operand)! : constantOf(operand),
  );
  const [a = null, b = null, c = null] = numbers;
  switch (operation.op) {
    case 'input':
      return known(operation.name);
    case 'constant':
      return operation.value;
    case 'broadcast':
    case 'transpose':
    case 'slice':
      return a;
    case 'unary':
      return a === null ? null : unaryAt(operation.fn, a);
    case 'binary':
      if (operation.fn === 'multiply' && (a === 0 || b === 0)) return 0;
      return a === null || b === null
        ? null
        : folded((g) => g.binary(operation.fn, g.constant(a), g.constant(b)));
    case 'select':
      if (a !== null) return a === 0 ? c : b;
      return b === c ? b : null;
    case 'matmul':
      // Where the factor that runs along the axis is 0, so is the product.
      return numbers.some((value, k) => value === 0 && values.has(operands[k]!)) ? 0 : null;
    case 'sum':
      return a === 0 ? 0 : null;
    case 'max':
      return a;
    case 'concat':
      return numbers.every((value) => value === a) ? a : null;
    case 'cumsum':
      return a === 0 ? 0 : null;
    case 'softmax':
      return side === 0 ? null : undefined;
    case 'logsumexp':
      return null;
  }
}

/** The number that a node is everywhere. */
function constantOf(node: Node): AtIdle {
  const { operation } = node;
  if (operation.op === 'broadcast') return constantOf(node.operands[0]!);
  return operation.op === 'constant' ? operation.value : null;
}

const ZERO_AT_ZERO: ReadonlySet<UnaryFunction> = new Set(['abs', 'sign', 'relu', 'step']);

function unaryAt(fn: UnaryFunction, value: number): AtIdle {
  if (value === 0 && ZERO_AT_ZERO.has(fn)) return 0;
  return folded((builder) => builder.unary(fn, builder.constant(value)));
}

/** What graphs themselves make of constants. */
function folded(make: (builder: GraphBuilder) => Node): AtIdle {
  return constantOf(make(new GraphBuilder()));
}
