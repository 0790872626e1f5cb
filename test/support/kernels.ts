import {
  binaryFunctions,
  cumsum,
  matmul,
  transpose,
  unaryFunctions,
} from '../../src/engine/interpret/kernels.js';
import type { Node, Shape } from '../../src/program/ir.js';
import {
  heldBy,
  type KernelPlan,
  type Line,
  reference,
  type Stage,
  type Sweep,
} from '../../src/program/plan/kernels.js';

/*
 * A kernel plan carried out to the letter, in float64: arrays where the homes say (an input and an output
 * of one name are one array), scratch that holds NaN until something is written, sums accumulated where
 * they are kept, blocks of a few rows, stages in order. What the plan forgets to store, reads too late or
 * reads before it is there shows as NaN, as an error or as a wrong number.
 */

type Values = Record<string, Float64Array>;
/** The value at row i, column j of a loop. */
type Read = (i: number, j: number) => number;

const sizeOf = ([rows, columns]: Shape): number => rows * columns;

/** Arrays by name, those of inputs as they were given (copied), after one run: outputs among them. */
export function runKernels(plan: KernelPlan, inputs: Values, blockRows = 4): Values {
  return new Machine(plan, inputs, blockRows).run();
}

class Machine {
  private readonly plan: KernelPlan;
  private readonly blockRows: number;
  private readonly named: Values = {};
  private readonly arrays = new Map<Node, Float64Array>();
  private readonly stored = new Set<Node>();

  constructor(plan: KernelPlan, inputs: Values, blockRows: number) {
    this.plan = plan;
    this.blockRows = blockRows;
    for (const [name, values] of Object.entries(inputs)) this.named[name] = values.slice();
    for (const { name, node } of plan.graph.outputs) {
      this.named[name] ??= new Float64Array(sizeOf(node.shape)).fill(Number.NaN);
    }
    for (const [node, home] of plan.homes) {
      const array =
        home.kind === 'scratch'
          ? new Float64Array(sizeOf(node.shape)).fill(Number.NaN)
          : this.named[home.name];
      if (array?.length !== sizeOf(node.shape)) throw new Error(`no place for ${what(node)}`);
      this.arrays.set(node, array);
      if (home.kind === 'input') this.stored.add(node);
    }
  }

  run(): Values {
    for (const kernel of this.plan.kernels) {
      switch (kernel.kind) {
        case 'numbers':
          for (const node of kernel.nodes) this.line(node, kernel.nodes);
          break;
        case 'line':
          this.runLine(kernel);
          break;
        case 'sweep':
          this.sweep(kernel);
          break;
        case 'whole':
          this.whole(kernel.node);
      }
    }
    for (const { from, output } of this.plan.copies) {
      if (this.plan.homes.get(from)?.kind !== 'scratch') throw new Error(`copy of ${what(from)}`);
      this.named[output]!.set(this.home(from));
    }
    for (const { name, node } of this.plan.graph.outputs) {
      const home = this.plan.homes.get(node)!;
      const isCopied = this.plan.copies.some(
        ({ from, output }) => from === node && output === name,
      );
      if (!isCopied && !(home.kind === 'output' && home.name === name)) {
        throw new Error(`nothing is written to ${name}`);
      }
    }
    return this.named;
  }

  private home(node: Node): Float64Array {
    const array = this.arrays.get(node);
    if (!array || !this.stored.has(node)) throw new Error(`${what(node)} is not there`);
    return array;
  }

  private store(node: Node): Float64Array {
    const array = this.arrays.get(node);
    if (!array) throw new Error(`${what(node)} has no home`);
    if (this.stored.has(node)) throw new Error(`${what(node)} is stored twice`);
    this.stored.add(node);
    return array;
  }

  /** Reads an operand: from `local` if it is listed there, else from its home. */
  private read(operand: Node, local: (node: Node, shape: Shape) => Read | undefined): Read {
    const { node, shape } = reference(operand);
    if (node.operation.op === 'constant') {
      const { value } = node.operation;
      return () => value;
    }
    const here = local(node, shape);
    if (here) return here;
    const array = this.home(node);
    const down = shape[0] === 1 ? 0 : shape[1];
    const across = shape[1] === 1 ? 0 : 1;
    return (i, j) => array[i * down + j * across]!;
  }

