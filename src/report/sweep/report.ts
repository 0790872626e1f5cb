import { z } from 'zod';
import { runFileDamaged } from '../../base/diagnostics/run.js';
import { failure, type Result, success } from '../../base/result.js';
import type { RunContents } from '../../runs/list.js';
import { type Curve, curvesOf } from './curves.js';
import { type NamedFigure, sweepFigures } from './figures.js';
import { writeSweepFiles } from './files.js';
import { sweepPage } from './page.js';
import { type ReportedSweep, sweepShape } from './read-sweep.js';

/** Episodes over which figures are smoothed, as in the code of Shervani-Tabar & Rosenbaum 2023. */
const WINDOW = 10;

/** What the configuration of a sweep says, as far as its report needs it. */
const configShape = z.object({
  sweep: z.object({ seeds: z.int() }),
  cells: z
    .array(
      z.object({
        name: z.string(),
        config: z.object({ seed: z.int(), evaluate: z.object({ level: z.number() }) }),
      }),
    )
    .min(1),
});
type Config = z.output<typeof configShape>;

/** The configuration, if it is that of a sweep. */
export function sweepConfig(config: unknown): Config | null {
  const parsed = configShape.safeParse(config);
  return parsed.success ? parsed.data : null;
}

/** The page of a sweep; beside it, in the run folder, its curves and figures are written. */
export function reportSweep(run: RunContents, config: Config, resultPath: string): Result<string> {
  const parsed = run.result === undefined ? null : sweepShape.safeParse(run.result);
  if (parsed && !parsed.success) {
    const reason = z.prettifyError(parsed.error);
    return failure(runFileDamaged({ path: resultPath, reason }));
  }
  const { figures, curves } = drawn(run, config);
  writeSweepFiles(run.folder, curves, figures);
  return success(sweepPage(run, (parsed?.data ?? null) as ReportedSweep | null, figures));
}

function drawn(
  run: RunContents,
  { cells, sweep: { seeds } }: Config,
): { curves: Curve[]; figures: NamedFigure[] } {
  const { seed, evaluate } = cells[0]!.config;
  const of = (window: number) => curvesOf(run.history, { level: evaluate.level, seed, window });
  const facts = { cells, seeds, level: evaluate.level };
  return { curves: of(1), figures: sweepFigures(facts, of(WINDOW), WINDOW) };
}
