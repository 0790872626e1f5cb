import type { Stream } from '../../src/base/random.js';
import { GraphBuilder } from '../../src/program/builder.js';
import type { Graph, Node, Output, Shape } from '../../src/program/ir.js';

/**
 * A random graph of numbers, vectors and matrices with many sums and maxima, outer products, stretched
 * operands, whole-array operations here and there; outputs under the names of inputs, of any of them.
 */
export function fusionGraph(stream: Stream): Graph {
  const builder = new GraphBuilder();
  const pick = <T>(items: readonly T[]): T => items[stream.integer(items.length)]!;
  const chance = (p: number): boolean => stream.uniform() < p;
  const sides = [1, 2 + stream.integer(6), 2 + stream.integer(6)];
  if (chance(0.3)) sides[2] = sides[1]!;
  const nodes: Node[] = [];
  const inputs: Node[] = [];
  const input = (name: string, shape: Shape): void => {
    inputs.push(builder.input(name, shape));
  };
  const [, m, n] = sides as [number, number, number];
  for (let k = 1 + stream.integer(3); k > 0; k--) input(`W${k}`, [m, n]);
  for (let k = 1 + stream.integer(2); k > 0; k--) input(`x${k}`, [1, n]);
  for (let k = 1 + stream.integer(2); k > 0; k--) input(`y${k}`, [1, m]);
  for (let k = 1 + stream.integer(2); k > 0; k--) input(`s${k}`, [1, 1]);
  if (chance(0.3)) input('z', [m, 1]);
  if (chance(0.2)) input('Q', [m, m]);
  nodes.push(...inputs, builder.constant(0.5), builder.constant(2, [1, n]));
  const known = (): Node =>
    chance(0.5) ? nodes[nodes.length - 1 - stream.integer(3)]! : pick(nodes);
  const fits = (a: Node, b: Node): boolean =>
    ([0, 1] as const).every(
      (side) => a.shape[side] === b.shape[side] || a.shape[side] === 1 || b.shape[side] === 1,
    );
  const matching = (a: Node): Node => pick(nodes.filter((node) => fits(a, node)));
  const add = (node: Node): void => {
    if (!nodes.includes(node)) nodes.push(node);
  };
  for (let k = 4 + stream.integer(40); k > 0; k--) {
    const a = known();
    const kind = stream.uniform();
    if (kind < 0.35) add(builder.multiply(a, matching(a)));
    else if (kind < 0.5)
      add(builder.binary(pick(['add', 'subtract', 'maximum'] as const), a, matching(a)));
    else if (kind < 0.58)
      add(builder.unary(pick(['tanh', 'negate', 'sigmoid', 'relu'] as const), a));
    else if (kind < 0.78) add(builder.sum(a, pick(['rows', 'columns'] as const)));
    else if (kind < 0.82) add(builder.max(a, pick(['rows', 'columns'] as const)));
    else if (kind < 0.9) {
      if (a.shape[0] === 1 || a.shape[1] === 1 || chance(0.2)) add(builder.transpose(a));
    } else if (kind < 0.93) add(builder.broadcast(a, a.shape[0] === 1 ? [m, a.shape[1]] : a.shape));
    else if (kind < 0.95) {
      const b = pick(nodes);
      if (fits(a, b)) {
        add(builder.select(builder.unary('step', a), b, matching(builder.add(a, b))));
      }
    } else if (kind < 0.97) add(builder.cumsum(a, chance(0.5)));
    else if (kind < 0.985) {
      const b = pick(nodes.filter((node) => node.shape[0] === a.shape[1]));
      if (b && a.shape[0] > 1 && b.shape[1] > 1) add(builder.matmul(a, b));
    } else if (a.shape[0] > 2) add(builder.slice(a, 1, a.shape[0] - 1));
  }
  const outputs: Output[] = [];
  const used = new Set<string>();
  for (const old of inputs) {
    if (old.operation.op !== 'input' || chance(0.3)) continue;
    const { name } = old.operation;
    const like = nodes.filter((node) => String(node.shape) === String(old.shape));
    // Late ones, and what has the input in it, more often than not.
    const node = chance(0.6)
      ? builder.add(old, pick(like.slice(-4)))
      : pick(chance(0.5) ? like.slice(-4) : like);
    outputs.push({ name, node });
    used.add(name);
  }
  for (let k = stream.integer(4); k > 0; k--) outputs.push({ name: `out${k}`, node: known() });
  outputs.push({ name: 'last', node: nodes[nodes.length - 1]! });
  return builder.build('random', outputs);
}
