import type { SearchedParameter } from '../../discover/frame.js';
import { termColumns } from '../design.js';
import type { Library } from '../library.js';
import type { Recording } from '../recording.js';

/** A parameter on the axis on which it is searched: the logarithm of what is more than 0. */
export interface Axis {
  /** With the range in which it is searched. */
  readonly parameter: SearchedParameter;
  readonly low: number;
  readonly high: number;
  readonly start: number;
  /** In base units. */
  readonly valueAt: (place: number) => number;
}

/** How far from its start a parameter without a range is looked for, as a factor. */
const FAR = 30;

export function axisOf(parameter: SearchedParameter): Axis {
  const { start, range } = parameter;
  const far = FAR * (Math.abs(start) || 1);
  const least = start > 0 ? start / FAR : -far;
  const [low, high] = [
    Number.isFinite(range[0]) ? range[0] : least,
    Number.isFinite(range[1]) ? range[1] : far,
  ];
  const isPositive = low > 0;
  const to = (value: number): number => (isPositive ? Math.log(value) : value);
  return {
    parameter: { ...parameter, range: [low, high] },
    low: to(low),
    high: to(high),
    start: to(start),
    valueAt: isPositive ? Math.exp : (place) => place,
  };
}

/** A library whose terms have parameters inside, and the recording that it is fitted to. */
export interface Problem {
  readonly library: Library;
  readonly recording: Recording;
  readonly target: Float64Array;
  readonly axes: readonly Axis[];
}

/** The library with the values that its parameters have at these places. */
export function libraryAt({ library, axes }: Problem, places: readonly number[]): Library {
  const parameters = new Map(library.space.scope.parameters);
  for (const [k, { parameter, valueAt }] of axes.entries()) {
    const { name } = parameter;
    parameters.set(name, { ...parameters.get(name)!, value: valueAt(places[k]!) });
  }
  const scope = { ...library.space.scope, parameters };
  return { ...library, space: { ...library.space, scope } };
}

/** Every term in every row, with the values that parameters have at these places. */
export function columnsAt(problem: Problem, places: readonly number[]): Float64Array[] {
  return termColumns(libraryAt(problem, places), problem.recording);
}
