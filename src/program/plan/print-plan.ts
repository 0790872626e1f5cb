import type { Slot } from '../ir.js';
import { printGraph } from '../print.js';
import type { EpisodePlan, PlannedState } from './episode-plan.js';

/** A plan as readable text: what was decided, what is carried and kept, then its graphs. */
export function printEpisodePlan(plan: EpisodePlan): string {
  const { enter, forward, leave, leaveAdjoint, backward, enterAdjoint } = plan;
  return [
    `plan of ${plan.program.name}`,
    ...plan.notes.map((note) => `  ${note}`),
    'forward carries',
    ...plan.states.map(printState),
    'a step leaves for its adjoint',
    ...plan.tape.map(printSlot),
    'backward carries',
    ...plan.carried.map(printState),
    ...[enter, forward, leave, leaveAdjoint, backward, enterAdjoint].map(printGraph),
  ].join('\n');
}

const printSlot = ({ name, shape }: Slot): string => `  ${name} [${shape.join(', ')}]`;

const printState = (state: PlannedState): string => `${printSlot(state)} ${state.role}`;
