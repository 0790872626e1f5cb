import { existsSync } from 'node:fs';
import {
  notInCatalogue,
  notInFile,
  otherKindInFile,
  severalInFile,
} from '../base/diagnostics/catalogue.js';
import { readSource } from '../base/files.js';
import { failure, type Result, success } from '../base/result.js';
import type { Source } from '../base/source.js';
import type { Item, Rule, Space } from '../language/ast.js';
import { checkItemNames } from '../language/check.js';
import { type ParsedParts, parseParts } from '../language/parse.js';
import { catalogueFiles, type ItemKind } from './shelves.js';

/** The parser takes at most 1,000,000 characters; a UTF-8 character has at most 4 bytes. */
const LARGEST_FILE = 4_000_000;

/** What was read from a text, with the text, so that diagnostics can show places. */
export interface Loaded<T> {
  readonly item: T;
  readonly source: Source;
}

export interface ParsedFile {
  readonly items: readonly Item[];
  readonly source: Source;
}

/** Every rule and space of a file, in its order. */
export function loadFile(path: string): Result<ParsedFile> {
  const file = loadParts(path);
  if (!file.ok) return file;
  const { mistakes } = file.value;
  return mistakes.length > 0 ? failure(...mistakes) : file;
}

/** As `loadFile`, but a mistake in one rule does not hide the others. */
export function loadParts(path: string): Result<ParsedFile & ParsedParts> {
  const read = readSource(path, LARGEST_FILE);
  if (!read.ok) return read;
  const source = read.value;
  const { items, mistakes } = parseParts(source);
  return success({ items, mistakes: [...mistakes, ...checkItemNames(items, source)], source });
}

/** One rule: `FILE`, `FILE#NAME`, or a name of the catalogue (of a file, or of a rule in one). */
export function loadRule(reference: string): Result<Loaded<Rule>> {
  return load(reference, 'rule');
}

/** One space, named as a rule is. */
export function loadSpace(reference: string): Result<Loaded<Space>> {
  return load(reference, 'space');
}

function load<K extends ItemKind>(
  reference: string,
  kind: K,
): Result<Loaded<Extract<Item, { kind: K }>>> {
  // A file's own name may hold a #.
  const hash = existsSync(reference) ? -1 : reference.indexOf('#');
  const place = hash < 0 ? reference : reference.slice(0, hash);
  const name = hash < 0 ? undefined : reference.slice(hash + 1);
  if (!isName(place) || (existsSync(place) && !catalogued(place))) {
    const file = loadFile(place);
    return file.ok ? pick(file.value, place, kind, name) : file;
  }
  return fromCatalogue(place, name, kind);
}

/** A name without a dot or a slash is one of the catalogue; a path always has one of them. */
const isName = (place: string): boolean => !/[./\\]/.test(place);

const catalogued = (name: string): boolean => catalogueFiles().some((file) => file.name === name);

function fromCatalogue<K extends ItemKind>(
  place: string,
  name: string | undefined,
  kind: K,
): Result<Loaded<Extract<Item, { kind: K }>>> {
  const files = catalogueFiles();
  const file =
    files.find((each) => each.name === place && each.kind === kind) ??
    files.find((each) => each.name === place);
  if (file) {
    const parsed = loadFile(file.path);
    if (!parsed.ok) return parsed;
    // In `oja.rule` the rule `oja` is meant, whatever stands beside it.
    const namesake = parsed.value.items.some((item) => item.kind === kind && item.name === place);
    return pick(parsed.value, place, kind, name ?? (namesake ? place : undefined));
  }
  // Not the name of a file: perhaps that of one of several rules in a file.
  const known: string[] = [];
  for (const each of files.filter((one) => one.kind === kind)) {
    const parsed = loadFile(each.path);
    if (!parsed.ok) continue;
    const names = parsed.value.items.filter((item) => item.kind === kind).map((item) => item.name);
    if (name === undefined && names.includes(place)) {
      return pick(parsed.value, each.name, kind, place);
    }
    known.push(...names);
  }
  return failure(notInCatalogue({ reference: place === '' ? '""' : place, kind, known }));
}

/** The one item of its kind, or the one that was named. */
function pick<K extends ItemKind>(
  { items, source }: ParsedFile,
  place: string,
  kind: K,
  name: string | undefined,
): Result<Loaded<Extract<Item, { kind: K }>>> {
  const candidates = items.filter((item): item is Extract<Item, { kind: K }> => item.kind === kind);
  const names = candidates.map((item) => item.name);
  const reference = name === undefined ? place : `${place}#${name}`;
  const other = items.filter((item) => item.kind !== kind);
  if (name === undefined) {
    const [only] = candidates;
    if (!only) return failure(otherKindInFile({ reference, kind }));
    if (candidates.length > 1) return failure(severalInFile({ file: place, kind, names }));
    return success({ item: only, source });
  }
  const item = candidates.find((each) => each.name === name);
  if (item) return success({ item, source });
  if (other.some((each) => each.name === name)) {
    return failure(otherKindInFile({ reference, kind }));
  }
  return failure(notInFile({ file: place, kind, name, names }));
}
