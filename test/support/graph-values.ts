import type { Stream } from '../../src/base/random.js';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import type { Graph, Program } from '../../src/program/ir.js';

/** The four graphs of a program. */
export const graphsOf = ({ step, readout, stepAdjoint, readoutAdjoint }: Program): Graph[] => [
  step,
  readout,
  stepAdjoint,
  readoutAdjoint,
];

/** Values for the inputs of a program's graphs: masks and schedules 0 or 1, the rest as asked or normal. */
export function randomInputs(
  graph: Graph,
  program: Program | null,
  stream: Stream,
  given: Readonly<Record<string, ArrayLike<number>>> = {},
): Record<string, Float64Array> {
  const switches = new Set(
    program?.schedule.filter(({ when }) => when.kind !== 'drawn').map(({ slot }) => slot),
  );
  const isSwitch = (name: string): boolean => switches.has(name) || /^mask |spike/.test(name);
  return Object.fromEntries(
    graph.inputs.map(({ name, shape }) => {
      const values = Float64Array.from({ length: shape[0] * shape[1] }, () =>
        isSwitch(name) ? stream.integer(2) : 0.7 * stream.normal(),
      );
      return [name, given[name] ? Float64Array.from(given[name]) : values];
    }),
  );
}

/** All outputs of a graph, by name. */
export function outputsOf(
  graph: Graph,
  inputs: Readonly<Record<string, Float64Array>>,
): Record<string, Float64Array> {
  const evaluation = prepareEvaluation(graph);
  for (const { name } of graph.inputs) evaluation.bind(name, inputs[name]!);
  evaluation.run();
  return Object.fromEntries(
    graph.outputs.map(({ name }) => [name, evaluation.output(name).slice()]),
  );
}

/** Infinities and NaN alike: factors that leave a sum may turn one into the other. */
export const blurred = (outputs: Record<string, Float64Array>): Record<string, Float64Array> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, each]) => [
      name,
      each.map((x) => (Number.isFinite(x) ? x : Number.NaN)),
    ]),
  );

/** How far outputs are from what they should be: relative by norm, the worst one; infinite where one is undefined and the other not. */
export function distanceOf(
  got: Readonly<Record<string, Float64Array>>,
  wanted: Readonly<Record<string, Float64Array>>,
): { readonly name: string; readonly distance: number } {
  let worst = { name: '', distance: 0 };
  for (const [name, right] of Object.entries(wanted)) {
    const left = got[name];
    let [off, norm] = [0, 0];
    for (const [k, x] of right.entries()) {
      const y = left?.[k] ?? Number.POSITIVE_INFINITY;
      if (Object.is(x, y) || x === y) continue;
      off += (x - y) ** 2;
    }
    for (const x of right) if (Number.isFinite(x)) norm += x * x;
    const distance = off === 0 ? 0 : Math.sqrt(off) / Math.max(Math.sqrt(norm), 1e-300);
    if (!(distance <= worst.distance)) worst = { name, distance };
    if (Number.isNaN(distance)) return { name, distance: Number.POSITIVE_INFINITY };
  }
  return worst;
}
