import type { Graph, Program, Slot } from '../../program/ir.js';
import type { EpisodePlan } from '../../program/plan/episode-plan.js';
import { planEpisode } from '../../program/plan/plan-episode.js';
import { momentarySlots } from '../../program/plan/quiet.js';
import { forgetfulStates } from '../stickiness.js';
import type { GraphRequest } from './compile.js';
import type { Lanes } from './lanes.js';
import { type Layout, layOut, type Places } from './layout.js';
import { renamed, together, watched } from './rework.js';

/** A carried number: finite as long as what does not last was. */
export const FLAG = 'were finite';

/** What is to be compiled for a program, and where its arrays will be. */
export interface Design {
  readonly plan: EpisodePlan;
  readonly layout: Layout;
  /** What runs an episode without derivatives: `enter`, `leave`, `forward`, `readout`. */
  forward(): GraphRequest[];
  /**
   * What runs one with derivatives: the same, where `forward` leaves a tape and `readout` the adjoints of
   * the states, and the way back, `leaveAdjoint`, `backward`, `enterAdjoint`.
   */
  gradient(): GraphRequest[];
}

/**
 * @param lazy Whether decays are put off.
 * @param least How small such a decay may become before a segment ends.
 * @param skipShut Whether steps in which nothing opens get kernels of their own.
 */
export function designOf(
  program: Program,
  lanes: Lanes,
  lazy: boolean,
  least: number,
  skipShut = true,
): Design {
  const momentary = skipShut ? momentarySlots(program) : [];
  const plan = planEpisode(program, { lazy });
  const forgetful = forgetfulOf(program, plan);
  const step = forgetful.length === 0 ? plan.forward : watched(plan.forward, forgetful, FLAG);
  const flag: readonly Slot[] = forgetful.length === 0 ? [] : [{ name: FLAG, shape: [1, 1] }];
  const layout = layOut(plan, [...plan.states, ...flag], lanes);
  const ofStep = (outputs: readonly Places[]) =>
    stepRequest(plan, layout, step, outputs, { least, momentary });
  return {
    plan,
    layout,
    forward: () => [
      ...aroundSteps(plan, layout),
      ofStep([layout.planned]),
      readoutRequest(layout, plan.readout),
    ],
    gradient: () => [
      ...aroundSteps(plan, layout),
      ofStep([layout.planned, layout.tape]),
      readoutRequest(layout, together(plan.readout, plan.readoutAdjoint)),
      ...wayBack(plan, layout),
    ],
  };
}

/** States of the program that are planned states too, and could be finite again after they were not. */
function forgetfulOf({ step, states }: Program, plan: EpisodePlan): string[] {
  const kept = new Set(plan.states.filter(({ role }) => role === 'kept').map(({ name }) => name));
  return forgetfulStates(step, states)
    .map(({ name }) => name)
    .filter((name) => kept.has(name));
}

function aroundSteps(plan: EpisodePlan, layout: Layout): GraphRequest[] {
  const { parameters, constants, states, planned } = layout;
  const shared = [parameters, constants];
  const own = apart(states, planned);
  return [
    {
      name: 'enter',
      graph: renamed(plan.enter, { input: own.name }),
      inputs: [...shared, own.places],
      outputs: [planned],
    },
    {
      name: 'leave',
      graph: renamed(plan.leave, { output: own.name }),
      inputs: [...shared, planned],
      outputs: [own.places],
    },
  ];
}

/** The read-out, and the adjoints that its graph gives besides. */
function readoutRequest(layout: Layout, graph: Graph): GraphRequest {
  const { parameters, constants, states, queryInputs, results, adjoints, carried } = layout;
  return {
    name: 'readout',
    graph,
    inputs: [parameters, constants, states, queryInputs],
    outputs: [results, adjoints, carried],
  };
}

function wayBack(plan: EpisodePlan, layout: Layout): GraphRequest[] {
  const { parameters, constants, planned, adjoints, carried } = layout;
  const { stepInputs, tape, stepBytes, tapeBytes } = layout;
  const shared = [parameters, constants];
  const own = apart(adjoints, carried);
  return [
    {
      name: 'leaveAdjoint',
      graph: renamed(plan.leaveAdjoint, { input: own.name }),
      inputs: [...shared, planned, own.places],
      outputs: [carried],
    },
    {
      name: 'backward',
      graph: plan.backward,
      inputs: [...shared, stepInputs, tape, carried],
      outputs: [carried],
      loop: { stepBytes, tapeBytes, direction: 'backward', momentary: [], shrinking: [], least: 0 },
    },
    {
      name: 'enterAdjoint',
      graph: renamed(plan.enterAdjoint, { output: own.name }),
      inputs: [...shared, carried],
      outputs: [own.places],
    },
  ];
}

/** The step, leaving what has a place among `outputs`. */
function stepRequest(
  plan: EpisodePlan,
  layout: Layout,
  step: Graph,
  outputs: readonly Places[],
  { least, momentary }: { readonly least: number; readonly momentary: readonly string[] },
): GraphRequest {
  const { parameters, constants, planned, stepInputs, stepBytes, tapeBytes } = layout;
  const known = (name: string): boolean => outputs.some((places) => places.has(name));
  return {
    name: 'forward',
    graph: renamed(step, { output: (name) => (known(name) ? name : null) }),
    inputs: [parameters, constants, planned, stepInputs],
    outputs,
    loop: {
      stepBytes,
      tapeBytes,
      direction: 'forward',
      momentary,
      shrinking: plan.shrinking.map((name) => planned.get(name)!.place.offset),
      least,
    },
  };
}

/** The program's own states or adjoints, under other names where a plan has the same for its own. */
function apart(places: Places, planned: Places) {
  const name = (given: string): string =>
    places.has(given) && planned.has(given) ? `program ${given}` : given;
  return {
    name,
    places: new Map([...places].map(([given, placed]) => [name(given), placed])) as Places,
  };
}
