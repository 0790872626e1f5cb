import type { Stream } from '../../base/random.js';
import { irrepresentable } from '../sparse/irrepresentable.js';
import { combineMoments } from '../sparse/moments.js';
import {
  type Assessment,
  hasAlias,
  instead,
  intervalOf,
  LEVEL,
  RESAMPLES,
} from '../trust/assess.js';
import { resample } from '../trust/resample.js';
import { CHANCE_LEVEL, TENTATIVE, verdictOf } from '../trust/verdicts.js';
import type { Courses } from './courses.js';
import { gaussNewton, linearised } from './gauss-newton.js';
import { selectHidden, withParameters } from './select.js';
import { trialTest } from './trial-test.js';

export const EXCHANGES = 199;

/**
 * The search for terms whose courses explain what was recorded, then the same search on resampled trials
 * (of the linear problem at the optimum), then a test against trials that have changed places, then what
 * can be said of each term. `nullTest.shifts` is 0 where there are too few trials for the test. Null
 * where even a layer that does not learn does not stay finite.
 */
export async function assessCourses(courses: Courses, stream: Stream): Promise<Assessment | null> {
  const { size } = courses;
  const selection = await selectHidden(courses);
  if (!selection) return null;
  const path = selection.tried.map(({ support, criterion, cost }) => ({
    support,
    criterion,
    left: selection.nothing.cost === 0 ? 1 : cost / selection.nothing.cost,
  }));
  const nothing: Assessment = {
    terms: [],
    refused: null,
    slow: null,
    unstable: [],
    nullTest: { p: 1, shifts: 0 },
    irrepresentable: null,
    left: 1,
    path,
  };
  if (selection.support.length === 0) return nothing;

  const drawn = resample(linearised(selection.optimum, size), {
    resamples: RESAMPLES,
    stream: stream.child('trials'),
  });
  const rivals = new Map(
    selection.support.map((term) => [term, instead(drawn, selection.support, term)]),
  );
  const support = selection.support.filter(
    (term) => drawn.inclusion[term]! >= TENTATIVE || rivals.get(term)!.length > 0,
  );
  const isWhole = support.length === selection.support.length;
  const { point } = selection.optimum;
  const kept = point.subarray(0, size).map((value, k) => (support.includes(k) ? value : 0));
  const optimum = isWhole
    ? selection.optimum
    : await gaussNewton(courses, withParameters(point, kept), support);
  if (!optimum || support.length === 0) return { ...nothing, unstable: selection.support };

  const moments = combineMoments(linearised(optimum, size));
  const rows = await courses.rows(optimum.point, selection.nothing.point, support);
  const p = rows && trialTest(rows, EXCHANGES, stream.child('exchanges'));
  const terms = support.map((column) => {
    const inclusion = drawn.inclusion[column]!;
    const interval = intervalOf(drawn, column, LEVEL);
    const others = rivals.get(column)!;
    const verdict = verdictOf({
      inclusion,
      interval,
      p: p ?? 1,
      isAliased: hasAlias(moments, column),
      isReplaceable: others.length > 0,
    })!;
    const coefficient = optimum.point[column]!;
    return { column, coefficient, interval, inclusion, p: p ?? 1, verdict, instead: others };
  });
  const left = optimum.cost / selection.nothing.cost;
  const found = {
    slow: null,
    unstable: selection.support.filter((term) => !support.includes(term)),
    nullTest: p === null ? { p: 1, shifts: 0 } : { p, shifts: EXCHANGES },
    path,
  };
  if (p !== null && p > CHANCE_LEVEL) {
    const refused = { why: 'chance', support, left } as const;
    return { ...found, terms: [], refused, irrepresentable: null, left: 1 };
  }
  return {
    ...found,
    terms,
    refused: null,
    irrepresentable: irrepresentable(moments, optimum.point.subarray(0, size)),
    left,
  };
}
