import type { Arrays, Episode, EpisodeResult } from '../../src/engine/engine.js';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import {
  adjointOf,
  type Graph,
  gradientOf,
  type Program,
  type Slot,
} from '../../src/program/ir.js';
import type { EpisodePlan } from '../../src/program/plan/episode-plan.js';

type Values = Record<string, Float64Array>;

export interface PlannedRun {
  /** Steps of a segment; by default all are one. */
  readonly segment?: number;
  /** A segment ends too when a decay is below this. */
  readonly smallest?: number;
}

/** Carries out plans in double precision, operation by operation: the meaning of an `EpisodePlan`. */
export function runPlanned(
  plan: EpisodePlan,
  episode: Episode,
  parameters: ArrayLike<number>,
  { segment = Number.POSITIVE_INFINITY, smallest = 1e-3 }: PlannedRun = {},
): Required<
  Pick<EpisodeResult, 'loss' | 'outputs' | 'gradient' | 'states' | 'startGradient' | 'record'>
> {
  const { program } = plan;
  const shared: Values = {};
  program.parameters.forEach((name, k) => {
    shared[name] = Float64Array.of(parameters[k]!);
  });
  for (const { name } of program.constants) shared[name] = episode.start[name]!;
  const run = evaluator(shared);
  const forward = run(plan.forward);
  const backward = run(plan.backward);
  const [enter, leave] = [run(plan.enter), run(plan.leave)];

  let states = pick(episode.start, program.states);
  const tapes: Values[] = [];
  const ends: { from: number; planned: Values }[] = [];
  const observed: Record<string, number[]> = Object.fromEntries(
    program.observed.map(({ name }) => [name, []]),
  );
  const stepInputs = (t: number): Values => slicesOf(program, episode, t);
  for (let t = 0; t < episode.steps; ) {
    const from = t;
    let planned = enter(states);
    do {
      const out = forward({ ...planned, ...stepInputs(t) });
      planned = pick(out, plan.states);
      tapes.push(pick(out, plan.tape));
      for (const { name } of program.observed) observed[name]!.push(...out[name]!);
      t += 1;
    } while (
      t < episode.steps &&
      t - from < segment &&
      plan.shrinking.every((name) => Math.abs(planned[name]![0]!) >= smallest)
    );
    ends.push({ from, planned });
    states = leave(planned);
  }

  const read = run(plan.readout)({ ...states, ...episode.queryInputs });
  const ends2 = run(plan.readoutAdjoint)({ ...states, ...episode.queryInputs });
  let gradients = pick(
    ends2,
    program.parameters.map((name) => number(gradientOf(name))),
  );
  let adjoints = pick(
    ends2,
    program.states.map(({ name, shape }) => ({ name: adjointOf(name), shape })),
  );
  const [leaveAdjoint, enterAdjoint] = [run(plan.leaveAdjoint), run(plan.enterAdjoint)];
  let t = episode.steps;
  for (const { from, planned } of ends.reverse()) {
    let carried: Values = { ...leaveAdjoint({ ...planned, ...adjoints }), ...gradients };
    while (t > from) {
      t -= 1;
      const out = backward({ ...carried, ...tapes[t]!, ...stepInputs(t) });
      carried = pick(out, plan.carried);
    }
    gradients = pick(
      carried,
      program.parameters.map((name) => number(gradientOf(name))),
    );
    adjoints = enterAdjoint(carried);
  }
  const { loss, ...outputs } = read;
  return {
    loss: loss![0]!,
    outputs,
    states,
    gradient: Float64Array.from(program.parameters, (name) => gradients[gradientOf(name)]![0]!),
    startGradient: Object.fromEntries(
      program.states.map(({ name }) => [name, adjoints[adjointOf(name)]!]),
    ),
    record: Object.fromEntries(
      Object.entries(observed).map(([name, values]) => [name, Float64Array.from(values)]),
    ),
  };
}

const number = (name: string): Slot => ({ name, shape: [1, 1] });

function pick(values: Arrays, slots: readonly Slot[]): Values {
  return Object.fromEntries(
    slots.map(({ name }) => {
      const found = values[name];
      if (!found) throw new Error(`nothing gives ${name}`);
      return [name, found];
    }),
  );
}

function slicesOf(program: Program, episode: Episode, t: number): Values {
  return Object.fromEntries(
    program.stepInputs.map(({ name, shape }) => {
      const size = shape[0] * shape[1];
      return [name, episode.stepInputs[name]!.subarray(t * size, (t + 1) * size)];
    }),
  );
}

/** Makes functions of graphs. Says so where an input is missing. */
function evaluator(shared: Values): (graph: Graph) => (inputs: Values) => Values {
  return (graph) => {
    const evaluation = prepareEvaluation(graph);
    const needed = graph.nodes.flatMap(({ operation }) =>
      operation.op === 'input' ? [operation.name] : [],
    );
    return (inputs) => {
      for (const name of needed) {
        const value = inputs[name] ?? shared[name];
        if (!value) throw new Error(`${graph.name} needs ${name}`);
        evaluation.bind(name, value);
      }
      evaluation.run();
      return Object.fromEntries(
        graph.outputs.map(({ name }) => [name, evaluation.output(name).slice()]),
      );
    };
  };
}
