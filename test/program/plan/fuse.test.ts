import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { EngrammarError } from '../../../src/base/result.js';
import type { Graph, Program } from '../../../src/program/ir.js';
import { canonicalGraph } from '../../../src/program/plan/canonical.js';
import type { EpisodePlan } from '../../../src/program/plan/episode-plan.js';
import { fuseGraph } from '../../../src/program/plan/fuse.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { cataloguePrograms } from '../../support/catalogue-programs.js';
import { rulesIn } from '../../support/corpus.js';
import { distanceOf, graphsOf, outputsOf, randomInputs } from '../../support/graph-values.js';
import { runKernels } from '../../support/kernels.js';
import { POOL, programOf } from '../../support/program.js';
import { randomGraph } from '../../support/random-graphs.js';
import { everything, randomTimeline, replayed } from '../../support/replayed.js';
import { wholeRule } from '../../support/whole-rules.js';

/* Kernels carried out to the letter do what their graph says. */

const CLOSE = 1e-12;

/** How many kernels there were. */
function compare(graph: Graph, inputs: Record<string, Float64Array>, what: string): number {
  const plan = fuseGraph(graph);
  const wanted = outputsOf(graph, inputs);
  for (const blockRows of [4, 3]) {
    const { name, distance } = distanceOf(runKernels(plan, inputs, blockRows), wanted);
    if (!(distance < CLOSE))
      throw new Error(`${what}, ${graph.name}: ${name} is off by ${distance}`);
  }
  return plan.kernels.length;
}

const plannedGraphs = (plan: EpisodePlan): Graph[] => [
  plan.enter,
  plan.forward,
  plan.leave,
  plan.leaveAdjoint,
  plan.backward,
  plan.enterAdjoint,
];

function compareProgram(program: Program, graphs: readonly Graph[], what: string): void {
  for (const graph of graphs) {
    const canonical = canonicalGraph(graph);
    const inputs = randomInputs(canonical, program, new Stream(1, graph.name));
    compare(canonical, inputs, what);
  }
}

describe('kernels give what the graph gives', () => {
  it('for graphs made at random', () => {
    let [kernels, operations] = [0, 0];
    for (let seed = 0; seed < 1500; seed++) {
      const stream = new Stream(seed, 'graph');
      const graph = randomGraph(stream);
      const inputs = Object.fromEntries(
        graph.inputs.map(({ name, shape }) => [
          name,
          Float64Array.from({ length: shape[0] * shape[1] }, () => stream.normal()),
        ]),
      );
      kernels += compare(graph, inputs, `seed ${seed}`);
      operations += graph.nodes.filter(({ operands }) => operands.length > 0).length;
    }
    // Fusion there is.
    expect(kernels).toBeLessThan(operations / 2);
  }, 30_000);

  it('for the ten terms', () => {
    const program = programOf(POOL, [7, 6, 5, 4], 3);
    compareProgram(program, [...graphsOf(program), ...plannedGraphs(planEpisode(program))], 'pool');
  });

  it.each([1, 2, 3])(
    'for the rules of the catalogue on circuits, streams: %d',
    (streams) => {
      const programs = cataloguePrograms(streams);
      // All of them in one stream, a sample in several.
      for (let k = 0; k < programs.length; k += streams * streams) {
        const { rule, circuit, program } = programs[k]!;
        compareProgram(program, graphsOf(program), `${rule} on ${circuit}`);
      }
      expect(programs.length).toBeGreaterThan(50);
    },
    60_000,
  );

  it('for whole rules made at random, and their plans', () => {
    let count = 0;
    for (let seed = 0; seed < 210; seed++) {
      const stream = new Stream(seed, 'fused rules');
      const stepLength = stream.uniform() < 0.5 ? null : 2;
      const setting = {
        preSize: 5,
        postSize: stream.uniform() < 0.2 ? 5 : 3,
        stepLength,
        masked: stream.uniform() < 0.4,
        streams: 1 + stream.integer(3),
        timeline: randomTimeline(stream),
      };
      const table = everything('forward', stepLength);
      const text = wholeRule(table, 90_000 + seed, { kinds: ['draw', 'whiten'], wide: true });
      try {
        const { program } = replayed(rulesIn({ name: 'made.rule', text }), setting, stream);
        const graphs = seed % 3 === 0 ? plannedGraphs(planEpisode(program)) : graphsOf(program);
        compareProgram(program, graphs, text);
        count += 1;
      } catch (error) {
        // What is sent hangs on a spike of the same step.
        const isLate = error instanceof EngrammarError && error.diagnostics[0]?.code === 'E446';
        if (!isLate) throw error;
      }
    }
    expect(count).toBeGreaterThanOrEqual(200);
  }, 60_000);
});
