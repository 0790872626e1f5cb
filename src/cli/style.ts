import { createColors } from 'picocolors';
import type { Paint } from '../base/diagnostics/render.js';

/** How text looks where it is shown: colours or none, and how wide a line may be. */
export interface Style {
  readonly paint: Paint;
  heading(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
  /** Columns of the terminal; Infinity where text goes into a file or a pipe. */
  readonly width: number;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * The style for a stream. Colours only on a terminal and without NO_COLOR (https://no-color.org), or
 * with FORCE_COLOR. COLUMNS sets the width where there is no terminal to ask.
 */
export function styleFor(screen: Screen, env: NodeJS.ProcessEnv): Style {
  const forced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0';
  const colour = !env.NO_COLOR && (forced || (screen.isTTY === true && env.TERM !== 'dumb'));
  const colours = createColors(colour);
  const asked = Number(env.COLUMNS);
  const fallback = Number.isInteger(asked) && asked > 0 ? asked : Number.POSITIVE_INFINITY;
  return {
    paint: { code: colours.red, mark: colours.red, dim: colours.dim },
    heading: (text) => colours.bold(colours.cyan(text)),
    good: colours.green,
    bad: colours.red,
    dim: colours.dim,
    bold: colours.bold,
    width: Math.max(40, screen.columns || fallback),
  };
}
