import type { Node, Operation, Shape } from '../ir.js';
import type { Kernel, KernelPlan, Stage } from './kernels.js';
import { isVectorTranspose } from './kernels.js';

/**
 * A kernel plan as text, kernel after kernel: what is read from memory, what is computed, where it goes.
 * Operations that are used once are written into the formula that uses them.
 */
export function printKernelPlan(plan: KernelPlan): string {
  return new Printer(plan).plan();
}

const INFIX = { add: '+', subtract: '−', multiply: '·', divide: '/' } as const;

class Printer {
  private readonly kernelPlan: KernelPlan;
  private readonly names = new Map<Node, string>();
  /** How often a node of a kernel is used within it. */
  private uses = new Map<Node, number>();
  private listed = new Set<Node>();
  private read = new Set<Node>();

  constructor(plan: KernelPlan) {
    this.kernelPlan = plan;
    let count = 0;
    for (const node of plan.graph.nodes) {
      const { operation } = node;
      if (operation.op === 'input') this.names.set(node, quoted(operation.name));
      else {
        const home = plan.homes.get(node);
        this.names.set(node, home?.kind === 'output' ? quoted(`${home.name}′`) : letters(count++));
      }
    }
  }

  plan(): string {
    const { graph, kernels, copies } = this.kernelPlan;
    const sweeps = kernels.filter(({ kind }) => kind === 'sweep').length;
    return [
      `${graph.name}: ${kernels.length} kernels, ${sweeps} of them over matrices`,
      ...kernels.map((kernel, k) => this.kernel(kernel, k)),
      ...copies.map(({ from, output }) => `copy ${this.name(from)} to ${quoted(output)}`),
    ].join('\n');
  }

  private kernel(kernel: Kernel, index: number): string {
    this.read = new Set();
    const lines = this.body(kernel);
    const read = [...this.read].map((node) => `${this.name(node)} ${shapeText(node.shape)}`);
    const inputs = read.length > 0 ? [`  reads ${read.join(', ')}`] : [];
    return [`${index + 1}. ${heading(kernel)}`, ...inputs, ...lines].join('\n');
  }

  private body(kernel: Kernel): string[] {
    switch (kernel.kind) {
      case 'numbers':
        return this.section(kernel.nodes, []);
      case 'line':
        return this.section(kernel.nodes, kernel.reductions);
      case 'whole':
        return this.section([], [kernel.node]);
      case 'sweep': {
        const known: Node[] = [];
        return kernel.stages.flatMap((stage, k) => {
          const lines = this.stage(stage, known);
          known.push(...stage.rowReductions, ...stage.rows);
          return kernel.stages.length > 1 ? [`  stage ${k + 1}`, ...lines] : lines;
        });
      }
    }
  }

  private stage(stage: Stage, known: readonly Node[]): string[] {
    const { elements, stores, rowReductions, columnReductions, rows } = stage;
    const reductions = [...rowReductions, ...columnReductions];
    const loop = this.section(elements, reductions, known, new Set(stores));
    const after = this.section(rows, [], [...known, ...rowReductions]);
    return [...loop, ...after.map((line) => line.replace(/^ {2}/, '  each row: '))];
  }

  /** Formulas for what a loop leaves behind or uses more than once. */
  private section(
    nodes: readonly Node[],
    results: readonly Node[],
    known: readonly Node[] = [],
    stores?: ReadonlySet<Node>,
  ): string[] {
    this.listed = new Set([...nodes, ...results, ...known]);
    this.uses = new Map();
    for (const node of [...nodes, ...results]) {
      for (const operand of node.operands) this.count(operand);
    }
    const isStored = (node: Node): boolean =>
      stores ? stores.has(node) : this.kernelPlan.homes.has(node);
    return [...nodes, ...results].flatMap((node) => {
      const isResult = results.includes(node);
      const isShown = isResult || isStored(node) || this.isNamed(node);
      if (!isShown) return [];
      const mark = isResult || isStored(node) ? ' → memory' : '';
      const kept = isResult && !this.kernelPlan.homes.has(node) ? '' : mark;
      return [`  ${this.name(node)} = ${this.formula(node)} ${shapeText(node.shape)}${kept}`];
    });
  }

  private count(operand: Node): void {
    const node = seenThrough(operand);
    this.uses.set(node, (this.uses.get(node) ?? 0) + 1);
  }

  /** Whether a node of this loop has a line of its own. */
  private isNamed(node: Node): boolean {
    return (this.uses.get(node) ?? 0) !== 1;
  }

  private name(node: Node): string {
    return this.names.get(node)!;
  }

  private operand(operand: Node): string {
    const node = seenThrough(operand);
    if (node.operation.op === 'constant') return String(node.operation.value);
    const isHere = this.listed.has(node);
    const isInlined =
      isHere &&
      !this.isNamed(node) &&
      node.operation.op !== 'sum' &&
      node.operation.op !== 'max' &&
      !this.kernelPlan.homes.has(node);
    if (!isHere) this.read.add(node);
    if (!isInlined) return this.name(node);
    const text = this.formula(node);
    const isInfix = node.operation.op === 'binary' && node.operation.fn in INFIX;
    return isInfix ? `(${text})` : text;
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

function heading(kernel: Kernel): string {
  switch (kernel.kind) {
    case 'numbers':
      return 'numbers';
    case 'line':
      return `vectors of ${kernel.length}`;
    case 'sweep':
      return `sweep over matrices ${shapeText(kernel.shape)}`;
    case 'whole':
      return `whole ${kernel.node.operation.op}`;
  }
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
