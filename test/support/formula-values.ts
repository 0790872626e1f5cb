import { binaryFunctions, unaryFunctions } from '../../src/engine/interpret/kernels.js';

/** A number (no sides), a vector, or a matrix by rows: printed formulas do not say how a vector lies. */
export interface Value {
  readonly sides: readonly number[];
  readonly data: Float64Array;
}

export function arrayOf([rows, columns]: readonly [number, number], data: Float64Array): Value {
  return { sides: [rows, columns].filter((side) => side > 1), data };
}

type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly indices: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Tree[] }
  | { readonly kind: 'product'; readonly factors: readonly { tree: Tree; isTurned: boolean }[] }
  | {
      readonly kind: 'gather';
      readonly how: 'sum' | 'max';
      readonly over: string;
      readonly of: Tree;
    };

const TOKEN =
  /\s*(?:(\d[\d.]*(?:e[-+]?\d+)?)|((?:rows|elements) \d+ to \d+ of|running sum(?: from the end)?(?: down the rows)? of|(?:softmax|logsumexp) of each of)|([A-Za-z_][\w.:@]*′?)|(\[[a-z,]+\])|(, else\b|.))/gy;

/** Reads a formula as a person would who knows the usual precedences. */
class Reader {
  private readonly tokens: string[];
  private at = 0;

  constructor(text: string) {
    // A bracket that belongs to the name before it stands close to it.
    this.tokens = [...text.matchAll(TOKEN)].map(([token]) => (token === '(' ? '((' : token.trim()));
  }

  whole(): Tree {
    const tree = this.statement();
    if (this.at < this.tokens.length) throw new Error(`left over: ${this.tokens.slice(this.at)}`);
    return tree;
  }

  private next(): string {
    return this.tokens[this.at] ?? '';
  }

  private take(token?: string): string {
    const found = this.next();
    if (token !== undefined && found !== token) throw new Error(`${token} wanted, not ${found}`);
    this.at++;
    return found;
  }

  private takes(token: string): boolean {
    if (this.next() !== token) return false;
    this.at++;
    return true;
  }

  private statement(): Tree {
    const how = this.next();
    const after = this.tokens[this.at + 1];
    if ((how === 'sum' || how === 'max') && (after === 'of' || after === 'over')) {
      this.take();
      const over = this.takes('over') ? this.take() : '';
      this.take('of');
      return { kind: 'gather', how, over, of: this.choice() };
    }
    return this.choice();
  }

  private choice(): Tree {
    const then = this.sum();
    if (!this.takes('where')) return then;
    const condition = this.sum();
    this.take(', else');
    return { kind: 'call', name: 'select', operands: [condition, then, this.sum()] };
  }

  private sum(): Tree {
    let tree = this.product();
    for (;;) {
      if (this.takes('+')) tree = binary('add', tree, this.product());
      else if (this.takes('-')) tree = binary('subtract', tree, this.product());
      else return tree;
    }
  }

  private product(): Tree {
    if (this.takes('-')) return { kind: 'call', name: 'negate', operands: [this.product()] };
    let tree = this.side();
    for (;;) {
      if (this.takes('*')) tree = binary('multiply', tree, this.side());
      else if (this.takes('/')) tree = binary('divide', tree, this.side());
      else return tree;
    }
  }

  /** A factor, or matrices and vectors one after another. */
  private side(): Tree {
    const first = this.factor();
    const isProduct = /^[A-Za-z_(]/.test(this.next()) && this.next() !== 'where';
    if (!isProduct || first.tree.kind === 'number') return first.tree;
    return { kind: 'product', factors: [first, this.factor()] };
  }

  private factor(): { tree: Tree; isTurned: boolean } {
    const base = this.atom();
    const isTurned = this.takes('ᵀ');
    const tree = this.takes('^') ? binary('power', base, this.atom()) : base;
    return { tree, isTurned };
  }

  /** `0 (137 times)` stands for as many. */
  private argument(): Tree[] {
    const tree = this.choice();
    if (!this.takes('(')) return [tree];
    const times = Number(this.take());
    this.take('times');
    this.take(')');
    return Array.from({ length: times }, () => tree);
  }

  private atom(): Tree {
    const token = this.take();
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token === '(' || token === '((') {
      const tree = this.choice();
      this.take(')');
      return tree;
    }
    if (!this.takes('((')) {
      const indices = this.next().startsWith('[') ? this.take().slice(1, -1).split(',') : [];
      return { kind: 'name', name: token, indices };
    }
    const operands = this.argument();
    while (this.takes(',')) operands.push(...this.argument());
    this.take(')');
    return { kind: 'call', name: token, operands };
  }
}

