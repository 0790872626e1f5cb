import { assembleProgram } from './assemble.js';
import type { GraphBuilder } from './builder.js';
import { differentiate } from './differentiate.js';
import type { Node, Program } from './ir.js';
import { tangentsOf } from './tangents.js';
import { copied, tangentName, withTangents } from './with-tangents.js';

/** Output of the read-out: derivatives of the loss by the parameters, `[parameters, 1]`. */
export const SLOPES = 'slopes of the loss';
/** Output of the read-out: the curvature's upper triangle, row by row, `[pairs, 1]`. */
export const CURVATURE = 'curvature of the loss';

/**
 * The program with derivatives by all parameters carried forward, whose read-out tells, beside the loss,
 * its derivatives (`SLOPES`) and the generalised Gauss–Newton matrix (`CURVATURE`; Schraudolph 2002): the
 * second derivatives of the loss with outputs that are linear in the parameters, so never negative where
 * costs are convex. The costs are the squares and the logarithms of summed exponentials of the read-out
 * from which its loss is put together linearly. Null where the loss has none there, as where an episode
 * sums its cost step by step.
 */
export function withCurvature(program: Program): Program | null {
  if (!hasCurvature(program)) return null;
  const { parameters } = program;
  const smooth = program.states.filter(({ name }) => !program.discrete.includes(name));
  const carried = withTangents(
    program,
    parameters.map((name) => ({ name, parameter: name })),
  );
  return assembleProgram({
    ...carried,
    name: `${program.name} with curvature`,
    step: (b, value) => copied(carried.step, b, value),
    readout(b, value) {
      const outputs = copied(program.readout, b, value);
      const loss = outputs[0]!.node;
      const costs = costsOf(loss, variablesOf(program));
      const weights = differentiate(b, [{ node: loss, adjoint: b.constant(1) }], costs);
      const wanted = [loss, ...costs.map(({ operands }) => operands[0]!)];
      const tangents = parameters.map((parameter) =>
        tangentsOf(
          b,
          [
            ...smooth.map(({ name }) => ({
              node: value(name),
              tangent: value(tangentName(name, parameter)),
            })),
            { node: value(parameter), tangent: b.constant(1) },
          ],
          wanted,
        ),
      );
      const bent = tangents.flatMap((row, i) =>
        tangents.slice(i).map((column) => {
          const shares = costs.map((cost, k) =>
            b.sumTo(b.multiply(weights[k]!, bend(b, cost, row[k + 1]!, column[k + 1]!)), [1, 1]),
          );
          return b.total(shares)!;
        }),
      );
      const slopes = tangents.map(([slope]) => slope!);
      return [
        ...outputs,
        { name: SLOPES, node: b.concat(slopes) },
        { name: CURVATURE, node: b.concat(bent) },
      ];
    },
  });
}

/** Whether `withCurvature` finds costs in the read-out. */
export const hasCurvature = (program: Program): boolean =>
  costsOf(program.readout.outputs[0]!.node, variablesOf(program)).length > 0;

/** Names of what depends on the parameters where an episode ends. */
const variablesOf = ({ parameters, states, discrete }: Program): ReadonlySet<string> =>
  new Set([
    ...parameters,
    ...states.map(({ name }) => name).filter((name) => !discrete.includes(name)),
  ]);

/** The second derivative of a cost by its operand, between two changes of the operand. */
function bend(b: GraphBuilder, cost: Node, one: Node, other: Node): Node {
  const product = b.multiply(one, other);
  if (cost.operation.op !== 'logsumexp') return b.multiply(b.constant(2), product);
  const shares = b.softmax(cost.operands[0]!);
  const mean = (node: Node): Node => b.sum(b.multiply(shares, node), 'columns');
  return b.subtract(mean(product), b.multiply(mean(one), mean(other)));
}

/** Squares and logarithms of summed exponentials of which a loss is a linear function. */
function costsOf(loss: Node, variables: ReadonlySet<string>): Node[] {
  const known = new Map<Node, boolean>();
  const varies = (node: Node): boolean => {
    const had = known.get(node);
    if (had !== undefined) return had;
    const { operation, operands } = node;
    const found = operation.op === 'input' ? variables.has(operation.name) : operands.some(varies);
    known.set(node, found);
    return found;
  };
  const costs = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node) || !varies(node)) return;
    seen.add(node);
    const { operation, operands } = node;
    if (operation.op === 'logsumexp' || isSquare(node)) costs.add(node);
    else if (isLinear(node, varies)) operands.forEach(visit);
  };
  visit(loss);
  return [...costs];
}

const isSquare = ({ operation, operands: [one, other] }: Node): boolean =>
  operation.op === 'binary' && operation.fn === 'multiply' && one === other;

/** Whether a node is a linear function of those of its operands that vary. */
function isLinear({ operation, operands }: Node, varies: (node: Node) => boolean): boolean {
  switch (operation.op) {
    case 'unary':
      return operation.fn === 'negate';
    case 'binary':
      if (operation.fn === 'add' || operation.fn === 'subtract') return true;
      if (operation.fn === 'multiply') return !operands.every(varies);
      return operation.fn === 'divide' && !varies(operands[1]!);
    case 'matmul':
      return !operands.every(varies);
    case 'select':
      return !varies(operands[0]!);
    case 'transpose':
    case 'sum':
    case 'cumsum':
    case 'concat':
    case 'slice':
    case 'broadcast':
      return true;
    default:
      return false;
  }
}
