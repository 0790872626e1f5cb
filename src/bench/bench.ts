import type { CaseKind } from './cases.js';
import { type Machine, thisMachine } from './machine.js';
import type { Peak } from './peak.js';
import { BenchFailure, BenchProcess } from './process.js';
import { type Ratio, ratiosOf } from './ratios.js';
import { type Measured, type Row, rowOf } from './row.js';
import type { Variant } from './variants.js';

export interface BenchPlan {
  readonly cases: readonly PlannedCase[];
  /** Turns of each. */
  readonly rounds: number;
  /** A variant of a case that has been timed for so many milliseconds takes no more turns. */
  readonly patienceMs: number;
  readonly onProgress?: (line: string) => void;
}

export interface PlannedCase {
  readonly kind: CaseKind;
  readonly variants: readonly Variant[];
}

export interface BenchReport {
  /** Day of the run, `2026-11-22`. */
  readonly date: string;
  readonly machine: Machine;
  readonly peak: Peak;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
}

/** What takes turns: a case on an engine, in a process. */
interface Contender {
  readonly measured: Measured;
  readonly process: BenchProcess;
}

/**
 * Times cases on engines, which take turns, round after round, each time another one first: whatever else
 * happens on the machine happens to all of them. Processor time, in processes of their own. Rules of the
 * catalogue, of which there are many, come one after the other in a few processes.
 */
export async function bench(plan: BenchPlan): Promise<BenchReport> {
  const { onProgress: tell = () => {}, rounds } = plan;
  const date = new Date().toISOString().slice(0, 10);
  const processes = new Processes();
  try {
    const machine = thisMachine();
    const before = await processes.shared('peak').peak();
    const measured: Measured[] = [];
    const separate = plan.cases.filter(({ kind }) => !kind.isOneOfMany);
    const begun: Contender[] = [];
    for (const planned of separate) begun.push(...(await contenders(planned, processes, tell)));
    await takeTurns(begun, plan, tell);
    for (const { process } of begun) process.end();
    measured.push(...begun.map((each) => each.measured));
    const many = plan.cases.filter(({ kind }) => kind.isOneOfMany);
    for (const [k, planned] of many.entries()) {
      const some = await contenders(planned, processes);
      await takeTurns(some, plan);
      for (const { measured: of, process } of some) if (of.error === null) await process.leave();
      measured.push(...some.map((each) => each.measured));
      tell(`${planned.kind.name}: ${k + 1} of ${many.length} rules`);
    }
    const peak = best(before, await processes.shared('peak').peak());
    const rows = measured.map((each) => rowOf(each, peak));
    return { date, machine, peak, rounds, rows, ratios: ratiosOf(rows) };
  } finally {
    processes.end();
  }
}

/** Everything that belongs to a case, ready; those that are not have a reason. */
async function contenders(
  { kind, variants }: PlannedCase,
  processes: Processes,
  tell: (line: string) => void = () => {},
): Promise<Contender[]> {
  const reference = await referenceOf(kind, processes);
  const made: Contender[] = [];
  for (const variant of variants) {
    const process = kind.isOneOfMany ? processes.shared(variant.name) : processes.begin();
    const measured: Measured = { kind, variant, reference, begun: null, turns: [], error: null };
    made.push({ measured, process });
    await noting(measured, async () => {
      measured.begun = await process.begin(kind.name, variant);
    });
    tell(`${kind.name}, ${variant.name}: ${measured.error ?? 'ready'}`);
  }
  return made;
}

/** The gradient by the interpreter; null where it does not have one. */
async function referenceOf(
  kind: CaseKind,
  processes: Processes,
): Promise<readonly number[] | null> {
  const process = processes.shared('reference');
  try {
    return await process.gradient(kind.name);
  } catch (error) {
    if (error instanceof BenchFailure) return null;
    throw error;
  }
}

async function takeTurns(
  all: readonly Contender[],
  { rounds, patienceMs }: BenchPlan,
  tell: (line: string) => void = () => {},
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const first = round % Math.max(1, all.length);
    for (const { measured, process } of [...all.slice(first), ...all.slice(0, first)]) {
      const taken = measured.turns.reduce((sum, { tookMs }) => sum + tookMs, 0);
      if (measured.error !== null || taken > patienceMs) continue;
      await noting(measured, async () => {
        measured.turns.push(await process.turn());
      });
    }
    if (all.length > 0) tell(`round ${round + 1} of ${rounds}`);
  }
}

async function noting(measured: Measured, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BenchFailure)) throw error;
    measured.error = error.message;
  }
}

/** All processes of a run, by name where they are used again. */
class Processes {
  private readonly all: BenchProcess[] = [];
  private readonly named = new Map<string, BenchProcess>();

  begin(): BenchProcess {
    const process = new BenchProcess();
    this.all.push(process);
    return process;
  }

  /** One that died is replaced. */
  shared(name: string): BenchProcess {
    const had = this.named.get(name);
    if (had?.isAlive) return had;
    const made = this.begin();
    this.named.set(name, made);
    return made;
  }

  end(): void {
    for (const process of this.all) process.end();
  }
}

function best(a: Peak, b: Peak): Peak {
  const { multiplyThenAdd, multiplyAdd } = b;
  return {
    multiplyThenAdd: Math.max(a.multiplyThenAdd, multiplyThenAdd),
    multiplyAdd:
      a.multiplyAdd === null || multiplyAdd === null ? null : Math.max(a.multiplyAdd, multiplyAdd),
  };
}
