import { nameTaken, type SlotKind } from '../base/diagnostics/program.js';
import { EngrammarError } from '../base/result.js';

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