  /** A number on its own. */
  private line(node: Node, among: readonly Node[]): void {
    if (sizeOf(node.shape) !== 1) throw new Error(`${what(node)} among numbers`);
    for (const operand of node.operands) {
      const held = reference(operand).node;
      if (among.indexOf(held) > among.indexOf(node)) throw new Error(`${what(held)} is too late`);
    }
    // A number within its kernel needs no home.
    if (!this.arrays.has(node)) this.arrays.set(node, new Float64Array(1));
    const value = evaluator(node, (operand) => this.read(operand, () => undefined))(0, 0);
    this.store(node)[0] = value;
  }

  private runLine({ length, nodes, reductions }: Line): void {
    const values = new Map<Node, { value: number }>();
    const local = (node: Node): Read | undefined => {
      const cell = values.get(node);
      return cell && (() => cell.value);
    };
    // Along the loop, rows and columns are alike.
    const along = (operand: Node): Read => {
      const { node, shape } = reference(operand);
      if (sizeOf(shape) !== 1 && sizeOf(shape) !== length) throw new Error(`${what(node)} in line`);
      const read = this.read(operand, local);
      return shape[0] === 1 ? (_, j) => read(0, j) : (_, j) => read(j, 0);
    };
    const steps = nodes.map((node) => {
      if (sizeOf(node.shape) !== length) throw new Error(`${what(node)} in line`);
      const step = { node, cell: { value: Number.NaN }, of: evaluator(node, along) };
      values.set(node, step.cell);
      return step;
    });
    const stores = nodes
      .filter((node) => this.arrays.has(node))
      .map((node) => ({ cell: values.get(node)!, array: this.store(node) }));
    const folds = reductions.map((node) => ({ ...folding(node), read: along(node.operands[0]!) }));
    const totals = folds.map(({ start }) => start);
    for (let j = 0; j < length; j++) {
      for (const { cell, of } of steps) cell.value = of(0, j);
      folds.forEach(({ fold, read }, k) => {
        totals[k] = fold(totals[k]!, read(0, j));
      });
      for (const { cell, array } of stores) array[j] = cell.value;
    }
    reductions.forEach((node, k) => {
      this.store(node)[0] = totals[k]!;
    });
  }

  private sweep({ shape, stages }: Sweep): void {
    const known = new Map<Node, Float64Array>();
    const prepared = stages.map((stage) => this.stage(stage, shape, known));
    for (let start = 0; start < shape[0]; start += this.blockRows) {
      const end = Math.min(start + this.blockRows, shape[0]);
      for (const run of prepared) run(start, end);
    }
  }

