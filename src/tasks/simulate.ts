import { ruleForAnother, unknownInput } from '../base/diagnostics/circuit.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { noSuchProjection } from '../base/diagnostics/program.js';
import { Stream } from '../base/random.js';
import { EngrammarError, unwrap } from '../base/result.js';
import type { Arrays, Engine, Episode, EpisodeResult } from '../engine/engine.js';
import { interpreter } from '../engine/interpret/interpret.js';
import { type EngineChoice, openEngine } from '../engine/open.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import type { Circuit, Timeline } from '../program/circuit.js';
import type { Program } from '../program/ir.js';
import { prepareRule, type RuleForCircuit } from '../program/rule.js';
import { scheduleInputs, stepsOf } from '../program/schedule.js';
import { startOf } from '../program/start.js';
import { weave } from '../program/weave.js';
import { startWith } from './drawn.js';
import { countMistakes, inputMistakes, timelineMistakes } from './fits.js';

/** Rules on a circuit, ready for episodes. */
export interface SimulatedCircuit {
  readonly circuit: Circuit;
  /** By kind of projection; kinds without a rule do not learn. */
  readonly rules: Readonly<Record<string, CheckedRule>>;
  /** Copies of the circuit that learn side by side. Default: 1. */
  readonly streams?: number;
  /** Values of parameters other than those written, by their names in the program. */
  readonly values?: Readonly<Record<string, number | Float64Array>>;
  /** Default: the interpreter (double precision). */
  readonly engine?: Engine | EngineChoice;
}

/** What an episode needs besides. */
export interface SimulatedEpisode {
  readonly timeline: Timeline;
  /** By name, all steps one after the other: `steps × rows × columns`. In a stream k ≥ 2: `NAME (stream k)`. */
  readonly stepInputs: Arrays;
  readonly queryInputs?: Arrays;
  /** Weights, masks, states, memory, constants by name: instead of what the circuit draws, and of 0. */
  readonly start?: Arrays;
  /**
   * The episode goes on from an earlier one of the same seed, whose `states` are the `start`. Default:
   * false.
   */
  readonly continued?: boolean;
  /** Steps made before, so that what is drawn at random goes on where it was. Default: 0. */
  readonly stepsBefore?: number;
  /** Of everything that is drawn. */
  readonly seed: number;
  /** States or observed quantities to be kept every so many steps. */
  readonly record?: { readonly slots: readonly string[]; readonly every: number };
  /** Whether derivatives of the loss are wanted, too. Default: false. */
  readonly gradient?: boolean;
}

export interface Simulation extends SimulatedCircuit, SimulatedEpisode {}

export interface SimulationResult extends Pick<EpisodeResult, 'loss' | 'divergence'> {
  /** Outputs of the read-out other than the loss. */
  readonly outputs: Arrays;
  /** Weights, memory and states after the last step; empty where the episode diverged. */
  readonly states: Arrays;
  /** Values of the recorded slots after steps `every`, 2 `every`, …, one after the other. */
  readonly record: Arrays;
  /** d loss / d parameter of every parameter marked `fit`, by its name in the program; if asked for. */
  readonly gradient: Readonly<Record<string, number>>;
  /** d loss / d starting value of every state; if asked for. */
  readonly startGradient: Arrays;
}

/** A program on an engine that runs one episode after the other. */
export interface Simulator {
  readonly program: Program;
  run(episode: SimulatedEpisode): Promise<SimulationResult>;
  dispose(): void;
}

/**
 * Runs rules on a circuit for one episode. Every rule is held against what its projection offers,
 * whatever it was checked against before.
 *
 * Throws an `EngrammarError` for rules that do not fit the circuit, missing, misnamed or misshapen
 * inputs, and timelines that cannot be. Numbers that stop being finite are no error: `divergence` says
 * where they did.
 */
export async function simulate(simulation: Simulation): Promise<SimulationResult> {
  const simulator = await prepareSimulation(simulation);
  try {
    return await simulator.run(simulation);
  } finally {
    simulator.dispose();
  }
}

/** As `simulate`, for many episodes: the program is made once. */
export async function prepareSimulation(rig: SimulatedCircuit): Promise<Simulator> {
  const { circuit, engine } = rig;
  const program = wovenFrom(rig);
  const parameters = parametersOf(program);
  const runner = await (await engineOf(engine)).prepare(program);
  return {
    program,
    run: async (given) => {
      const { gradient = false, record } = given;
      const episode = episodeOf(program, circuit, given);
      const [result] = await runner.run([episode], parameters, {
        gradient,
        states: true,
        startGradient: gradient,
        ...(record && { record }),
      });
      return completed(program, result!);
    },
    dispose: () => runner.dispose(),
  };
}

