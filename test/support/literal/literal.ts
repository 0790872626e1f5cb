import type { Clause, Condition, Expression, Measure, Rule } from '../../../src/language/ast.js';
import { type ChangeText, fullName, isSpikeName, type MemoryText, RuleText } from './reading.js';

/**
 * The language by its definition (§§4–8), one synapse after another: no algebra, no matrices, no order
 * that was worked out beforehand. Slow and obvious; what everything else is compared with.
 *
 * Every memory has a value at every pair (i, j), whatever its extent: a synapse sees scalars.
 */

/** `[post][pre]`. */
export type Matrix = number[][];
/** One number, one a neuron, or one a synapse, as the name of what it is the value of says. */
export type Values = number | readonly number[] | readonly (readonly number[])[];

export interface LiteralProjection {
  readonly preSize: number;
  readonly postSize: number;
  readonly weights: Matrix;
  /** Whether a synapse exists. */
  readonly exists: readonly (readonly boolean[])[];
  /** Milliseconds of a step; null where time is counted in steps. */
  readonly stepLength: number | null;
  /** Side by side, each with signals and memory of its own. Default: 1. */
  readonly streams?: number;
  /** Instead of the defaults of the text. */
  readonly parameters?: Readonly<Record<string, Values>>;
}

/** What the circuit shows in one step. */
export interface LiteralStep {
  /** One record a stream. */
  readonly signals: readonly Readonly<Record<string, Values>>[];
  /** `trial.start`, `free.end`, … that fall in this step. */
  readonly events: ReadonlySet<string>;
  /** The phase this step belongs to. */
  readonly phase: string | null;
  /** What chance gives to `draw` lines, one record a stream. */
  readonly draws?: readonly Readonly<Record<string, Values>>[];
}

interface MemoryValue {
  value: Matrix;
  before: Matrix;
  /** Steps taken in since the start, for plain means. */
  count: Matrix;
  /** What the line has become in this step, where that was asked for already. */
  now: (number | undefined)[][];
  /** `whiten`: the inverse correlations. */
  P: Matrix;
  whitened: number[] | undefined;
}

/** From where an expression is looked at. */
interface View {
  readonly stream: number;
  readonly i: number;
  readonly j: number;
  /** Next to a spike: memory means its value before. */
  readonly before: boolean;
  /** The memory whose line this is: its own name means its old value. */
  readonly own?: string;
}

export class LiteralRule {
  weights: Matrix;
  /** `[stream]`: what the synapses sent in this step. */
  sent: Matrix[] = [];
  private readonly text: RuleText;
  private readonly at: LiteralProjection;
  private readonly streams: number;
  private readonly memory: Map<string, MemoryValue>[];
  private readonly signs: Matrix;
  private step!: LiteralStep;
  /** Steps of this trial, the present one last. */
  private trial: LiteralStep[] = [];
  /** `[phase]`: the step in which it ended last. */
  private readonly ends = new Map<string, LiteralStep>();
  private hasBegun = false;

  constructor(rule: Rule, at: LiteralProjection) {
    this.text = new RuleText(rule);
    this.at = at;
    this.streams = at.streams ?? 1;
    this.weights = at.weights.map((row) => [...row]);
    this.signs = at.weights.map((row) => row.map(Math.sign));
    this.memory = Array.from(
      { length: this.streams },
      () =>
        new Map(
          this.text.memories.map((line) => {
            const zeros = (): Matrix => this.everywhere(() => 0);
            return [
              line.name,
              {
                value: zeros(),
                before: zeros(),
                count: zeros(),
                now: zeros(),
                P: [],
                whitened: undefined,
              },
            ];
          }),
        ),
    );
  }

  /** Names and extents of the memories, in the order of the text. */
  get memories(): { name: string; kind: string; sides: ReadonlySet<string> }[] {
    return this.text.memories.map(({ name, kind }) => ({
      name,
      kind,
      sides: this.text.memorySides(name),
    }));
  }

  memoryAt(name: string, stream: number, i: number, j: number): number {
    return this.memory[stream]!.get(name)!.value[i]![j]!;
  }

