import type { Stream } from '../../base/random.js';
import { growFactor, leastSquares } from '../sparse/least-squares.js';
import { dot, type Moments, momentsOf } from '../sparse/moments.js';
import { standardise } from '../sparse/standardise.js';
import { Detrend } from './detrend.js';
import type { Series } from './series.js';

/** How often a target that was shifted in time agrees with the terms as well as the recorded one. */
export interface ShiftTest {
  /** For all terms of the library together: is there any rule at all? */
  readonly p: number;
  /** For each term of the support, beside the others; never less than `p`. */
  readonly terms: readonly number[];
  readonly shifts: number;
}

interface Table {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly series: readonly Series[];
}

interface Chosen {
  readonly support: readonly number[];
  readonly coefficients: Float64Array;
}

interface ShiftOptions {
  readonly shifts: number;
  readonly stream: Stream;
  /** Terms are tested one by one only where the library as a whole passes at this level. */
  readonly level: number;
}

/** Shares of the way there and back by which a series is shifted lie this far from none and from all of it. */
const NEAR = 0.05;
/** What is left of a column beside others, as a share of its mean square, for it to count at all. */
const LEAST_LEFT = 1e-6;
/** Coefficients with and without the slow part differ by no more than this factor. */
const AGREES = 2;

/**
 * Within every series the target is turned round in time against the columns (there and back, so that
 * its end meets itself and not its beginning), by the same share of its length in all series of a group:
 * what synapses have in common stays in common. What drifts agrees with what drifts as well after a
 * shift as before; what a rule does agrees only where it is. The slow part is taken out of everything
 * after it was shifted.
 *
 * p = (1 + shifts in which the statistic is at least that of the recording) / (1 + shifts). The statistic
 * is, for the library, the share of the target that all columns explain; for a term, its correlation with
 * what the other terms of the support leave, against the largest such correlation of any column after a
 * shift: the term was chosen as the best of them. A term has to have about the same coefficient with the
 * slow part as without: weights add up their own changes, so that without its slow part even a weight that
 * does nothing is correlated with its change (Nickell 1981).
 */
export function shiftTest(table: Table, chosen: Chosen, options: ShiftOptions): ShiftTest {
  const { shifts, stream, level } = options;
  const detrend = new Detrend(table.series);
  const raw = table.columns.map((column) => detrend.courseOf(column));
  const rawTarget = detrend.courseOf(table.target);
  const columns = raw.map((course) => detrend.without(course));
  const target = detrend.without(rawTarget);
  const moments = momentsOf(columns, target);
  const share = (count: number): number => (1 + count) / (1 + shifts);
  const shifted = (courses: readonly Float64Array[], shift: number): Overlap => {
    const offsets = offsetsOf(table.series, stream.child(shift));
    return overlapOf(
      columns,
      courses.map((course) => turned(course, offsets)),
      detrend,
    );
  };

  const whole = growFactor(standardise(moments), [...columns.keys()]);
  const explained = ({ products: [cross], gram: [power] }: Overlap): number =>
    power! > 0 ? whole.explained(cross!) / power! : 0;
  const found = explained(overlapOf(columns, [rawTarget], detrend));
  let asMuch = 0;
  for (let shift = 0; shift < shifts; shift++) {
    if (explained(shifted([rawTarget], shift)) >= found) asMuch += 1;
  }
  const p = share(asMuch);
  const { support, coefficients } = chosen;
  if (p > level) return { p, terms: support.map(() => p), shifts };

  const courses = [rawTarget, ...support.map((term) => raw[term]!)];
  const contests = support.map((term) => contestOf(moments, support, term));
  const recorded = overlapOf(columns, courses, detrend);
  const scores = support.map((term, k) => {
    const { slope, scores: scoresIn } = contests[k]!;
    const agreement = slope / coefficients[term]!;
    const agrees = agreement >= 1 / AGREES && agreement <= AGREES;
    return agrees ? Math.abs(scoresIn(recorded)[term]!) : Number.NEGATIVE_INFINITY;
  });
  const asLarge = support.map(() => 0);
  for (let shift = 0; shift < shifts; shift++) {
    const overlap = shifted(courses, shift);
    for (const [k, contest] of contests.entries()) {
      const largest = contest.scores(overlap).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      if (largest >= scores[k]!) asLarge[k]! += 1;
    }
  }
  return { p, terms: asLarge.map((count) => Math.max(p, share(count))), shifts };
}

/** Courses in time, without their slow part, against the columns: products with all of them, and among each other. */
interface Overlap {
  /** One list a course. */
  readonly products: readonly Float64Array[];
  /** Row by row. */
  readonly gram: Float64Array;
}

