import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  emptyExperiment,
  experimentTooBig,
  wrongType,
  yamlAlias,
  yamlSyntax,
  yamlTooDeep,
} from '../base/diagnostics/experiment.js';
import { failure, type Result, success } from '../base/result.js';
import type { Source, Span } from '../base/source.js';

/** A path into the plain value of a YAML text. */
export type Path = readonly PropertyKey[];

/** A YAML text as a plain value that knows where each of its parts stands. */
export interface Located {
  readonly source: Source;
  readonly value: unknown;
  /** Where the value at a path stands; of the nearest part around it when nothing is there. */
  span(path: Path): Span;
  /** Where the name of the option at a path stands; the value's place for items of lists. */
  keySpan(path: Path): Span;
}

/** Experiments have a few dozen lines. */
export const LARGEST_EXPERIMENT = 16_384;
const MOST_ERRORS = 5;

/**
 * Reads YAML 1.2 into plain objects, lists, texts, numbers and truth values. Refused: syntax errors
 * (the first five are reported), aliases, keys that are not texts, texts too large or nested.
 */
export function readYaml(source: Source): Result<Located> {
  const refused = refuse(source);
  if (refused) return failure(refused);
  const document = parseDocument(source.text, {
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    merge: false,
    logLevel: 'error',
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const told = faults.slice(0, MOST_ERRORS).map(({ code, message, pos }) => {
      const span = { start: pos[0], end: Math.max(pos[1], pos[0]) };
      return yamlSyntax({ code, reason: message }, { source, span });
    });
    return failure(...told);
  }
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return failure(emptyExperiment({}, { source, span: { start: 0, end: 0 } }));
  }
  const reader = new Reader(source);
  const value = reader.read(root, []);
  if (reader.diagnostics.length > 0) return failure(...reader.diagnostics);
  const find = (spans: ReadonlyMap<string, Span>, path: Path): Span | undefined =>
    spans.get(JSON.stringify(path));
  const span = (path: Path): Span =>
    find(reader.values, path) ??
    (path.length > 0 ? keySpan(path.slice(0, -1)) : { start: 0, end: 0 });
  const keySpan = (path: Path): Span =>
    path.length === 0 ? { start: 0, end: 0 } : (find(reader.keys, path) ?? span(path));
  return success({ source, value, span, keySpan });
}

/*
 * The parser is recursive, and where the stack is nearly used up even compiling a regular expression
 * ends the whole process. So whatever could nest deeply is refused by counting, before it is parsed.
 */
const MOST_BRACKETS = 100;
const DEEPEST_INDENT = 64;
const MOST_MARKS = 32;

function refuse(source: Source): Diagnostic | undefined {
  const { text } = source;
  if (text.length > LARGEST_EXPERIMENT) {
    return experimentTooBig({ size: text.length, limit: LARGEST_EXPERIMENT }, { source });
  }
  const deep = (reason: string, start: number): Diagnostic =>
    yamlTooDeep({ reason }, { source, span: { start, end: start } });
  let brackets = 0;
  let start = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const indent = /^[ \t]*/.exec(line)![0].length;
    if (indent > DEEPEST_INDENT && line.trim() !== '') {
      return deep(`more than ${DEEPEST_INDENT} columns of indentation`, start);
    }
    if ((line.match(/[-?:](?=\s|$)/g)?.length ?? 0) > MOST_MARKS) {
      return deep(`more than ${MOST_MARKS} dashes or colons in one line`, start);
    }
    brackets += line.match(/[[{]/g)?.length ?? 0;
    if (brackets > MOST_BRACKETS) return deep(`more than ${MOST_BRACKETS} brackets`, start);
    start += line.length;
    start += text.startsWith('\r\n', start) ? 2 : 1;
  }
  return undefined;
}

class Reader {
  readonly values = new Map<string, Span>();
  readonly keys = new Map<string, Span>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly source: Source;

  constructor(source: Source) {
    this.source = source;
  }

  read(node: Node, path: Path): unknown {
    this.values.set(JSON.stringify(path), spanOf(node));
    if (isScalar(node)) return node.value;
    if (isSeq<Node>(node)) return node.items.map((item, i) => this.read(item, [...path, i]));
    if (isAlias(node)) {
      this.diagnostics.push(yamlAlias({ name: node.source }, this.at(node)));
      return undefined;
    }
    const entries: [string, unknown][] = [];
    if (!isMap<Node, Node | null>(node)) return undefined;
    for (const { key, value } of node.items) {
      if (!isScalar(key) || typeof key.value !== 'string') {
        const found = isScalar(key) ? String(key.value) : 'a list or a group';
        const facts = { option: 'the name of an option', found, expected: 'a word' };
        this.diagnostics.push(wrongType(facts, this.at(key)));
        continue;
      }
      const inner = [...path, key.value];
      this.keys.set(JSON.stringify(inner), spanOf(key));
      // `name:` with nothing after it: the place of the value is that of the name.
      if (value === null) this.values.set(JSON.stringify(inner), spanOf(key));
      entries.push([key.value, value === null ? null : this.read(value, inner)]);
    }
    // Not assignment: an option called __proto__ must be a plain one.
    return Object.fromEntries(entries);
  }

  private at(node: Node): { source: Source; span: Span } {
    return { source: this.source, span: spanOf(node) };
  }
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}
