import type { z } from 'zod';
import type { Diagnostic, Where } from '../base/diagnostics/diagnostic.js';
import {
  missingOption,
  outOfRange,
  unknownChoice,
  unknownOption,
  wrongType,
} from '../base/diagnostics/experiment.js';
import { nearest } from '../base/nearest.js';
import { optionsNamed, type SchemaPart, schemaAt } from './options.js';
import type { Path } from './yaml.js';

/** How diagnostics speak of an option. */
export interface Locator {
  /** Where it stands: its name or its value; nowhere if it did not come from the file. */
  where(path: Path, part: 'key' | 'value'): Where;
  /** What a person called it: `learner.rate`, or `--rate`. */
  name(path: Path): string;
}

type Issue = z.core.$ZodIssue;

/** One diagnostic per fault that the schema found in `value`, in the order of the file. */
export function diagnose(issues: readonly Issue[], value: unknown, locator: Locator): Diagnostic[] {
  const seen = new Set<string>();
  return issues
    .flatMap((issue) => diagnoseIssue(issue, value, locator))
    .filter((diagnostic) => {
      // One number may break two rules that read the same to a person.
      const key = `${diagnostic.code} ${diagnostic.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

function diagnoseIssue(issue: Issue, value: unknown, locator: Locator): Diagnostic[] {
  const { path } = issue;
  const schema = schemaAt(path, value);
  const option = locator.name(path);
  const found = valueAt(value, path);
  const facts = { option, meaning: schema?.description };
  const where = locator.where(path, 'value');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(path, key, schema, locator));
  }
  if (found === undefined && path.length > 0) {
    const choices = choicesOf(issue);
    return [
      missingOption({ ...facts, ...(choices ? { choices } : {}) }, locator.where(path, 'key')),
    ];
  }
  switch (issue.code) {
    case 'invalid_union':
    case 'invalid_value': {
      const choices = choicesOf(issue) ?? [];
      if (typeof found !== 'string') {
        return [wrongType({ ...facts, found: describe(found), expected: oneOf(choices) }, where)];
      }
      const near = nearest(found, choices);
      return [unknownChoice({ option, found: show(found), choices, nearest: near }, where)];
    }
    case 'too_big':
    case 'too_small':
      return [outOfRange({ ...facts, found: show(found), range: rangeOf(schema) }, where)];
    default:
      return [
        wrongType({ ...facts, found: describe(found), expected: typeOf(schema, found) }, where),
      ];
  }
}

function unknownKey(
  path: Path,
  key: string,
  schema: SchemaPart | undefined,
  locator: Locator,
): Diagnostic {
  const known = Object.keys(schema?.properties ?? {});
  const elsewhere = optionsNamed(key)[0];
  const facts = {
    option: locator.name([...path, key]),
    known,
    nearest: nearest(key, known) ?? elsewhere,
  };
  return unknownOption(facts, locator.where([...path, key], 'key'));
}

function choicesOf(issue: Issue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  const { options } = issue as { options?: unknown };
  return Array.isArray(options) ? options.map(String) : undefined;
}

/** The part of a value at a path; undefined where nothing is. */
function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return here;
}

/** A value with its type: `the text "abc"`, `the number 3`, `a list`, `nothing`. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `the text ${show(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a group of options';
  return String(value);
}

/** A value as it could be written; long texts are cut. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const text = typeof value === 'string' ? value : String(value);
  return typeof value === 'string'
    ? JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
    : text;
}

function oneOf(choices: readonly string[]): string {
  return choices.length === 1 ? `the word ${choices[0]}` : `one of ${choices.join(', ')}`;
}

function typeOf(schema: SchemaPart | undefined, found: unknown): string {
  switch (schema?.type) {
    case 'integer':
      return 'a whole number';
    case 'number':
      return typeof found === 'number' ? 'a finite number' : 'a number';
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list in brackets';
    default:
      return 'a group of options (name: value, indented)';
  }
}

function rangeOf(schema: SchemaPart | undefined): string {
  const { minimum, exclusiveMinimum, maximum, minLength, maxLength } = schema ?? {};
  const { minItems = 0, maxItems } = schema ?? {};
  if (exclusiveMinimum !== undefined) {
    return `above ${exclusiveMinimum}${maximum === undefined ? '' : `, at most ${maximum}`}`;
  }
  if (maxItems !== undefined) {
    return minItems > 0 ? `a list of ${minItems} to ${maxItems}` : `a list of at most ${maxItems}`;
  }
  if (maxLength !== undefined) return `${minLength ?? 0} to ${maxLength} characters long`;
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
  return minimum === undefined ? `at most ${maximum}` : `at least ${minimum}`;
}
