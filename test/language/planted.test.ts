import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { placeOf } from '../../src/base/source.js';
import type { Item } from '../../src/language/ast.js';
import { checkRule, checkSpace } from '../../src/language/check.js';
import { parseParts } from '../../src/language/parse.js';
import { printItem } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { corpusFolder, parsed } from './helpers.js';

/** A file with three mistakes is to give three errors, each in the line where the mistake was made. */

/** A line of a file. A line is changed, or copied, at most once. */
interface Line {
  text: string;
  touched: boolean;
  planted: boolean;
}

interface Host {
  readonly item: Item;
  readonly lines: Line[];
}

/** Makes a mistake in an item, or returns false where it cannot be made. `pick` chooses among places. */
type Plant = (host: Host, pick: (choices: number) => number) => boolean;

/** Ends the right side of a `dw` or `set w` line, a plain number, with more. */
const added =
  (more: string): Plant =>
  (host, pick) =>
    changed(host, pick, /\b(dw|set w) = /, (text) => `${text} + ${more}`);

const inserted =
  (...texts: readonly string[]): Plant =>
  ({ lines }, pick) => {
    const at = 1 + pick(lines.length - 1);
    const all = texts.map((text, k) => ({ text: `  ${text}`, touched: true, planted: k === 0 }));
    lines.splice(at, 0, ...all);
    return true;
  };

function changed(
  { lines }: Host,
  pick: (choices: number) => number,
  which: RegExp,
  change: (text: string) => string,
): boolean {
  const free = lines.filter(({ text, touched }) => !touched && which.test(text));
  if (free.length === 0) return false;
  const line = free[pick(free.length)]!;
  Object.assign(line, { text: change(line.text), touched: true, planted: true });
  return true;
}

const isRule = ({ item }: Host): boolean => item.kind === 'rule';

const meaning: Readonly<Record<string, Plant>> = {
  'an unknown name': added('poast * 2'),
  'an unknown signal': added('post.eror'),
  'unlike units': added('5 mV'),
  'a wrong number of arguments': added('exp(1, 2)'),
  'an unknown function': added('expo(w)'),
  'a spike in a function': added('exp(pre.spike)'),
  'a spike that is compared': added('(if pre.spike > 0 then 1 else 0)'),
  'an unknown moment': added('pre@latr'),
  '`@before` of a signal': added('pre@before'),
  'a unit in a function': added('tanh(5 ms)'),
  'a sum of unlike extents': added('sum_all(post + w)'),
  'a quantity called like a function': added('post(w)'),
  'division by 0': added('w / 0'),
  'an unknown phase': inserted('during clampt: trace qa = w over 5 ms'),
  'no such spike': inserted('on post.spik: trace qb = w over 5 ms'),
  'no such event': inserted('at trial.ended: average qc = w keeping 0.5'),
  'no such start': inserted('trace qd = w over 5 ms since trial.end'),
  'a name that is taken': inserted('let post = 1'),
  'a name defined twice': ({ lines }, pick) => {
    const names = lines.flatMap(({ text, planted }, at) => {
      const name = planted ? undefined : /^ {2}param (\w+) = /.exec(text)?.[1];
      return name ? [{ name, at }] : [];
    });
    if (names.length === 0) return false;
    const { name, at } = names[pick(names.length)]!;
    lines.splice(at + 1, 0, { text: `  let ${name} = 1`, touched: true, planted: true });
    return true;
  },
  'a circle of memory': inserted('average qe = qf keeping 0.5', 'average qf = qe * 2 keeping 0.5'),
  'a circle of lets': inserted('let qg = qh', 'let qh = 2 * qg'),
  'an average of spikes that keeps': inserted('average qi = pre.spike keeping 0.5'),
  'a mixed trace': inserted('trace qj = pre.spike + w over 5 ms'),
  'a time constant without a unit': inserted('trace qk = pre over 20'),
  'a start of another unit': inserted('average ql = pre over 20 ms from 5 mV'),
  'a changing time constant': inserted('trace qm = pre over 20 ms * post'),
  'an unknown scope': inserted('param qn = 1 per layer'),
  'a value outside of its range': inserted('param qo = 2 in [0, 1]'),
  'an interval of nothing': inserted('every 0 steps: average qp = w keeping 0.5'),
  'a memory whose unit grows': inserted('state qq = 1 then 5 mV * qq'),
  'two changes under the same clauses': (host, pick) => {
    const free = host.lines.filter(({ text, touched }) => !touched && /\bdw = /.test(text));
    if (free.length === 0) return false;
    const line = free[pick(free.length)]!;
    line.touched = true;
    const second = { ...line, planted: true };
    host.lines.splice(host.lines.indexOf(line) + 1, 0, second);
    return true;
  },
  'a signal that is sent': (host, pick) =>
    isRule(host) &&
    !host.lines.some(({ text }) => /^ {2}transmit/.test(text)) &&
    inserted('transmit w * pre')(host, pick),
};

