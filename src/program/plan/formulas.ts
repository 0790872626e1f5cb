import type { Node } from '../ir.js';
import { isAlias, isElementwise, type NodeNames } from './node-names.js';
import {
  ATOM,
  atom,
  binary,
  CHOICE,
  call,
  number,
  type Piece,
  PRODUCT,
  repeated,
  SUM,
  tight,
  unary,
} from './pieces.js';
import { isMatrix } from './vectors.js';

/*
 * Graphs as formulas, for people: by rows i and columns j wherever a matrix arises element by element, as
 * a rule is written synapse by synapse (row i: postsynaptic, column j: presynaptic), and by matrices where
 * one is multiplied with a vector. What is used once is written into the formula that uses it.
 */

/** Letters for the rows and columns of what is written; null where no index is needed. */
type Indices = { readonly rows: string; readonly columns: string } | null;

const OVER_BOTH: Indices = { rows: 'i', columns: 'j' };
/** Of what is computed row by row: vectors of m numbers, however they lie. */
const OVER_ROWS: Indices = { rows: 'i', columns: 'i' };

/** What is computed, in terms of the names of nodes. */
export class Formulas {
  readonly names: NodeNames;

  constructor(names: NodeNames) {
    this.names = names;
  }

  /** `W′[i,j] = W[i,j] + a[i] * x[j]`. `perRow`: as a part of what is done row by row. */
  line(node: Node, perRow = false): string {
    const { op } = node.operation;
    if (op === 'sum' || op === 'max') return this.reduction(node);
    const weighted = op === 'matmul' ? this.weighted(node) : undefined;
    if (weighted !== undefined) return weighted;
    const byElement = isElementwise(node) || isAlias(node);
    const indices = perRow ? OVER_ROWS : byElement && isMatrix(node) ? OVER_BOTH : null;
    return `${this.names.of(node)}${suffix(node, indices)} = ${this.formula(node, indices).text}`;
  }

  /** An output that is an input, a number or another output as well. */
  outputLine(name: string, node: Node): string {
    const indices = isMatrix(node) ? OVER_BOTH : null;
    const left = `${this.names.ofOutput(name)}${suffix(node, indices)}`;
    return `${left} = ${this.operand(node, indices).text}`;
  }

  private reduction(node: Node): string {
    const [of] = node.operands;
    const { op } = node.operation;
    const name = this.names.of(node);
    const isOverRows = 'axis' in node.operation && node.operation.axis === 'rows';
    const [side, over, kept] = isOverRows ? ([0, 'i', 'j'] as const) : ([1, 'j', 'i'] as const);
    const isOfMatrix = isMatrix(of!);
    const left = isOfMatrix ? `${name}[${kept}]` : name;
    const each = this.operand(of!, isOfMatrix ? OVER_BOTH : null);
    if (!this.varies(of!, side)) {
      const all = op === 'sum' ? binary('multiply', number(of!.shape[side]), each) : each;
      return `${left} = ${all.text}`;
    }
    return `${left} = ${op}${isOfMatrix ? ` over ${over}` : ''} of ${each.text}`;
  }

  /**
   * Whether what is written of an operand differs from row to row (0) or from column to column (1). Where
   * it does not, nothing in it says how many there are.
   */
  private varies(operand: Node, side: 0 | 1): boolean {
    const { node, turned } = this.names.seen(operand);
    const own = turned ? (side === 0 ? 1 : 0) : side;
    const { operation, operands, shape } = node;
    if (shape[own] === 1 || operation.op === 'constant') return false;
    if (!this.names.isInlined(node)) return true;
    if (operation.op !== 'matmul') return operands.some((each) => this.varies(each, own));
    // An outer product: its rows are those of the one, its columns those of the other.
    const isTurned = own === 0 ? operation.transposeA : !operation.transposeB;
    return this.varies(operands[own]!, isTurned ? 1 : 0);
  }

  /** A matrix times one number all over. */
  private weighted(node: Node): string | undefined {
    const { operation, operands, shape } = node;
    if (operation.op !== 'matmul' || shape[0] === shape[1]) return undefined;
    const isNumber = operands.map((each) => {
      const { shape: own } = this.names.seen(each).node;
      return own[0] === 1 && own[1] === 1;
    });
    const [matrix, weight] = isNumber[1] ? operands : [operands[1]!, operands[0]!];
    if (isNumber[0] === isNumber[1] || !isMatrix(matrix!)) return undefined;
    const isTurned = isNumber[1] ? operation.transposeA : !operation.transposeB;
    const [over, kept] = isTurned ? ['i', 'j'] : ['j', 'i'];
    const product = binary(
      'multiply',
      this.operand(matrix!, OVER_BOTH),
      this.operand(weight!, null),
    );
    return `${this.names.of(node)}[${kept}] = sum over ${over} of ${product.text}`;
  }