  /** One step, in the order of §8. */
  advance(step: LiteralStep): void {
    this.step = step;
    if (step.events.has('trial.start')) this.trial = [];
    this.trial.push(step);
    for (const event of step.events) {
      if (event.endsWith('.end')) this.ends.set(event.slice(0, -'.end'.length), step);
    }
    this.eachMemory((line, memory, stream) => this.passTime(line, memory, stream));
    this.hasBegun = true;
    const transmit = this.text.lines.find((line) => line.kind === 'transmit');
    this.sent = Array.from({ length: this.streams }, (_, stream) =>
      this.everywhere((i, j) =>
        transmit
          ? this.evaluate(transmit.value, { stream, i, j, before: true })
          : this.weights[i]![j]!,
      ),
    );
    this.eachMemory((line, memory, stream) => {
      memory.value = this.everywhere((i, j) => this.present(line.name, { stream, i, j }));
    });
    this.change();
    this.setAndBound();
  }

  private eachMemory(visit: (line: MemoryText, memory: MemoryValue, stream: number) => void): void {
    for (let stream = 0; stream < this.streams; stream++) {
      for (const line of this.text.memories) {
        visit(line, this.memory[stream]!.get(line.name)!, stream);
      }
    }
  }

  /** Order 0: restarts at a `.start`, then fading. */
  private passTime(line: MemoryText, memory: MemoryValue, stream: number): void {
    const start = this.startOf(line, stream);
    const since = 'since' in line && line.since ? fullName(line.since) : null;
    if (!this.hasBegun || (since !== null && this.step.events.has(since))) {
      memory.value = this.everywhere(start);
      memory.count = this.everywhere(() => 0);
      if (line.kind === 'whiten') memory.P = this.startOfWhitening(line, stream);
    }
    memory.before = this.everywhere((i, j) => {
      const value = memory.value[i]![j]!;
      return line.kind === 'trace' ? value * this.keptByTrace(line, { stream, i, j }) : value;
    });
    memory.now = this.everywhere<number | undefined>(() => undefined);
    memory.whitened = undefined;
  }

  private startOf(line: MemoryText, stream: number): (i: number, j: number) => number {
    const from =
      line.kind === 'state'
        ? line.start
        : line.kind === 'trace' || line.kind === 'average'
          ? line.from
          : null;
    return (i, j) => (from ? this.evaluate(from, { stream, i, j, before: false }) : 0);
  }

  /** Traces `over` T fade in every step, traces `keeping` f in those in which they act. */
  private keptByTrace(
    line: Extract<MemoryText, { kind: 'trace' | 'average' }>,
    where: Pick<View, 'stream' | 'i' | 'j'>,
  ): number {
    if (!line.fading) return 1;
    if (line.fading.kind === 'over') return this.keptOf(line.fading, where);
    return this.factor(line.clauses, where) === 0 ? 1 : this.keptOf(line.fading, where);
  }

  private keptOf(
    fading: { readonly kind: 'over' | 'keeping'; readonly value: Expression },
    where: Pick<View, 'stream' | 'i' | 'j'>,
  ): number {
    const value = this.evaluate(fading.value, { ...where, before: false });
    return fading.kind === 'over' ? Math.exp(-this.dt / value) : value;
  }

  /** Order 2: what a memory is after this step's input, each after those whose present value it reads. */
  private present(name: string, where: Pick<View, 'stream' | 'i' | 'j'>): number {
    const { stream, i, j } = where;
    const memory = this.memory[stream]!.get(name)!;
    const known = memory.now[i]![j];
    if (known !== undefined) return known;
    const line = this.text.memories.find((each) => each.name === name)!;
    const made = this.takeIn(line, memory, where);
    memory.now[i]![j] = made;
    return made;
  }

