import { nameTaken, type SlotKind } from '../base/diagnostics/program.js';
import { EngrammarError } from '../base/result.js';
import { type Circuit, maskOf } from './circuit.js';
import { ofStream } from './slots.js';

/**
 * Names in a program, and what each is the name of. Everything is found by its name: of two things with
 * one name the later would silently take the place of the other.
 */
export class Names {
  private readonly circuit: string;
  private readonly taken = new Map<string, SlotKind>();

  constructor(circuit: string) {
    this.circuit = circuit;
  }

  /** Gives a name to something. Throws an `EngrammarError` where it is that of something else. */
  give(name: string, kind: SlotKind): void {
    this.refuse(name, kind);
    this.taken.set(name, kind);
  }

  has(name: string): boolean {
    return this.taken.has(name);
  }

  /** Throws an `EngrammarError` where a name is taken. */
  refuse(name: string, kind: SlotKind): void {
    const first = this.taken.get(name);
    if (first === undefined) return;
    throw new EngrammarError(nameTaken({ circuit: this.circuit, name, first, second: kind }));
  }
}

/** Everything that a circuit itself has. Throws an `EngrammarError` where two have one name. */
export function namesOf(circuit: Circuit, streams: number): Names {
  const names = new Names(circuit.name);
  for (const { name } of circuit.projections) names.give(name, 'projection');
  for (const { name, masked } of circuit.projections) {
    if (masked) names.give(maskOf(name), 'constant');
  }
  for (const { name } of circuit.constants) names.give(name, 'constant');
  for (const { name } of circuit.queryInputs) names.give(name, 'query input');
  for (let stream = 0; stream < streams; stream++) {
    for (const { name } of circuit.states) names.give(ofStream(name, stream), 'state');
    for (const { name } of circuit.stepInputs) names.give(ofStream(name, stream), 'step input');
  }
  return names;
}

/** Throws an `EngrammarError` where two results of a circuit's read-out have one name. */
export function distinctResults(
  circuit: Circuit,
  results: readonly { readonly name: string }[],
): void {
  const names = new Names(circuit.name);
  for (const { name } of results) names.give(name, 'result of the read-out');
}
