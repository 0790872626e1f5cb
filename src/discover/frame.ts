import { inBaseUnits } from '../base/units.js';
import type { Expression, Measure, SpaceLine } from '../language/ast.js';
import { expressionsOf } from '../language/check/parts-of-lines.js';
import { visit } from '../language/check/walk.js';
import type { CheckedSpace, Parameter } from '../language/checked.js';

/**
 * What the rules of a space have besides their terms: its parameters, lets, memory and bounds, as
 * written, and the parameters of its own that are searched beside the coefficients.
 */
export interface Frame {
  readonly lines: readonly FrameLine[];
  /** Parameters marked `fit`, in the order of the text: where they start, and how they are written. */
  readonly searched: readonly SearchedParameter[];
}

export type FrameLine = Extract<
  SpaceLine,
  {
    kind:
      | 'param'
      | 'let'
      | 'trace'
      | 'average'
      | 'state'
      | 'whiten'
      | 'draw'
      | 'bound'
      | 'keeping sign';
  }
>;

export interface SearchedParameter {
  readonly name: string;
  /** In base units. */
  readonly start: number;
  /** Base units in one unit as written. */
  readonly unit: number;
  /** In base units. */
  readonly range: readonly [low: number, high: number];
  /** What one step size is for, in base units; what it starts from if not given. */
  readonly size?: number;
}

export const NO_FRAME: Frame = { lines: [], searched: [] };

/** The frame of a space on a circuit whose steps last `stepLength` ms (null: steps are counted). */
export function frameOf({ space, scope }: CheckedSpace, stepLength: number | null): Frame {
  return {
    lines: space.lines.filter(isFrameLine),
    searched: searchedOf(scope.parameters, stepLength),
  };
}

/** The parameters that are marked `fit`. */
export function searchedOf(
  parameters: ReadonlyMap<string, Parameter>,
  stepLength: number | null,
): SearchedParameter[] {
  const inBase = (measure: Measure): number => measure.number * unitOf(measure, stepLength);
  return [...parameters.values()]
    .filter(({ fit }) => fit)
    .map(({ name, definition: { value, range } }) => ({
      name,
      start: inBase(value),
      unit: unitOf(value, stepLength),
      range: range
        ? [inBase(range[0]), inBase(range[1])]
        : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    }));
}

/** Base units in one unit as written. */
function unitOf({ unit, per }: Measure, stepLength: number | null): number {
  const steps = (unit === 'step' ? 1 : 0) - per.filter((each) => each === 'step').length;
  return inBaseUnits({ number: 1, unit, per }).value * (stepLength ?? 1) ** steps;
}

const FRAME_LINES: readonly SpaceLine['kind'][] = [
  ...(['param', 'let', 'trace', 'average', 'state', 'whiten', 'draw'] as const),
  ...(['bound', 'keeping sign'] as const),
];

const isFrameLine = (line: SpaceLine): line is FrameLine => FRAME_LINES.includes(line.kind);

/** The lines of a frame that these expressions need; bounds always stay. */
export function linesFor(
  { lines }: Frame,
  expressions: readonly Expression[],
): readonly FrameLine[] {
  const needed = new Set<string>();
  const read = (expression: Expression): void =>
    visit(expression, (node) => {
      if (node.kind === 'name' && node.member === null) needed.add(node.name);
    });
  for (const expression of expressions) read(expression);
  const isKept = (line: FrameLine): boolean =>
    line.kind === 'bound' ||
    line.kind === 'keeping sign' ||
    ('name' in line && needed.has(line.name));
  // What is needed by something needed: each round adds names or is the last.
  for (let before = -1; before < needed.size; ) {
    before = needed.size;
    for (const line of lines.filter(isKept)) for (const each of expressionsOf(line)) read(each);
  }
  return lines.flatMap((line): FrameLine[] => {
    if (line.kind !== 'param') return isKept(line) ? [line] : [];
    const definitions = line.definitions.filter(({ name }) => needed.has(name));
    return definitions.length > 0 ? [{ ...line, definitions }] : [];
  });
}