  private takeIn(
    line: MemoryText,
    memory: MemoryValue,
    where: Pick<View, 'stream' | 'i' | 'j'>,
  ): number {
    const { stream, i, j } = where;
    const factor = this.factor(line.clauses, where);
    if (line.kind === 'draw') {
      const drawn = this.step.draws?.[stream]?.[line.name];
      return factor === 0
        ? memory.before[i]![j]!
        : pick(drawn!, [...this.text.memorySides(line.name)], i, j);
    }
    if (line.kind === 'whiten') return this.whiten(line, memory, where, factor !== 0);

    const old = this.old(line, memory, where);
    if (this.restarts(line, where)) memory.count[i]![j] = 0;
    if (factor === 0 && line.kind !== 'trace') return old;
    const view: View = {
      ...where,
      before: line.clauses.some(({ kind }) => kind === 'on'),
      own: line.name,
    };
    const input = factor === 0 ? 0 : this.evaluate(line.value, view);
    if (line.kind === 'state') return input;
    if (line.kind === 'trace') return old + factor * input;
    const taken = this.text.isSpikes(line.value) ? input / this.dt : input;
    if (line.fading) {
      const kept = this.keptOf(line.fading, where);
      return kept * old + (1 - kept) * taken;
    }
    memory.count[i]![j]! += 1;
    return old + (taken - old) / memory.count[i]![j]!;
  }

  /** What a line goes on from: its value before, or its start where it restarts with a spike of this step. */
  private old(
    line: MemoryText,
    memory: MemoryValue,
    where: Pick<View, 'stream' | 'i' | 'j'>,
  ): number {
    const { stream, i, j } = where;
    return this.restarts(line, where) ? this.startOf(line, stream)(i, j) : memory.before[i]![j]!;
  }

  private restarts(line: MemoryText, where: Pick<View, 'stream' | 'i' | 'j'>): boolean {
    if (!('since' in line) || !line.since || !isSpikeName(fullName(line.since))) return false;
    return this.evaluate(line.since, { ...where, before: true }) !== 0;
  }

  private startOfWhitening(line: Extract<MemoryText, { kind: 'whiten' }>, stream: number): Matrix {
    const ridge = this.evaluate(line.ridge, { stream, i: 0, j: 0, before: false });
    const n = this.at.preSize;
    return Array.from({ length: n }, (_, a) =>
      Array.from({ length: n }, (__, b) => (a === b ? 1 / ridge : 0)),
    );
  }

  private whiten(
    line: Extract<MemoryText, { kind: 'whiten' }>,
    memory: MemoryValue,
    { stream, i, j }: Pick<View, 'stream' | 'i' | 'j'>,
    acts: boolean,
  ): number {
    if (!acts) return memory.before[i]![j]!;
    if (!memory.whitened) {
      const before = line.clauses.some(({ kind }) => kind === 'on');
      const view = (b: number): View => ({ stream, i: 0, j: b, before });
      const E = memory.P.map((_, b) => this.evaluate(line.value, view(b)));
      const PE = memory.P.map((row) => row.reduce((sum, p, b) => sum + p * E[b]!, 0));
      const c = 1 / (1 + PE.reduce((sum, p, b) => sum + p * E[b]!, 0));
      const gate = line.gate ? this.evaluate(line.gate, view(0)) : 1;
      memory.whitened = PE.map((p) => c * p);
      memory.P = memory.P.map((row, a) => row.map((p, b) => p - gate * c * PE[a]! * PE[b]!));
    }
    return memory.whitened[j]!;
  }

  /** Order 3: every acting change from the old weights, added; the mean over streams. */
  private change(): void {
    const lines = this.text.changes.filter(({ form }) => form !== 'set');
    this.weights = this.everywhere((i, j) => {
      const old = this.weights[i]![j]!;
      if (!this.at.exists[i]![j]) return old;
      let sum = 0;
      for (let stream = 0; stream < this.streams; stream++) {
        for (const line of lines) sum += this.contribution(line, { stream, i, j });
      }
      return old + sum / this.streams;
    });
  }

  private contribution(line: ChangeText, where: Pick<View, 'stream' | 'i' | 'j'>): number {
    const factor = this.factor(line.clauses, where);
    if (factor === 0) return 0;
    const before = line.clauses.some(({ kind }) => kind === 'on');
    const value = this.evaluate(line.value, { ...where, before });
    return factor * value * (line.form === 'dw/dt' ? this.dt : 1);
  }

