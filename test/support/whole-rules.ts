import { binary, called, measured, named, negated } from '../../src/algebra/build-expression.js';
import { PLAIN, sameDimension } from '../../src/base/dimension.js';
import { Stream } from '../../src/base/random.js';
import { type Condition, type Expression, NOWHERE } from '../../src/language/ast.js';
import { printExpression } from '../../src/language/print.js';
import { type Extent, joinExtents, type SignalTable } from '../../src/language/signals.js';

/**
 * Random whole rules as text: parameters, lets, memory, clauses, moments, `if`, bounds, transmission.
 * Every one is in order for the table it is made for, and its values stay of moderate size where
 * signals do: there is no division by what may be 0 and no growing function.
 */

export interface WholeRuleOptions {
  /** How deep expressions nest at most. */
  readonly depth?: number;
  /** Most memory lines. */
  readonly memories?: number;
  /** `draw` and `whiten`. */
  readonly kinds?: readonly ('draw' | 'whiten')[];
  /** `post@previous`, `pre.spike@2 steps`. */
  readonly moments?: boolean;
  /** `transmit`. */
  readonly transmission?: boolean;
  /** `sum_all`, `mean_all`, `max_all`, `sum_upto_post`. */
  readonly population?: boolean;
  /** Also what is rarer: every function and clause, voltages, rates, searched time constants. */
  readonly wide?: boolean;
}

/** The same rule for the same seed. */
export function wholeRule(
  table: SignalTable,
  seed: number,
  options: WholeRuleOptions = {},
): string {
  return new Maker(table, new Stream(seed, 'whole rule'), options).rule(`made_${seed}`);
}

interface Name {
  readonly text: string;
  readonly extent: Extent;
}

interface MadeMemory extends Name {
  /** An average of spikes, per time. */
  readonly isRate: boolean;
  /** A draw has no value before. */
  readonly isDraw: boolean;
}

interface Parameters {
  readonly plain: Name[];
  readonly times: string[];
}

/** What may be read at a place. */
interface Place {
  readonly extent: Extent;
  /** Memory next to a spike is read before: its plain name says so. */
  readonly nextToSpike: boolean;
  /** Memory whose present value may be read. */
  readonly now: readonly MadeMemory[];
  /** Memory whose value before may be read. */
  readonly before: readonly MadeMemory[];
  /** Only the weight, parameters and memory. */
  readonly sent: boolean;
  /** The phases that are over. */
  readonly phases: readonly string[];
}

const WITHIN: Record<Extent, readonly Extent[]> = {
  global: ['global'],
  pre: ['global', 'pre'],
  post: ['global', 'post'],
  synapse: ['global', 'pre', 'post', 'synapse'],
};

const NUMBERS = ['0.5', '0.25', '2', '0.1', '1.5', '3'];

class Maker {
  private readonly table: SignalTable;
  private readonly stream: Stream;
  private readonly options: Required<WholeRuleOptions>;
  private readonly signals: readonly Name[];
  private readonly spikes: readonly Name[];
  private readonly parameters: Parameters = { plain: [], times: [] };
  private readonly lets: Name[] = [];
  private readonly memories: MadeMemory[] = [];

  constructor(table: SignalTable, stream: Stream, options: WholeRuleOptions) {
    this.table = table;
    this.stream = stream;
    this.options = {
      depth: 3,
      memories: 3,
      kinds: [],
      moments: true,
      transmission: true,
      population: true,
      wide: false,
      ...options,
    };
    const plain = table.signals.filter(({ dimension }) => sameDimension(dimension, PLAIN));
    const nameOf = ({ name, extent }: { name: string; extent: Extent }): Name => ({
      text: name,
      extent,
    });
    this.signals = plain.filter(({ event }) => !event).map(nameOf);
    this.spikes = plain.filter(({ event }) => event).map(nameOf);
  }

