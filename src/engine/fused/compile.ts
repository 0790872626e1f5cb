import type { Graph, Node } from '../../program/ir.js';
import { canonicalGraph } from '../../program/plan/canonical.js';
import { flopsOf } from '../../program/plan/flops.js';
import { fuseGraph } from '../../program/plan/fuse.js';
import type { KernelPlan } from '../../program/plan/kernels.js';
import { emitGraph } from './emit/graph.js';
import type { MemoryMap, Place } from './emit/memory.js';
import { functionsOf } from './functions/functions.js';
import type { Lanes } from './lanes.js';
import type { Placed, Places } from './layout.js';
import { emitEntry, emitLoop, type StepLoop } from './loops.js';
import { placeScratch } from './scratch.js';
import type { ModuleWriter } from './wasm/code.js';
import { moduleWriter } from './wasm/module.js';

/** A graph to be compiled, and where its arrays are. */
export interface GraphRequest {
  /** Under which it can be called. */
  readonly name: string;
  readonly graph: Graph;
  readonly inputs: readonly Places[];
  readonly outputs: readonly Places[];
  readonly loop?: Omit<StepLoop, 'name' | 'about'>;
}

/** One WebAssembly module that has yet to be given its memory. */
export interface CompiledGraphs {
  readonly module: WebAssembly.Module;
  /** Bytes behind `scratch` that its functions use. */
  readonly scratchBytes: number;
  /** Additions and multiplications of each graph, by the name it was requested under. */
  readonly flops: ReadonlyMap<string, number>;
}

/** Compiles graphs to one module. What lives within a graph only begins at address `scratch`. */
export function compileGraphs(
  requests: readonly GraphRequest[],
  lanes: Lanes,
  scratch: number,
): CompiledGraphs {
  const writer = moduleWriter();
  const { scratchBytes, kernels } = writeGraphs(writer, requests, lanes, scratch);
  const flops = new Map([...kernels].map(([name, plan]) => [name, flopsOf(plan)]));
  return { module: new WebAssembly.Module(writer.binary(1)), scratchBytes, flops };
}

export interface WrittenGraphs {
  readonly scratchBytes: number;
  /** The loops of each graph, by the name it was requested under. */
  readonly kernels: ReadonlyMap<string, KernelPlan>;
}

/** Writes graphs into a module, without compiling it. */
export function writeGraphs(
  writer: ModuleWriter,
  requests: readonly GraphRequest[],
  lanes: Lanes,
  scratch: number,
): WrittenGraphs {
  const kernels = new Map<string, KernelPlan>();
  const functions = functionsOf(writer);
  let scratchBytes = 0;
  for (const { name, graph, inputs, outputs, loop } of requests) {
    const plan = fuseGraph(canonicalGraph(graph));
    kernels.set(name, plan);
    const { offsets, bytes } = placeScratch(plan, lanes);
    scratchBytes = Math.max(scratchBytes, bytes);
    const memory: MemoryMap = {
      input: (of) => placeOf(of, inputs),
      output: (of) => placeOf(of, outputs),
      scratch: (node) => ({ base: 'memory', offset: scratch + offsetOf(node, offsets, plan) }),
    };
    const body = emitGraph(writer, plan, memory, lanes, { name, functions });
    if (loop) emitLoop(writer, body, { ...loop, name, about: `${graph.name}, step after step` });
    else emitEntry(writer, body, name);
  }
  return { scratchBytes, kernels };
}

function placeOf(name: string, places: readonly Places[]): Place {
  for (const each of places) {
    const found: Placed | undefined = each.get(name);
    if (found) return found.place;
  }
  throw new RangeError(`"${name}" has no place in memory`);
}

function offsetOf(node: Node, offsets: ReadonlyMap<Node, number>, { graph }: KernelPlan): number {
  const offset = offsets.get(node);
  if (offset === undefined) throw new RangeError(`${graph.name}: node ${node.id} has no place`);
  return offset;
}
