import type { Graph } from '../ir.js';
import { flowOf } from './fusion/flow.js';
import { settle } from './fusion/homes.js';
import { insertLines } from './fusion/lines.js';
import { ownOutputs } from './fusion/own-outputs.js';
import { detailSweeps } from './fusion/stages.js';
import { type Step, scheduleSweeps } from './fusion/sweeps.js';
import type { Kernel, KernelPlan } from './kernels.js';

/**
 * The loops of a canonical graph: as few passes over its matrices as the data flow allows, operations on
 * vectors of one length in as few loops as possible, and results written to where they belong.
 */
export function fuseGraph(canonical: Graph): KernelPlan {
  const graph = ownOutputs(canonical);
  const flow = flowOf(graph);
  const steps = scheduleSweeps(flow);
  const sweeps = detailSweeps(flow, steps.filter(isDraft)).values();
  const kernels = steps.map(
    (step): Kernel => (isDraft(step) ? sweeps.next().value! : { kind: 'whole', node: step }),
  );
  return { graph, ...settle(flow, insertLines(flow, kernels)) };
}

const isDraft = (step: Step): step is Exclude<Step, { readonly operation: unknown }> =>
  'tasks' in step;