  /** Order 4, after the sum: `set w`, where `w` is the new weight, then the bounds. */
  private setAndBound(): void {
    for (const line of this.text.changes.filter(({ form }) => form === 'set')) {
      const before = line.clauses.some(({ kind }) => kind === 'on');
      this.weights = this.everywhere((i, j) => {
        const old = this.weights[i]![j]!;
        if (!this.at.exists[i]![j]) return old;
        let sum = 0;
        for (let stream = 0; stream < this.streams; stream++) {
          const acts = this.factor(line.clauses, { stream, i, j }) !== 0;
          sum += acts ? this.evaluate(line.value, { stream, i, j, before }) : old;
        }
        return sum / this.streams;
      });
    }
    for (const line of this.text.lines) {
      if (line.kind !== 'bound' && line.kind !== 'keeping sign') continue;
      this.weights = this.everywhere((i, j) => {
        const weight = this.weights[i]![j]!;
        if (!this.at.exists[i]![j]) return weight;
        if (line.kind === 'keeping sign') {
          const side = this.signs[i]![j]!;
          return side === 0 ? weight : side > 0 ? Math.max(weight, 0) : Math.min(weight, 0);
        }
        const view: View = { stream: 0, i, j, before: false };
        const low = this.evaluate(line.low, view);
        return Math.min(Math.max(weight, low), this.evaluate(line.high, view));
      });
    }
  }

  /** When a line acts (§7): the product of its clauses. */
  private factor(clauses: readonly Clause[], where: Pick<View, 'stream' | 'i' | 'j'>): number {
    let product = 1;
    for (const clause of clauses) {
      if (clause.kind === 'on') product *= this.evaluate(clause.event, { ...where, before: true });
      if (clause.kind === 'at') product *= this.step.events.has(fullName(clause.event)) ? 1 : 0;
      if (clause.kind === 'during') product *= this.step.phase === clause.phase ? 1 : 0;
      if (clause.kind === 'every') {
        product *= this.trial.length % this.stepsIn(clause.interval) === 0 ? 1 : 0;
      }
    }
    return product;
  }

  private evaluate(e: Expression, view: View): number {
    switch (e.kind) {
      case 'number':
        return this.measure(e.measure);
      case 'negate':
        return -this.evaluate(e.operand, view);
      case 'name':
        return this.lookUp(e, view);
      case 'call':
        return this.call(e.callee, e.args, view);
      case 'if': {
        const inside = this.text.isSpikes(e) ? { ...view, before: true } : view;
        return this.evaluate(this.holds(e.condition, inside) ? e.then : e.otherwise, inside);
      }
      case 'binary': {
        const isProduct = e.operator === '*' || e.operator === '/';
        const inside = isProduct && this.text.isSpikes(e) ? { ...view, before: true } : view;
        const left = this.evaluate(e.left, inside);
        const right = this.evaluate(e.right, inside);
        if (e.operator === '+') return left + right;
        if (e.operator === '-') return left - right;
        if (e.operator === '*') return left * right;
        return e.operator === '/' ? left / right : left ** right;
      }
    }
  }

  private holds(c: Condition, view: View): boolean {
    if (c.kind !== 'compare') {
      const [left, right] = [this.holds(c.left, view), this.holds(c.right, view)];
      return c.kind === 'and' ? left && right : left || right;
    }
    const [left, right] = [this.evaluate(c.left, view), this.evaluate(c.right, view)];
    if (c.operator === '<') return left < right;
    if (c.operator === '>') return left > right;
    return c.operator === '<=' ? left <= right : left >= right;
  }

  private lookUp(e: Extract<Expression, { kind: 'name' }>, view: View): number {
    if (this.text.isSignal(e)) return this.signal(e, view);
    const text = this.text.letValue(e.name);
    if (text) return this.evaluate(text, view);
    const measure = this.text.parameterDefault(e.name);
    if (measure) {
      const given = this.at.parameters?.[e.name];
      return given === undefined
        ? this.measure(measure)
        : pick(given, [...this.text.sides(e)], view.i, view.j);
    }
    if (!this.text.isMemory(e.name)) throw new Error(`nothing is called ${e.name}`);
    const isBefore = view.before || e.moment !== null;
    const memory = this.memory[view.stream]!.get(e.name)!;
    const line = this.text.memories.find(({ name }) => name === e.name)!;
    if (view.own === e.name) return this.old(line, memory, view);
    return isBefore ? memory.before[view.i]![view.j]! : this.present(e.name, view);
  }

