/** A recording that was made up: one row a synapse and time, a column a signal, and the change. */
export interface Table {
  /** Signals by name; among them `t` (time), `j` (presynaptic) and `i` (postsynaptic index). */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** The change of the weight, in units of the learning rate. */
  readonly target: Float64Array;
}

/** A product of powers of signals; empty for the constant. */
export type Monomial = Readonly<Record<string, number>>;

/** As in `x * y^2`, in the order given; `1` for the constant. */
export function monomialText(monomial: Monomial): string {
  const factors = Object.entries(monomial).map(([name, power]) =>
    power === 1 ? name : `${name}^${power}`,
  );
  return factors.join(' * ') || '1';
}

/** All monomials up to a total degree, each power at most 2, by degree. */
export function monomials(names: readonly string[], degree: number, mostPower = 2): Monomial[] {
  let all: Monomial[] = [{}];
  for (const name of names) {
    all = Array.from({ length: mostPower + 1 }, (_, power) =>
      all.map((monomial) => (power === 0 ? monomial : { ...monomial, [name]: power })),
    ).flat();
  }
  return all
    .filter((monomial) => degreeOf(monomial) <= degree)
    .sort((a, b) => degreeOf(a) - degreeOf(b));
}

const degreeOf = (monomial: Monomial): number =>
  Object.values(monomial).reduce((sum, power) => sum + power, 0);

/** One column a term. Throws a `RangeError` for a signal that the table has not. */
export function termColumns(table: Table, terms: readonly Monomial[]): Float64Array[] {
  return terms.map((term) => {
    const column = new Float64Array(table.target.length).fill(1);
    for (const [name, power] of Object.entries(term)) {
      const signal = table.columns.get(name);
      if (!signal) throw new RangeError(`the table has no signal ${name}`);
      for (let row = 0; row < column.length; row++) column[row]! *= signal[row]! ** power;
    }
    return column;
  });
}

/** Rows are added one by one; every row has the same signals. */
export class TableBuilder {
  private readonly columns = new Map<string, number[]>();
  private readonly target: number[] = [];

  add(signals: Readonly<Record<string, number>>, change: number): void {
    for (const [name, value] of Object.entries(signals)) {
      let column = this.columns.get(name);
      if (!column) {
        column = [];
        this.columns.set(name, column);
      }
      column.push(value);
    }
    this.target.push(change);
  }

  build(): Table {
    const columns = [...this.columns].map(([name, all]) => [name, Float64Array.from(all)] as const);
    return { columns: new Map(columns), target: Float64Array.from(this.target) };
  }
}
