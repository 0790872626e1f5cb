import type { GraphBuilder } from '../builder.js';
import { canOverflow } from '../guards.js';
import type { Node } from '../ir.js';
import { type MatrixForm, MatrixForms } from './matrix-form.js';
import type { Outer } from './outers.js';
import { isInput, RowProducts } from './products.js';
import { remake } from './rewrite.js';
import { asNumber, isMatrix } from './vectors.js';

/**
 * Copies nodes into a builder, with products distributed over sums of matrices: a product of a vector with
 * c M + uᵀv is c times its product with M, and v times its product with u. Numbers are taken out of
 * vectors before they are multiplied with a matrix, and all such products are written with rows, so that
 * equal ones are one. Sums of matrices are held as `MatrixForm`s, and written out only where an elementwise
 * operation wants a whole.
 */
export class Distributor {
  readonly builder: GraphBuilder;
  readonly forms: MatrixForms;
  private readonly products: RowProducts;
  private readonly inputForms: ReadonlyMap<string, MatrixForm>;
  private readonly always: ReadonlySet<Node>;
  /** What maxima are taken of. */
  private readonly compared: ReadonlySet<Node>;
  private readonly values = new Map<Node, Node>();
  private readonly known = new Map<Node, MatrixForm>();
  /** Copies of what matters whatever is selected, and what these depend on. */
  private readonly needed = new Set<Node>();
  private readonly harmless = new Map<Node, boolean>();

  /**
   * `results` are all that is asked of the graph the nodes come from; `inputForms` what matrices among
   * its inputs are instead of inputs.
   */
  constructor(
    builder: GraphBuilder,
    results: readonly Node[],
    inputForms: ReadonlyMap<string, MatrixForm> = new Map(),
  ) {
    this.builder = builder;
    this.forms = new MatrixForms(builder);
    this.products = new RowProducts(builder, this.forms);
    this.inputForms = inputForms;
    this.always = neededAlways(results);
    this.compared = underMaxima(results);
  }

  /** The copy of a node. */
  value(node: Node): Node {
    const had = this.values.get(node);
    if (had) return had;
    const made = isMatrix(node) ? this.forms.written(this.form(node)) : this.made(node);
    this.values.set(node, made);
    if (this.always.has(node)) this.needed.add(made);
    return made;
  }

  /** The copy of a matrix as a sum. */
  form(node: Node): MatrixForm {
    const had = this.known.get(node);
    if (had) return had;
    const sum = this.sumOf(node) ?? this.forms.whole(this.made(node));
    // A maximum is compared with what it is taken of: both must be computed alike.
    const made = this.compared.has(node) ? this.forms.whole(this.forms.written(sum)) : sum;
    this.known.set(node, made);
    return made;
  }

  private made(node: Node): Node {
    const { operation, operands } = node;
    if (operation.op === 'matmul') {
      const product = this.product(node, operation.transposeA, operation.transposeB);
      if (product) return product;
    }
    if (operation.op === 'sum') {
      const [operand] = operands as [Node];
      return isMatrix(operand)
        ? this.products.sum(this.form(operand), operation.axis)
        : this.products.sumOfVector(this.value(operand), operation.axis);
    }
    return remake(
      this.builder,
      node,
      operands.map((operand) => this.value(operand)),
    );
  }

  /** A product of a vector and a matrix; undefined for others. */
  private product(node: Node, transposeA: boolean, transposeB: boolean): Node | undefined {
    const { builder: b } = this;
    const [x, y] = node.operands as [Node, Node];
    const row = (vector: Node): Node => {
      const value = this.value(vector);
      return value.shape[0] === 1 ? value : b.transpose(value);
    };
    if (isMatrix(x) && !isMatrix(y) && node.shape[1] === 1) {
      return b.transpose(this.products.rowTimes(row(y), this.form(x), !transposeA));
    }
    if (isMatrix(y) && !isMatrix(x) && node.shape[0] === 1) {
      return this.products.rowTimes(row(x), this.form(y), transposeB);
    }
    return undefined;
  }

  /** A matrix as a sum, if its operation makes one of its operands'. */
  private sumOf(node: Node): MatrixForm | undefined {
    const { operation, operands, shape } = node;
    const { builder: b, forms } = this;
    const [x, y] = operands as [Node, Node];
    const formOf = (operand: Node): MatrixForm =>
      isMatrix(operand) ? this.form(operand) : forms.stretched(this.value(operand), shape);
    switch (operation.op) {
      case 'input':
        return this.inputForms.get(operation.name);
      case 'unary':
        if (operation.fn !== 'negate') return undefined;
        return forms.scaled(formOf(x), b.constant(-1));
      case 'binary':
        switch (operation.fn) {
          case 'add':
            return forms.add(formOf(x), formOf(y));
          case 'subtract':
            return forms.add(formOf(x), forms.scaled(formOf(y), b.constant(-1)));
          case 'multiply':
            return this.multiplied(node, formOf);
          case 'divide':
            return this.divided(node, formOf);
          default:
            return undefined;
        }
      case 'matmul':
        return this.outerProduct(node, operation.transposeA, operation.transposeB);
      case 'transpose':
        return forms.transposed(this.form(x));
      case 'broadcast':
        return formOf(x);
      case 'select':
        return this.selected(node, formOf);
      default:
        return undefined;
    }
  }

