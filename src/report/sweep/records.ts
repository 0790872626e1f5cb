import { z } from 'zod';

const shape = z.object({
  job: z.string(),
  step: z.int().min(0),
  loss: z.number().nullable(),
  accuracy: z.number().nullable(),
  coefficients: z.array(z.number().nullable()),
  names: z.array(z.string()).optional(),
  measures: z.record(z.string(), z.array(z.number().nullable())).optional(),
});

/** What one search told, meta-step by meta-step. */
export type Records = readonly z.output<typeof shape>[];

/** A cell with what its searches told, one for each seed. */
interface CellRecords {
  readonly cell: string;
  readonly seeds: readonly Records[];
}

/** The searches of a sweep's history by cell, in the order in which they began. */
export function recordsOf(history: readonly unknown[]): CellRecords[] {
  const cells = new Map<string, Map<number, z.output<typeof shape>[]>>();
  for (const record of history) {
    const parsed = shape.safeParse(record);
    if (!parsed.success) continue;
    const [, cell, seed] = /^(.*), seed (\d+)$/s.exec(parsed.data.job) ?? [];
    if (cell === undefined) continue;
    const seeds = cells.get(cell) ?? new Map<number, z.output<typeof shape>[]>();
    cells.set(cell, seeds);
    const records = seeds.get(Number(seed)) ?? [];
    seeds.set(Number(seed), records);
    // A resumed run may tell of a step twice: the same numbers.
    records[parsed.data.step] = parsed.data;
  }
  return [...cells].map(([cell, seeds]) => ({
    cell,
    // However many threads there were, and whichever was first.
    seeds: [...seeds].sort(([a], [b]) => a - b).map(([, records]) => records),
  }));
}