/** The program of rules on a circuit. Throws an `EngrammarError` for rules that do not fit. */
export function wovenFrom({ circuit, rules, streams = 1, values = {} }: SimulatedCircuit): Program {
  refuse(countMistakes([['streams', streams, 1]]));
  return weave(circuit, rulesOn(circuit, rules), { streams, values });
}

/** The values its parameters have. */
export function parametersOf({ parameters, initial }: Program): number[] {
  return parameters.map((name) => {
    const value = initial[name] ?? 0;
    return typeof value === 'number' ? value : value[0]!;
  });
}

/** Everything the program needs, or an `EngrammarError` that says what is wrong with what was given. */
export function episodeOf(program: Program, circuit: Circuit, given: SimulatedEpisode): Episode {
  const { timeline, stepInputs, queryInputs = {}, seed, record } = given;
  const { continued = false, stepsBefore = 0 } = given;
  refuse([
    ...timelineMistakes(circuit, timeline),
    ...countMistakes([
      ['stepsBefore', stepsBefore, 0],
      ['record.every', record?.every ?? 1, 1],
    ]),
  ]);
  const steps = stepsOf(timeline);
  refuse([
    ...inputMistakes(program, circuit.name, 'input', stepInputs, steps),
    ...inputMistakes(program, circuit.name, 'query input', queryInputs, steps),
    ...misnamed(program, circuit, given),
  ]);
  // What no task brings: when lines act, and what is drawn.
  const scheduled = { continued, stepsBefore, chance: new Stream(seed, 'draws') };
  const stream = () => new Stream(seed, 'simulate', circuit.name);
  return {
    start: startOf(program, startWith(given.start ?? {}, circuit, stream)),
    steps,
    stepInputs: { ...stepInputs, ...scheduleInputs(program, timeline, scheduled) },
    queryInputs,
  };
}

function completed(program: Program, result: EpisodeResult): SimulationResult {
  const { loss, outputs, states = {}, record = {}, startGradient = {}, divergence } = result;
  const gradient = Object.fromEntries(
    program.parameters.flatMap((name, k) =>
      result.gradient ? [[name, result.gradient[k]!] as const] : [],
    ),
  );
  return { loss, outputs, states, record, gradient, startGradient, divergence };
}

/** The rules by kind of projection, each held against its table, and each planned once. */
function rulesOn(
  circuit: Circuit,
  rules: Readonly<Record<string, CheckedRule>>,
): Record<string, RuleForCircuit> {
  const known = [...new Set(circuit.projections.map(({ kind }) => kind))];
  const planned = new Map<CheckedRule, RuleForCircuit>();
  const on: Record<string, RuleForCircuit> = {};
  for (const [kind, given] of Object.entries(rules)) {
    const { rule, source, scope } = given;
    const table = circuit.tables[kind];
    if (!table || !known.includes(kind)) {
      throw new EngrammarError(noSuchProjection({ kind, circuit: circuit.name, known }));
    }
    if (rule.targets.length > 0 && !rule.targets.includes(kind)) {
      const facts = { rule: rule.name, targets: rule.targets, kind };
      throw new EngrammarError(ruleForAnother(facts, { source, span: rule.nameSpan }));
    }
    const fitting = scope.table === table ? given : unwrap(checkRule(rule, source, table));
    // One rule on several kinds stays one rule, with one set of parameters.
    const plan = planned.get(given) ?? prepareRule(fitting);
    planned.set(given, plan);
    on[kind] = plan;
  }
  return on;
}

/** Names in `start` and `record` that nothing has. */
function misnamed(
  { states, constants, observed }: Program,
  circuit: Circuit,
  { start = {}, record }: SimulatedEpisode,
): Diagnostic[] {
  const named = (slots: readonly { readonly name: string }[]): string[] =>
    slots.map(({ name }) => name);
  const wrong = (what: 'start' | 'record', given: readonly string[], known: readonly string[]) =>
    given
      .filter((name) => !known.includes(name))
      .map((name) => unknownInput({ circuit: circuit.name, what, given: name, known }));
  return [
    ...wrong('start', Object.keys(start), named([...states, ...constants])),
    ...wrong('record', record?.slots ?? [], named([...states, ...observed])),
  ];
}

/** The engine that is meant: the interpreter, if nothing is said. */
export async function engineOf(choice: SimulatedCircuit['engine'] = interpreter): Promise<Engine> {
  return 'prepare' in choice ? choice : openEngine(choice);
}

function refuse(mistakes: readonly Diagnostic[]): void {
  if (mistakes.length > 0) throw new EngrammarError(...mistakes);
}
