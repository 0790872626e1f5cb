import type { SearchRecord } from '../so-far.js';

/** Share of a search, the last part of it, over which its figures are averaged. */
const ENDING = 1 / 10;

/** What searches told of every meta-step, by the names of their jobs. */
export class Curves {
  private readonly records = new Map<string, SearchRecord[]>();

  take(job: string, record: SearchRecord): void {
    const records = this.records.get(job);
    if (records) records.push(record);
    else this.records.set(job, [record]);
  }

  /** The mean of a figure over the last tenth of a search; null where it never was finite. */
  ending(job: string, figure: (record: SearchRecord) => number | null | undefined): number | null {
    const records = this.records.get(job) ?? [];
    const last = records.slice(-Math.ceil(ENDING * records.length));
    const values = last.flatMap((record) => figure(record) ?? []);
    return values.length === 0 ? null : values.reduce((sum, x) => sum + x, 0) / values.length;
  }

  /** What is measured in a search besides accuracy and loss, and at how many places. */
  measured(job: string): Readonly<Record<string, number>> {
    const measures = this.records.get(job)?.find((record) => record.measures)?.measures ?? {};
    return Object.fromEntries(Object.entries(measures).map(([name, all]) => [name, all.length]));
  }
}
