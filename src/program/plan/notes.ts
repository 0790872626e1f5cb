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
    const { outers, rest, scale } = changes.get(state.name)!;
    const parts = [
      ...(outers.length > 0 ? [counted(outers.length, 'outer product')] : []),
      ...(decay !== undefined ? ['a decay'] : scale ? ['decays of its rows or columns'] : []),
      ...(lazy.length > 0 ? [counted(lazy.length, 'lazy vector')] : []),
      ...(rest.parts.size > 0 ? [counted(rest.parts.size, 'matrix', 'matrices')] : []),
    ];
    const last = parts.pop();
    if (last === undefined) return `${state.name} does not change`;
    const sum = parts.length > 0 ? `${parts.join(', ')} and ${last}` : last;
    return `${state.name} changes by ${sum}`;
  });
  const kept = [...reasons].map(([name, reason]) => `${name} is kept whole: it ${reason}`);
  const numbers = tape.reduce((sum, slot) => sum + sizeOf(slot), 0);
  return [...held, ...kept, `a step leaves ${counted(numbers, 'number')} on the tape`];
}

const sizeOf = ({ shape }: Slot): number => shape[0] * shape[1];

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
