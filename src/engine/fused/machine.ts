import type { Program } from '../../program/ir.js';
import type { EpisodePlan } from '../../program/plan/episode-plan.js';
import { type CompiledGraphs, compileGraphs, type GraphRequest, quietName } from './compile.js';
import { type Design, designOf, FLAG } from './design.js';
import type { Lanes } from './lanes.js';
import { aligned, type Layout } from './layout.js';
import { FusedMemory } from './memory.js';
import { renamed } from './rework.js';

/** One graph: takes addresses of a step's inputs and of its tape, of which it needs none, one or both. */
type Call = (step: number, tape: number) => void;
/** Steps one after another: from these addresses, so many; gives how many were done. */
type Loop = (step: number, tape: number, count: number) => number;

/** What runs an episode without derivatives. */
export interface ForwardCalls {
  readonly enter: Call;
  readonly leave: Call;
  readonly forward: Loop;
  readonly readout: Call;
}

/** What runs one with derivatives: the same, leaving a tape and adjoints of the states; and the way back. */
export interface GradientCalls extends ForwardCalls {
  readonly leaveAdjoint: Call;
  readonly backward: Loop;
  readonly enterAdjoint: Call;
}

/** A program compiled in one way, with the memory that it runs in. */
export class Machine {
  readonly program: Program;
  readonly plan: EpisodePlan;
  readonly layout: Layout;
  readonly memory: FusedMemory;
  private readonly lanes: Lanes;
  private readonly design: Design;
  private scratchBytes = 0;
  private flopsDone = 0;
  private plain: ForwardCalls | null = null;
  private differentiating: GradientCalls | null = null;
  private looking: Call | null = null;

  /** Machines that take turns may have the same memory. */
  constructor(
    program: Program,
    lanes: Lanes,
    lazy: boolean,
    least: number,
    memory = new FusedMemory(lanes),
    skipShut = true,
  ) {
    this.program = program;
    this.lanes = lanes;
    this.design = designOf(program, lanes, lazy, least, skipShut);
    this.plan = this.design.plan;
    this.layout = this.design.layout;
    this.memory = memory;
  }

  /** Where memory begins that an episode may use as it likes. */
  get free(): number {
    return aligned(this.layout.scratch + this.scratchBytes);
  }

  /** Additions and multiplications so far. */
  get flops(): number {
    return this.flopsDone;
  }

  /** Compiled when first asked for, as is all that follows: few runs need everything. */
  forward(): ForwardCalls {
    this.plain ??= this.compiled<ForwardCalls>(this.design.forward());
    return this.plain;
  }

  gradient(): GradientCalls {
    this.differentiating ??= this.compiled<GradientCalls>(this.design.gradient());
    return this.differentiating;
  }

  /** What is observed in a step, from the planned states before it. */
  look(): Call {
    if (this.looking) return this.looking;
    const { parameters, constants, planned, stepInputs, observed } = this.layout;
    const graph = renamed(this.plan.forward, {
      output: (name) => (observed.has(name) ? name : null),
    });
    const inputs = [parameters, constants, planned, stepInputs];
    this.looking = this.compiled<{ look: Call }>([
      { name: 'look', graph, inputs, outputs: [observed] },
    ]).look;
    return this.looking;
  }

  /** Nothing that was not finite before is remembered. */
  forget(): void {
    const flag = this.layout.planned.get(FLAG);
    if (flag) this.memory.write(flag, [0]);
  }

  remembersFinite(): boolean {
    const flag = this.layout.planned.get(FLAG);
    return !flag || this.memory.isFinite(flag);
  }

  private compiled<T>(requests: readonly GraphRequest[]): T {
    const compiled: CompiledGraphs = compileGraphs(requests, this.lanes, this.layout.scratch);
    const { module, scratchBytes, quietTurns, flops } = compiled;
    this.scratchBytes = Math.max(this.scratchBytes, scratchBytes);
    this.memory.reserve(this.free);
    const imports = { env: { memory: this.memory.memory } };
    const { exports } = new WebAssembly.Instance(module, imports);
    // The module exports what was requested, under these names.
    return counted(exports, (name) => {
      const all = flops.get(name)!;
      const less = flops.get(quietName(name));
      return (turns) => {
        const quiet = less === undefined ? 0 : this.memory.numberAt(quietTurns);
        this.flopsDone += (turns - quiet) * all + quiet * (less ?? 0);
      };
    }) as T;
  }
}

type Calls = WebAssembly.Instance['exports'];

/** The same functions, telling when they are done; one with a loop gives the number of its turns. */
function counted(calls: Calls, teller: (name: string) => (turns: number) => void): Calls {
  const wrapped = Object.entries(calls).map(([name, call]) => {
    const tell = teller(name);
    const telling: Calls[string] = (step, tape, count) => {
      const turns = call(step, tape, count);
      tell(turns ?? 1);
      return turns;
    };
    return [name, telling] as const;
  });
  return Object.fromEntries(wrapped);
}
