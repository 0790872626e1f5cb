import type { Program } from '../ir.js';
import { withAdjoint } from './adjoint-step.js';
import { planBackward } from './backward.js';
import type { EpisodePlan } from './episode-plan.js';
import { factorStates } from './factor.js';
import { planForward } from './forward.js';
import { holdStates } from './held-step.js';
import { notesOn } from './notes.js';
import { enterAdjointGraph, enterGraph, leaveAdjointGraph, leaveGraph } from './segments.js';
import { unstack } from './unstack.js';

export interface PlanOptions {
  /**
   * Whether decays of whole matrices and outer products with an unchanging side are put off. Default:
   * true. Without, a decay may be as strong as it likes.
   */
  readonly lazy?: boolean;
}

/** How the episodes of a program are to be computed, with the exact adjoint. */
export function planEpisode(program: Program, { lazy = true }: PlanOptions = {}): EpisodePlan {
  const graph = unstack(program.step);
  const factored = factorStates(program, graph, lazy);
  const step = holdStates(program, graph, factored);
  const both = withAdjoint(program, step);
  const backward = planBackward(program, step, both);
  const forward = planForward(program, step, both, backward.tape);
  return {
    program,
    states: forward.states,
    enter: enterGraph(program, step, forward),
    leave: leaveGraph(program, step, forward),
    forward: forward.graph,
    tape: backward.tape.map(({ name, shape }) => ({ name, shape })),
    shrinking: step.states.filter(({ role }) => role === 'decay').map(({ name }) => name),
    carried: backward.carried,
    backward: backward.graph,
    leaveAdjoint: leaveAdjointGraph(program, step, forward, backward),
    enterAdjoint: enterAdjointGraph(program, step, backward),
    readout: program.readout,
    readoutAdjoint: program.readoutAdjoint,
    notes: notesOn(factored, step, backward),
  };
}
