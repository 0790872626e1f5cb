import type { RuleSoFar } from '../discover/so-far.js';
import { type Context, say } from './context.js';
import { count } from './layout.js';

/** Seconds between two lines where lines cannot be overwritten, as in a log. */
const LOG_EVERY = 10;
/** Seconds between two drawings on a terminal. */
const DRAW_EVERY = 0.1;

/** How far a long job is; only a discovery knows of its rule. */
export interface Progress {
  /** Episodes run, and expected in all. */
  readonly done: number;
  readonly expected: number;
  /** Of this process. */
  readonly seconds: number;
  /** Of those done, episodes of an earlier process: they say nothing of how fast this one is. */
  readonly before?: number;
  readonly diverged?: number;
  readonly rule?: RuleSoFar | null;
}

/** The line that says how far a run is. */
export interface ProgressLine {
  show(progress: Progress): void;
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
      if (!live) return say(context, describeProgress(progress));
      const room = err.width - 1;
      const bar = room < NARROW ? '' : `${barOf(progress)} `;
      stderr.write(`\r\u001b[2K${`${bar}${briefly(progress)}`.slice(0, room)}`);
      drawn = true;
    },
    clear: () => {
      if (drawn) stderr.write('\r\u001b[2K');
      drawn = false;
    },
  };
}

/** Terminals narrower than this have no bar. */
const NARROW = 60;
const CELLS = 12;

/** `█████░░░░░░░`. */
function barOf({ done, expected }: Progress): string {
  const full = Math.floor(CELLS * shareOf({ done, expected }));
  return '█'.repeat(full) + '░'.repeat(CELLS - full);
}

/** `12 %, 5:20 left; F0 0.231, F9 0.076, loss 0.92; 3 diverged`: what matters most comes first. */
function briefly(progress: Progress): string {
  const left = secondsLeft(progress);
  const time = left === null ? '' : `, ${clock(left)} left`;
  const rule = ruleSoFar(progress);
  const diverged = progress.diverged ? `; ${progress.diverged} diverged` : '';
  return `${percentOf(progress)}${time}${rule === '' ? '' : `; ${rule}`}${diverged}`;
}

/** `1,234 of 10,000 episodes (12 %), 0:45 gone, about 5:20 left; so far F0 0.231, F9 0.076, loss 0.92`. */
export function describeProgress(progress: Progress): string {
  const { done, expected, seconds, diverged } = progress;
  const total = Math.max(done, expected);
  const left = secondsLeft(progress);
  const episodes = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} episodes`;
  const rest = left === null ? '' : `, about ${clock(left)} left`;
  const rule = ruleSoFar(progress);
  return [
    `${episodes} (${percentOf(progress)}), ${clock(seconds)} gone${rest}`,
    ...(rule === '' ? [] : [`so far ${rule}`]),
    ...(diverged ? [`${count(diverged, 'episode')} diverged`] : []),
  ].join('; ');
}

const shareOf = ({ done, expected }: Pick<Progress, 'done' | 'expected'>): number => {
  const total = Math.max(done, expected);
  return total === 0 ? 0 : done / total;
};

const percentOf = (progress: Progress): string => `${Math.floor(shareOf(progress) * 100)} %`;

/** From how fast this process has been; null before its first episode. */
function secondsLeft({ done, expected, seconds, before = 0 }: Progress): number | null {
  const here = done - before;
  return here > 0 ? (seconds * Math.max(0, expected - done)) / here : null;
}

/** Coefficients that are named; of the others their number. */
const NAMED = 4;

/** `F0 0.231, F9 0.076 and 2 more, loss 0.92`: the rule as the search has it now; empty before that. */
function ruleSoFar({ rule }: Progress): string {
  if (!rule || rule.coefficients.length === 0) return '';
  const named = rule.coefficients
    .slice(0, NAMED)
    .map(({ name, value }) => `${name} ${Number(value.toPrecision(3))}`);
  const more = rule.coefficients.length - named.length;
  const others = more > 0 ? ` and ${more} more` : '';
  const loss = rule.loss === null ? '' : `, loss ${rule.loss.toFixed(2)}`;
  return `${named.join(', ')}${others}${loss}`;
}

/** `0:45`, `12:03`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, '0'));
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}
