import type { Stream } from '../../src/base/random.js';
import type { Arrays, Episode } from '../../src/engine/engine.js';
import { maskOf } from '../../src/program/circuit.js';
import type { Program, Slot } from '../../src/program/ir.js';
import { startOf } from '../../src/program/start.js';

/**
 * An episode of random numbers for any program: moderate weights, some synapses missing where
 * they may be, now and then a spike or an event. What
 * the program says it starts from is as it says.
 */
export function randomEpisode(program: Program, steps: number, stream: Stream): Episode {
  const whens = new Map(program.schedule.map(({ slot, when }) => [slot, when.kind]));
  const isMask = ({ name }: Slot): boolean =>
    program.states.some((state) => maskOf(state.name) === name);
  const given = [...program.states, ...program.constants].map((slot): [string, Float64Array] => {
    const initial = program.initial[slot.name];
    if (typeof initial === 'object') return [slot.name, initial];
    const size = sizeOf(slot);
    if (isMask(slot)) {
      return [
        slot.name,
        Float64Array.from({ length: size }, () => (stream.uniform() < 0.7 ? 1 : 0)),
      ];
    }
    if (typeof initial === 'number') return [slot.name, new Float64Array(size).fill(initial)];
    const isWeight = slot.shape[0] > 1 && !slot.name.includes(':');
    const draw = isWeight ? () => 0.4 * stream.normal() : () => 0;
    return [slot.name, Float64Array.from({ length: size }, draw)];
  });
  return {
    start: startOf(program, Object.fromEntries(given)),
    steps,
    stepInputs: filled(program.stepInputs, steps, ({ name }, t) => {
      const when = whens.get(name);
      if (when === 'first') return t === 0 ? 1 : 0;
      if (when === 'drawn') return stream.uniform();
      if (when || name.includes('spike')) return stream.uniform() < 0.3 ? 1 : 0;
      return stream.uniform(-0.8, 0.8);
    }),
    queryInputs: filled(program.queryInputs, 1, () => stream.uniform(0, 0.5)),
  };
}

function filled(
  slots: readonly Slot[],
  steps: number,
  draw: (slot: Slot, t: number) => number,
): Arrays {
  return Object.fromEntries(
    slots.map((slot) => {
      const size = sizeOf(slot);
      const values = Float64Array.from({ length: steps * size }, (_, k) =>
        draw(slot, Math.floor(k / size)),
      );
      return [slot.name, values];
    }),
  );
}

const sizeOf = ({ shape }: Slot): number => shape[0] * shape[1];
