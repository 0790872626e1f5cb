import type { Node, Operation, Shape } from '../ir.js';
import { isVectorTranspose, type Kernel, type KernelPlan, type Stage } from './kernels.js';

/**
 * A kernel plan as text, kernel after kernel: what is read from memory, what is computed, where it goes.
 * Operations that are used once are written into the formula that uses them.
 */
export function printKernelPlan(plan: KernelPlan): string {
  return new Printer(plan).text();
}

const INFIX = { add: '+', subtract: '−', multiply: '·', divide: '/' } as const;

class Printer {
  private readonly plan: KernelPlan;
  private readonly names = new Map<Node, string>();
  /** Of the kernel at hand: what has a line, what is computed, what is read from memory. */
  private shown = new Set<Node>();
  private listed = new Set<Node>();
  private read = new Set<Node>();

  constructor(plan: KernelPlan) {
    this.plan = plan;
    let count = 0;
    for (const node of plan.graph.nodes) {
      const { operation } = node;
      const home = plan.homes.get(node);
      if (operation.op === 'input') this.names.set(node, quoted(operation.name));
      else if (home?.kind === 'output') this.names.set(node, quoted(`${home.name}′`));
      else this.names.set(node, letters(count++));
    }
  }

  text(): string {
    const { graph, kernels, copies } = this.plan;
    return [
      `${graph.name}, kernel after kernel`,
      ...kernels.map((kernel, k) => this.kernel(kernel, k)),
      ...copies.map(({ from, output }) => `copy ${this.name(from)} to ${quoted(output)}`),
    ].join('\n');
  }

  private kernel(kernel: Kernel, index: number): string {
    this.read = new Set();
    this.listed = new Set();
    this.shown = new Set();
    const lines = this.body(kernel);
    const read = [...this.read].map((node) => `${this.name(node)} ${shapeText(node.shape)}`);
    const inputs = read.length > 0 ? [`  reads ${read.join(', ')}`] : [];
    return [`${index + 1}. ${this.heading(kernel)}`, ...inputs, ...lines].join('\n');
  }

  private heading(kernel: Kernel): string {
    switch (kernel.kind) {
      case 'numbers':
        return 'numbers';
      case 'line':
        return `vectors of ${kernel.length}`;
      case 'whole':
        return `whole ${kernel.node.operation.op}`;
      case 'sweep': {
        const size = shapeText(kernel.shape);
        const matrices = [...this.read].filter(({ shape }) => shapeText(shape) === size);
        const names = matrices.map((node) => this.name(node)).join(', ');
        return names === '' ? `sweep over ${size}` : `sweep over ${names} ${size}`;
      }
    }
  }

  private body(kernel: Kernel): string[] {
    const { homes } = this.plan;
    switch (kernel.kind) {
      case 'numbers':
        return this.section(kernel.nodes, [], homes);
      case 'line':
        return this.section(kernel.nodes, kernel.reductions, homes);
      case 'whole':
        return this.section([], [kernel.node], homes);
      case 'sweep':
        return kernel.stages.flatMap((stage, k) => {
          const lines = this.stage(stage);
          return kernel.stages.length > 1 ? [`  stage ${k + 1}`, ...lines] : lines;
        });
    }
  }

  private stage({ elements, stores, rowReductions, columnReductions, rows }: Stage): string[] {
    const reductions = [...rowReductions, ...columnReductions];
    const loop = this.section(elements, reductions, new Set(stores));
    // A matrix that is computed again in a later stage is written out again.
    for (const node of elements) if (!stores.includes(node)) this.shown.delete(node);
    const after = this.section(rows, [], this.plan.homes, true);
    return [...loop, ...after.map((line) => line.replace(/^ {2}/, '  each row: '))];
  }

  /** Formulas for what a loop leaves behind or uses more than once. */
  private section(
    nodes: readonly Node[],
    results: readonly Node[],
    stored: { has(node: Node): boolean },
    all = false,
  ): string[] {
    const uses = new Map<Node, number>();
    for (const { operands } of [...nodes, ...results]) {
      for (const operand of operands) {
        const node = seenThrough(operand);
        uses.set(node, (uses.get(node) ?? 0) + 1);
      }
    }
    for (const node of [...nodes, ...results]) this.listed.add(node);
    for (const node of nodes) {
      if (all || stored.has(node) || uses.get(node) !== 1) this.shown.add(node);
    }
    for (const node of results) this.shown.add(node);
    return [...nodes, ...results].flatMap((node) => {
      if (!this.shown.has(node)) return [];
      const isKept = results.includes(node) ? this.plan.homes.has(node) : stored.has(node);
      const where = isKept ? ' → memory' : '';
      return [`  ${this.name(node)} = ${this.formula(node)} ${shapeText(node.shape)}${where}`];
    });
  }

  private name(node: Node): string {
    return this.names.get(node)!;
  }

  private operand(operand: Node): string {
    const node = seenThrough(operand);
    if (node.operation.op === 'constant') return String(node.operation.value);
    if (!this.listed.has(node)) this.read.add(node);
    if (!this.listed.has(node) || this.shown.has(node)) return this.name(node);
    const text = this.formula(node);
    const { operation } = node;
    const isInfix = operation.op === 'binary' && operation.fn in INFIX;
    return isInfix || operation.op === 'select' ? `(${text})` : text;
  }

  private formula({ operation, operands }: Node): string {
    return printOperation(
      operation,
      operands.map((operand) => this.operand(operand)),
    );
  }
}

/** What an operand is written as: stretched and transposed vectors as what they are made of. */
function seenThrough(operand: Node): Node {
  const isAlias = operand.operation.op === 'broadcast' || isVectorTranspose(operand);
  return isAlias ? seenThrough(operand.operands[0]!) : operand;
}

function printOperation(operation: Operation, operands: readonly string[]): string {
  const [a, b, c] = operands as [string, string, string];
  switch (operation.op) {
    case 'constant':
      return String(operation.value);
    case 'unary':
      return operation.fn === 'negate' ? `−${a}` : `${operation.fn}(${a})`;
    case 'binary':
      return operation.fn in INFIX
        ? `${a} ${INFIX[operation.fn as keyof typeof INFIX]} ${b}`
        : `${operation.fn}(${a}, ${b})`;
    case 'select':
      return `${b} where ${a}, else ${c}`;
    case 'sum':
    case 'max':
      return `${operation.op} over ${operation.axis} of ${a}`;
    case 'matmul':
      return `${a}${operation.transposeA ? 'ᵀ' : ''} ${b}${operation.transposeB ? 'ᵀ' : ''}`;
    case 'broadcast':
      return a;
    case 'slice':
      return `rows of ${a} from ${operation.start}`;
    case 'cumsum':
      return `running sum${operation.reverse ? ' from below' : ''} of ${a}`;
    default:
      return `${operation.op}(${operands.join(', ')})`;
  }
}

const shapeText = ([rows, columns]: Shape): string => `[${rows}, ${columns}]`;

const quoted = (name: string): string => (name.includes(' ') ? `"${name}"` : name);

/** a … z, aa, ab, … */
function letters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letters(rest - 1) : '') + String.fromCharCode(97 + (index % 26));
}
