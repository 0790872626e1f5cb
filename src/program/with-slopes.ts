import { assembleProgram } from './assemble.js';
import type { Program } from './ir.js';
import { tangentsOf } from './tangents.js';
import { copied, type Direction, tangentName, withTangents } from './with-tangents.js';

/** Output of the read-out: derivatives of the loss in the directions, `[directions, 1]`. */
export const FORWARD_SLOPES = 'slopes carried forward';

/**
 * The program with its derivatives in some directions carried forward beside it (`withTangents`), whose
 * read-out also tells how the loss changes in each (`FORWARD_SLOPES`): the gradient without a way back, at
 * the price of one episode for each direction.
 */
export function withSlopes(program: Program, directions: readonly Direction[]): Program {
  const carried = withTangents(program, directions);
  const smooth = program.states.filter(({ name }) => !program.discrete.includes(name));
  return assembleProgram({
    ...carried,
    step: (b, value) => copied(carried.step, b, value),
    readout(b, value) {
      const outputs = copied(program.readout, b, value);
      const slopes = directions.map(({ name: direction, parameter }) => {
        const seeds = smooth.map(({ name }) => ({
          node: value(name),
          tangent: value(tangentName(name, direction)),
        }));
        if (parameter !== null) seeds.push({ node: value(parameter), tangent: b.constant(1) });
        return tangentsOf(b, seeds, [outputs[0]!.node])[0]!;
      });
      return [...outputs, { name: FORWARD_SLOPES, node: b.concat(slopes) }];
    },
  });
}
