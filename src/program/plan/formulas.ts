import type { Graph, Node } from '../ir.js';
import {
  ATOM,
  atom,
  binary,
  CHOICE,
  call,
  number,
  numberText,
  type Piece,
  PRODUCT,
  repeated,
  SUM,
  tight,
  unary,
} from './pieces.js';

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

/** A longer formula is taken apart. */
const MOST_OPERANDS = 5;

/** The names of a graph's nodes, and what is computed in terms of them. */
export class Formulas {
  private readonly inputs: ReadonlySet<string>;
  private readonly given = new Map<Node, string>();
  private readonly letters = new Map<Node, string>();
  private readonly inlined = new Map<Node, number>();

  /**
   * @param outputs Nodes that are outputs, by the names of these.
   * @param stored Nodes that have memory and therefore a name.
   */
  constructor(
    graph: Graph,
    outputs: ReadonlyMap<Node, string>,
    stored: { has(node: Node): boolean } = new Set(),
  ) {
    this.inputs = new Set(graph.inputs.map(({ name }) => name));
    for (const node of graph.nodes) {
      if (node.operation.op === 'input') this.given.set(node, plainName(node.operation.name));
    }
    for (const [node, name] of outputs) {
      if (node.operation.op !== 'input')
        this.given.set(node, outputName(name, this.inputs.has(name)));
    }
    const uses = usesIn(graph);
    const taken = new Set([...this.given.values(), 'i', 'j']);
    let count = 0;
    for (const node of graph.nodes) {
      if (this.given.has(node)) continue;
      if (node.operation.op === 'constant' && !stored.has(node)) continue;
      if (isAlias(node) && !(isMatrix(node) && stored.has(node))) continue;
      const operands = this.operandsOf(node);
      const isShort = isElementwise(node) && operands <= MOST_OPERANDS;
      if (isShort && uses.get(node) === 1 && !stored.has(node)) this.inlined.set(node, operands);
      else {
        let letter = letterOf(count++);
        while (taken.has(letter)) letter = letterOf(count++);
        this.letters.set(node, letter);
      }
    }
  }

  /** Whether a node is written as part of others only. */
  isInlined(node: Node): boolean {
    return !this.given.has(node) && !this.letters.has(node);
  }

  /** `W`, `W′` (what becomes of W), `a`; of what is part of a formula `t12`. */
  name(node: Node): string {
    const { operation } = node;
    const name = this.given.get(node) ?? this.letters.get(node);
    if (name !== undefined) return name;
    return operation.op === 'constant' ? numberText(operation.value) : `t${node.id}`;
  }

  /** `W′[i,j] = W[i,j] + a[i] * x[j]`. `perRow`: as a part of what is done row by row. */
  line(node: Node, perRow = false): string {
    const { op } = node.operation;
    if (op === 'sum' || op === 'max') return this.reduction(node);
    const weighted = op === 'matmul' ? this.weighted(node) : undefined;
    if (weighted !== undefined) return weighted;
    const byElement = isElementwise(node) || isAlias(node);
    const indices = perRow ? OVER_ROWS : byElement && isMatrix(node) ? OVER_BOTH : null;
    return `${this.name(node)}${suffix(node, indices)} = ${this.formula(node, indices).text}`;
  }

  /** An output that is an input, a number or another output as well. */
  outputLine(name: string, node: Node): string {
    const indices = isMatrix(node) ? OVER_BOTH : null;
    const left = `${outputName(name, this.inputs.has(name))}${suffix(node, indices)}`;
    return `${left} = ${this.operand(node, indices).text}`;
  }

  private reduction(node: Node): string {
    const [of] = node.operands;
    const { op } = node.operation;
    const name = this.name(node);
    if (!isMatrix(of!)) return `${name} = ${op} of ${this.operand(of!, null).text}`;
    const isOverRows = node.operation.op === 'sum' || node.operation.op === 'max';
    const over = isOverRows && node.operation.axis === 'rows' ? 'i' : 'j';
    const left = `${name}[${over === 'i' ? 'j' : 'i'}]`;
    return `${left} = ${op} over ${over} of ${this.operand(of!, OVER_BOTH).text}`;
  }

  /** What an operand is written as, and whether its rows and columns are exchanged. */
  private seen(operand: Node): Seen {
    return seenThrough(operand, (node) => this.letters.has(node));
  }

