import { Stream } from '../../base/random.js';
import { bootstrapCurve } from '../../experiments/intervals.js';
import { runningMean } from '../history.js';
import { type Records, recordsOf } from './records.js';

/** A figure of a cell over the episodes of its searches: the mean over seeds with an interval. */
export interface Curve {
  readonly cell: string;
  /** `accuracy`, `loss`, `angles 1`, `coefficient F0`. */
  readonly figure: string;
  readonly points: readonly {
    readonly mean: number | null;
    readonly lo: number | null;
    readonly hi: number | null;
  }[];
}

/** Every curve of a sweep; each seed's values are averaged over the last `window` episodes first. */
export function curvesOf(
  history: readonly unknown[],
  {
    level,
    seed,
    window,
  }: { readonly level: number; readonly seed: number; readonly window: number },
): Curve[] {
  return recordsOf(history).flatMap(({ cell, seeds }) => {
    const steps = Math.max(...seeds.map((records) => records.length));
    return figuresOf(seeds).map(({ figure, value }): Curve => {
      const curves = seeds.map((records) =>
        runningMean(
          Array.from({ length: steps }, (_, step) => {
            const record = records[step];
            return record ? value(record) : null;
          }),
          window,
        ),
      );
      const stream = new Stream(seed, 'curve', cell, figure);
      return { cell, figure, points: bootstrapCurve(curves, level, stream) };
    });
  });
}

type Value = (record: Records[number]) => number | null;

function figuresOf(seeds: readonly Records[]): { figure: string; value: Value }[] {
  const first = seeds[0]?.[0];
  if (!first) return [];
  const names = first.names ?? [];
  const measures = Object.entries(first.measures ?? {}).flatMap(([name, places]) =>
    places.map((_, k) => ({
      figure: `${name} ${k + 1}`,
      value: ({ measures: all }: Records[number]) => all?.[name]?.[k] ?? null,
    })),
  );
  return [
    { figure: 'accuracy', value: ({ accuracy }) => accuracy },
    { figure: 'loss', value: ({ loss }) => loss },
    ...names.map((name, k) => ({
      figure: `coefficient ${name}`,
      value: ({ coefficients }: Records[number]) => coefficients[k] ?? null,
    })),
    ...measures,
  ];
}
