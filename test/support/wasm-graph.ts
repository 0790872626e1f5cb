import { emitGraph } from '../../src/engine/fused/emit/graph.js';
import {
  arrayBytes,
  layoutOf,
  type MemoryMap,
  type Place,
  rowBytes,
} from '../../src/engine/fused/emit/memory.js';
import { type Lanes, paddedLength } from '../../src/engine/fused/lanes.js';
import { readableModuleWriter } from '../../src/engine/fused/wasm/module.js';
import type { Graph, Shape } from '../../src/program/ir.js';
import type { KernelPlan } from '../../src/program/plan/kernels.js';

type Values = Readonly<Record<string, Float64Array>>;

/** A kernel plan as a WebAssembly module of its own. */
export interface WasmGraph {
  /** Runs it on copies of the inputs. Throws if padding is other than 0 afterwards. */
  run(inputs: Values): Record<string, Float64Array>;
  /** Runs it again as often on what memory holds. */
  repeat(times: number): void;
  readonly text: string;
  readonly bytes: number;
}

interface Area {
  readonly name: string;
  readonly shape: Shape;
  readonly address: number;
}

/** Where things begin that are addressed by the step and by the tape. */
const SPACE = 1024;

/**
 * Lays out memory for a graph alone. Outputs named like an input are in its place; some of the other
 * inputs and outputs are addressed by the step, or the tape.
 */
export function wasmGraph(plan: KernelPlan, lanes: Lanes): WasmGraph {
  const { graph } = plan;
  let end = SPACE;
  const area = (name: string, shape: Shape): Area => {
    const made = { name, shape, address: end };
    end += arrayBytes(shape, lanes);
    return made;
  };
  const inputs = shapesOf(graph).map(({ name, shape }) => area(name, shape));
  const outputs = graph.outputs.map(
    ({ name, node }) => inputs.find((input) => input.name === name) ?? area(name, node.shape),
  );
  const scratch = new Map(
    [...plan.homes]
      .filter(([, home]) => home.kind === 'scratch')
      .map(([node]) => [node, area(`scratch ${node.id}`, node.shape)]),
  );
  const [step, tape] = [64, 48];
  const placed = (areas: readonly Area[], name: string, base: 'step' | 'tape'): Place => {
    const index = areas.findIndex((each) => each.name === name);
    const found = areas[index];
    if (!found) throw new RangeError(`nothing is called ${name}`);
    const isBoth = inputs.includes(found) && outputs.includes(found);
    if (isBoth || index % 2 === 0) return { base: 'memory', offset: found.address };
    return { base, offset: found.address - (base === 'step' ? step : tape) };
  };
  const memoryMap: MemoryMap = {
    input: (name) => placed(inputs, name, 'step'),
    output: (name) => placed(outputs, name, 'tape'),
    scratch: (node) => ({ base: 'memory', offset: scratch.get(node)!.address }),
  };
  const writer = readableModuleWriter();
  emitGraph(writer, plan, memoryMap, lanes, { name: 'graph', exported: true });
  const pages = Math.ceil(end / 65536);
  const memory = new WebAssembly.Memory({ initial: pages });
  const binary = writer.binary(pages);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const call = exports.graph as (step: number, tape: number) => void;

  const areas = [...inputs, ...outputs, ...scratch.values()];
  return {
    text: writer.text(),
    bytes: binary.length,
    repeat(times) {
      for (let k = 0; k < times; k++) call(step, tape);
    },
    run(values) {
      // What is to be written holds anything before, even in the padding.
      for (const each of areas) fill(memory, each, lanes, Number.NaN);
      for (const each of inputs) {
        fill(memory, each, lanes, 0);
        write(memory, each, lanes, values[each.name]!);
      }
      call(step, tape);
      for (const each of areas) checkPadding(memory, each, lanes);
      return Object.fromEntries(outputs.map((each) => [each.name, read(memory, each, lanes)]));
    },
  };
}

/** Inputs that are used; their shapes. */
export function shapesOf({ nodes }: Graph): { name: string; shape: Shape }[] {
  return nodes.flatMap(({ operation, shape }) =>
    operation.op === 'input' ? [{ name: operation.name, shape }] : [],
  );
}

type Numbers = Float32Array | Float64Array;

function numbersOf(memory: WebAssembly.Memory, area: Area, lanes: Lanes): Numbers {
  if (layoutOf(area.shape) === 'number') return new Float64Array(memory.buffer, area.address, 1);
  const count = arrayBytes(area.shape, lanes) / lanes.bytes;
  const kind = lanes.bytes === 4 ? Float32Array : Float64Array;
  return new kind(memory.buffer, area.address, count);
}

/** Rows and columns as they lie in memory, and the way from row to row. */
function geometry({ shape }: Area, lanes: Lanes): [rows: number, columns: number, stride: number] {
  const [rows, columns] = shape;
  if (layoutOf(shape) !== 'matrix') return [1, rows * columns, paddedLength(rows * columns)];
  return [rows, columns, rowBytes(shape, lanes) / lanes.bytes];
}

function fill(memory: WebAssembly.Memory, area: Area, lanes: Lanes, value: number): void {
  numbersOf(memory, area, lanes).fill(value);
}

function write(memory: WebAssembly.Memory, area: Area, lanes: Lanes, values: Float64Array): void {
  const numbers = numbersOf(memory, area, lanes);
  const [rows, columns, stride] = geometry(area, lanes);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) numbers[i * stride + j] = values[i * columns + j]!;
  }
}

function read(memory: WebAssembly.Memory, area: Area, lanes: Lanes): Float64Array {
  const numbers = numbersOf(memory, area, lanes);
  const [rows, columns, stride] = geometry(area, lanes);
  return Float64Array.from(
    { length: rows * columns },
    (_, k) => numbers[Math.floor(k / columns) * stride + (k % columns)]!,
  );
}

function checkPadding(memory: WebAssembly.Memory, area: Area, lanes: Lanes): void {
  const numbers = numbersOf(memory, area, lanes);
  if (layoutOf(area.shape) === 'number') return;
  const [rows, columns, stride] = geometry(area, lanes);
  for (let i = 0; i < rows; i++) {
    for (let j = columns; j < stride; j++) {
      if (numbers[i * stride + j] !== 0) {
        const found = numbers[i * stride + j];
        throw new Error(`${area.name} [${area.shape}]: ${found} in the padding of row ${i}`);
      }
    }
  }
}
