import type { Node } from '../../../program/ir.js';
import type { KernelPlan } from '../../../program/plan/kernels.js';
import { readAs, rootOf } from './places.js';

const SIGNS: Readonly<Record<string, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  power: '^',
};

/** Nodes in words, for the comments of the code: by the names of slots where they have one. */
export class Names {
  private readonly slots = new Map<Node, string>();

  constructor(plan: KernelPlan) {
    for (const [node, home] of plan.homes) {
      if (home.kind === 'output') this.slots.set(rootOf(node), `new ${home.name}`);
    }
    for (const { from, output } of plan.copies) {
      if (!this.slots.has(rootOf(from))) this.slots.set(rootOf(from), `new ${output}`);
    }
  }

  /** `W`, `new W`, `0.5`, `t12`. */
  of(node: Node): string {
    const root = rootOf(node);
    const { operation } = root;
    if (operation.op === 'input') return operation.name;
    if (operation.op === 'constant') return `${operation.value}`;
    return this.slots.get(root) ?? `t${root.id}`;
  }

  /** `new W = W + t7`. */
  definition(node: Node): string {
    return `${this.of(node)} = ${this.operation(rootOf(node))}`;
  }

  private operation({ operation, operands }: Node): string {
    const [a = '', b = '', c = ''] = operands.map((operand) => this.of(readAs(operand)));
    switch (operation.op) {
      case 'input':
        return operation.name;
      case 'constant':
        return `${operation.value}`;
      case 'unary':
        return `${operation.fn}(${a})`;
      case 'binary': {
        const sign = SIGNS[operation.fn];
        return sign ? `${a} ${sign} ${b}` : `${operation.fn}(${a}, ${b})`;
      }
      case 'matmul':
        return `${a}${operation.transposeA ? 'ᵀ' : ''} · ${b}${operation.transposeB ? 'ᵀ' : ''}`;
      case 'sum':
      case 'max':
        return `${operation.op} over ${operation.axis} of ${a}`;
      case 'select':
        return `where ${a}: ${b}, else ${c}`;
      case 'broadcast':
        return a;
      case 'slice':
        return `rows of ${a} from ${operation.start}`;
      case 'cumsum':
        return `${operation.reverse ? 'reverse ' : ''}running sum down ${a}`;
      case 'transpose':
        return `${a}ᵀ`;
      default:
        return `${operation.op}(${operands.map((operand) => this.of(readAs(operand))).join(', ')})`;
    }
  }
}
