import type { EpisodePlan } from '../../program/plan/episode-plan.js';
import type { Layout } from './layout.js';

/** Steps after which what is rebuilt is written down afresh, so that errors of rounding do not add up. */
const REBUILT_STEPS = 50;

/** How an episode is cut, and where in memory its inputs, tape and snapshots are. */
export interface Arrangement {
  /** The longest that a segment may be. */
  readonly segment: number;
  /** Whether the tape of every step is kept; otherwise that of one segment, and segments run again. */
  readonly keepsAll: boolean;
  readonly stepInputs: number;
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
  const tape = free + steps * layout.stepBytes;
  const planned = layout.plannedRegion.bytes;
  const all = steps * layout.tapeBytes + Math.ceil(steps / longest) * planned;
  if (!gradient || tape + all <= budget) {
    return {
      segment: longest,
      keepsAll: true,
      stepInputs: free,
      tape,
      snapshots: gradient ? tape + steps * layout.tapeBytes : tape,
    };
  }
  const { bytes } = layout.stateRegion;
  const even = Math.round(Math.sqrt((steps * bytes) / Math.max(1, layout.tapeBytes)));
  const segment = Math.max(1, Math.min(longest, even));
  return {
    segment,
    keepsAll: false,
    stepInputs: free,
    tape,
    snapshots: tape + segment * layout.tapeBytes,
  };
}
