import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  backendWithoutUse,
  experimentUnknown,
  outOfRange,
  subjectMissing,
  subjectTwice,
} from '../base/diagnostics/experiment.js';
import { readSource } from '../base/files.js';
import { nearest } from '../base/nearest.js';
import { packageRoot } from '../base/package-root.js';
import { failure, type Result, success } from '../base/result.js';
import type { Source } from '../base/source.js';
import { poolFactors } from '../tasks/pool.js';
import { diagnose, type Locator } from './diagnose.js';
import { schemaAt } from './options.js';
import { type ExperimentConfig, experimentShape } from './schema.js';
import { resolveSubject, type Subject } from './subject.js';
import { LARGEST_EXPERIMENT, type Path, readYaml } from './yaml.js';

/** A checked experiment: every default filled in, every path absolute. */
export interface Experiment {
  /** The file's name without folder and ending. */
  readonly name: string;
  readonly source: Source;
  /** What the experiment is about: where its space or rule is. */
  readonly subject: Subject;
  readonly config: ExperimentConfig;
}

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
  const path = findExperiment(pathOrName);
  if (!path.ok) return path;
  const source = readSource(path.value, LARGEST_EXPERIMENT);
  if (!source.ok) return source;
  return parseExperiment(source.value, dirname(resolve(path.value)), overrides);
}

/** The same for a text; paths in it are relative to `folder`. */
export function parseExperiment(
  source: Source,
  folder: string,
  overrides: readonly Override[] = [],
): Result<Experiment> {
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
      // Items of lists, which lie deepest, are counted from 1.
      return typeof last === 'number'
        ? `${words.slice(0, -1).join('.')}, item ${last + 1},`
        : words.join(override ? ' ' : '.');
    },
  };
  const parsed = experimentShape.safeParse(value, { reportInput: true });
  const faults = parsed.success
    ? checkTogether(parsed.data, locator)
    : diagnose(parsed.error.issues, value, locator);
  if (!parsed.success || faults.length > 0) return failure(...faults);
  const config = parsed.data;
  const option = config.space === undefined ? 'rule' : 'space';
  const reference = config[option] ?? '';
  const subject = resolveSubject(option, reference, folder, locator.where([option], 'value'));
  if (!subject.ok) return subject;
  return success({
    name: experimentName(source.name),
    source,
    subject: subject.value,
    config: absolute(config, folder, subject.value),
  });
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
  const { space, rule, engine, task } = config;
  const faults: Diagnostic[] = [];
  if (space === undefined && rule === undefined)
    faults.push(subjectMissing({}, locator.where([], 'key')));
  if (space !== undefined && rule !== undefined) {
    faults.push(subjectTwice({}, locator.where(['rule'], 'key')));
  }
  if (engine.backend !== undefined && engine.name !== 'tfjs') {
    const facts = { engine: engine.name, backend: engine.backend };
    faults.push(backendWithoutUse(facts, locator.where(['engine', 'backend'], 'value')));
  }
  if (task.name !== 'images') {
    const factors = poolFactors(28, 28);
    const [most, reason] =
      task.name === 'digits'
        ? [10, 'there are ten digits']
        : [47, 'there are 47 classes of glyphs'];
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
  const found = String(config.task[path[1]]);
  const meaning = schemaAt(path, config)?.description;
  const facts = { option: locator.name(path), found, range, meaning };
  return outOfRange(facts, locator.where(path, 'value'));
}

/** Paths made absolute, so that the resolved experiment means the same from any folder. */
function absolute(config: ExperimentConfig, folder: string, subject: Subject): ExperimentConfig {
  const { task } = config;
  return {
    ...config,
    [subject.kind]: subject.reference,
    task:
      task.name === 'images'
        ? { ...task, images: resolve(folder, task.images), labels: resolve(folder, task.labels) }
        : task,
  };
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
