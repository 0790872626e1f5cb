import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { compareElsewhere, contestantTwice } from '../base/diagnostics/experiment.js';
import { failure, type Result, success } from '../base/result.js';
import type { ContestantConfig } from './compare-shape.js';
import type { Experiment, Other } from './experiment.js';
import { distinct, hasSubject, partWritten, type WrittenExperiment } from './part.js';
import type { ExperimentConfig } from './schema.js';
import { spelledOut } from './spelled-out.js';

/**
 * The contestants of an experiment, each checked as an experiment of its own by `settle`. Faults are
 * told at the contestant, as far as it says itself what is wrong.
 */
export function othersOf(
  { compare, name, baselines = [], space }: ExperimentConfig,
  { value, locator }: WrittenExperiment,
  settle: (written: WrittenExperiment) => Result<Experiment>,
): Result<Other[]> {
  if (compare.length === 0) return success([]);
  const mistakes: Diagnostic[] = [];
  const say = (diagnostic: Diagnostic): number => mistakes.push(diagnostic);
  if (space !== undefined)
    say(compareElsewhere({ beside: 'space' }, locator.where(['compare'], 'key')));
  const taken = [...(name === undefined ? [] : [name]), 'no-learning', ...baselines];
  const others = compare.flatMap((own, k): Other[] => {
    const at = ['compare', k];
    if (taken.includes(own.name))
      say(contestantTwice({ name: own.name }, locator.where([...at, 'name'], 'value')));
    taken.push(own.name);
    const base = baseOf(value as Readonly<Record<string, unknown>>, own);
    const experiment = settle(partWritten(base, own, at, { locator }));
    if (!experiment.ok) {
      mistakes.push(...experiment.diagnostics);
      return [];
    }
    const about = own.about ?? null;
    return [
      { name: own.name, about, differences: differencesOf(own), experiment: experiment.value },
    ];
  });
  return mistakes.length > 0 ? failure(...distinct(mistakes)) : success(others);
}

/** What a contestant has in common with the file: how it is compared is said once, for all. */
function baseOf(value: Readonly<Record<string, unknown>>, own: ContestantConfig) {
  const { compare: _, name: __, about: ___, baselines: ____, evaluate: _____, ...shared } = value;
  if (!hasSubject(own)) return shared;
  // Values are those of the parameters of the rules that the file names.
  const { rule: ______, rules: _______, descent: ________, values: _________, ...others } = shared;
  return others;
}

/** `neurons 100`, `eta 0.01`. */
function differencesOf({ values = {}, circuit, task }: ContestantConfig): string[] {
  return [circuit, task, values].flatMap((group) =>
    Object.entries(group).map(([name, value]) => `${name} ${shown(value)}`),
  );
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** A contestant as the record of a run has it: with every default of what differs, and absolute paths. */
export function settledOther(
  own: ContestantConfig,
  { experiment: { config } }: Other,
): ContestantConfig {
  const { circuit, task } = spelledOut(config);
  // Sizes of the circuit follow from the task: what differs in one is written of both.
  const isOther = [own.circuit, own.task].some((group) => Object.keys(group).length > 0);
  return {
    ...own,
    ...(own.rule !== undefined && config.rule !== undefined && { rule: config.rule }),
    ...(own.rules && config.rules && { rules: config.rules }),
    ...(isOther && { circuit: { ...circuit }, task: { ...task } }),
  };
}
