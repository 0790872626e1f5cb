import type { Graph, Node, Slot } from '../program/ir.js';

/**
 * The states whose non-finite numbers could be gone again at the end of an episode.
 *
 * A state whose next value is its old value plus or times something keeps what is not finite: ∞ + x and ∞ · x
 * are never finite, nor is anything of NaN. Such a state need be looked at only once, at the end. (A
 * bound stops ∞ on its own side, but then the state never was ∞.) All others are looked at in every step.
 */
export function forgetfulStates(step: Graph, states: readonly Slot[]): Slot[] {
  return states.filter(({ name, shape }) => {
    const output = step.outputs.find((candidate) => candidate.name === name);
    return !output || !keeps(output.node, name, shape, new Map());
  });
}

function keeps(node: Node, name: string, shape: Slot['shape'], seen: Map<Node, boolean>): boolean {
  const known = seen.get(node);
  if (known !== undefined) return known;
  const answer = look(node, (operand) => keeps(operand, name, shape, seen));
  seen.set(node, answer);
  return answer;

  function look({ operation, operands, shape: own }: Node, inside: (n: Node) => boolean): boolean {
    if (own[0] !== shape[0] || own[1] !== shape[1]) return false;
    if (operation.op === 'input') return operation.name === name;
    if (operation.op === 'unary') return operation.fn === 'negate' && inside(operands[0]!);
    if (operation.op === 'select') return inside(operands[1]!) && inside(operands[2]!);
    if (operation.op !== 'binary' || operation.fn === 'power') return false;
    return inside(operands[0]!) || (operation.fn !== 'divide' && inside(operands[1]!));
  }
}
