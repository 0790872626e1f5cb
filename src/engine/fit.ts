import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  notRecordable,
  wrongInterval,
  wrongLength,
  wrongSteps,
} from '../base/diagnostics/engine.js';
import type { Program, Slot } from '../program/ir.js';
import type { Arrays, Episode, RunOptions } from './engine.js';

/** Numbers in an array of the program. */
export const sizeOf = ({ shape }: Slot): number => shape[0] * shape[1];

/** What does not fit the program: nothing, a recorded slot, one length, or the numbers of steps. */
export function misfit(
  program: Program,
  episodes: readonly Episode[],
  parameters: ArrayLike<number>,
  { record }: RunOptions,
): Diagnostic | null {
  const { name } = program;
  if (record) {
    const known = [...program.states, ...program.observed].map((slot) => slot.name);
    const unknown = record.slots.find((slot) => !known.includes(slot));
    if (unknown !== undefined) return notRecordable({ program: name, given: unknown, known });
    const { every } = record;
    if (!Number.isInteger(every) || every < 1) return wrongInterval({ program: name, every });
  }
  if (parameters.length !== program.parameters.length) {
    const [expected, given] = [program.parameters.length, parameters.length];
    return wrongLength({ program: name, what: 'the list of parameters', expected, given });
  }
  const steps = [...new Set(episodes.map((episode) => episode.steps))];
  if (steps.length > 1 || steps.some((count) => !Number.isInteger(count) || count < 0)) {
    return wrongSteps({ program: name, steps });
  }
  for (const episode of episodes) {
    const groups: [string, readonly Slot[], Arrays, number][] = [
      ['the start of', program.states, episode.start, 1],
      ['the constant', program.constants, episode.start, 1],
      ['the step input', program.stepInputs, episode.stepInputs, episode.steps],
      ['the query input', program.queryInputs, episode.queryInputs, 1],
    ];
    for (const [kind, slots, arrays, times] of groups) {
      for (const slot of slots) {
        const expected = sizeOf(slot) * times;
        const given = arrays[slot.name]?.length;
        if (given !== expected) {
          return wrongLength({ program: name, what: `${kind} ${slot.name}`, expected, given });
        }
      }
    }
  }
  return null;
}
