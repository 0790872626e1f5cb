import type { Graph, Node, Output } from '../../program/ir.js';
import { canonicalGraph } from '../../program/plan/canonical.js';
import { flopsOf } from '../../program/plan/flops.js';
import { fuseGraph } from '../../program/plan/fuse.js';
import type { KernelPlan } from '../../program/plan/kernels.js';
import { quietKernels } from '../../program/plan/quiet.js';
import { emitGraph } from './emit/graph.js';
import type { MemoryMap, Place } from './emit/memory.js';
import { samePlace } from './emit/places.js';
import { functionsOf } from './functions/functions.js';
import type { Lanes } from './lanes.js';
import { aligned, type Placed, type Places } from './layout.js';
import { emitEntry, emitLoop, type StepLoop } from './loops.js';
import { renamed } from './rework.js';
import { placeScratch } from './scratch.js';
import type { Callable, ModuleWriter } from './wasm/code.js';
import { moduleWriter } from './wasm/module.js';

/** A graph to be compiled, and where its arrays are. */
export interface GraphRequest {
  /** Under which it can be called. */
  readonly name: string;
  readonly graph: Graph;
  readonly inputs: readonly Places[];
  readonly outputs: readonly Places[];
  readonly loop?: Omit<StepLoop, 'name' | 'about' | 'quiet'> & {
    /** Step inputs, numbers: steps in which all are 0 get kernels of their own where that spares passes. */
    readonly momentary: readonly string[];
  };
}

/** One WebAssembly module that has yet to be given its memory. */
export interface CompiledGraphs {
  readonly module: WebAssembly.Module;
  /** Bytes behind `scratch` that its functions use. */
  readonly scratchBytes: number;
  /** Where loops count quiet steps: a number. */
  readonly quietTurns: number;
  /** Additions and multiplications of each graph, by the name it was requested under (see `quietName`). */
  readonly flops: ReadonlyMap<string, number>;
}

/** Compiles graphs to one module. What lives within a graph only begins at address `scratch`. */
export function compileGraphs(
  requests: readonly GraphRequest[],
  lanes: Lanes,
  scratch: number,
): CompiledGraphs {
  const writer = moduleWriter();
  const { scratchBytes, quietTurns, kernels } = writeGraphs(writer, requests, lanes, scratch);
  const flops = new Map([...kernels].map(([name, plan]) => [name, flopsOf(plan)]));
  return {
    module: new WebAssembly.Module(writer.binary(1)),
    scratchBytes,
    quietTurns,
    flops,
  };
}

export interface WrittenGraphs {
  readonly scratchBytes: number;
  readonly quietTurns: number;
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
  const own = aligned(scratch + NUMBER_BYTES) - scratch;
  let scratchBytes = own;
  for (const { name, graph, inputs, outputs, loop } of requests) {
    const changing = (made: Graph): Graph => withoutUnchanged(made, inputs, outputs);
    const canonical = canonicalGraph(graph);
    const write = (plan: KernelPlan, called: string): Callable => {
      kernels.set(called, plan);
      const { offsets, bytes } = placeScratch(plan, lanes);
      scratchBytes = Math.max(scratchBytes, own + bytes);
      const memory: MemoryMap = {
        input: (of) => placeOf(of, inputs),
        output: (of) => placeOf(of, outputs),
        scratch: (node) => ({
          base: 'memory',
          offset: scratch + own + offsetOf(node, offsets, plan),
        }),
      };
      return emitGraph(writer, plan, memory, lanes, { name: called, functions });
    };
    const plan = fuseGraph(changing(canonical));
    const body = write(plan, name);
    if (!loop) {
      emitEntry(writer, body, name);
      continue;
    }
    const isUsed = (slot: string): boolean =>
      canonical.nodes.some(({ operation: o }) => o.op === 'input' && o.name === slot);
    const slots = loop.momentary.filter(isUsed);
    const quietly = quietKernels(canonical, plan, slots, changing);
    const quiet = quietly && {
      body: write(quietly, quietName(name)),
      unless: slots.map((slot) => placeOf(slot, inputs)),
      turns: scratch,
    };
    const about = `${graph.name}, step after step`;
    emitLoop(writer, body, { ...loop, name, about, ...(quiet && { quiet }) });
  }
  return { scratchBytes, quietTurns: scratch, kernels };
}

const NUMBER_BYTES = 8;

/** Of the kernels of quiet steps. */
export const quietName = (name: string): string => `${name} quiet`;

/** Without outputs that are what is already there. */
function withoutUnchanged(
  graph: Graph,
  inputs: readonly Places[],
  outputs: readonly Places[],
): Graph {
  const isUnchanged = ({ name, node }: Output): boolean =>
    node.operation.op === 'input' &&
    node.operation.name === name &&
    samePlace(placeOf(name, inputs), placeOf(name, outputs));
  const kept = graph.outputs.filter((output) => !isUnchanged(output));
  return kept.length === graph.outputs.length
    ? graph
    : renamed(graph, {
        output: (name) => (kept.some((output) => output.name === name) ? name : null),
      });
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
