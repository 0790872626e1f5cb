import type { Node, Program } from '../ir.js';

type Origin = 'parameter' | 'state' | 'constant' | 'step input';

/** What values of a step depend on. */
export class Origins {
  private readonly origins: ReadonlyMap<string, Origin>;
  private readonly known = { constant: new Map<Node, boolean>(), fixed: new Map<Node, boolean>() };

  constructor({ parameters, states, constants, stepInputs }: Program) {
    const of = (names: readonly string[], origin: Origin): [string, Origin][] =>
      names.map((name) => [name, origin]);
    const namesOf = (slots: readonly { name: string }[]): string[] => slots.map(({ name }) => name);
    this.origins = new Map([
      ...of(parameters, 'parameter'),
      ...of(namesOf(states), 'state'),
      ...of(namesOf(constants), 'constant'),
      ...of(namesOf(stepInputs), 'step input'),
    ]);
  }

  /** Whether a value depends on nothing but constants of the program. */
  isConstant(node: Node): boolean {
    return this.comesFrom(node, ['constant'], this.known.constant);
  }

  /** Whether a value is the same in all steps of an episode. */
  isFixed(node: Node): boolean {
    return this.comesFrom(node, ['constant', 'parameter'], this.known.fixed);
  }

  private comesFrom(node: Node, from: readonly Origin[], known: Map<Node, boolean>): boolean {
    const had = known.get(node);
    if (had !== undefined) return had;
    const { operation, operands } = node;
    const origin = operation.op === 'input' ? this.origins.get(operation.name) : undefined;
    const isSo =
      operation.op === 'input'
        ? origin !== undefined && from.includes(origin)
        : operands.every((operand) => this.comesFrom(operand, from, known));
    known.set(node, isSo);
    return isSo;
  }

  /** Whether a value is likely to be exactly 0 in some step, by how it is computed. */
  mayVanish(node: Node): boolean {
    const { operation, operands } = node;
    const some = (): boolean => operands.some((operand) => this.mayVanish(operand));
    switch (operation.op) {
      case 'input':
        return !this.isFixed(node);
      case 'constant':
        return operation.value === 0;
      case 'select':
        return operands.slice(1).some((operand) => this.mayVanish(operand));
      case 'broadcast':
      case 'transpose':
        return some();
      case 'unary':
        if (operation.fn === 'exp' || operation.fn === 'sigmoid') return false;
        return operation.fn === 'negate' || operation.fn === 'reciprocal' ? some() : true;
      case 'binary':
        if (operation.fn === 'add' || operation.fn === 'subtract') {
          return operands.every((operand) => this.mayVanish(operand));
        }
        return operation.fn === 'divide' || operation.fn === 'power'
          ? this.mayVanish(operands[0]!)
          : some();
      default:
        return true;
    }
  }
}