const binary = (name: string, a: Tree, b: Tree): Tree => ({ kind: 'call', name, operands: [a, b] });

const SCALAR: Readonly<Record<string, (...values: number[]) => number>> = {
  ...(unaryFunctions as Record<string, (x: number) => number>),
  ...(binaryFunctions as Record<string, (x: number, y: number) => number>),
  min: Math.min,
  max: Math.max,
  select: (condition, then, otherwise) =>
    Number.isNaN(condition!) ? condition! : condition !== 0 ? then! : otherwise!,
};

/** What formulas give, carried out line by line with what is already known. */
export class FormulaValues {
  readonly known: Map<string, Value>;

  constructor(inputs: Iterable<readonly [string, Value]>) {
    this.known = new Map(inputs);
  }

  /** `W′[i,j] = W[i,j] + a[i] * x[j]` */
  carryOut(line: string): void {
    const [, name = '', letters = '', formula = ''] =
      /^(\S+?)(?:\[([a-z,]+)\])? = (.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`no formula: ${line}`);
    const indices = letters === '' ? [] : letters.split(',');
    const tree = new Reader(formula).whole();
    this.known.set(name, indices.length > 0 ? this.indexed(tree, indices) : this.plain(tree));
  }

  private indexed(tree: Tree, indices: readonly string[]): Value {
    const sides = new Map<string, number>();
    this.measure(tree, sides);
    const counts = indices.map((letter) => sides.get(letter) ?? 1);
    const [rows = 1, columns = 1] = counts;
    const data = new Float64Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const at = new Map(indices.map((letter, k) => [letter, k === 0 ? r : c]));
        data[r * columns + c] =
          tree.kind === 'gather'
            ? gathered(tree.how, sides.get(tree.over) ?? 1, (k) =>
                this.number(tree.of, new Map([...at, [tree.over, k]])),
              )
            : this.number(tree, at);
      }
    }
    return { sides: counts, data };
  }

  /** How far letters go, from the arrays that they stand at. */
  private measure(tree: Tree, sides: Map<string, number>): void {
    if (tree.kind === 'name') {
      const value = this.value(tree.name);
      if (value.data.length > 1) {
        tree.indices.forEach((letter, k) => {
          sides.set(letter, value.sides[k]!);
        });
      }
    }
    if (tree.kind === 'call') for (const each of tree.operands) this.measure(each, sides);
    if (tree.kind === 'gather') this.measure(tree.of, sides);
  }

  private number(tree: Tree, at: ReadonlyMap<string, number>): number {
    switch (tree.kind) {
      case 'number':
        return tree.value;
      case 'call':
        return SCALAR[tree.name]!(...tree.operands.map((each) => this.number(each, at)));
      case 'name': {
        const { sides, data } = this.value(tree.name);
        // What is the same everywhere is printed without saying how long it is.
        if (data.length === 1) return data[0]!;
        if (sides.length !== tree.indices.length) throw new Error(`indices of ${tree.name}`);
        const [first = 0, second] = tree.indices.map((letter) => at.get(letter)!);
        return data[second === undefined ? first : first * sides[1]! + second]!;
      }
      default:
        throw new Error(`${tree.kind} within a formula with indices`);
    }
  }

  /** Numbers, vectors element by element, and what is done with whole arrays. */
  private plain(tree: Tree): Value {
    switch (tree.kind) {
      case 'number':
        return { sides: [], data: Float64Array.of(tree.value) };
      case 'name':
        return this.value(tree.name);
      case 'gather': {
        const { data } = this.plain(tree.of);
        return {
          sides: [],
          data: Float64Array.of(gathered(tree.how, data.length, (k) => data[k]!)),
        };
      }
      case 'product':
        return multiplied(
          tree.factors.map(({ tree: factor, isTurned }) => {
            const value = this.plain(factor);
            return isTurned ? turned(value) : value;
          }),
        );
      case 'call': {
        const operands = tree.operands.map((each) => this.plain(each));
        const whole = WHOLE.find(([pattern]) => pattern.test(tree.name));
        if (whole) return whole[1](operands, tree.name);
        if (!SCALAR[tree.name]) throw new Error(`what is ${tree.name}?`);
        const longest = operands.reduce((a, b) => (b.data.length > a.data.length ? b : a));
        if (longest.sides.length > 1) throw new Error('a matrix without indices');
        const data = longest.data.map((_, k) =>
          SCALAR[tree.name]!(...operands.map((each) => each.data[each.data.length > 1 ? k : 0]!)),
        );
        return { sides: longest.sides, data };
      }
    }
  }

  private value(name: string): Value {
    const value = this.known.get(name);
    if (!value) throw new Error(`${name} is not known`);
    return value;
  }
}

