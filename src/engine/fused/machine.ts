import type { Graph, Program, Slot } from '../../program/ir.js';
import type { EpisodePlan } from '../../program/plan/episode-plan.js';
import { planEpisode } from '../../program/plan/plan-episode.js';
import { forgetfulStates } from '../stickiness.js';
import { type CompiledGraphs, compileGraphs, type GraphRequest } from './compile.js';
import type { Lanes } from './lanes.js';
import { aligned, type Layout, layOut, ofProgram, type Places } from './layout.js';
import { FusedMemory } from './memory.js';
import { renamed, watched } from './rework.js';
import type { Arrangement } from './segments.js';

/** A carried number: finite as long as what does not last was. */
const FLAG = 'were finite';

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

/** What runs one with derivatives: the same, leaving a tape, and the way back. */
export interface BackwardCalls {
  readonly forward: Loop;
  readonly readoutAdjoint: Call;
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
  readonly calls: ForwardCalls;
  private readonly lanes: Lanes;
  private readonly least: number;
  private readonly forward: Graph;
  private arrangement = '';
  private scratchBytes = 0;
  private way: BackwardCalls | null = null;
  private looking: Call | null = null;

  constructor(program: Program, lanes: Lanes, lazy: boolean, least: number) {
    this.program = program;
    this.lanes = lanes;
    this.least = least;
    this.plan = planEpisode(program, { lazy });
    const forgetful = this.forgetful();
    this.forward =
      forgetful.length === 0 ? this.plan.forward : watched(this.plan.forward, forgetful, FLAG);
    const flag: readonly Slot[] = forgetful.length === 0 ? [] : [{ name: FLAG, shape: [1, 1] }];
    this.layout = layOut(this.plan, [...this.plan.states, ...flag], lanes);
    this.memory = new FusedMemory(lanes);
    this.calls = this.compiled<ForwardCalls>(this.forwardRequests());
  }

  /** Where memory begins that an episode may use as it likes. */
  get free(): number {
    return aligned(this.layout.scratch + this.scratchBytes);
  }

  /** Compiled when first asked for: a run without gradients needs none of it. */
  back(): BackwardCalls {
    this.way ??= this.compiled<BackwardCalls>(this.backwardRequests());
    return this.way;
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

  /** To be told where an episode will have its arrays: padding is 0 wherever they are. */
  arranged(at: Arrangement): void {
    const arrangement = JSON.stringify(at);
    if (arrangement === this.arrangement) return;
    this.arrangement = arrangement;
    this.memory.clear(this.free, this.memory.size);
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

  /** States of the program that are planned states too, and could be finite again after they were not. */
  private forgetful(): string[] {
    const { step, states } = this.program;
    const kept = new Set(
      this.plan.states.filter(({ role }) => role === 'kept').map(({ name }) => name),
    );
    return forgetfulStates(step, states)
      .map(({ name }) => name)
      .filter((name) => kept.has(name));
  }

  private forwardRequests(): GraphRequest[] {
    const { parameters, constants, states, planned, queryInputs, results } = this.layout;
    const shared = [parameters, constants];
    return [
      {
        name: 'enter',
        graph: renamed(this.plan.enter, {
          input: (name) => (states.has(name) ? ofProgram(name) : name),
        }),
        inputs: [...shared, underOwnNames(states)],
        outputs: [planned],
      },
      {
        name: 'leave',
        graph: renamed(this.plan.leave, { output: ofProgram }),
        inputs: [...shared, planned],
        outputs: [underOwnNames(states)],
      },
      this.stepRequest([planned]),
      {
        name: 'readout',
        graph: this.plan.readout,
        inputs: [...shared, states, queryInputs],
        outputs: [results],
      },
    ];
  }

  private backwardRequests(): GraphRequest[] {
    const { layout, plan } = this;
    const { parameters, constants, states, planned, queryInputs } = layout;
    const { adjoints, carried, results, stepInputs, tape } = layout;
    const shared = [parameters, constants];
    const { stepBytes, tapeBytes } = layout;
    return [
      this.stepRequest([planned, tape]),
      {
        name: 'readoutAdjoint',
        graph: plan.readoutAdjoint,
        inputs: [...shared, states, queryInputs],
        outputs: [adjoints, carried, results],
      },
      {
        name: 'leaveAdjoint',
        graph: renamed(plan.leaveAdjoint, {
          input: (name) => (adjoints.has(name) ? ofProgram(name) : name),
        }),
        inputs: [...shared, planned, underOwnNames(adjoints)],
        outputs: [carried],
      },
      {
        name: 'backward',
        graph: plan.backward,
        inputs: [...shared, stepInputs, tape, carried],
        outputs: [carried],
        loop: { stepBytes, tapeBytes, direction: 'backward', shrinking: [], least: 0 },
      },
      {
        name: 'enterAdjoint',
        graph: renamed(plan.enterAdjoint, { output: ofProgram }),
        inputs: [...shared, carried],
        outputs: [underOwnNames(adjoints)],
      },
    ];
  }

  /** The step, leaving what has a place among `outputs`. */
  private stepRequest(outputs: readonly Places[]): GraphRequest {
    const { parameters, constants, planned, stepInputs, stepBytes, tapeBytes } = this.layout;
    const known = (name: string): boolean => outputs.some((places) => places.has(name));
    return {
      name: 'forward',
      graph: renamed(this.forward, { output: (name) => (known(name) ? name : null) }),
      inputs: [parameters, constants, planned, stepInputs],
      outputs,
      loop: {
        stepBytes,
        tapeBytes,
        direction: 'forward',
        shrinking: this.plan.shrinking.map((name) => planned.get(name)!.place.offset),
        least: this.least,
      },
    };
  }

  private compiled<T>(requests: readonly GraphRequest[]): T {
    const { module, scratchBytes }: CompiledGraphs = compileGraphs(
      requests,
      this.lanes,
      this.layout.scratch,
    );
    this.scratchBytes = Math.max(this.scratchBytes, scratchBytes);
    this.memory.reserve(this.free);
    const imports = { env: { memory: this.memory.memory } };
    // The module exports what was requested, under these names.
    return new WebAssembly.Instance(module, imports).exports as T;
  }
}

/** The same places, under names that no plan has. */
function underOwnNames(places: Places): Places {
  return new Map([...places].map(([name, placed]) => [ofProgram(name), placed]));
}
