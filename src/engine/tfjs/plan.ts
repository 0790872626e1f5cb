import type { Program, Slot } from '../../program/ir.js';
import { sizeOf } from '../fit.js';
import type { Tactics } from './tactics.js';

/** No more tasks at once than this, so that a run comes up for air. */
const MOST_TASKS = 64;

/** How a run is cut: how many tasks at once, and after how many steps states are kept. */
export interface Plan {
  readonly batch: number;
  /** 1: the states of all steps are kept. Otherwise those between are recomputed on the way back. */
  readonly interval: number;
  /** Estimate of what it takes. */
  readonly bytes: number;
}

export interface PlanFacts {
  readonly program: Program;
  readonly steps: number;
  readonly tasks: number;
  readonly gradient: boolean;
  /** Numbers of one task held while a graph runs. */
  readonly peak: number;
  readonly tactics: Tactics;
  /** Bytes that states and intermediate results may take. */
  readonly budget: number;
  /** Tasks at once; undefined leaves it to the engine. */
  readonly batch: number | undefined;
}

/** As many tasks as pay and fit; the whole history if it fits, else checkpoints every ⌈√steps⌉. */
export function planRun(facts: PlanFacts): Plan {
  const { program, steps, tasks, tactics } = facts;
  const budget = Math.min(facts.budget, tactics.memoryLimit);
  const total = (slots: readonly Slot[]): number =>
    slots.reduce((sum, slot) => sum + sizeOf(slot), 0);
  const states = total(program.states);
  const fixed = facts.peak + total(program.constants) + total(program.queryInputs) + 3 * states;
  const segment = Math.max(1, Math.ceil(Math.sqrt(steps)));
  const bytes = (kept: number): number => 4 * (fixed + kept * states);
  const least = bytes(facts.gradient ? Math.ceil(steps / segment) + segment : 0);
  const largest = Math.max(1, ...program.states.map(sizeOf));
  const wanted = facts.batch ?? Math.min(MOST_TASKS, Math.floor(tactics.batchElements / largest));
  const batch = Math.max(1, Math.min(tasks, wanted, Math.floor(budget / least)));
  const isWhole = !facts.gradient || batch * bytes(steps) <= budget;
  return {
    batch,
    interval: isWhole ? 1 : segment,
    bytes: batch * (isWhole ? bytes(facts.gradient ? steps : 0) : least),
  };
}