const spelling: Readonly<Record<string, Plant>> = {
  'a missing `*`': (host, pick) =>
    changed(host, pick, /= .*\w \* \w/, (text) => text.replace(/(= .*?\w) \* (?=\w)/, '$1 ')),
  'an unknown unit': inserted('param ra = 20 msec'),
  'a bracket that is never closed': inserted('let rb = (w + 1'),
  'a bracket too many': inserted('let rc = w + 1)'),
  'a misspelt line': inserted('tracee rd = w over 5 ms'),
  'a line that stops': inserted('let re = w *'),
  'a stray character': inserted('let rf = w;'),
};

const kinds = { ...meaning, ...spelling };

const hosts: readonly Item[] = readdirSync(corpusFolder).flatMap((file) => {
  const text = readFileSync(new URL(file, corpusFolder), 'utf8');
  return parsed(text).filter((item) => errorsIn(printItem(item)).length === 0);
});

function errorsIn(text: string): Diagnostic[] {
  const source = { name: 'planted.rule', text };
  const { items, mistakes } = parseParts(source);
  const found = items.flatMap((item) => {
    const result =
      item.kind === 'rule'
        ? checkRule(item, source, wholeVocabulary)
        : checkSpace(item, source, wholeVocabulary);
    return result.ok ? [] : [...result.diagnostics];
  });
  return [...mistakes, ...found].sort((a, b) => a.span!.start - b.span!.start);
}

/** Plants three mistakes of these kinds; null where one of them cannot be made. */
function plant(
  items: readonly Item[],
  which: readonly { readonly kind: string; readonly host: number; readonly places: number }[],
): { text: string; lines: number[] } | null {
  const all = items.map((item): Host => {
    const lines = printItem(item).trimEnd().split('\n');
    return { item, lines: lines.map((text) => ({ text, touched: false, planted: false })) };
  });
  const misspelt = new Map<Host, number>();
  const wrong = new Map<Host, number>();
  for (const { kind, host: index, places } of which) {
    const host = all[index % all.length]!;
    const counts = kind in spelling ? misspelt : wrong;
    counts.set(host, (counts.get(host) ?? 0) + 1);
    if (!kinds[kind]!(host, (choices) => places % choices)) return null;
  }
  // A rule that cannot be read is not checked: one misspelling a rule, and nothing else in it.
  if (all.some((host) => misspelt.has(host) && (misspelt.get(host)! > 1 || wrong.has(host)))) {
    return null;
  }
  const lines = all.flatMap((host) => host.lines);
  const planted = lines.flatMap((line, k) => (line.planted ? [k + 1] : []));
  if (planted.length !== 3) return null;
  return { text: `${lines.map(({ text }) => text).join('\n')}\n`, lines: planted };
}

test('three planted mistakes of 39 kinds are three errors, each in its line (240 files)', () => {
  expect(hosts.length).toBeGreaterThan(80);
  expect(Object.keys(kinds).length).toBe(39);
  const made = new Map<string, number>();
  let files = 0;
  const which = fc.record({
    kind: fc.constantFrom(...Object.keys(kinds)),
    host: fc.nat(1000),
    places: fc.nat(1000),
  });
  const inputs = fc.sample(
    fc.tuple(
      fc.uniqueArray(fc.constantFrom(...hosts), { minLength: 3, maxLength: 5 }),
      fc.uniqueArray(which, { minLength: 3, maxLength: 3, selector: ({ kind }) => kind }),
    ),
    { numRuns: 800, seed: 11 },
  );
  for (const [items, plants] of inputs) {
    const file = files < 240 ? plant(items, plants) : null;
    if (!file) continue;
    files += 1;
    for (const { kind } of plants) made.set(kind, (made.get(kind) ?? 0) + 1);
    const source = { name: 'planted.rule', text: file.text };
    const found = errorsIn(file.text);
    const lines = found.map(({ span }) => placeOf(source, span!.start).line);
    const what = plants.map(({ kind }) => kind).join(', ');
    expect(lines, `${what}\n${file.text}\n${renderDiagnostics(found)}`).toEqual(file.lines);
  }
  expect(files).toBe(240);
  // Every kind was planted, and more than once.
  expect(Object.keys(kinds).filter((kind) => (made.get(kind) ?? 0) < 4)).toEqual([]);
}, 120_000);