/** Rows that are multiplied at a time, so that they are read from memory once. */
const AT_ONCE = 1024;

/** The columns have no slow part any more, so that of the courses matters only among themselves. */
function overlapOf(
  columns: readonly Float64Array[],
  courses: readonly Float64Array[],
  detrend: Detrend,
): Overlap {
  const products = courses.map(() => new Float64Array(columns.length));
  const rows = courses[0]!.length;
  for (let from = 0; from < rows; from += AT_ONCE) {
    const to = Math.min(rows, from + AT_ONCE);
    for (let k = 0; k < columns.length; k++) {
      for (let c = 0; c < courses.length; c++) {
        products[c]![k]! += dot(columns[k]!, courses[c]!, from, to);
      }
    }
  }
  const slow = courses.map((course) => detrend.slowPart(course));
  const gram = courses.flatMap((a, i) =>
    courses.map((b, j) => dot(a, b) - dot(slow[i]!, slow[j]!)),
  );
  return { products, gram: Float64Array.from(gram) };
}

interface Contest {
  /** Coefficient of the term beside the others, without the slow part; 0 where nothing of it is left. */
  readonly slope: number;
  /**
   * Of every column its correlation (but for a factor common to all) with what the other terms leave of
   * the target, both less what the others explain; 0 where nothing of the column is left. The courses
   * are the target and then the terms of the support.
   */
  readonly scores: (overlap: Overlap) => Float64Array;
}

function contestOf(moments: Moments, support: readonly number[], term: number): Contest {
  const size = moments.cross.length;
  const rest = support.filter((other) => other !== term);
  // Without the slow part some may depend on each other.
  const others = growFactor(standardise(moments), rest).used;
  const onto = (cross: Float64Array, power: number) =>
    leastSquares({ ...moments, cross, power }, others)!;
  const own = onto(moments.cross, moments.power).coefficients;
  // The target less the others, as a sum of courses.
  const weights = [1, ...support.map((each) => (others.includes(each) ? -own[each]! : 0))];
  const left = Array.from({ length: size }, (_, column) => {
    const power = moments.gram[column * size + column]!;
    const { coefficients, residual } = onto(
      moments.gram.slice(column * size, (column + 1) * size),
      power,
    );
    const counts = power > 0 && !rest.includes(column) && residual > LEAST_LEFT * power;
    return counts ? { coefficients, norm: Math.sqrt(residual) } : null;
  });
  const scores = ({ products, gram }: Overlap): Float64Array => {
    const courses = products.length;
    let power = 0;
    for (let a = 0; a < courses; a++) {
      for (let b = 0; b < courses; b++) power += weights[a]! * weights[b]! * gram[a * courses + b]!;
    }
    const out = new Float64Array(size);
    if (!(power > 0)) return out;
    for (const [course, weight] of weights.entries()) {
      if (weight === 0) continue;
      for (let column = 0; column < size; column++) {
        out[column]! += weight * products[course]![column]!;
      }
    }
    const ofOthers = others.map((other) => out[other]!);
    for (let column = 0; column < size; column++) {
      const beside = left[column];
      if (!beside) {
        out[column] = 0;
        continue;
      }
      for (const [k, other] of others.entries()) {
        out[column]! -= beside.coefficients[other]! * ofOthers[k]!;
      }
      out[column]! /= beside.norm * Math.sqrt(power);
    }
    return out;
  };
  const slope = leastSquares(moments, [...others, term])?.coefficients[term] ?? 0;
  return { slope, scores };
}

/** Where in its series, gone through there and back, every series begins. */
function offsetsOf(series: readonly Series[], stream: Stream): { length: number; by: number }[] {
  const shares = new Map<number, number>();
  return series.map(({ rows: { length }, group }) => {
    let share = shares.get(group);
    if (share === undefined) {
      share = stream.uniform(NEAR, 1 - NEAR);
      shares.set(group, share);
    }
    const round = 2 * length;
    return { length, by: Math.min(round - 1, Math.max(1, Math.round(share * round))) };
  });
}

/**
 * Each series turned round a circle that goes through it and then back, so that there is no jump where
 * its end would meet its beginning.
 */
function turned(
  course: Float64Array,
  offsets: readonly { readonly length: number; readonly by: number }[],
): Float64Array {
  const out = new Float64Array(course.length);
  let from = 0;
  for (const { length, by } of offsets) {
    for (let k = 0; k < length; k++) {
      const at = (k + by) % (2 * length);
      out[from + k] = course[from + (at < length ? at : 2 * length - 1 - at)]!;
    }
    from += length;
  }
  return out;
}