  rule(name: string): string {
    const lines = [...this.parameterLines(), ...this.letLines(), ...this.memoryLines()];
    lines.push(...this.changeLines(), ...this.boundLines());
    return `rule ${name} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
  }

  private chance(p: number): boolean {
    return this.stream.uniform() < p;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.stream.integer(items.length)]!;
  }

  private parameterLines(): string[] {
    const time = this.table.time === 'milliseconds' ? 'ms' : 'steps';
    const lines = [`param tau = ${this.pick(['5', '20', '2.5'])} ${time}`];
    if (this.options.wide) {
      lines[0] += ' in [1 step, inf] fit';
      lines.push(`param k = ${this.pick(['0.4', '-0.2', '1.1'])} ± 0.1 fit`);
      this.parameters.plain.push({ text: 'k', extent: 'global' });
    }
    this.parameters.times.push('tau');
    const scopes = ['', '', '', ' per projection', ' per pre', ' per post', ' per synapse'];
    for (const text of ['a', 'b', 'c'].slice(0, 1 + this.stream.integer(3))) {
      const scope = this.pick(scopes);
      const found = /pre|post|synapse/.exec(scope.replace('projection', ''))?.[0];
      this.parameters.plain.push({ text, extent: (found ?? 'global') as Extent });
      const fit = this.chance(0.3) ? ' fit' : '';
      const range = this.chance(0.3) ? ' in [-5, 5]' : '';
      lines.push(
        `param ${text} = ${this.pick(['0.5', '-0.3', '1.25', '0.01'])}${range}${scope}${fit}`,
      );
    }
    return lines;
  }

  private letLines(): string[] {
    if (!this.chance(0.25)) return [];
    const extent = this.pick(['global', 'pre', 'post', 'synapse'] as const);
    const place = { ...this.place(extent), before: [], now: [] };
    const value = this.plain(place, 1);
    this.lets.push({ text: 'shared', extent });
    return [`let shared = ${printExpression(value)}`];
  }

  private place(extent: Extent, given: Partial<Place> = {}): Place {
    return {
      extent,
      nextToSpike: false,
      now: this.memories,
      before: this.memories,
      sent: false,
      phases: [],
      ...given,
    };
  }

  private time(): Expression {
    if (this.chance(0.5)) return named('tau');
    const text = this.pick(['3', '12', '40']);
    return measured(text, this.table.time === 'milliseconds' ? 'ms' : 'step');
  }

  private memoryLines(): string[] {
    const count = this.stream.integer(this.options.memories + 1);
    const names = ['x', 'y', 'z', 'u', 'v'].slice(0, count);
    return names.map((name) => this.memoryLine(name));
  }

  private memoryLine(name: string): string {
    const { kinds } = this.options;
    const kind = this.pick(['trace', 'trace', 'average', 'average', 'state', ...kinds]);
    if (kind === 'draw') {
      const extent = this.pick(['global', 'pre', 'post', 'synapse'] as const);
      this.memories.push({ text: name, extent, isRate: false, isDraw: true });
      return `draw ${name} = ${this.pick(['normal', 'uniform'])} per ${extent}`;
    }
    if (kind === 'whiten') {
      const value = this.pick(this.signals.filter(({ extent }) => extent === 'pre'));
      this.memories.push({ text: name, extent: 'pre', isRate: false, isDraw: false });
      const gate = this.chance(0.3) ? ' gate 0.5' : '';
      return `whiten ${name} = ${value.text} ridge ${this.pick(['2', '10'])}${gate}`;
    }
    const extent = this.pick(['pre', 'post', 'synapse', 'synapse', 'global'] as const);
    return kind === 'state' ? this.stateLine(name, extent) : this.fadingLine(name, kind, extent);
  }

  private stateLine(name: string, extent: Extent): string {
    const { clauses, onSpike, extent: whole, phases } = this.clauses(extent, true);
    const place = this.place(whole, { nextToSpike: onSpike, phases });
    const own = binary('*', measured(this.pick(['0.5', '0.9'])), named(name));
    const value = binary('+', own, called('tanh', [this.plain(place, this.options.depth - 1)]));
    const since = this.since(whole);
    this.remember(name, whole, since);
    const start = this.pick(['0', '0', '0.5', 'a * 0.5'].slice(0, this.global('a') ? 4 : 3));
    return `${clauses}state ${name} = ${start} then ${printExpression(value)}${since.text}`;
  }

  private fadingLine(name: string, kind: string, extent: Extent): string {
    const ofSpikes = this.spikesIn(extent).length > 0 && this.chance(0.5);
    const free =
      kind === 'trace'
        ? this.pick(['over', 'keeping', 'none'])
        : this.pick(['over', 'keeping', 'none']);
    const fading = kind === 'average' && ofSpikes && free === 'keeping' ? 'over' : free;
    const averagesOver = kind === 'average' && fading === 'over';
    const { clauses, onSpike, extent: whole, phases } = this.clauses(extent, !averagesOver);
    const place = this.place(whole, { nextToSpike: onSpike, phases });
    const value = ofSpikes
      ? this.event({ ...place, nextToSpike: true }, this.options.depth - 1)
      : this.plain(place, this.options.depth);
    const since = fading === 'none' || this.chance(0.3) ? this.since(whole, true) : NEVER;
    const isRate = kind === 'average' && ofSpikes;
    this.remember(name, whole, since, isRate);
    const span =
      fading === 'over'
        ? ` over ${printExpression(this.time())}`
        : fading === 'keeping'
          ? ` keeping ${this.pick(['0.9', '0.5', '1 - 0.2'])}`
          : '';
    const from = !isRate && this.chance(0.2) ? ' from 0.25' : '';
    return `${clauses}${kind} ${name} = ${printExpression(value)}${span}${since.text}${from}`;
  }

  private remember(name: string, extent: Extent, since: Since, isRate = false): void {
    const whole = joinExtents(extent, since.extent);
    this.memories.push({ text: name, extent: whole, isRate, isDraw: false });
  }

  /** `since` an event; `always` when it may not be left out. */
  private since(extent: Extent, always = false): Since {
    if (!always && this.chance(0.6)) return NEVER;
    const spikes = this.spikesIn(extent);
    if (spikes.length > 0 && this.chance(0.3)) {
      const spike = this.pick(spikes);
      return { text: ` since ${spike.text}`, extent: spike.extent };
    }
    const starts = ['trial', ...this.table.phases].map((each) => `${each}.start`);
    return { text: ` since ${this.pick(starts)}`, extent: 'global' };
  }

  private spikesIn(extent: Extent): readonly Name[] {
    return this.spikes.filter((spike) => WITHIN[extent].includes(spike.extent));
  }

  /** Clauses of a line; `any`: not only `during`. */
  private clauses(
    extent: Extent,
    any: boolean,
  ): { clauses: string; onSpike: boolean; extent: Extent; phases: readonly string[] } {
    const chosen = new Set<string>();
    let whole = extent;
    let onSpike = false;
    let phases: readonly string[] = [];
    const { phases: known } = this.table;
    if (this.chance(0.5)) return { clauses: '', onSpike, extent, phases };
    const kinds = [
      ...(known.length > 0 ? ['during'] : []),
      ...(any ? ['every', 'at', ...(this.spikes.length > 0 ? ['on', 'on'] : [])] : []),
    ];
    for (let n = this.chance(0.25) ? 2 : 1; n > 0 && kinds.length > 0; n--) {
      const kind = this.pick(kinds);
      if (kind === 'during') chosen.add(`during ${this.pick(known)}: `);
      else if (kind === 'every') chosen.add(`every ${this.pick(['2', '3'])} steps: `);
      else if (kind === 'at') {
        const ends = this.options.wide
          ? ['trial.end', 'trial.end', ...this.otherEvents()]
          : ['trial.end'];
        const event = this.pick(ends);
        chosen.add(`at ${event}: `);
        if (event === 'trial.end') phases = known;
      } else {
        const spike = this.pick(this.spikes);
        chosen.add(`on ${spike.text}: `);
        whole = joinExtents(whole, spike.extent);
        onSpike = true;
      }
    }
    const clauses = [...chosen].join('');
    const isAfter = !/during|at (?!trial\.end)/.test(clauses);
    return { clauses, onSpike, extent: whole, phases: isAfter ? phases : [] };
  }

  private otherEvents(): string[] {
    return [
      'trial.start',
      ...this.table.phases.map((phase) => `${phase}.end`),
      ...this.table.events,
    ];
  }

  private global(name: string): boolean {
    return this.parameters.plain.some(({ text, extent }) => text === name && extent === 'global');
  }

  private changeLines(): string[] {
    const lines = new Map<string, string>();
    const { depth } = this.options;
    for (let n = 1 + this.stream.integer(3); n > 0; n--) {
      const perTime = this.chance(0.2);
      const { clauses, onSpike, phases } = this.clauses('synapse', !perTime);
      const place = this.place('synapse', { nextToSpike: onSpike, phases });
      const form = perTime ? 'dw/dt' : 'dw';
      const key = form + clauses.split(': ').sort().join();
      const events = !perTime && !onSpike && this.spikes.length > 0;
      const value = perTime
        ? binary('/', this.plain(place, depth), named('tau'))
        : events && this.chance(0.6)
          ? this.eventSum(place)
          : this.plain(place, depth);
      lines.set(key, `${clauses}${form} = ${printExpression(value)}`);
    }
    if (this.chance(0.15)) {
      const { clauses, onSpike, phases } = this.clauses('synapse', true);
      const place = this.place('synapse', { nextToSpike: onSpike, phases });
      const value = called('clip', [this.plain(place, depth - 1), measured('-2'), measured('2')]);
      lines.set('set', `${clauses}set w = ${printExpression(value)}`);
    }
    if (this.options.transmission && this.chance(0.15)) {
      const now = this.memories.filter(({ isDraw }) => !isDraw);
      const place = this.place('synapse', { nextToSpike: true, sent: true, now, before: now });
      const value = binary('*', named('w'), this.plain(place, depth - 1));
      lines.set('transmit', `transmit ${printExpression(value)}`);
    }
    return [...lines.values()];
  }

  /** Spikes with what they gate, and perhaps something without. */
  private eventSum(place: Place): Expression {
    const first = this.event({ ...place, nextToSpike: true }, this.options.depth - 1);
    if (this.chance(0.5)) return first;
    const second = this.chance(0.5)
      ? this.event({ ...place, nextToSpike: true }, this.options.depth - 1)
      : this.plain(place, this.options.depth - 1);
    return binary(this.pick(['+', '-']), first, second);
  }

  private boundLines(): string[] {
    const lines: string[] = [];
    if (this.chance(0.3)) lines.push('bound w in [-4, 4]');
    if (this.chance(0.15)) lines.push('bound w keeping sign');
    return lines;
  }

  /** A spike, a sum of spikes, or a product or `if` with one. */
  private event(place: Place, depth: number): Expression {
    const spikes = this.spikesIn(place.extent);
    const spike = named(this.pick(spikes).text, this.delay());
    if (depth <= 0 || this.chance(0.2)) return spike;
    const inner = this.plain(place, depth - 1);
    const kind = this.stream.integer(6);
    if (kind === 0) return binary('*', inner, spike);
    if (kind === 1) return binary('/', binary('*', spike, inner), measured('2'));
    if (kind === 2) return binary(this.pick(['+', '-']), spike, this.event(place, depth - 1));
    if (kind === 3 && WITHIN[place.extent].includes('post')) {
      const pre = this.spikes.filter(({ extent }) => extent === 'pre');
      if (pre.length > 0) {
        const summed = binary('*', named(this.pick(pre).text), named('w'));
        return binary('*', called('sum_pre', [summed]), inner);
      }
    }
    if (kind === 4) return choose(this.condition(place), binary('*', spike, inner), measured('0'));
    return binary('*', spike, inner);
  }

  private delay() {
    if (!this.options.moments || !this.chance(0.1)) return null;
    const text = this.pick(['1', '2']);
    return {
      kind: 'delay' as const,
      delay: { text, number: Number(text), unit: 'step' as const, per: [] },
    };
  }

  /** A plain number without spikes. */
  private plain(place: Place, depth: number): Expression {
    const rarely = this.options.wide && !place.sent && WITHIN[place.extent].includes('post');
    if (rarely && this.chance(0.06)) return this.withUnits();
    if (depth <= 0 || this.chance(0.15)) return this.leaf(place);
    const inner = (): Expression => this.plain(place, depth - 1);
    const kind = this.stream.integer(16);
    if (kind < 4) return binary('*', inner(), inner());
    if (kind < 6) return binary('+', inner(), inner());
    if (kind < 8) return binary('-', inner(), inner());
    if (kind === 8) return negated(inner());
    if (kind === 9) return binary('^', this.leaf(place), measured('2'));
    if (kind === 10) return this.functionOf(inner);
    if (kind === 11) return choose(this.condition(place), inner(), inner());
    if (kind === 12) return choose(this.condition(place), inner(), measured('0'));
    if (kind === 13) {
      const square = binary('^', this.leaf(place), measured('2'));
      return binary('/', inner(), binary('+', measured('1'), square));
    }
    return place.sent ? this.leaf(place) : this.sum(place, depth - 1);
  }

  private functionOf(inner: () => Expression): Expression {
    if (this.options.wide && this.chance(0.5)) return this.rarerFunctionOf(inner());
    const name = this.pick(['tanh', 'sigmoid', 'abs', 'relu', 'step', 'sign', 'max', 'clip']);
    if (name === 'max') return called(this.pick(['max', 'min']), [inner(), inner()]);
    if (name === 'clip') return called('clip', [inner(), measured('-1'), measured('2')]);
    return called(name, [inner()]);
  }

  /** Each where it is defined and does not grow. */
  private rarerFunctionOf(x: Expression): Expression {
    const positive = binary('+', measured('0.5'), binary('^', x, measured('2')));
    const kind = this.stream.integer(6);
    if (kind === 0) return called('exp', [negated(called('abs', [x]))]);
    if (kind === 1) return called('log', [positive]);
    if (kind === 2) return called('sqrt', [positive]);
    if (kind === 3) return binary('^', positive, measured(this.pick(['-0.5', '0.3'])));
    if (kind === 4) return called(this.pick(['min', 'max']), [x, measured('0.3')]);
    return called('softplus', [x]);
  }

  /** Quantities with units that come to a plain number. */
  private withUnits(): Expression {
    if (this.table.time !== 'milliseconds' || this.chance(0.5)) {
      const low = binary('+', named('post.voltage'), measured('65', 'mV'));
      return binary('/', low, measured('10', 'mV'));
    }
    return binary('*', named('dt'), measured('60', 'Hz'));
  }

  private condition(place: Place): Condition {
    const compare = (): Condition => ({
      kind: 'compare',
      operator: this.pick(['<', '>', '<=', '>=']),
      left: this.leaf(place),
      right: this.chance(0.5) ? this.leaf(place) : measured(this.pick(['0', '0.5'])),
      span: NOWHERE,
    });
    if (this.chance(0.75)) return compare();
    const kind = this.pick(['and', 'or'] as const);
    return { kind, left: compare(), right: compare(), span: NOWHERE };
  }

  private sum(place: Place, depth: number): Expression {
    const inside = (extent: Extent): Expression =>
      this.plain({ ...place, extent }, Math.min(depth, 1));
    const kinds: (() => Expression)[] = [];
    const sided = (side: 'pre' | 'post'): Expression =>
      called(this.pick([`sum_${side}`, `mean_${side}`, `max_${side}`]), [inside('synapse')]);
    if (WITHIN[place.extent].includes('post')) kinds.push(() => sided('pre'));
    if (WITHIN[place.extent].includes('pre')) kinds.push(() => sided('post'));
    if (this.options.population) {
      kinds.push(() => this.overAll(place, inside));
      if (place.extent === 'synapse')
        kinds.push(() => called('sum_upto_post', [inside('synapse')]));
    }
    return kinds.length > 0 ? this.pick(kinds)() : this.leaf(place);
  }

  private overAll(place: Place, inside: (extent: Extent) => Expression): Expression {
    const extent = this.pick(['pre', 'post', 'synapse'] as const);
    const ranged = this.signals.filter((signal) => signal.extent === extent);
    if (ranged.length === 0) return this.leaf(place);
    const argument = binary('*', named(this.pick(ranged).text), inside(extent));
    return called(this.pick(['sum_all', 'mean_all', 'max_all']), [argument]);
  }

  private leaf(place: Place): Expression {
    if (this.chance(0.12)) return measured(this.pick(NUMBERS));
    const fits = ({ extent }: Name): boolean => WITHIN[place.extent].includes(extent);
    const memory = this.memoryRead(place);
    if (memory && this.chance(0.35)) return memory;
    if (this.chance(0.25)) {
      const parameters = this.parameters.plain.filter(fits);
      if (parameters.length > 0) return named(this.pick(parameters).text);
    }
    if (place.sent) return fits({ text: 'w', extent: 'synapse' }) ? named('w') : measured('0.5');
    const lets = this.lets.filter(fits);
    if (lets.length > 0 && this.chance(0.2)) return named(this.pick(lets).text);
    const signals = this.signals.filter(fits);
    if (signals.length === 0) return measured(this.pick(NUMBERS));
    return this.signalRead(this.pick(signals).text, place);
  }

  private signalRead(name: string, place: Place): Expression {
    const sided = /^(pre|post)\b/.test(name) && !name.endsWith('.size');
    const often = this.options.wide && place.phases.length > 0;
    if (!this.options.moments || !sided || !this.chance(often ? 0.4 : 0.12)) return named(name);
    const moments = ['previous', ...place.phases];
    return named(name, { kind: 'named', name: this.pick(moments) });
  }

  private memoryRead({ extent, nextToSpike, now, before }: Place): Expression | null {
    const fits = (each: MadeMemory): boolean => WITHIN[extent].includes(each.extent);
    const readable = [
      ...now.filter(fits).map((memory) => ({ memory, isNow: true })),
      ...before
        .filter((each) => fits(each) && !each.isDraw)
        .map((memory) => ({ memory, isNow: false })),
    ].filter(({ memory }) => !(nextToSpike && memory.isDraw));
    if (readable.length === 0) return null;
    const { memory, isNow } = this.pick(readable);
    const read = named(memory.text, isNow ? null : { kind: 'named', name: 'before' });
    return memory.isRate ? binary('*', read, named('tau')) : read;
  }
}

interface Since {
  readonly text: string;
  readonly extent: Extent;
}

const NEVER: Since = { text: '', extent: 'global' };

function choose(condition: Condition, then: Expression, otherwise: Expression): Expression {
  return { kind: 'if', condition, then, otherwise, span: NOWHERE };
}