  /** An operand by its name, or as the formula that it is. */
  private operand(operand: Node, indices: Indices): Piece {
    const { node, turned } = this.names.seen(operand);
    const own = turned ? turnedOf(indices) : indices;
    if (node.operation.op === 'constant') return number(node.operation.value);
    if (!this.names.isInlined(node)) return atom(`${this.names.of(node)}${suffix(node, own)}`);
    return this.formula(node, own);
  }

  private formula(node: Node, indices: Indices): Piece {
    const { operation, operands } = node;
    const [a, b, c] = operands as [Node, Node, Node];
    switch (operation.op) {
      case 'input':
        return atom(`${this.names.of(node)}${suffix(node, indices)}`);
      case 'constant':
        return number(operation.value);
      case 'broadcast':
        return this.operand(a, indices);
      case 'transpose':
        return this.operand(a, turnedOf(indices));
      case 'unary':
        return unary(operation.fn, this.operand(a, indices));
      case 'binary':
        return binary(operation.fn, this.operand(a, indices), this.operand(b, indices));
      case 'select': {
        const [condition, then, otherwise] = [a, b, c].map((each) => this.operand(each, indices));
        const text = `${tight(then!, SUM)} where ${tight(condition!, SUM)}, else ${tight(otherwise!, SUM)}`;
        return { text, level: CHOICE };
      }
      case 'matmul':
        return this.product(node, indices);
      default:
        return this.whole(node);
    }
  }

  /** What is done with an array as a whole; where columns have one number, numbers are meant, not rows. */
  private whole({ operation, operands, shape }: Node): Piece {
    const [rows] = shape;
    const isColumn = operands[0]!.shape[1] === 1;
    const pieces = operands.map((operand) => this.operand(operand, null));
    switch (operation.op) {
      case 'concat': {
        const parts = operands.flatMap((operand, k) => {
          const { shape: own } = this.names.seen(operand).node;
          const isNumber = own[0] === 1 && own[1] === 1;
          return isNumber ? repeated(pieces[k]!, operand.shape[0]) : [pieces[k]!];
        });
        return call(isColumn ? 'joined' : 'stack', parts);
      }
      case 'slice': {
        const from = operation.start + 1;
        const which = `${from} to ${operation.start + rows}`;
        return call(`${isColumn ? 'elements' : 'rows'} ${which} of`, pieces);
      }
      case 'cumsum': {
        const what = isColumn ? '' : ' down the rows';
        return call(`running sum${operation.reverse ? ' from the end' : ''}${what} of`, pieces);
      }
      default:
        return call(isColumn && rows > 1 ? `${operation.op} of each of` : operation.op, pieces);
    }
  }

  /** Vectors lie as it suits: `W x`, `Wᵀ y`, `sum of x * y`, and of an outer product `y[i] * x[j]`. */
  private product({ operation, operands, shape }: Node, indices: Indices): Piece {
    if (operation.op !== 'matmul') throw new TypeError(`${operation.op} is no product`);
    const [a, b] = operands as [Node, Node];
    const { transposeA, transposeB } = operation;
    const inner = a.shape[transposeA ? 0 : 1];
    if (inner === 1) {
      const left = this.operand(a, transposeA ? turnedOf(indices) : indices);
      const right = this.operand(b, transposeB ? turnedOf(indices) : indices);
      return binary('multiply', left, right);
    }
    const factor = (each: Node, isTurned: boolean): string => {
      const { node, turned } = this.names.seen(each);
      const piece = tight(this.operand(node, null), ATOM);
      return piece + (turned !== isTurned && isMatrix(node) ? 'ᵀ' : '');
    };
    const [rows, columns] = shape;
    if (rows === 1 && columns === 1) {
      const product = binary('multiply', this.operand(a, null), this.operand(b, null));
      const isSame = !this.varies(a, transposeA ? 0 : 1) && !this.varies(b, transposeB ? 1 : 0);
      if (isSame) return binary('multiply', number(inner), product);
      return { text: `sum of ${product.text}`, level: CHOICE };
    }
    const text =
      rows === 1
        ? `${factor(b, !transposeB)} ${factor(a, transposeA)}`
        : `${factor(a, transposeA)} ${factor(b, transposeB)}`;
    return { text, level: PRODUCT };
  }
}

const turnedOf = (indices: Indices): Indices =>
  indices && { rows: indices.columns, columns: indices.rows };

function suffix({ shape }: Node, indices: Indices): string {
  if (!indices) return '';
  const letters = [
    ...(shape[0] > 1 ? [indices.rows] : []),
    ...(shape[1] > 1 ? [indices.columns] : []),
  ];
  return letters.length === 0 ? '' : `[${letters.join(',')}]`;
}
