import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { noCurvature } from '../base/diagnostics/discover.js';
import {
  backendWithoutUse,
  baselineForAnother,
  experimentUnknown,
  nothingVaries,
  outOfRange,
  outputsFewerThanClasses,
  rowTwice,
  subjectMissing,
  subjectTwice,
  sweepElsewhere,
  unknownChoice,
  unknownOption,
} from '../base/diagnostics/experiment.js';
import { readSource } from '../base/files.js';
import { nearest } from '../base/nearest.js';
import { packageRoot } from '../base/package-root.js';
import { failure, type Result, success } from '../base/result.js';
import type { Source } from '../base/source.js';
import { weave } from '../program/weave.js';
import { hasCurvature } from '../program/with-curvature.js';
import { poolFactors } from '../tasks/pool.js';
import { SEQUENCES } from '../tasks/registry.js';
import { settledRow, withRow } from './also.js';
import type { Also } from './also-shape.js';
import { othersOf, settledOther } from './compare.js';
import { diagnose, type Locator } from './diagnose.js';
import type { Experiment } from './experiment.js';
import { schemaAt } from './options.js';
import type { WrittenExperiment } from './part.js';
import {
  baselineNames,
  type ExperimentConfig,
  experimentShape,
  isNamed,
  type MethodConfig,
  type MethodInput,
  methodShape,
} from './schema.js';
import { setUp } from './study.js';
import { resolveSubject, type Subject } from './subject.js';
import { LARGEST_EXPERIMENT, type Path, readYaml } from './yaml.js';

export type { Experiment } from './experiment.js';

