import type { TrainingRecord } from './train.js';

/** A record of a search as it is told and filed: the first one says what its coefficients are of. */
export type SearchRecord = TrainingRecord & {
  readonly names?: readonly string[];
  readonly scales?: readonly number[];
  /** On a path of penalties. */
  readonly penalty?: number;
};

/** Where the search of the rule stands. */
export interface RuleSoFar {
  /** Coefficients that are not zero, the one that changes the weights most first. */
  readonly coefficients: readonly { readonly name: string; readonly value: number }[];
  /** Mean over its last episodes; null as long as none was finite. */
  readonly loss: number | null;
}

/** Episodes over which the loss is averaged. */
const RECENT = 10;

/** What searches have come to so far: for people who wait, and so that nothing is filed twice. */
export class SoFar {
  /** Episodes that diverged. */
  diverged = 0;
  /** Meta-steps that were made. */
  steps = 0;
  private readonly last = new Map<string, number>();
  private readonly axes = new Map<string, Required<Pick<SearchRecord, 'names' | 'scales'>>>();
  private losses: number[] = [];
  private own: { readonly job: string; readonly record: SearchRecord } | null = null;

  /** Takes note of a record; false where it was told before, as by a search that goes on from a checkpoint. */
  take(job: string, record: SearchRecord): boolean {
    if ((this.last.get(job) ?? -1) >= record.step) return false;
    this.last.set(job, record.step);
    this.diverged += record.diverged;
    this.steps += 1;
    const { names, scales } = record;
    if (names && scales) this.axes.set(job, { names, scales });
    if (isOwn(job)) {
      if (this.own?.job !== job) this.losses = [];
      this.own = { job, record };
      if (record.loss !== null) this.losses = [...this.losses.slice(1 - RECENT), record.loss];
    }
    return true;
  }

  /** The best of rules that are told of as wholes. */
  best: RuleSoFar | null = null;

  /** Null before the first step of the search. */
  get rule(): RuleSoFar | null {
    const axes = this.own && this.axes.get(this.own.job);
    if (!this.own || !axes) return this.best;
    const sized = this.own.record.coefficients.map((value, k) => ({
      name: axes.names[k]!,
      value,
      size: Math.abs(value / axes.scales[k]!),
    }));
    const sum = this.losses.reduce((all, loss) => all + loss, 0);
    return {
      coefficients: sized
        .filter(({ value }) => value !== 0)
        .sort((a, b) => b.size - a.size)
        .map(({ name, value }) => ({ name, value })),
      loss: this.losses.length === 0 ? null : sum / this.losses.length,
    };
  }
}

/** Searches of the rule itself, not of what it is compared with, nor further ones beside the first. */
const isOwn = (job: string): boolean =>
  /^(?:search|path \d+|refit|last refit|refit of .*)$/.test(job);
