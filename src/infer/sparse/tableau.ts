import { DEPENDENT } from './least-squares.js';
import type { Standardised } from './standardise.js';

/**
 * All that is to be known of the columns inside and outside a support, kept up to date as columns enter
 * and leave (Beaton's sweep): one column costs K² operations, so a whole search costs less than one
 * pass over the rows.
 */
export class Tableau {
  readonly size: number;
  readonly inside: boolean[];
  private readonly width: number;
  /** The swept matrix of the columns and, last, the target. */
  private readonly matrix: Float64Array;

  constructor({ size, gram, cross }: Standardised) {
    this.size = size;
    this.width = size + 1;
    this.inside = new Array<boolean>(size).fill(false);
    this.matrix = new Float64Array(this.width ** 2);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) this.matrix[a * this.width + b] = gram[a * size + b]!;
      this.matrix[a * this.width + size] = cross[a]!;
      this.matrix[size * this.width + a] = cross[a]!;
    }
    this.matrix[this.width ** 2 - 1] = 1;
  }

  /** All columns inside, but for those that depend on ones before. */
  static ofAll(standardised: Standardised): Tableau {
    const tableau = new Tableau(standardised);
    for (let column = 0; column < tableau.size; column++) {
      if (!tableau.isDependent(column)) tableau.exchange(column);
    }
    return tableau;
  }

  copy(): Tableau {
    const other = Object.create(Tableau.prototype) as Tableau;
    return Object.assign(other, this, { inside: [...this.inside], matrix: this.matrix.slice() });
  }

  /** Share of the target's mean square that is left. */
  get left(): number {
    return this.matrix[this.width ** 2 - 1]!;
  }

  get support(): number[] {
    return [...this.inside.keys()].filter((k) => this.inside[k]);
  }

  /** Coefficient of a column inside, in standardised units. */
  coefficient(column: number): number {
    return this.matrix[column * this.width + this.size]!;
  }

  /** Whether a column outside depends on those inside. */
  isDependent(column: number): boolean {
    return !(this.matrix[column * this.width + column]! > DEPENDENT);
  }

  /** What is left falls by this when a column enters; 0 for one that depends on those inside. */
  gain(column: number): number {
    if (this.isDependent(column)) return 0;
    const toward = this.matrix[column * this.width + this.size]!;
    return (toward * toward) / this.matrix[column * this.width + column]!;
  }

  /** What is left rises by this when a column leaves. */
  loss(column: number): number {
    const toward = this.matrix[column * this.width + this.size]!;
    return (toward * toward) / -this.matrix[column * this.width + column]!;
  }

  /** A column enters, or leaves where it is inside. */
  exchange(column: number): void {
    const { matrix, width } = this;
    const direction = this.inside[column] ? -1 : 1;
    const pivot = matrix[column * width + column]!;
    const row = matrix.slice(column * width, (column + 1) * width);
    for (let a = 0; a < width; a++) {
      if (a === column) continue;
      const factor = row[a]! / pivot;
      if (factor === 0) continue;
      const start = a * width;
      for (let b = 0; b < width; b++) matrix[start + b]! -= factor * row[b]!;
    }
    const share = direction / pivot;
    for (let b = 0; b < width; b++) {
      matrix[column * width + b] = row[b]! * share;
      matrix[b * width + column] = row[b]! * share;
    }
    matrix[column * width + column] = -1 / pivot;
    this.inside[column] = direction > 0;
  }
}
