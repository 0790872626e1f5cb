import { holds } from '../../test/catalogue/behaviour.js';
import type { Picture } from '../../test/catalogue/pictures/picture.js';
import { behaviourOf, catalogued, drawOf } from './entries.js';

/** What was measured when a rule's claims were last put to the test. */
export interface MeasuredClaim {
  readonly says: string;
  /** Values have four digits; null is infinitely far. */
  readonly figures: readonly {
    readonly name: string;
    readonly value: number;
    readonly within: readonly (number | null)[];
  }[];
}

/** Puts a rule's claims to the test. Throws if one does not hold. */
export async function measured(name: string): Promise<MeasuredClaim[]> {
  const claims: MeasuredClaim[] = [];
  for (const { says, measure } of (await behaviourOf(name))?.claims ?? []) {
    const figures = await measure((table) => catalogued(name, table), catalogued);
    const wrong = figures.find((figure) => !holds(figure));
    if (wrong) throw new Error(`${name} does not hold: ${says} (${wrong.name} is ${wrong.value})`);
    claims.push({
      says,
      figures: figures.map((figure) => ({
        name: figure.name,
        value: digits(figure.value),
        within: figure.within.map((edge) => digits(edge, 8)),
      })),
    });
  }
  return claims;
}

/** So many digits; what is next to nothing is nothing, as its digits are those of rounding. */
const digits = (value: number, count = 4): number =>
  Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(count));

/** Runs a rule for its figure. */
export async function pictured(name: string): Promise<Picture> {
  const draw = await drawOf(name);
  if (!draw) throw new Error(`${name} has no picture: test/catalogue/pictures/${name}.ts`);
  return draw((table) => catalogued(name, table), catalogued);
}
