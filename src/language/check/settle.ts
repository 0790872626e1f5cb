import { PLAIN } from '../../base/dimension.js';
import type { MemoryLine } from '../ast.js';
import { infer } from './infer.js';
import { type Facts, OPEN } from './inferred.js';
import { type Lets, sortNames } from './lets.js';
import { inferMemory, sameFacts, settled } from './memory-facts.js';
import type { Names } from './names.js';
import { expressionsOf } from './parts-of-lines.js';
import { visit } from './walk.js';

/** Lets and memory of one rule or space whose facts are being found out. */
export interface Settling {
  readonly lets: Lets;
  readonly memories: ReadonlyMap<string, MemoryLine>;
  /** Facts of all local names; those of lets and memory are kept up to date. */
  readonly locals: Map<string, Facts>;
  readonly names: Names;
}

/**
 * Finds the facts of lets and memory, which may all read each other: starting from nothing, they are
 * worked out again until nothing changes. Extents and grades only grow. A unit is taken from the parts
 * whose unit is known, and kept; `reportMemory` then holds it against what it leads to. Reports nothing.
 */
export function settleFacts({ lets, memories, locals, names: loud }: Settling): void {
  const names = silent(loud);
  const order = [...readingOf(lets, memories).order];
  for (const name of memories.keys()) locals.set(name, OPEN);
  const workOut = (name: string): Facts => {
    const line = memories.get(name);
    if (!line) return infer(lets.get(name)!.value, names);
    const after = inferMemory(line, names).facts;
    const before = locals.get(name)!;
    if (before.known) return settled({ ...after, dimension: before.dimension });
    // An open unit is not handed on: what reads itself would never come to rest.
    return after.open ? { ...after, dimension: PLAIN } : after;
  };
  const untilStable = (): void => {
    // Each round carries what is known at least one line further.
    for (let round = 0; round < 3 * order.length + 8; round++) {
      let changed = false;
      for (const name of order) {
        const before = locals.get(name)!;
        const after = workOut(name);
        changed ||= !sameFacts(before, after);
        locals.set(name, after);
      }
      if (!changed) return;
    }
  };
  untilStable();
  // What is still open reads only itself and what is open too: the first of a circle decides.
  for (const name of order) {
    const line = memories.get(name);
    const facts = workOut(name);
    const decides = line !== undefined && facts.open;
    locals.set(name, decides ? settled(inferMemory(line, names).facts) : facts);
  }
  untilStable();
}

/**
 * Reports the mistakes in lets and memory, each once, and makes what rests on a mistake unknown, so that
 * nobody hears of it again. Returns the facts of what each memory takes in.
 */
export function reportMemory({ lets, memories, locals, names }: Settling): Map<string, Facts> {
  const { order, readers } = readingOf(lets, memories);
  const quiet = silent(names);
  const set = (name: string, known: boolean, open: boolean): void => {
    locals.set(name, { ...locals.get(name)!, known, open });
  };
  const refreshLets = (): void => {
    for (const line of lets.values()) locals.set(line.name, infer(line.value, quiet));
  };
  // Whose mistakes do not come from the memory it reads?
  for (const name of memories.keys()) set(name, false, true);
  refreshLets();
  const faulty = new Set<string>();
  for (const line of memories.values()) {
    const { facts } = inferMemory(line, quiet);
    if (!facts.known && !facts.open) faulty.add(line.name);
  }
  const resting = closure(faulty, readers);
  for (const name of memories.keys()) if (!resting.has(name)) set(name, true, false);
  refreshLets();

  for (const line of lets.values()) infer(line.value, names);
  const inputs = new Map<string, Facts>();
  for (const name of order) {
    const line = memories.get(name);
    if (!line) continue;
    const { facts, input } = inferMemory(line, names);
    inputs.set(name, input);
    if (!facts.known) faulty.add(name);
  }
  for (const name of closure(faulty, readers)) if (memories.has(name)) set(name, false, false);
  refreshLets();
  return inputs;
}

function silent(names: Names): Names {
  return { ...names, use: () => undefined, report: () => undefined };
}

/** These and all that reads them, directly or not. */
function closure(
  from: ReadonlySet<string>,
  readers: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set(from);
  for (const name of found) for (const reader of readers.get(name) ?? []) found.add(reader);
  return found;
}

/** Lets and memory, each after what it reads as far as there is no circle; and who reads each. */
function readingOf(lets: Lets, memories: ReadonlyMap<string, MemoryLine>) {
  const uses = new Map<string, readonly string[]>();
  const readers = new Map<string, string[]>();
  for (const line of [...lets.values(), ...memories.values()]) {
    const read = new Set<string>();
    for (const expression of expressionsOf(line)) {
      visit(expression, (node) => {
        const isLocal = node.kind === 'name' && node.member === null;
        if (isLocal && (lets.has(node.name) || memories.has(node.name))) read.add(node.name);
      });
    }
    uses.set(line.name, [...read]);
    for (const name of read) readers.set(name, [...(readers.get(name) ?? []), line.name]);
  }
  return { order: sortNames(uses).order, readers };
}
