import type { EpisodePlan } from '../../program/plan/episode-plan.js';
import type { Layout } from './layout.js';

/** Steps after which what is rebuilt is written down afresh, so that errors of rounding do not add up. */
const REBUILT_STEPS = 100;
/** Bytes of step inputs that are held at a time where no way back needs them: half of a second-level cache. */
const HELD_BYTES = 2 ** 19;

/** How an episode is cut, and where in memory its inputs, tape and snapshots are. */
export interface Arrangement {
  /** The longest that a segment may be. */
  readonly segment: number;
  /** Whether the tape of every step is kept; otherwise that of one segment, and segments run again. */
  readonly keepsAll: boolean;
  readonly stepInputs: number;
  /** Steps whose inputs are held at a time. */
  readonly heldSteps: number;
  readonly tape: number;
  /** Where snapshots begin; they are the last. */
  readonly snapshots: number;
}

/**
 * The whole tape if it fits the budget, with the planned states at the end of every segment. Otherwise the
 * program's states at the start of every segment and the tape of one, with as many steps in a
 * segment as make both about equally large.
 */
export function arrange(
  plan: EpisodePlan,
  layout: Layout,
  free: number,
  steps: number,
  gradient: boolean,
  budget: number,
): Arrangement {
  const isRebuilt = plan.states.some(({ role }) => role === 'rebuilt');
  const longest = Math.max(1, isRebuilt ? Math.min(REBUILT_STEPS, steps) : steps);
  const { stepBytes, tapeBytes, plannedRegion, stateRegion } = layout;
  const few = Math.floor(HELD_BYTES / Math.max(1, stepBytes));
  const heldSteps = Math.max(1, gradient ? steps : Math.min(steps, few));
  const tape = free + heldSteps * stepBytes;
  const all = steps * (stepBytes + tapeBytes) + Math.ceil(steps / longest) * plannedRegion.bytes;
  // Without a gradient nothing hangs on the number of steps: a longer episode begins with a shorter one.
  const keepsAll = !gradient || layout.scratch + all <= budget;
  const even = Math.round(Math.sqrt((steps * stateRegion.bytes) / Math.max(1, tapeBytes)));
  const segment = keepsAll ? longest : Math.max(1, Math.min(longest, even));
  const taped = gradient ? (keepsAll ? steps : segment) : 0;
  const snapshots = tape + taped * tapeBytes;
  return { segment, keepsAll, stepInputs: free, heldSteps, tape, snapshots };
}
