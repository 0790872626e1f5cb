import type { Graph, Program, Slot } from '../ir.js';

/**
 * How an episode is to be computed: the program rewritten so that what changes a weight matrix in a step
 * is a few outer products, with everything else in numbers and vectors; and its exact adjoint.
 *
 * The states of the program (`W`) are held as *planned states*: `W = c·(What + u ρᵀ)`, with a number c for
 * a decay, and a vector ρ for an outer product one side of which never changes. The steps come in
 * segments: `enter` makes planned states of the program's, `forward` goes a step on, `leave` comes back.
 * Where a constant mask says that there is no synapse, matrices are taken to start at 0.
 *
 *     enter; forward × steps of the segment; leave        segment after segment
 *     read-out and its adjoint on the program's own states
 *     adjoint of leave; backward × steps; adjoint of enter      segment before segment
 *
 * A segment ends when its program is over, when one of `shrinking` became small, or at any step that
 * whoever runs it likes. All graphs are ordinary graphs over named inputs and outputs. What an iteration
 * carries from one step to the next has one name as input and as output.
 */
export interface EpisodePlan {
  readonly program: Program;
  /** Of the forward iteration, pending factors included. */
  readonly states: readonly PlannedState[];
  /** Inputs: parameters, constants and states of the program. Outputs: all planned states. */
  readonly enter: Graph;
  /** Inputs: parameters, constants, planned states. Outputs: the states of the program. */
  readonly leave: Graph;
  /**
   * A step. Inputs: parameters, constants, planned states, step inputs. Outputs: planned states, the
   * observed slots, and what goes on the tape, each under its name.
   */
  readonly forward: Graph;
  /** What a step leaves for its adjoint: numbers, vectors, and matrices that cannot be rebuilt. */
  readonly tape: readonly Slot[];
  /**
   * Numbers among the planned states, 1 at first, that a segment must end for when they come near 0: by so
   * much has a matrix faded, and so much smaller than its rounding errors are those of what is rebuilt.
   */
  readonly shrinking: readonly string[];

  /**
   * What the backward iteration carries: planned matrices that it rebuilds (under their own names: in
   * after the step, out before it), adjoints of planned states, `gradient P` of all steps so far, and
   * pending factors.
   */
  readonly carried: readonly PlannedState[];
  /**
   * The adjoint of a step. Inputs: parameters, constants, step inputs, tape, carried. Outputs: carried.
   */
  readonly backward: Graph;
  /**
   * Makes what the backward iteration carries at the end of a segment. Inputs: parameters, constants,
   * planned states as they were before `leave`, `adjoint STATE` of the program's states. Outputs: all
   * carried except `gradient P`.
   */
  readonly leaveAdjoint: Graph;
  /** Inputs: parameters, constants, carried. Outputs: `adjoint STATE` of the program's states. */
  readonly enterAdjoint: Graph;

  readonly readout: Graph;
  readonly readoutAdjoint: Graph;
  /** What was decided and why, one line each, for people. */
  readonly notes: readonly string[];
}

export interface PlannedState extends Slot {
  readonly role: /** A matrix that changes by outer products only: rebuilt on the way back. */
    | 'rebuilt'
    /** A state of the program as it is; a matrix among them goes on the tape at every step. */
    | 'kept'
    /**
     * A number that multiplies a matrix, or that bounds by how much its rows or columns have faded; a
     * vector that stands for an outer product.
     */
    | 'decay'
    | 'lazy'
    /** What an update of a matrix needs that has yet to be carried out: a side of an outer product. */
    | 'pending'
    | 'adjoint'
    | 'gradient';
}