  /** A matrix times one number all over. */
  private weighted(node: Node): string | undefined {
    const { operation, operands, shape } = node;
    if (operation.op !== 'matmul' || shape[0] === shape[1]) return undefined;
    const isNumber = operands.map((each) => {
      const { shape: own } = this.seen(each).node;
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
    return `${this.name(node)}[${kept}] = sum over ${over} of ${product.text}`;
  }

  private operandsOf(node: Node): number {
    const ofOperand = (operand: Node): number => {
      const { node: held } = this.seen(operand);
      return held.operation.op === 'constant' ? 0 : (this.inlined.get(held) ?? 1);
    };
    return node.operands.reduce((sum, operand) => sum + ofOperand(operand), 0);
  }

  /** An operand by its name, or as the formula that it is. */
  private operand(operand: Node, indices: Indices): Piece {
    const { node, turned } = this.seen(operand);
    const own = turned ? turnedOf(indices) : indices;
    if (node.operation.op === 'constant') return number(node.operation.value);
    if (!this.inlined.has(node)) return atom(`${this.name(node)}${suffix(node, own)}`);
    return this.formula(node, own);
  }

  private formula(node: Node, indices: Indices): Piece {
    const { operation, operands } = node;
    const [a, b, c] = operands as [Node, Node, Node];
    switch (operation.op) {
      case 'input':
        return atom(`${this.name(node)}${suffix(node, indices)}`);
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
          const { shape: own } = this.seen(operand).node;
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
      const { node, turned } = this.seen(each);
      const piece = tight(this.operand(node, null), ATOM);
      return piece + (turned !== isTurned && isMatrix(node) ? 'ᵀ' : '');
    };
    const [rows, columns] = shape;
    if (rows === 1 && columns === 1) {
      const product = binary('multiply', this.operand(a, null), this.operand(b, null));
      return { text: `sum of ${product.text}`, level: CHOICE };
    }
    const text =
      rows === 1
        ? `${factor(b, !transposeB)} ${factor(a, transposeA)}`
        : `${factor(a, transposeA)} ${factor(b, transposeB)}`;
    return { text, level: PRODUCT };
  }
}

/** Names of a program without spaces: `adjoint_W`. */
export const plainName = (name: string): string => name.replaceAll(': ', ':').replace(/[ -]/g, '_');

/** What becomes of an input has its name with a prime. */
const outputName = (name: string, isInput: boolean): string =>
  `${plainName(name)}${isInput ? '′' : ''}`;

const isMatrix = ({ shape }: Node): boolean => shape[0] > 1 && shape[1] > 1;

/** What holds the same values as its operand, stretched or with rows and columns exchanged. */
function isAlias({ operation }: Node): boolean {
  return operation.op === 'broadcast' || operation.op === 'transpose';
}

interface Seen {
  readonly node: Node;
  readonly turned: boolean;
}

/** Stretched and transposed arrays as what they are made of, unless they have a name of their own. */
function seenThrough(operand: Node, hasName: (node: Node) => boolean): Seen {
  let [node, turned] = [operand, false];
  while (isAlias(node) && !hasName(node)) {
    if (node.operation.op === 'transpose') turned = !turned;
    node = node.operands[0]!;
  }
  return { node, turned };
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

/** How often a node is an operand of others; more than once where it cannot be part of a formula. */
function usesIn({ nodes }: Graph): ReadonlyMap<Node, number> {
  const uses = new Map<Node, number>();
  for (const node of nodes) {
    if (isAlias(node)) continue;
    const isOpaque =
      !isElementwise(node) && node.operation.op !== 'sum' && node.operation.op !== 'max';
    for (const operand of node.operands) {
      const { node: held } = seenThrough(operand, () => false);
      uses.set(held, (uses.get(held) ?? 0) + (isOpaque && isMatrix(held) ? 2 : 1));
    }
  }
  return uses;
}

/** What is computed number by number; an outer product is, too. */
function isElementwise({ operation, operands }: Node): boolean {
  switch (operation.op) {
    case 'unary':
    case 'binary':
    case 'select':
      return true;
    case 'matmul':
      return operands[0]!.shape[operation.transposeA ? 0 : 1] === 1;
    default:
      return false;
  }
}

/** a … z, aa, ab, … */
function letterOf(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letterOf(rest - 1) : '') + String.fromCharCode(97 + (index % 26));
}
