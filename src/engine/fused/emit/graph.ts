import type { Kernel, KernelPlan } from '../../../program/plan/kernels.js';
import { type Functions, functionsOf } from '../functions/functions.js';
import type { Lanes } from '../lanes.js';
import type { Callable, Code, FunctionSpec, ModuleWriter } from '../wasm/code.js';
import { emitCopy } from './copies.js';
import { Frame, type Surroundings } from './frame.js';
import { emitLine } from './line.js';
import type { MemoryMap } from './memory.js';
import { Names } from './names.js';
import { emitNumbers } from './numbers.js';
import { Places } from './places.js';
import { emitSweep } from './sweep.js';
import { emitWhole } from './whole.js';

export interface EmitOptions {
  /** Of the functions: that of the graph if left out. */
  readonly name?: string;
  readonly exported?: boolean;
  /** Those of the module, if it has them already. */
  readonly functions?: Functions;
}

const PARAMETERS = [
  { type: 'i32', name: 'step' },
  { type: 'i32', name: 'tape' },
] as const;

/**
 * Writes a graph into a module: a function for every kernel, and one that calls them in order. All take
 * two addresses, `step` and `tape`, which places with these bases count from.
 *
 * What is stored is 0 in the padding of rows and vectors, provided that what is read is so.
 */
export function emitGraph(
  writer: ModuleWriter,
  plan: KernelPlan,
  memory: MemoryMap,
  lanes: Lanes,
  options: EmitOptions = {},
): Callable {
  const { name = plan.graph.name, exported = false, functions = functionsOf(writer) } = options;
  const names = new Names(plan);
  const surroundings: Surroundings = {
    lanes,
    places: new Places(plan, memory),
    names,
    functions,
  };
  const define = (spec: Omit<FunctionSpec, 'parameters'>, body: (code: Code) => void): Callable =>
    writer.define({ ...spec, parameters: PARAMETERS }, body);
  const kernels = plan.kernels.map((kernel, k) =>
    define({ name: `${name} ${k + 1} ${kernel.kind}`, about: names.about(kernel) }, (code) => {
      emitKernel(new Frame(code, surroundings), kernel);
    }),
  );
  if (plan.copies.length > 0) {
    kernels.push(
      define({ name: `${name} copies`, about: names.copies() }, (code) => {
        const frame = new Frame(code, surroundings);
        for (const { from, output } of plan.copies) emitCopy(frame, from, memory.output(output));
      }),
    );
  }
  const all = exported ? { name, exported } : { name: `${name} once` };
  return define({ ...all, about: `${name}, kernel after kernel` }, (code) => {
    for (const kernel of kernels) {
      for (const parameter of code.parameters) code.get(parameter);
      code.call(kernel);
    }
  });
}

function emitKernel(frame: Frame, kernel: Kernel): void {
  switch (kernel.kind) {
    case 'numbers':
      emitNumbers(frame, kernel);
      return;
    case 'line':
      emitLine(frame, kernel);
      return;
    case 'sweep':
      emitSweep(frame, kernel);
      return;
    case 'whole':
      emitWhole(frame, kernel);
      return;
  }
}
