import { dot } from '../sparse/moments.js';
import type { Series } from './series.js';

/** What a polynomial of this degree follows over the length of a series counts as slow. */
const DEGREE = 4;
/** A series has at least so many rows for each degree that is taken out of it. */
const ROWS_EACH = 10;
const ROUNDING = 1e-20;

/**
 * Takes the slow part out of courses in which series stand one after another: of each series what a
 * polynomial of fourth degree follows. Things that drift agree with each other in their slow part whether
 * or not one has to do with the other, so that part is no evidence.
 */
export class Detrend {
  private readonly slow = new Map<number, Float64Array[]>();
  private readonly series: readonly Series[];
  private readonly rows: number;

  constructor(series: readonly Series[]) {
    this.series = series;
    this.rows = series.reduce((sum, each) => sum + each.rows.length, 0);
    for (const { rows } of series) {
      if (!this.slow.has(rows.length)) this.slow.set(rows.length, polynomials(rows.length));
    }
  }

  /** A column of a table with its rows in the order of the series; nothing is taken out of it. */
  courseOf(column: Float64Array): Float64Array {
    const course = new Float64Array(this.rows);
    let at = 0;
    for (const { rows } of this.series) for (const row of rows) course[at++] = column[row]!;
    return course;
  }

  /** How far a course goes along every polynomial of every series. */
  slowPart(course: Float64Array): Float64Array {
    const along: number[] = [];
    this.each(course, (part, slow) => along.push(dot(slow, part)));
    return Float64Array.from(along);
  }

  /** How many polynomials every series has. */
  numbersOf(): number[] {
    return this.series.map(({ rows }) => this.slow.get(rows.length)!.length);
  }

  /** What is left of a course. */
  without(course: Float64Array): Float64Array {
    const left = course.slice();
    this.each(left, subtract);
    // Of what is nothing but slow, rounding is left.
    return dot(left, left) > ROUNDING * dot(course, course) ? left : left.fill(0);
  }

  private each(
    course: Float64Array,
    visit: (part: Float64Array, slow: Float64Array) => void,
  ): void {
    let from = 0;
    for (const { rows } of this.series) {
      const part = course.subarray(from, from + rows.length);
      for (const slow of this.slow.get(rows.length)!) visit(part, slow);
      from += rows.length;
    }
  }
}

/** Polynomials of degree 0, 1, … on evenly spaced points, orthogonal to each other and of norm 1. */
function polynomials(length: number): Float64Array[] {
  const found: Float64Array[] = [];
  const most = Math.min(DEGREE, Math.floor(length / ROWS_EACH));
  for (let degree = 0; degree <= most; degree++) {
    const each = Float64Array.from({ length }, (_, k) => ((2 * k + 1) / length - 1) ** degree);
    // Twice: after once, rounding still leans on those before.
    for (const other of [...found, ...found]) subtract(each, other);
    const norm = Math.sqrt(dot(each, each));
    found.push(each.map((value) => value / norm));
  }
  return found;
}

function subtract(part: Float64Array, slow: Float64Array): void {
  const along = dot(slow, part);
  for (let k = 0; k < part.length; k++) part[k]! -= along * slow[k]!;
}