  private outerProduct(
    { operands }: Node,
    transposeA: boolean,
    transposeB: boolean,
  ): MatrixForm | undefined {
    const { builder: b } = this;
    const [x, y] = operands as [Node, Node];
    if (x.shape[transposeA ? 0 : 1] !== 1) return undefined;
    const [left, right] = [this.value(x), this.value(y)];
    return this.forms.outer(
      transposeA ? left : b.transpose(left),
      transposeB ? b.transpose(right) : right,
    );
  }

  private multiplied(
    { operands }: Node,
    formOf: (operand: Node) => MatrixForm,
  ): MatrixForm | undefined {
    const { builder: b, forms } = this;
    const [x, y] = operands as [Node, Node];
    for (const [number, other] of [
      [asNumber(x), y],
      [asNumber(y), x],
    ] as const) {
      if (number) return forms.scaled(formOf(other), this.value(number));
    }
    const [p, q] = [formOf(x), formOf(y)];
    if (p.parts.size > 0 || q.parts.size > 0) return undefined;
    if (Math.min(p.outers.length, q.outers.length) > 1) return undefined;
    return {
      shape: p.shape,
      parts: new Map(),
      outers: p.outers.flatMap((one) =>
        q.outers.map((other) => ({
          left: b.multiply(one.left, other.left),
          right: b.multiply(one.right, other.right),
        })),
      ),
    };
  }

  private divided(
    { operands }: Node,
    formOf: (operand: Node) => MatrixForm,
  ): MatrixForm | undefined {
    const { builder: b, forms } = this;
    const [x, y] = operands as [Node, Node];
    const number = asNumber(y);
    if (number) {
      const divisor = this.value(number);
      return forms.mapped(
        formOf(x),
        (factor) => b.binary('divide', factor, divisor),
        ({ left, right }) => ({ left, right: b.binary('divide', right, divisor) }),
      );
    }
    if (isMatrix(y)) return undefined;
    const form = formOf(x);
    if (form.parts.size > 0) return undefined;
    const divisor = this.value(y);
    const byRow = divisor.shape[0] === 1;
    const outers = form.outers.map(({ left, right }) =>
      byRow
        ? { left, right: b.binary('divide', right, divisor) }
        : { left: b.binary('divide', left, b.transpose(divisor)), right },
    );
    return { ...form, outers };
  }

  /** Sums that one number chooses between: their numbers and vectors are chosen instead. */
  private selected(
    { operands, shape }: Node,
    formOf: (operand: Node) => MatrixForm,
  ): MatrixForm | undefined {
    const { builder: b, forms } = this;
    const number = asNumber(operands[0]!);
    if (!number) return undefined;
    const condition = this.value(number);
    const zero = b.constant(0);
    const branches = operands.slice(1).map(formOf);
    const chosen = (value: Node, k: number): Node =>
      k === 0 ? b.select(condition, value, zero) : b.select(condition, zero, value);
    // What is not selected must do no harm: such matrices are selected as wholes.
    const others = branches.map((form) => {
      const parts = [...form.parts].filter(([matrix]) => !isInput(matrix));
      return { shape, parts: new Map(parts), outers: [] };
    });
    const inputs = new Set(branches.flatMap((form) => [...form.parts.keys()]).filter(isInput));
    const factors = [...inputs].map((matrix) => {
      const [then, otherwise] = branches.map((form) => form.parts.get(matrix) ?? zero);
      return [matrix, b.select(condition, then!, otherwise!)] as const;
    });
    const outers = branches.flatMap((form, k) =>
      form.outers.map((outer) => this.chosenOuter(outer, (value) => chosen(value, k))),
    );
    const sum = { shape, parts: new Map(factors), outers };
    if (others.every(({ parts }) => parts.size === 0)) return sum;
    const [then, otherwise] = others.map((form) => forms.written(form)) as [Node, Node];
    return forms.add(sum, forms.whole(b.select(condition, then, otherwise)));
  }

  /** One side is enough, unless the other may be infinite. */
  private chosenOuter({ left, right }: Outer, chosen: (value: Node) => Node): Outer {
    return { left: this.isHarmless(left) ? left : chosen(left), right: chosen(right) };
  }

  /** Whether nothing happens in a value that does not happen whatever is selected. */
  private isHarmless(node: Node): boolean {
    if (this.needed.has(node)) return true;
    const had = this.harmless.get(node);
    if (had !== undefined) return had;
    const isSo = !canOverflow(node) && node.operands.every((operand) => this.isHarmless(operand));
    this.harmless.set(node, isSo);
    return isSo;
  }
}

/** What maxima are taken of. */
function underMaxima(results: readonly Node[]): Set<Node> {
  const [found, seen] = [new Set<Node>(), new Set<Node>()];
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.operation.op === 'max') found.add(node.operands[0]!);
    node.operands.forEach(visit);
  };
  results.forEach(visit);
  return found;
}

/** What results depend on other than through a branch of a selection. */
function neededAlways(results: readonly Node[]): Set<Node> {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (found.has(node)) return;
    found.add(node);
    const { operation, operands } = node;
    for (const operand of operation.op === 'select' ? operands.slice(0, 1) : operands) {
      visit(operand);
    }
  };
  results.forEach(visit);
  return found;
}
