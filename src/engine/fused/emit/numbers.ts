import { isNumber } from '../../../program/builder.js';
import type { BinaryFunction, Node } from '../../../program/ir.js';
import type { Numbers } from '../../../program/plan/kernels.js';
import type { Local } from '../wasm/code.js';
import type { Frame } from './frame.js';
import { readAs } from './places.js';

const INSTRUCTIONS: Readonly<Record<Exclude<BinaryFunction, 'power'>, string>> = {
  add: 'f64.add',
  subtract: 'f64.sub',
  multiply: 'f64.mul',
  divide: 'f64.div',
  minimum: 'f64.min',
  maximum: 'f64.max',
};

/** Numbers `[1, 1]` in a function: each is loaded or computed once. */
export class NumberValues {
  private readonly frame: Frame;
  private readonly known = new Map<Node, Local>();
  /** Numbers that this function computes itself, whatever memory holds. */
  private readonly own: ReadonlySet<Node>;

  constructor(frame: Frame, own: readonly Node[] = []) {
    this.frame = frame;
    this.own = new Set(own);
  }

  /** Puts the number on the stack: f64. */
  push(operand: Node): void {
    const { code, places } = this.frame;
    const node = this.own.has(operand) ? operand : readAs(operand);
    const had = this.known.get(node);
    if (had) {
      code.get(had);
      return;
    }
    if (node.operation.op === 'constant') {
      code.f64(node.operation.value);
      return;
    }
    if (!this.own.has(node) && places.has(node)) this.frame.loadNumber(places.of(node));
    else this.compute(node);
    const local = code.local('f64', () => this.frame.names.of(node));
    code.tee(local);
    this.known.set(node, local);
  }

  private compute(node: Node): void {
    const { code, functions } = this.frame;
    const { operation, operands } = node;
    if (!operands.every(isNumber)) throw new RangeError(`${operation.op} is not of numbers alone`);
    switch (operation.op) {
      case 'unary':
        this.push(operands[0]!);
        functions.numberUnary(code, operation.fn);
        return;
      case 'binary':
        operands.forEach((operand) => {
          this.push(operand);
        });
        if (operation.fn === 'power') functions.numberPower(code);
        else code.op(INSTRUCTIONS[operation.fn]);
        return;
      case 'select':
        this.select(operands as [Node, Node, Node]);
        return;
      case 'broadcast':
        this.push(operands[0]!);
        return;
      default:
        throw new RangeError(`number node ${node.id} (${operation.op}) is not in memory`);
    }
  }

  /** A condition that is NaN is the result itself. */
  private select([condition, then, otherwise]: [Node, Node, Node]): void {
    const { code } = this.frame;
    this.push(then);
    this.push(otherwise);
    this.push(condition);
    code.f64(0);
    code.op('f64.ne');
    code.op('select');
    this.push(condition);
    this.push(condition);
    this.push(condition);
    code.op('f64.eq');
    code.op('select');
  }
}

/** Operations on numbers, in order; what is kept is written at the end, so that old values can be read. */
export function emitNumbers(frame: Frame, { nodes }: Numbers): void {
  const { code, names, places } = frame;
  const values = new NumberValues(frame, nodes);
  for (const node of nodes) {
    code.comment(names.definition(node));
    values.push(node);
    code.op('drop');
  }
  for (const node of nodes) {
    if (places.has(node)) frame.storeNumber(places.of(node), () => values.push(node));
  }
}