function gathered(how: 'sum' | 'max', count: number, value: (k: number) => number): number {
  const values = Array.from({ length: count }, (_, k) => value(k));
  return how === 'sum'
    ? values.reduce((sum, each) => sum + each, 0)
    : values.reduce((most, each) => Math.max(most, each));
}

const rowsOf = ({ sides: [rows = 1, columns = rows], data, sides }: Value): Float64Array[] =>
  sides.length < 2
    ? [data]
    : Array.from({ length: rows }, (_, r) => data.slice(r * columns, (r + 1) * columns));

function turned({ sides, data }: Value): Value {
  const [rows = 1, columns = 1] = sides;
  const made = data.map((_, k) => data[(k % rows) * columns + Math.floor(k / rows)]!);
  return { sides: [columns, rows], data: made };
}

/** A vector on the right is a column; one that is the same everywhere is printed without its length. */
function multiplied([a, right]: readonly Value[]): Value {
  const [rows = 1, inner = 1] = a!.sides;
  const isSame = right!.data.length === 1 && inner > 1;
  const b = isSame
    ? { sides: [inner], data: new Float64Array(inner).fill(right!.data[0]!) }
    : right;
  const columns = b!.sides[1] ?? 1;
  if (a!.sides.length < 2 || b!.sides[0] !== inner) throw new Error('factors do not fit');
  const data = Float64Array.from({ length: rows * columns }, (_, k) => {
    const [r, c] = [Math.floor(k / columns), k % columns];
    return gathered('sum', inner, (i) => a!.data[r * inner + i]! * b!.data[i * columns + c]!);
  });
  return { sides: b!.sides.length < 2 ? [rows] : [rows, columns], data };
}

type Whole = (operands: readonly Value[], name: string) => Value;

const stacked = (rows: readonly Float64Array[]): Value => ({
  sides: [rows.length, rows[0]!.length].filter((side) => side > 1),
  data: Float64Array.from(rows.flatMap((row) => [...row])),
});

const WHOLE: readonly (readonly [RegExp, Whole])[] = [
  [
    /^stack$/,
    (operands) => {
      const rows = operands.flatMap(rowsOf);
      const width = Math.max(...rows.map((row) => row.length));
      // A row of one number all over.
      return stacked(
        rows.map((row) => (row.length === 1 ? new Float64Array(width).fill(row[0]!) : row)),
      );
    },
  ],
  [
    /^softmax$/,
    ([of]) =>
      stacked(
        rowsOf(of!).map((row) => {
          const exponentials = row.map((x) => Math.exp(x - Math.max(...row)));
          const sum = exponentials.reduce((a, b) => a + b, 0);
          return exponentials.map((x) => x / sum);
        }),
      ),
  ],
  [
    /^logsumexp$/,
    ([of]) => {
      const data = Float64Array.from(rowsOf(of!), (row) => {
        const most = Math.max(...row);
        return most + Math.log(row.reduce((sum, x) => sum + Math.exp(x - most), 0));
      });
      return { sides: data.length > 1 ? [data.length] : [], data };
    },
  ],
  [
    /^joined$/,
    (operands) => {
      const data = Float64Array.from(operands.flatMap((each) => [...each.data]));
      return { sides: [data.length], data };
    },
  ],
  [/^logsumexp of each/, ([of]) => of!],
  [/^softmax of each/, ([of]) => ({ sides: of!.sides, data: of!.data.map(() => 1) })],
  [
    /^elements /,
    ([of], name) => {
      const [, from, to] = /(\d+) to (\d+)/.exec(name)!;
      const data = of!.data.slice(Number(from) - 1, Number(to));
      return { sides: data.length > 1 ? [data.length] : [], data };
    },
  ],
  [
    /^rows /,
    ([of], name) => {
      const [, from, to] = /rows (\d+) to (\d+)/.exec(name)!;
      return stacked(rowsOf(of!).slice(Number(from) - 1, Number(to)));
    },
  ],
  [
    /^running /,
    ([of], name) => {
      const isVector = !name.includes('rows');
      const rows = isVector
        ? [...of!.data].map((x) => Float64Array.of(x))
        : rowsOf(of!).map((row) => row.slice());
      if (name.includes(' end ')) rows.reverse();
      rows.forEach((row, r) => {
        if (r > 0) for (const c of row.keys()) row[c]! += rows[r - 1]![c]!;
      });
      if (name.includes(' end ')) rows.reverse();
      const made = stacked(rows);
      return isVector ? { sides: of!.sides, data: made.data } : made;
    },
  ],
];