  private signal(e: Extract<Expression, { kind: 'name' }>, view: View): number {
    const name = fullName(e);
    const { moment } = e;
    if (name === 'w') return this.weights[view.i]![view.j]!;
    if (name === 'dt') return this.dt;
    if (name === 'pre.size') return this.at.preSize;
    if (name === 'post.size') return this.at.postSize;
    let step: LiteralStep | undefined = this.step;
    if (moment?.kind === 'delay') {
      step = this.trial.at(-1 - this.stepsIn(moment.delay));
      if (this.stepsIn(moment.delay) >= this.trial.length) step = undefined;
    } else if (moment?.name === 'previous') {
      step = this.trial.length > 1 ? this.trial.at(-2) : undefined;
    } else if (moment) step = this.ends.get(moment.name);
    const value = step?.signals[view.stream]?.[name];
    if (value === undefined) {
      if (step) throw new Error(`the circuit shows no ${name}`);
      return 0;
    }
    return pick(
      value,
      name.startsWith('w') ? ['pre', 'post'] : [name.startsWith('pre') ? 'pre' : 'post'],
      view.i,
      view.j,
    );
  }

  private call(callee: string, args: readonly Expression[], view: View): number {
    const [first] = args as [Expression];
    const [operation, range] = callee.split('_');
    if (range === undefined) {
      return functions[callee]!(...args.map((arg) => this.evaluate(arg, view)));
    }
    const places = this.placesOf(callee, first, view);
    const values = places.map(([i, j]) => this.evaluate(first, { ...view, i, j }));
    if (values.length === 0) return 0;
    if (operation === 'max') return Math.max(...values);
    const sum = values.reduce((a, b) => a + b, 0);
    return operation === 'mean' ? sum / values.length : sum;
  }

  /** The pairs a sum ranges over. */
  private placesOf(callee: string, summand: Expression, { i, j }: View): [number, number][] {
    const all = this.everywhere((a, b): [number, number] => [a, b]).flat();
    const synapses = all.filter(([a, b]) => this.at.exists[a]![b]);
    if (callee === 'sum_upto_post') return synapses.filter(([a, b]) => b === j && a <= i);
    if (callee.endsWith('_pre')) return synapses.filter(([a]) => a === i);
    if (callee.endsWith('_post')) return synapses.filter(([, b]) => b === j);
    const sides = this.text.sides(summand);
    if (sides.size === 2) return synapses;
    return sides.has('pre') ? all.filter(([a]) => a === 0) : all.filter(([, b]) => b === 0);
  }

  private get dt(): number {
    return this.at.stepLength ?? 1;
  }

  private stepsIn(time: Measure): number {
    return Math.round(this.measure(time) / this.dt);
  }

  /** In milliseconds and millivolts; where steps are counted, in steps. */
  private measure({ number, unit, per }: Measure): number {
    const one = { ms: 1, s: 1000, step: this.dt, Hz: 1 / 1000, mV: 1 };
    return per.reduce((value, each) => value / one[each], number * (unit ? one[unit] : 1));
  }

  private everywhere<T>(value: (i: number, j: number) => T): T[][] {
    return Array.from({ length: this.at.postSize }, (_, i) =>
      Array.from({ length: this.at.preSize }, (__, j) => value(i, j)),
    );
  }
}

/** The value that the synapse from j to i sees. */
function pick(values: Values, sides: readonly string[], i: number, j: number): number {
  if (typeof values === 'number') return values;
  const row = sides.length === 1 && sides[0] === 'pre' ? values[j]! : values[i]!;
  return typeof row === 'number' ? row : row[j]!;
}

const functions: Readonly<Record<string, (...x: number[]) => number>> = {
  abs: (x) => Math.abs(x!),
  sign: (x) => (x! > 0 ? 1 : x! < 0 ? -1 : 0),
  min: (a, b) => Math.min(a!, b!),
  max: (a, b) => Math.max(a!, b!),
  relu: (x) => Math.max(x!, 0),
  step: (x) => (x! > 0 ? 1 : 0),
  exp: (x) => Math.exp(x!),
  log: (x) => Math.log(x!),
  sqrt: (x) => Math.sqrt(x!),
  tanh: (x) => Math.tanh(x!),
  sigmoid: (x) => 1 / (1 + Math.exp(-x!)),
  softplus: (x) => Math.log(1 + Math.exp(x!)),
  clip: (x, low, high) => Math.min(Math.max(x!, low!), high!),
};
