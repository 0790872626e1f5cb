import type { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import type { Episode } from '../../src/engine/engine.js';
import { checkRule } from '../../src/language/check.js';
import type { CheckedRule } from '../../src/language/checked.js';
import type { Extent, Signal, SignalTable } from '../../src/language/signals.js';
import { tableOffering, wholeVocabulary } from '../../src/language/vocabulary.js';
import { maskOf, type Timeline } from '../../src/program/circuit.js';
import type { Program } from '../../src/program/ir.js';
import { prepareRule } from '../../src/program/rule.js';
import { scheduleInputs, stepsOf } from '../../src/program/schedule.js';
import { ofStream } from '../../src/program/slots.js';
import { startOf } from '../../src/program/start.js';
import { weave } from '../../src/program/weave.js';
import type { RuleInText } from './corpus.js';
import { LiteralRule, type LiteralStep, type Matrix, type Values } from './literal/literal.js';
import { replay } from './replay.js';

/** How rules are shown random signals. */
export interface ReplaySetting {
  readonly preSize: number;
  readonly postSize: number;
  readonly masked: boolean;
  readonly streams: number;
  /** Milliseconds; null: steps are counted. */
  readonly stepLength: number | null;
  readonly timeline: Timeline;
}

/** The same rules on the same signals: as a program, and by the definition of the language. */
export interface Replayed {
  readonly program: Program;
  readonly episode: Episode;
  /** Values of the program's parameters, as written in the rules. */
  readonly parameters: number[];
  /** By projection. */
  readonly literal: ReadonlyMap<string, LiteralRule>;
  readonly steps: ReadonlyMap<string, readonly LiteralStep[]>;
  readonly checked: readonly CheckedRule[];
}

const ALL = wholeVocabulary.signals.map(({ name }) => name);

/** A table with every signal, phase and event, for rules on projections of any kind. */
export function everything(kind: string, stepLength: number | null): SignalTable {
  const { phases, events } = wholeVocabulary;
  const time = stepLength === null ? 'steps' : 'milliseconds';
  return tableOffering('replay', ALL, [kind], { phases, events, time });
}

/** Each rule on a projection of its own, all on random signals. Throws what a rule is refused for. */
export function replayed(
  rules: readonly RuleInText[],
  setting: ReplaySetting,
  stream: Stream,
): Replayed {
  const { preSize, postSize, masked, streams, stepLength, timeline } = setting;
  const named = rules.map(({ rule, source }, k) => {
    const kind = `${rule.targets[0] ?? 'forward'}${k === 0 ? '' : k + 1}`;
    const targets = rule.targets.length === 0 ? [] : [kind];
    return { kind, rule: { ...rule, targets }, source };
  });
  const tables = Object.fromEntries(named.map(({ kind }) => [kind, everything(kind, stepLength)]));
  const checked = named.map(({ kind, rule, source }) =>
    unwrap(checkRule(rule, source, tables[kind]!)),
  );
  // All that the texts mention: also what is read only by memory that nothing reads.
  const texts = named.map(({ rule, source }) => source.text.slice(rule.span.start, rule.span.end));
  for (const [kind, table] of Object.entries(tables)) {
    const signals = table.signals.filter(({ name }) => texts.some((text) => text.includes(name)));
    tables[kind] = { ...table, signals };
  }
  const circuit = replay({ tables, preSize, postSize, masked, stepLength });
  const sizes = { preSize, postSize };
  const steps = stepsOf(timeline);
  const given: Record<string, Float64Array> = { drive: normals(stream, preSize) };
  const values: Record<string, Float64Array> = {};
  const stepInputs: Record<string, Float64Array> = {};
  const literal = new Map<string, LiteralRule>();
  const shown = new Map<string, (LiteralStep & { draws: Record<string, Values>[] })[]>();

  checked.forEach(({ scope, rule }, k) => {
    const { kind } = named[k]!;
    const shape = { ...sizes, count: postSize * preSize };
    const weights = normals(stream, shape.count).map((x) => 0.5 * x);
    const exists = Float64Array.from({ length: shape.count }, () =>
      masked && stream.uniform() < 0.3 ? 0 : 1,
    );
    given[kind] = weights;
    if (masked) given[maskOf(kind)] = exists;
    const parameters: Record<string, Values> = {};
    for (const { name, extent, value, definition } of scope.parameters.values()) {
      if (extent === 'global') continue;
      const written = value * (definition.value.unit === 'step' ? (stepLength ?? 1) : 1);
      const own = Float64Array.from({ length: countOf(extent, sizes) }, () =>
        written === 0 ? 0.2 * stream.normal() : written * stream.uniform(0.7, 1.3),
      );
      values[`${rules.length > 1 ? `${rule.name}.` : ''}${name} of ${kind}`] = own;
      parameters[name] = nested(own, extent, sizes);
    }
    literal.set(
      kind,
      new LiteralRule(rule, {
        ...sizes,
        weights: rowsOf(weights, preSize),
        exists: rowsOf(exists, preSize).map((row) => row.map((x) => x === 1)),
        stepLength,
        streams,
        parameters,
      }),
    );
    const signals = Array.from({ length: steps }, () =>
      Array.from({ length: streams }, (): Record<string, Values> => ({})),
    );
    for (const signal of tables[kind]!.signals) {
      if (['w', 'dt', 'pre.size', 'post.size'].includes(signal.name)) continue;
      for (let s = 0; s < streams; s++) {
        const count = countOf(signal.extent, sizes);
        const all = new Float64Array(steps * count);
        for (let t = 0; t < steps; t++) {
          const drawn = Float64Array.from({ length: count }, () => draw(signal, stream));
          all.set(drawn, t * count);
          signals[t]![s]![signal.name] = nested(drawn, signal.extent, sizes);
        }
        stepInputs[ofStream(`${kind} ${signal.name}`, s)] = all;
      }
    }
    const moments = momentsOf(timeline);
    shown.set(
      kind,
      signals.map((each, t) => ({ signals: each, ...moments[t]!, draws: each.map(() => ({})) })),
    );
  });

  const prepared = Object.fromEntries(
    checked.map((rule, k) => [named[k]!.kind, prepareRule(rule)]),
  );
  const program = weave(circuit, prepared, { streams, values });
  const scheduled = scheduleInputs(program, timeline, { chance: stream.child('chance') });
  for (const [kind, rule] of literal) {
    for (const { name, kind: line, sides } of rule.memories) {
      if (line !== 'draw') continue;
      const extent = extentOf(sides);
      const count = countOf(extent, sizes);
      shown.get(kind)!.forEach((step, t) => {
        for (let s = 0; s < streams; s++) {
          const all = scheduled[ofStream(`${kind}: fresh ${name}`, s)];
          // What nothing reads is not drawn.
          const drawn = all?.slice(t * count, (t + 1) * count) ?? new Float64Array(count);
          step.draws[s]![name] = nested(drawn, extent, sizes);
        }
      });
    }
  }
  return {
    program,
    episode: {
      start: startOf(program, given),
      steps,
      stepInputs: { ...stepInputs, ...scheduled },
      queryInputs: {},
    },
    parameters: program.parameters.map((name) => program.initial[name] as number),
    literal,
    steps: shown,
    checked,
  };
}

/** Two trials, all phases in each in their order, of random lengths; 12 to 18 steps. */
export function randomTimeline(stream: Stream): Timeline {
  const trial = () => {
    const phases =
      stream.uniform() < 0.3
        ? []
        : wholeVocabulary.phases.map((name) => ({ name, steps: stream.uniform() < 0.3 ? 2 : 1 }));
    const taken = phases.reduce((sum, { steps }) => sum + steps, 0);
    const steps = Math.max(6, taken + stream.integer(2));
    return { steps, phases, events: [{ name: 'relax.end', step: stream.integer(steps) }] };
  };
  return { trials: [trial(), trial()] };
}

/** What a timeline means, step by step. */
function momentsOf({ trials }: Timeline): { events: Set<string>; phase: string | null }[] {
  return trials.flatMap(({ steps, phases = [], events = [] }) => {
    const trial = Array.from({ length: steps }, () => ({
      events: new Set<string>(),
      phase: null as string | null,
    }));
    const enter = (name: string, from: number, to: number): void => {
      trial[from]!.events.add(`${name}.start`);
      trial[to - 1]!.events.add(`${name}.end`);
    };
    enter('trial', 0, steps);
    for (const { name, step } of events) trial[step]!.events.add(name);
    let from = 0;
    for (const { name, steps: length } of phases) {
      enter(name, from, from + length);
      for (let t = from; t < from + length; t++) trial[t]!.phase = name;
      from += length;
    }
    return trial;
  });
}

/** Away from 0 and 1, where rules have thresholds and poles. */
function draw({ name, event }: Signal, stream: Stream): number {
  if (event) return stream.uniform() < 0.35 ? (stream.uniform() < 0.2 ? 2 : 1) : 0;
  if (name === 'post.voltage') return -60 + 15 * stream.normal();
  if (name.endsWith('.plateau')) return stream.uniform() < 0.3 ? 1 : 0;
  if (name.endsWith('.slope') || name === 'gain') return stream.uniform(0.1, 0.9);
  if (name === 'cost' || name === 'sample_weight') return stream.uniform(0.2, 1.5);
  return 0.7 * stream.normal();
}

const normals = (stream: Stream, count: number): Float64Array =>
  Float64Array.from({ length: count }, () => stream.normal());

interface Sizes {
  readonly preSize: number;
  readonly postSize: number;
}

export function countOf(extent: Extent, { preSize, postSize }: Sizes): number {
  if (extent === 'global') return 1;
  if (extent === 'pre') return preSize;
  return extent === 'post' ? postSize : postSize * preSize;
}

export function extentOf(sides: ReadonlySet<string>): Extent {
  if (sides.size === 2) return 'synapse';
  return sides.has('pre') ? 'pre' : sides.has('post') ? 'post' : 'global';
}

function rowsOf(values: Float64Array, columns: number): Matrix {
  const rows: Matrix = [];
  for (let k = 0; k < values.length; k += columns) rows.push([...values.subarray(k, k + columns)]);
  return rows;
}

function nested(values: Float64Array, extent: Extent, { preSize }: Sizes): Values {
  if (extent === 'global') return values[0]!;
  return extent === 'synapse' ? rowsOf(values, preSize) : [...values];
}