/** An option, or a whole group of options, set from outside the file, as on the command line. */
export interface Override {
  /** How the person gave it: `--episodes`. */
  readonly option: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Reads an experiment by path, or by the bare name of one that comes with the package. Faults carry
 * their place in the file; several are reported at once.
 */
export function loadExperiment(
  pathOrName: string,
  overrides: readonly Override[] = [],
): Result<Experiment> {
  const found = sourceOf(pathOrName);
  if (!found.ok) return found;
  return parseExperiment(found.value.source, found.value.folder, overrides);
}

/** The text of an experiment, and the folder that it stands in. */
export function sourceOf(pathOrName: string): Result<{ source: Source; folder: string }> {
  const path = findExperiment(pathOrName);
  if (!path.ok) return path;
  const source = readSource(path.value, LARGEST_EXPERIMENT);
  if (!source.ok) return source;
  return success({ source: source.value, folder: dirname(resolve(path.value)) });
}

/** The same for a text; paths in it are relative to `folder`. */
export function parseExperiment(
  source: Source,
  folder: string,
  overrides: readonly Override[] = [],
): Result<Experiment> {
  const read = readExperiment(source, overrides);
  if (!read.ok) return read;
  const { value, locator } = read.value;
  if (isSweep(value)) return failure(sweepElsewhere({}, locator.where(['sweep'], 'key')));
  return settleExperiment(read.value, source, folder);
}

/** Whether an experiment is one for `engrammar sweep`. */
export const isSweep = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'sweep' in value;

/** Reads the text of an experiment, whatever it says. */
export function readExperiment(
  source: Source,
  overrides: readonly Override[],
): Result<WrittenExperiment> {
  const located = readYaml(source);
  if (!located.ok) return located;
  const { value: written, span, keySpan } = located.value;
  const value = overrides.reduce((whole, { path, value }) => setAt(whole, path, value), written);
  const overrideAt = (path: Path): Override | undefined =>
    overrides.find((o) => o.path.every((step, i) => path[i] === step));
  const locator: Locator = {
    where: (path, part) =>
      overrideAt(path) ? {} : { source, span: part === 'key' ? keySpan(path) : span(path) },
    name: (path) => {
      const override = overrideAt(path);
      const words = override ? [override.option, ...path.slice(override.path.length)] : path;
      const last = words.at(-1);
      // Items of lists are counted from 1.
      const counted = (part: Path): string =>
        part.reduce<string>(
          (text, word) =>
            typeof word === 'number'
              ? `${text}, item ${word + 1}`
              : `${text}${text === '' ? '' : override ? ' ' : '.'}${String(word)}`,
          '',
        );
      if (typeof last === 'number') return `${counted(words)},`;
      const list = words.findLastIndex((word) => typeof word === 'number') + 1;
      if (list === 0) return counted(words);
      return `${counted(words.slice(list))} (${counted(words.slice(0, list))})`;
    },
  };
  return success({ value, locator });
}

/** Checks what an experiment says, fills in every default, and finds what it names. */
export function settleExperiment(
  written: WrittenExperiment,
  source: Source,
  folder: string,
): Result<Experiment> {
  const { value, locator } = written;
  const checked = checkOptions(written);
  if (!checked.ok) return checked;
  const rows = rowsOf(checked.value, value as Readonly<Record<string, unknown>>, locator, folder);
  if (!rows.ok) return rows;
  const baselines = baselinesOf(checked.value, folder, locator);
  if (!baselines.ok) return baselines;
  const evaluate = { ...checked.value.evaluate, also: rows.value };
  const config = { ...checked.value, evaluate, baselines: baselines.value };
  const subjects = subjectsOf(config, folder, locator);
  if (!subjects.ok) return subjects;
  const { subject, rules } = subjects.value;
  const own = absolute(config, folder, { subject, rules });
  const unfit = checkSetup(own, locator);
  if (unfit.length > 0) return failure(...unfit);
  const found = othersOf(own, written, (one) => settleExperiment(one, source, folder));
  if (!found.ok) return found;
  const others = found.value;
  const compare = others.map((other, k) => settledOther(own.compare[k]!, other));
  const name = experimentName(source.name);
  const { where } = locator;
  return success({ name, source, where, subject, rules, others, config: { ...own, compare } });
}

/** What an experiment says, with every default. */
function checkOptions({ value, locator }: WrittenExperiment): Result<ExperimentConfig> {
  const parsed = experimentShape.safeParse(value, { reportInput: true });
  const faults = parsed.success
    ? checkTogether(parsed.data, locator)
    : diagnose(parsed.error.issues, value, locator);
  return parsed.success && faults.length === 0 ? success(parsed.data) : failure(...faults);
}

/** The other circumstances under which rules are scored, each checked as an experiment of its own. */
function rowsOf(
  { evaluate }: ExperimentConfig,
  value: Readonly<Record<string, unknown>>,
  locator: Locator,
  folder: string,
): Result<Also[]> {
  const mistakes: Diagnostic[] = [];
  const rows = evaluate.also.flatMap((row, k) => {
    const twice = evaluate.also.findIndex(({ name }) => name === row.name) < k;
    if (twice) {
      const where = locator.where(['evaluate', 'also', k, 'name'], 'value');
      mistakes.push(rowTwice({ row: row.name }, where));
    }
    const checked = checkOptions(withRow(value, row, k, locator));
    if (!checked.ok) {
      mistakes.push(...checked.diagnostics);
      return [];
    }
    const { task } = checked.value;
    return [settledRow(row, { ...checked.value, task: withPaths(task, folder) })];
  });
  return mistakes.length > 0 ? failure(...mistakes) : success(rows);
}

/** The baselines there are: those with names, and where the rules are. */
function baselinesOf(
  { baselines, circuit }: ExperimentConfig,
  folder: string,
  { where, name }: Locator,
): Result<string[]> {
  if (!baselines) {
    return success(circuit.name === 'feed-forward' ? [...baselineNames] : ['best-single-term']);
  }
  const mistakes: Diagnostic[] = [];
  const found = baselines.flatMap((baseline, k) => {
    if (isNamed(baseline)) return [baseline];
    const path = ['baselines', k];
    const rule = resolveSubject('rule', baseline, folder, where(path, 'value'));
    if (rule.ok) return [rule.value.reference];
    const near = nearest(baseline, baselineNames);
    const choices = [...baselineNames, 'the name or the file of a rule'];
    const facts = { option: name(path), found: baseline, choices, nearest: near };
    // A word may be meant for one of the names; a path is meant for a file.
    const isWord = !/[/\\.#]/.test(baseline);
    if (isWord) mistakes.push(unknownChoice(facts, where(path, 'value')));
    else mistakes.push(...rule.diagnostics);
    return [];
  });
  return mistakes.length > 0 ? failure(...mistakes) : success(found);
}

type Subjects = Pick<Experiment, 'subject' | 'rules'>;

/** Where the space and the rules are. */
function subjectsOf(
  { space, rule, rules = {} }: ExperimentConfig,
  folder: string,
  { where }: Locator,
): Result<Subjects> {
  const mistakes: Diagnostic[] = [];
  const found = (kind: Subject['kind'], reference: string, path: Path): Subject | null => {
    const subject = resolveSubject(kind, reference, folder, where(path, 'value'));
    if (subject.ok) return subject.value;
    mistakes.push(...subject.diagnostics);
    return null;
  };
  const byKind = Object.entries(rules).map(
    ([kind, reference]) => [kind, found('rule', reference, ['rules', kind])] as const,
  );
  let subject = byKind[0]?.[1] ?? null;
  if (space !== undefined) subject = found('space', space, ['space']);
  else if (rule !== undefined) subject = found('rule', rule, ['rule']);
  if (mistakes.length > 0) return failure(...mistakes);
  return success({ subject, rules: Object.fromEntries(byKind) as Subjects['rules'] });
}

/** What a program gives instead of an experiment file: everything but the subject, circuit and task. */
export function checkMethod(given: MethodInput): Result<MethodConfig> {
  const parsed = methodShape.safeParse(given, { reportInput: true });
  const locator: Locator = { where: () => ({}), name: (path) => path.join('.') };
  if (!parsed.success) return failure(...diagnose(parsed.error.issues, given, locator));
  const { evaluate } = parsed.data;
  const mistakes: Diagnostic[] = [];
  for (const { circuit, task } of evaluate.also) {
    // Circuits and tasks of a program have no options here.
    const [option] = [...Object.keys(circuit), ...Object.keys(task)];
    const known = ['name', 'jitter'];
    if (option) mistakes.push(unknownOption({ option, known, nearest: undefined }));
  }
  return mistakes.length > 0 ? failure(...mistakes) : success(parsed.data);
}

/** Names of the standard experiments that come with the package. */
export function standardExperiments(): string[] {
  const folder = join(packageRoot(), 'experiments');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => file.slice(0, -'.yaml'.length)).sort();
}

function findExperiment(pathOrName: string): Result<string> {
  if (/[/\\.]/.test(pathOrName) || pathOrName === '') return success(pathOrName);
  const known = standardExperiments();
  if (known.includes(pathOrName)) {
    return success(join(packageRoot(), 'experiments', `${pathOrName}.yaml`));
  }
  const near = nearest(pathOrName, known);
  return failure(experimentUnknown({ name: pathOrName, known, nearest: near }));
}

function experimentName(path: string): string {
  const file = path.split(/[/\\]/).at(-1) ?? path;
  return file.replace(/\.ya?ml$/, '') || 'experiment';
}

/** What the schema cannot say because it concerns several options. */
function checkTogether(config: ExperimentConfig, locator: Locator): Diagnostic[] {
  const { space, rule, rules, descent, engine, task, circuit, baselines = [] } = config;
  const faults: Diagnostic[] = [];
  const first = Object.keys(rules ?? {}).length > 0 ? 'rules' : null;
  if ([space, rule, rules, descent].every((each) => each === undefined))
    faults.push(subjectMissing({}, locator.where([], 'key')));
  if (rule !== undefined && (space !== undefined || first !== null)) {
    const other = space === undefined ? 'rules' : 'space';
    faults.push(subjectTwice({ first: other, second: 'rule' }, locator.where(['rule'], 'key')));
  }
  if (circuit.name !== 'feed-forward') {
    for (const baseline of baselines) {
      if (baseline === 'best-single-term' || !isNamed(baseline)) continue;
      const facts = { baseline, circuit: circuit.name };
      faults.push(baselineForAnother(facts, locator.where(['baselines'], 'value')));
    }
  }
  if (config.vary && !('shots' in task)) {
    const facts = { task: task.name };
    faults.push(nothingVaries(facts, locator.where(['vary'], 'key')));
  }
  if (engine.backend !== undefined && engine.name !== 'tfjs') {
    const facts = { engine: engine.name, backend: engine.backend };
    faults.push(backendWithoutUse(facts, locator.where(['engine', 'backend'], 'value')));
  }
  if (task.name === 'digits' || task.name === 'glyphs') {
    const factors = poolFactors(28, 28);
    const [most, reason] =
      task.name === 'digits'
        ? [10, 'there are ten digits']
        : [47, 'there are 47 classes of glyphs'];
    const outputs = circuit.name === 'feed-forward' ? circuit.outputs : null;
    if (outputs !== null && outputs < most) {
      const facts = { outputs, classes: most };
      faults.push(outputsFewerThanClasses(facts, locator.where(['circuit', 'outputs'], 'value')));
    }
    if (task.ways > most) {
      const range = `from 2 to ${most} (${reason})`;
      faults.push(rangeFault(config, ['task', 'ways'], range, locator));
    }
    if (!factors.includes(task.pool)) {
      const range = `one of ${factors.join(', ')} (it must divide 28)`;
      faults.push(rangeFault(config, ['task', 'pool'], range, locator));
    }
  }
  return faults;
}

function rangeFault(
  config: ExperimentConfig,
  path: readonly ['task', 'ways' | 'pool'],
  range: string,
  locator: Locator,
): Diagnostic {
  const found = String((config.task as Readonly<Record<string, unknown>>)[path[1]]);
  const meaning = schemaAt(path, config)?.description;
  const facts = { option: locator.name(path), found, range, meaning };
  return outOfRange(facts, locator.where(path, 'value'));
}

/** What a circuit and a task lack for one another, told at the one or the other. */
function checkSetup(config: ExperimentConfig, locator: Locator): Diagnostic[] {
  const { circuit, task, seed, learner } = config;
  const isSequence = SEQUENCES.some(({ name }) => name === task.name);
  // Images are read when they are needed: a few-shot task takes any circuit that can be shown some.
  if (!isSequence && circuit.name === 'feed-forward') return [];
  const setup = setUp({ circuit, task, seed });
  if (setup.ok) {
    const isKnown =
      learner.optimizer !== 'gauss-newton' || hasCurvature(weave(setup.value.circuit, {}));
    const facts = { circuit: circuit.name };
    return isKnown ? [] : [noCurvature(facts, locator.where(['learner', 'optimizer'], 'value'))];
  }
  return setup.diagnostics.map((each) => {
    const place = each.code.startsWith('E80') ? 'circuit' : 'task';
    return each.source ? each : { ...each, ...locator.where([place], 'value') };
  });
}

/** With absolute paths, so that it means the same from any folder. */
function absolute(
  config: ExperimentConfig,
  folder: string,
  { subject, rules }: Subjects,
): ExperimentConfig {
  const { task } = config;
  const references = Object.entries(rules).map(([kind, { reference }]) => [kind, reference]);
  return {
    ...config,
    ...(config.rules && { rules: Object.fromEntries(references) as Record<string, string> }),
    ...(subject &&
      (config.space ?? config.rule) !== undefined && { [subject.kind]: subject.reference }),
    task: withPaths(task, folder),
  };
}

function withPaths(task: ExperimentConfig['task'], folder: string): ExperimentConfig['task'] {
  if (task.name === 'images') {
    return { ...task, images: resolve(folder, task.images), labels: resolve(folder, task.labels) };
  }
  return task.name === 'recorded' ? { ...task, file: resolve(folder, String(task.file)) } : task;
}

/** A copy with the value at a path replaced; groups that are not there are made. */
function setAt(whole: unknown, path: Path, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  // Something that is no group stays, so that the schema finds its fault.
  if (whole !== undefined && (typeof whole !== 'object' || whole === null)) return whole;
  const group = (whole ?? {}) as Record<PropertyKey, unknown>;
  return { ...group, [first]: setAt(group[first], rest, value) };
}
