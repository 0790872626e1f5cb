import { POOL_CASES } from './cases.js';
import type { Row } from './row.js';
import { median } from './statistics.js';
import type { VariantName } from './variants.js';

/** How many times as long one thing takes as another, both measured in the same run. */
export interface Ratio {
  readonly name: string;
  readonly about: string;
  readonly ratio: number;
}

/** The same work for whatever is compared. */
const WHOLE: VariantName = 'fused all inputs';
const USUAL: VariantName = 'fused';

/** All comparisons that the rows allow. */
export function ratiosOf(rows: readonly Row[]): Ratio[] {
  return [
    ...POOL_CASES.flatMap(({ name }) => againstFused(name, rows)),
    ...writtenDifferently(rows),
    ...threads(rows),
    ...ofCatalogue(rows),
  ];
}

function againstFused(name: string, rows: readonly Row[]): Ratio[] {
  const own = rows.filter((row) => row.case === name);
  const fused = own.find(({ engine }) => engine === USUAL);
  return own.flatMap((row) => {
    if (row.engine.startsWith('fused') && row.engine !== WHOLE) return [];
    return ratio(
      `${name}: ${row.engine} / fused`,
      `on ${name}, ${row.engine} to fused`,
      row,
      fused,
    );
  });
}

/** More terms, and the same function in other words. */
function writtenDifferently(rows: readonly Row[]): Ratio[] {
  const on = (name: string): Row | undefined =>
    rows.find((row) => row.case === name && row.engine === WHOLE);
  const ten = on('ten-terms');
  return [
    ...ratio('ten-terms / three-terms', 'ten terms to three', ten, on('three-terms')),
    ...['renamed', 'permuted', 'duplicated'].flatMap((name) =>
      ratio(`${name} / ten-terms`, `ten terms ${name} to ten terms`, on(name), ten),
    ),
  ];
}

function threads(rows: readonly Row[]): Ratio[] {
  const named = (engine: VariantName): Row | undefined => rows.find((row) => row.engine === engine);
  const [one, two] = [named('fused, threads: 1'), named('fused, threads: 2')];
  const about = 'one thread to two, time on the wall';
  return ratio('one thread / two threads', about, one, two, 'wallMsPerEpisode');
}

/** Medians over the rules. */
function ofCatalogue(rows: readonly Row[]): Ratio[] {
  const many = rows.filter((row) => POOL_CASES.every(({ name }) => name !== row.case));
  const fused = new Map(
    many.filter(({ engine }) => engine === USUAL).map((row) => [row.case, row]),
  );
  const others = new Set(many.map(({ engine }) => engine).filter((engine) => engine !== USUAL));
  return [...others].flatMap((engine) => {
    const each = many
      .filter((row) => row.engine === engine)
      .flatMap((row) => ratio('', '', row, fused.get(row.case)));
    if (each.length === 0) return [];
    const about = `catalogue, median of ${each.length}: ${engine} to fused`;
    const middle = tidy(median(each.map((one) => one.ratio)));
    return [{ name: `catalogue: ${engine} / fused`, about, ratio: middle }];
  });
}

function ratio(
  name: string,
  about: string,
  above: Row | undefined,
  below: Row | undefined,
  of: 'msPerEpisode' | 'wallMsPerEpisode' = 'msPerEpisode',
): Ratio[] {
  const [a, b] = [above?.[of], below?.[of]];
  return a && b ? [{ name, about, ratio: tidy(a / b) }] : [];
}

const tidy = (value: number): number => Number(value.toPrecision(3));
