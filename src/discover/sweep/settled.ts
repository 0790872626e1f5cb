import { z } from 'zod';
import { experimentShape } from '../../experiments/schema.js';
import type { CellInputs } from './cell.js';

/** The configuration of a sweep's run folder: every cell whole, with every default. */
export const settledShape = z.object({
  sweep: z.object({
    seeds: z.int().min(1),
    shots: z.array(z.int().min(1)),
    against: z.string(),
  }),
  cells: z
    .array(z.object({ name: z.string(), ablate: z.boolean(), config: experimentShape }))
    .min(1),
});
export type Settled = z.output<typeof settledShape>;

/** `3.space`, `3.forward.rule`: cells are counted from 1. */
export function filesOf({ space, rules }: CellInputs, k: number): Record<string, string> {
  const texts = Object.entries(rules).map(([kind, text]) => [
    `${k + 1}.${encodeURIComponent(kind)}.rule`,
    text,
  ]);
  return { ...(space && { [`${k + 1}.space`]: space.text }), ...Object.fromEntries(texts) };
}

function textsIn(
  files: Readonly<Record<string, string>>,
  k: number,
): Pick<CellInputs, 'space' | 'rules'> | null {
  const name = `${k + 1}.space`;
  const rules = Object.entries(files).flatMap(([file, text]) => {
    const [, cell, kind] = /^(\d+)\.(.+)\.rule$/.exec(file) ?? [];
    return cell === String(k + 1) ? [[decodeURIComponent(kind!), text] as const] : [];
  });
  const text = files[name];
  if (text === undefined && rules.length === 0) return null;
  return { space: text === undefined ? null : { name, text }, rules: Object.fromEntries(rules) };
}

/** The cells of a sweep's run folder; null where it is none, or lacks some of their texts. */
export function cellsIn(
  config: unknown,
  files: Readonly<Record<string, string>>,
): CellInputs[] | null {
  const parsed = settledShape.safeParse(config);
  if (!parsed.success) return null;
  const cells = parsed.data.cells.flatMap((cell, k) => {
    const texts = textsIn(files, k);
    return texts ? [{ ...cell, ...texts }] : [];
  });
  return cells.length === parsed.data.cells.length ? cells : null;
}
