import type { Slot } from '../ir.js';
import type { BackwardPlan } from './backward.js';
import type { FactoredStates } from './factor.js';
import type { HeldStep } from './held-step.js';

/** What was decided and why, one line each. */
export function notesOn(
  { changes, reasons }: FactoredStates,
  step: HeldStep,
  { tape }: BackwardPlan,
): string[] {
  const held = step.holdings.map(({ state, decay, lazy }) => {
    const { outers, rest } = changes.get(state.name)!;
    const parts = [
      outers.length > 0 ? `${outers.length} outer products` : '',
      decay === undefined ? '' : 'a decay',
      lazy.length > 0 ? `${lazy.length} lazy vectors` : '',
      rest.parts.size > 0 ? `${rest.parts.size} matrices` : '',
    ].filter((part) => part !== '');
    return `${state.name} changes by ${parts.length > 0 ? parts.join(', ') : 'nothing'}`;
  });
  const kept = [...reasons].map(([name, reason]) => `${name} is kept whole: it ${reason}`);
  const numbers = tape.reduce((sum, slot) => sum + sizeOf(slot), 0);
  return [...held, ...kept, `a step leaves ${numbers} numbers on the tape`];
}

const sizeOf = ({ shape }: Slot): number => shape[0] * shape[1];
