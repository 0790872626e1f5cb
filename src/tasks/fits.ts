import {
  inputLength,
  missingInput,
  notACount,
  timelineWrong,
  unknownInput,
  unknownMoment,
} from '../base/diagnostics/circuit.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import type { Arrays } from '../engine/engine.js';
import type { Circuit, Timeline, Trial } from '../program/circuit.js';
import type { Program } from '../program/ir.js';

/** What is wrong with the inputs given to a program: missing, misnamed, too long or too short. */
export function inputMistakes(
  program: Pick<Program, 'stepInputs' | 'queryInputs' | 'schedule'>,
  circuit: string,
  what: 'input' | 'query input',
  given: Arrays,
  steps: number,
): Diagnostic[] {
  const scheduled = new Set(program.schedule.map(({ slot }) => slot));
  const slots =
    what === 'input'
      ? program.stepInputs.filter(({ name }) => !scheduled.has(name))
      : program.queryInputs;
  const known = slots.map(({ name }) => name);
  const unknown = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => unknownInput({ circuit, what, given: name, known }));
  const misshapen = slots.flatMap(({ name, shape: [rows, columns] }) => {
    const needed = rows * columns * (what === 'input' ? steps : 1);
    const values = given[name];
    if (!values) return [missingInput({ circuit, what, name, needed, steps })];
    if (values.length === needed) return [];
    return [inputLength({ circuit, what, name, given: values.length, needed, steps })];
  });
  return [...unknown, ...misshapen];
}

/** What is wrong with a timeline: numbers that are none, phases too long, names the circuit lacks. */
export function timelineMistakes(circuit: Circuit, { trials }: Timeline): Diagnostic[] {
  const tables = Object.values(circuit.tables);
  const phases = [...new Set(tables.flatMap((table) => table.phases))];
  const events = [...new Set(tables.flatMap((table) => table.events))];
  const named = (trial: Trial): Diagnostic[] => [
    ...unknown(trial.phases ?? [], phases, 'phase'),
    ...unknown(trial.events ?? [], events, 'event'),
  ];
  const unknown = (
    list: readonly { readonly name: string }[],
    known: readonly string[],
    what: 'phase' | 'event',
  ): Diagnostic[] =>
    list
      .filter(({ name }) => !known.includes(name))
      .map(({ name }) => unknownMoment({ circuit: circuit.name, what, given: name, known }));
  // Many trials are one and the same.
  const seenTrials = new Set<Trial>();
  const mistakes = trials.flatMap((trial, index) => {
    if (seenTrials.has(trial)) return [];
    seenTrials.add(trial);
    return [...lengthMistakes(trial, index + 1), ...named(trial)];
  });
  // The same mistake in a thousand trials is one.
  const seen = new Set<string>();
  return mistakes.filter(({ code, message }) => {
    const key = code === timelineWrong.code ? code : message;
    return !seen.has(key) && seen.add(key);
  });
}

/** Counts by name that are no whole numbers from their least. */
export function countMistakes(
  counts: readonly (readonly [what: string, given: number, least: number])[],
): Diagnostic[] {
  return counts
    .filter(([, given, least]) => !Number.isSafeInteger(given) || given < least)
    .map(([what, given, least]) => notACount({ what, given, least }));
}

function lengthMistakes({ steps, phases = [], events = [] }: Trial, trial: number): Diagnostic[] {
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
  if (!isCount(steps)) return [timelineWrong({ trial, problem: 'steps' })];
  const inPhases = phases.reduce((sum, phase) => sum + phase.steps, 0);
  if (inPhases > steps || !phases.every((phase) => isCount(phase.steps))) {
    return [timelineWrong({ trial, problem: 'phases' })];
  }
  return events
    .filter(({ step }) => !isCount(step) || step >= steps)
    .map(({ name }) => timelineWrong({ trial, problem: 'event', name }));
}
