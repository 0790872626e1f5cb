import type { Stream } from '../../base/random.js';
import type { Frame } from '../../discover/frame.js';
import type { Design } from '../design.js';
import type { Library } from '../library.js';
import type { FittedParameter } from '../result.js';
import { printedParameter } from '../rule-words.js';
import { leastSquares } from '../sparse/least-squares.js';
import { combineMoments, momentsOf } from '../sparse/moments.js';
import { type Assessment, LEVEL, RESAMPLES } from '../trust/assess.js';
import { quantile } from '../trust/resample.js';
import type { Axis } from './axes.js';
import { movingOf, type Settled, tangentsAt } from './settle.js';

/** A rule whose coefficients and parameters were fitted together. */
export interface Joint {
  readonly assessment: Assessment;
  /** Those that its terms need. */
  readonly fitted: readonly FittedParameter[];
  /** The library as it is printed: with the fitted values. */
  readonly library: Library;
}

/**
 * The intervals of coefficients and parameters together, from resampled blocks: a time constant that is
 * not well known makes its coefficient less certain, too. The rule is taken to be linear in both around
 * where it ended.
 */
export function fittedTogether(
  { problem, places, library }: Settled,
  { terms, target, blocks }: Design,
  assessment: Assessment,
  stream: Stream,
): Joint {
  const support = assessment.terms.map(({ column }) => library.terms.indexOf(terms[column]!));
  if (support.length === 0) return { assessment, fitted: [], library };
  const { columns, slopes } = tangentsAt(problem, places, support);
  const all = [...columns, ...slopes];
  const moments = blocks.map((rows) => momentsOf(all, target, rows));
  const moving = movingOf(combineMoments(moments));
  const draws = Array.from({ length: RESAMPLES }, (_, k) => {
    const drawn = stream.child(k);
    const weights = new Float64Array(blocks.length);
    for (let b = 0; b < blocks.length; b++) weights[drawn.integer(blocks.length)]! += 1;
    return leastSquares(combineMoments(moments, weights), moving)?.coefficients;
  }).flatMap((each) => each ?? []);
  const intervalOf = (at: number, of: (value: number) => number) => {
    const values = draws.map((draw) => of(draw[at]!));
    return [quantile(values, TAIL), quantile(values, 1 - TAIL)] as const;
  };
  const fitted = problem.axes.flatMap((axis, k) => {
    const { parameter, valueAt } = axis;
    const at = columns.length + k;
    if (!moving.includes(at)) return [];
    const place = places[k]!;
    // Of slopes that cannot be told apart nothing is known but the range.
    const interval =
      draws.length === 0
        ? parameter.range
        : intervalOf(at, (move) => withinRange(axis, place + move));
    return [printedParameter(parameter, library.frame, valueAt(place), interval)];
  });
  const texts = new Map(fitted.map(({ name, text }) => [name, text]));
  return {
    assessment: {
      ...assessment,
      terms: assessment.terms.map((term, k) => {
        if (draws.length === 0) return { ...term, interval: null };
        const interval = intervalOf(k, (value) => value);
        const holdsZero = interval[0] <= 0 && interval[1] >= 0;
        const isLess = holdsZero && term.verdict === 'established';
        return { ...term, interval, ...(isLess && { verdict: 'tentative' as const }) };
      }),
    },
    fitted: fitted.map(({ text: _, ...each }) => each),
    library: { ...library, frame: written(library.frame, texts) },
  };
}

/** At its ends exactly these: a value that the range has cut off shall be seen to be there. */
function withinRange({ parameter: { range }, low, high, valueAt }: Axis, place: number): number {
  if (place <= low) return range[0];
  return place >= high ? range[1] : valueAt(place);
}

const TAIL = (1 - LEVEL) / 2;

/** The frame with these values, in the units in which they are written. */
function written(frame: Frame, texts: ReadonlyMap<string, string>): Frame {
  const lines = frame.lines.map((line) => {
    if (line.kind !== 'param') return line;
    const definitions = line.definitions.map((each) => {
      const text = texts.get(each.name);
      return text === undefined
        ? each
        : { ...each, value: { ...each.value, text, number: Number(text) } };
    });
    return { ...line, definitions };
  });
  return { ...frame, lines };
}
