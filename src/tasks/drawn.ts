import type { Stream } from '../base/random.js';
import type { Arrays } from '../engine/engine.js';
import type { Circuit } from '../program/circuit.js';

/** By circuit, the names of what it draws: the same every time. */
const namesOf = new WeakMap<Circuit, readonly string[]>();

/** What a circuit draws from a stream. */
export function drawnBy(circuit: Circuit, stream: Stream): Arrays {
  const drawn = circuit.draw(stream);
  namesOf.set(circuit, Object.keys(drawn));
  return drawn;
}

/**
 * What an episode starts from: what is given, and what the circuit draws of the rest. Large networks take long to
 * draw, so nothing is drawn where all of it is known to be given.
 */
export function startWith(given: Arrays, circuit: Circuit, stream: () => Stream): Arrays {
  const isGiven = namesOf.get(circuit)?.every((name) => given[name] !== undefined);
  return isGiven ? given : { ...drawnBy(circuit, stream()), ...given };
}
