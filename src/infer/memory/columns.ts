import type { Expression } from '../../language/ast.js';
import { visit } from '../../language/check/walk.js';
import type { CheckedMemory, Scope } from '../../language/checked.js';
import { beforeName, evaluate, type Rows } from '../evaluate.js';
import type { Recording } from '../recording.js';
import { passageOf } from './passage.js';

/**
 * The columns of a recording and beside them, under its own name and with `@before`, what each memory is
 * in every row, as docs/language.md §6 has it: time passes since the row before, then the row's input
 * comes. Memory begins anew with every synapse and trial. Throws an `EngrammarError` where rows have no
 * order in time, a `RangeError` for memory that `memoryFault` refuses.
 */
export function withMemory(
  recording: Recording,
  memory: readonly CheckedMemory[],
  scope: Pick<Scope, 'parameters'>,
): ReadonlyMap<string, Float64Array> {
  if (memory.length === 0) return recording.columns;
  const columns = new Map(recording.columns);
  const waiting = [...memory];
  while (waiting.length > 0) {
    const at = waiting.findIndex((each) => !waiting.some(({ name }) => reads(each).has(name)));
    if (at < 0) throw new RangeError(`${waiting[0]!.name} depends on itself`);
    const [next] = waiting.splice(at, 1);
    const { before, now } = courseOf(next!, recording, { count: recording.rows, columns, scope });
    columns.set(next!.name, now);
    columns.set(beforeName(next!.name), before);
  }
  return columns;
}

/** Names that a memory's line reads, whatever their moment. */
function reads({ value, fading, from }: CheckedMemory): Set<string> {
  const names = new Set<string>();
  for (const expression of [value, fading?.value, from]) {
    if (expression) {
      visit(expression, (node) => {
        if (node.kind === 'name') names.add(node.name);
      });
    }
  }
  return names;
}

/** Memories that read themselves, directly or through others: no column at a time holds them. */
export function circularMemory(memory: readonly CheckedMemory[]): CheckedMemory[] {
  let waiting = [...memory];
  for (;;) {
    const left = waiting.filter((each) => waiting.some(({ name }) => reads(each).has(name)));
    if (left.length === waiting.length) return left;
    waiting = left;
  }
}

interface Course {
  readonly before: Float64Array;
  readonly now: Float64Array;
}

function courseOf(memory: CheckedMemory, recording: Recording, rows: Rows): Course {
  const { kind, fading, since, ofSpikes } = memory;
  const { rows: order, starts, dt } = passageOf(recording);
  const of = (expression: Expression | null | undefined): Float64Array | null =>
    expression ? evaluate(expression, [], rows) : null;
  const input = of(memory.value)!;
  const gate = memory.clauses.length > 0 ? evaluate(ONE, memory.clauses, rows) : null;
  const fades = of(fading?.value);
  const from = of(memory.from);
  const restart = since === null ? null : (rows.columns.get(since) ?? null);
  const [before, now] = [new Float64Array(rows.count), new Float64Array(rows.count)];
  let [state, acted] = [0, 0];
  for (const [k, row] of order.entries()) {
    const start = from?.[row] ?? 0;
    if (starts[k]) [state, acted] = [start, 0];
    const acts = gate === null || gate[row] !== 0;
    const restarts = restart !== null && restart[row] !== 0;
    const over = fading?.kind === 'over' ? dt[k]! / fades![row]! : 0;
    const kept = fading === null ? 1 : fading.kind === 'over' ? Math.exp(-over) : fades![row]!;
    if (kind === 'trace') {
      // Time passes for a trace `over` T, also where its line does not act.
      before[row] = fading?.kind === 'keeping' && !acts ? state : kept * state;
      const base = restarts ? start : before[row]!;
      state = acts ? base + input[row]! * (gate?.[row] ?? 1) : base;
    } else {
      before[row] = state;
      const base = restarts ? start : state;
      if (restarts) acted = 0;
      if (acts) acted += 1;
      const taken =
        fading === null ? 1 / acted : fading.kind === 'over' ? -Math.expm1(-over) : 1 - kept;
      const rate = ofSpikes ? 1 / dt[k]! : 1;
      if (!acts) state = base;
      else if (kind === 'state') state = input[row]!;
      else state = (1 - taken) * base + taken * rate * input[row]!;
    }
    now[row] = state;
  }
  return { before, now };
}

const ONE: Expression = {
  kind: 'number',
  measure: { text: '1', number: 1, unit: null, per: [] },
  span: { start: 0, end: 0 },
};
