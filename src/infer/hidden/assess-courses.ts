import type { Stream } from '../../base/random.js';
import { irrepresentable } from '../sparse/irrepresentable.js';
import { combineMoments, type Moments } from '../sparse/moments.js';
import { type Assessment, assessedTerm, instead, LEVEL, RESAMPLES } from '../trust/assess.js';
import { resample } from '../trust/resample.js';
import { CHANCE_LEVEL, TENTATIVE } from '../trust/verdicts.js';
import type { Courses } from './courses.js';
import type { Settled } from './fitted-parameters.js';
import { gaussNewton, linearised } from './gauss-newton.js';
import { kept, ofTerms, selectHidden } from './select.js';
import { trialTest } from './trial-test.js';

export const EXCHANGES = 199;

/**
 * The search for terms whose courses explain what was recorded, then the same search on resampled trials
 * (of the linear problem at the optimum), then a test against trials that have changed places, then what
 * can be said of each term. `nullTest.shifts` is 0 where there are too few trials for the test. Null
 * where even a layer that does not learn does not stay finite.
 */
export async function assessCourses(
  courses: Courses,
  stream: Stream,
): Promise<{ readonly assessment: Assessment; readonly settled: Settled } | null> {
  const { size, always } = courses;
  const reduce = (moments: Moments): Moments => ofTerms(moments, courses.terms);
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
  const without = (assessment: Assessment) => ({
    assessment,
    settled: { courses, optimum: selection.nothing, support: [] },
  });
  if (selection.support.length === 0) return without(nothing);

  const drawn = resample(linearised(selection.optimum, size), {
    resamples: RESAMPLES,
    stream: stream.child('trials'),
    reduce,
  });
  const rivals = new Map(
    selection.support.map((term) => [term, instead(drawn, selection.support, term)]),
  );
  const support = selection.support.filter(
    (term) => drawn.inclusion[term]! >= TENTATIVE || rivals.get(term)!.length > 0,
  );
  const isWhole = support.length === selection.support.length;
  const rest = kept(selection.optimum.point, support, courses.terms);
  const optimum = isWhole
    ? selection.optimum
    : await gaussNewton(courses, rest, [...support, ...always]);
  if (!optimum || support.length === 0) {
    return without({ ...nothing, unstable: selection.support });
  }

  const moments = reduce(combineMoments(linearised(optimum, size)));
  const rows = await courses.rows(optimum.point, selection.nothing.point, support);
  const p = rows && trialTest(rows, EXCHANGES, stream.child('exchanges'));
  const terms = support.map((column) =>
    assessedTerm(drawn, column, LEVEL, moments, {
      coefficient: optimum.point[column]!,
      p: p ?? 1,
      instead: rivals.get(column)!,
    }),
  );
  const left = optimum.cost / selection.nothing.cost;
  const found = {
    slow: null,
    unstable: selection.support.filter((term) => !support.includes(term)),
    nullTest: p === null ? { p: 1, shifts: 0 } : { p, shifts: EXCHANGES },
    path,
  };
  if (p !== null && p > CHANCE_LEVEL) {
    const refused = { why: 'chance', support, left } as const;
    return without({ ...found, terms: [], refused, irrepresentable: null, left: 1 });
  }
  const assessment = {
    ...found,
    terms,
    refused: null,
    irrepresentable: irrepresentable(moments, optimum.point.subarray(0, courses.terms)),
    left,
  };
  return { assessment, settled: { courses, optimum, support } };
}