  private stage(stage: Stage, [m, n]: Shape, known: Map<Node, Float64Array>) {
    const values = new Map<Node, { value: number }>();
    const local = (node: Node, shape: Shape): Read | undefined => {
      const cell = values.get(node);
      if (cell) return () => cell.value;
      const rows = known.get(node);
      if (!rows) return undefined;
      if (shape[1] !== 1) throw new Error(`${what(node)} is read across before it is known`);
      return (i) => rows[i]!;
    };
    const element = (operand: Node): Read => {
      const { node, shape } = reference(operand);
      if (![1, m].includes(shape[0]) || ![1, n].includes(shape[1])) {
        throw new Error(`${what(node)} in a sweep`);
      }
      return this.read(operand, local);
    };
    const steps = stage.elements.map((node) => {
      const step = { cell: { value: Number.NaN }, of: evaluator(node, element) };
      values.set(node, step.cell);
      return step;
    });
    const rowFolds = stage.rowReductions.map((node) => ({
      ...folding(node),
      read: element(node.operands[0]!),
      values: this.rowsOf(node, m),
    }));
    const columnFolds = stage.columnReductions.map((node) => {
      const { start, fold } = folding(node);
      return { fold, read: element(node.operands[0]!), array: this.store(node).fill(start) };
    });
    const stores = stage.stores.map((node) => {
      if (!values.has(node)) throw new Error(`${what(node)} is stored but not computed`);
      return { cell: values.get(node)!, array: this.store(node) };
    });
    for (const { node, values: rows } of rowFolds.map((fold, k) => ({
      node: stage.rowReductions[k]!,
      values: fold.values,
    }))) {
      known.set(node, rows);
    }
    const inRows = new Map<Node, { value: number }>();
    const rowSteps = stage.rows.map((node) => {
      if (sizeOf(node.shape) !== m) throw new Error(`${what(node)} in rows`);
      const of = evaluator(node, (operand) => {
        const read = reference(operand);
        if (sizeOf(read.shape) !== 1 && sizeOf(read.shape) !== m) {
          throw new Error(`${what(read.node)} in rows`);
        }
        const here = inRows.get(read.node);
        if (here) return () => here.value;
        const rows = known.get(read.node);
        if (rows) return (i) => rows[i]!;
        const from = this.read(operand, () => undefined);
        return read.shape[0] === 1 ? (i) => from(0, i) : (i) => from(i, 0);
      });
      const step = { of, cell: { value: Number.NaN }, values: this.rowsOf(node, m) };
      inRows.set(node, step.cell);
      return step;
    });
    stage.rows.forEach((node, k) => {
      known.set(node, rowSteps[k]!.values);
    });
    return (start: number, end: number): void => {
      for (const { start: from, values: rows } of rowFolds) rows.fill(from, start, end);
      for (let i = start; i < end; i++) {
        for (let j = 0; j < n; j++) {
          for (const { cell, of } of steps) cell.value = of(i, j);
          for (const each of rowFolds) each.values[i] = each.fold(each.values[i]!, each.read(i, j));
          for (const each of columnFolds) {
            each.array[j] = each.fold(each.array[j]!, each.read(i, j));
          }
          for (const { cell, array } of stores) array[i * n + j] = cell.value;
        }
      }
      for (let i = start; i < end; i++) {
        for (const { cell, of } of rowSteps) cell.value = of(i, 0);
        for (const { cell, values: rows } of rowSteps) rows[i] = cell.value;
      }
    };
  }

  /** Where a vector of a sweep's rows is while the sweep runs. */
  private rowsOf(node: Node, m: number): Float64Array {
    return this.arrays.has(node) ? this.store(node) : new Float64Array(m).fill(Number.NaN);
  }

  private whole(node: Node): void {
    const { operation, operands, shape } = node;
    const of = (operand: Node): Float64Array => this.home(heldBy(operand));
    const values = operands.map(of);
    const out = this.store(node);
    const [a, b] = operands as [Node, Node];
    switch (operation.op) {
      case 'matmul': {
        const { transposeA, transposeB } = operation;
        const sizes = [shape[0], a.shape[transposeA ? 0 : 1], shape[1]] as const;
        matmul(out, of(a), of(b), { sizes, transposeA, transposeB });
        return;
      }
      case 'transpose':
        transpose(out, values[0]!, a.shape);
        return;
      case 'cumsum':
        cumsum(out, values[0]!, a.shape, operation.reverse);
        return;
      case 'concat': {
        let at = 0;
        for (const part of values) {
          out.set(part, at);
          at += part.length;
        }
        return;
      }
      case 'slice':
        out.set(values[0]!.subarray(operation.start * shape[1]).subarray(0, out.length));
        return;
      default:
        throw new Error(`${what(node)} as a whole`);
    }
  }
}

function evaluator({ operation, operands }: Node, read: (operand: Node) => Read): Read {
  const [a, b, c] = operands.map(read) as [Read, Read, Read];
  switch (operation.op) {
    case 'constant':
      return () => operation.value;
    case 'unary': {
      const f = unaryFunctions[operation.fn];
      return (i, j) => f(a(i, j));
    }
    case 'binary': {
      const f = binaryFunctions[operation.fn];
      return (i, j) => f(a(i, j), b(i, j));
    }
    case 'select':
      return (i, j) => {
        const chosen = a(i, j);
        if (Number.isNaN(chosen)) return chosen;
        return chosen === 0 ? c(i, j) : b(i, j);
      };
    case 'broadcast':
      return a;
    default:
      throw new Error(`${operation.op} is not elementwise`);
  }
}

function folding({ operation }: Node) {
  if (operation.op === 'sum') return { start: 0, fold: (x: number, y: number) => x + y };
  if (operation.op === 'max') return { start: Number.NEGATIVE_INFINITY, fold: Math.max };
  throw new Error(`${operation.op} is no reduction`);
}

const what = ({ id, operation, shape }: Node): string =>
  `node ${id}, ${JSON.stringify(operation)} [${shape}]`;
