/**
 * The intermediate representation: a directed acyclic graph of operations on two-dimensional arrays.
 *
 * Everything is a matrix of float numbers. A vector over neurons is a row, `[streams, neurons]`, one
 * row a stream (one sample learned online is one stream; the query set is one stream an image). A
 * weight matrix is `[post, pre]`. A scalar is `[1, 1]`, a scalar per stream `[streams, 1]`. So the same
 * circuit code serves learning and read-out, and engines may put a leading axis of tasks in front.
 */

/** Rows, columns. */
export type Shape = readonly [rows: number, columns: number];

export const UNARY = [
  'negate',
  'reciprocal',
  'abs',
  'sign',
  'relu',
  'step',
  'exp',
  'log',
  'sqrt',
  'tanh',
  'sigmoid',
  'softplus',
] as const;
export type UnaryFunction = (typeof UNARY)[number];

/** Elementwise on equal shapes, or with a side of 1 stretched to the other's (as in NumPy). */
export const BINARY = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'minimum',
  'maximum',
] as const;
export type BinaryFunction = (typeof BINARY)[number];

/** The axis that is summed away (and stays with length 1). */
export type Axis = 'rows' | 'columns';

export type Operation =
  | { readonly op: 'input'; readonly name: string }
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: 'unary'; readonly fn: UnaryFunction }
  | { readonly op: 'binary'; readonly fn: BinaryFunction }
  /** Product of the two operands, each transposed first where its flag is set. */
  | { readonly op: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly op: 'transpose' }
  | { readonly op: 'sum' | 'max'; readonly axis: Axis }
  /** Running sum down the rows; reverse runs from the last row up. Includes the row itself. */
  | { readonly op: 'cumsum'; readonly reverse: boolean }
  /** Over the columns of each row. */
  | { readonly op: 'softmax' }
  /** Over the columns of each row: `[rows, 1]`. */
  | { readonly op: 'logsumexp' }
  /** Operands under one another (equal columns). */
  | { readonly op: 'concat' }
  /** `shape[0]` rows from `start`. */
  | { readonly op: 'slice'; readonly start: number }
  /** Where the first operand is not 0 the second, elsewhere the third, NaN where it is NaN; all stretched as in binary operations. */
  | { readonly op: 'select' }
  /** Sides of length 1 stretched to `shape`. */
  | { readonly op: 'broadcast' };

/** One value of a graph. Nodes are immutable; equal nodes of one graph are the same node. */
export interface Node {
  readonly id: number;
  readonly operation: Operation;
  readonly operands: readonly Node[];
  readonly shape: Shape;
}

/** A named result. */
export interface Output {
  readonly name: string;
  readonly node: Node;
}

/** Inputs by name and shape, nodes in an order in which operands come first, named outputs. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly Output[];
}

/** A named array of the program. */
export interface Slot {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * A step input that no task brings: `[1, 1]`, 1 in some steps and 0 in the others; or of any shape and
 * drawn at random.
 */
export interface Scheduled {
  /** Name of the step input. */
  readonly slot: string;
  readonly when:
    | { readonly kind: 'event'; readonly event: string }
    | { readonly kind: 'during'; readonly phase: string }
    /** Steps n, 2n, … of every trial. */
    | { readonly kind: 'every'; readonly steps: number }
    /** The first step of an episode that does not go on from an earlier one. */
    | { readonly kind: 'first' }
    /** Independent numbers, N(0, 1) or uniform in [0, 1), anew in every step. */
    | { readonly kind: 'drawn'; readonly distribution: 'normal' | 'uniform' };
}

/**
 * A rule on a circuit with its read-out, ready for any engine.
 *
 * An episode: states start at given values; `step` runs once for every row of the step inputs and
 * gives the next states; then `readout` runs on the last states and the query inputs. The adjoint
 * graphs give the exact derivative of the loss, step by step from the last to the first.
 */
export interface Program {
  readonly name: string;
  /** Scalars shared by all tasks (meta-parameters), each `[1, 1]`, in the order of the gradient. */
  readonly parameters: readonly string[];
  /** What changes from step to step (weights). */
  readonly states: readonly Slot[];
  /** Names of states that no derivative goes through: that of the loss by them is 0. */
  readonly discrete: readonly string[];
  /** What is fixed within an episode (feedback weights). */
  readonly constants: readonly Slot[];
  /** What arrives anew in every step (image, target). */
  readonly stepInputs: readonly Slot[];
  /** What the read-out is shown (query images, targets). */
  readonly queryInputs: readonly Slot[];
  /** What the step computes besides the next states, to be recorded: activities, spikes. */
  readonly observed: readonly Slot[];
  /** Step inputs that say when something acts, or are left to chance: `scheduleInputs` fills them. */
  readonly schedule: readonly Scheduled[];
  /**
   * Where parameters start, and states and constants other than at 0, when nothing else is said: one
   * value for all of a slot, or the values of the slot.
   */
  readonly initial: Readonly<Record<string, number | Float64Array>>;
  /** Inputs: parameters, states, constants, stepInputs. Outputs: one per state, then one per observed slot, under its name. */
  readonly step: Graph;
  /** Inputs: parameters, states, constants, queryInputs. Outputs: `loss` `[1, 1]`, then others such as `logits`. */
  readonly readout: Graph;
  /**
   * Inputs: those of `step` and, for every state, `adjoint NAME` of the new state.
   * Outputs: `adjoint NAME` of the old state for every state; `gradient P` (this step's share) for every parameter.
   */
  readonly stepAdjoint: Graph;
  /** Inputs: those of `readout`. Outputs: `loss`; `adjoint NAME` for every state; `gradient P` for every parameter. */
  readonly readoutAdjoint: Graph;
}

export const adjointOf = (state: string): string => `adjoint ${state}`;
export const gradientOf = (parameter: string): string => `gradient ${parameter}`;
