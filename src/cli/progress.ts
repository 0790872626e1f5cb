import type { DiscoveryProgress } from '../discover/session.js';
import { type Context, say } from './context.js';

/** Seconds between two lines where lines cannot be overwritten, as in a log. */
const LOG_EVERY = 10;
/** Seconds between two drawings on a terminal. */
const DRAW_EVERY = 0.1;

/** The line that says how far a run is. */
export interface ProgressLine {
  show(progress: DiscoveryProgress): void;
  /** Takes the line away, so that what follows stands on a clean line. */
  clear(): void;
}

/** On a terminal one line that is drawn again and again; else a line every ten seconds; none with --quiet. */
export function progressLine(context: Context): ProgressLine {
  if (context.quiet) return { show: () => {}, clear: () => {} };
  const { stderr, err } = context;
  const live = stderr.isTTY === true;
  let last = live ? Number.NEGATIVE_INFINITY : 0;
  let drawn = false;
  return {
    show: (progress) => {
      if (progress.seconds - last < (live ? DRAW_EVERY : LOG_EVERY)) return;
      last = progress.seconds;
      const line = describeProgress(progress);
      if (!live) return say(context, line);
      stderr.write(`\r\u001b[2K${line.slice(0, err.width - 1)}`);
      drawn = true;
    },
    clear: () => {
      if (drawn) stderr.write('\r\u001b[2K');
      drawn = false;
    },
  };
}

/** `1,234 of 10,000 episodes (12 %), 0:45 gone, about 5:20 left`. */
export function describeProgress({ done, expected, seconds }: DiscoveryProgress): string {
  const total = Math.max(done, expected);
  const share = total === 0 ? 0 : done / total;
  const left = share > 0 ? (seconds * (1 - share)) / share : null;
  const count = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} episodes`;
  const rest = left === null ? '' : `, about ${clock(left)} left`;
  return `${count} (${Math.floor(share * 100)} %), ${clock(seconds)} gone${rest}`;
}

/** `0:45`, `12:03`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, '0'));
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}
