import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/algebra/canonical.js';
import { enumerate } from '../../src/algebra/enumerate.js';
import { latexTerm } from '../../src/algebra/latex-synapse.js';
import { machineForm } from '../../src/algebra/machine-form.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { Stream } from '../../src/base/random.js';
import { catalogueFiles } from '../../src/catalogue/shelves.js';
import { diagnosticDocument } from '../../src/cli/json.js';
import { attempt, describeRule } from '../../src/compile.js';
import type { Item } from '../../src/language/ast.js';
import { checkRule } from '../../src/language/check/rule.js';
import { checkSpace } from '../../src/language/check/space.js';
import { parse } from '../../src/language/parse.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { mutate } from '../tasks/mutate.js';

const MUTATED = 3000;
const MOST_MILLISECONDS = 2000;

/** What a person who mistypes puts where it does not belong. */
const WORDS = [
  ...'( ) { } [ ] + - * / ^ = , : | @ . # " ± ² η 0 1e999 1e-999 99999999999999999999'.split(' '),
  ...'rule space param let dw term choice keep drop set if then else and or inf per fit'.split(' '),
  ...'pre post w post.error pre.error sum_all( sum_post( max( exp( 1/0 0^0 20 ms mV'.split(' '),
  ' ^ 64 ',
  ' ^ 1000000 ',
  ' / (post - post) ',
  '\n',
  ' ',
  '\u0000',
  '😀',
  '((((((((((((((((((((',
];

/** The rules and spaces of the catalogue, and those of the language's own tests, one text an item. */
function texts(): string[] {
  const corpus = ['catalogue', 'examples', 'paper', 'seeds'].map(
    (name) => new URL(`../fixtures/corpus/${name}.rule`, import.meta.url),
  );
  const files = [...catalogueFiles().map(({ path }) => path), ...corpus];
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const items = parse({ name: 'corpus', text });
    if (!items.ok) throw new Error(renderDiagnostics(items.diagnostics));
    return items.value.map(({ span }) => text.slice(span.start, span.end));
  });
}

/** Everything that is done with a text, as far as it gets; the diagnostics must be printable too. */
function treat(text: string): 'refused' | 'checked' {
  const source = { name: 'mutated', text };
  const items = parse(source);
  const results = items.ok ? items.value.map((item) => processItem(item, source)) : [items];
  for (const result of results) {
    const diagnostics = result.ok ? result.warnings : result.diagnostics;
    if (!result.ok && diagnostics.length === 0) throw new Error('refused without a reason');
    renderDiagnostics(diagnostics);
    const places = diagnostics.map(diagnosticDocument);
    if (JSON.stringify(places).includes('NaN')) throw new Error('NaN in a diagnostic');
  }
  return results.some(({ ok }) => ok) ? 'checked' : 'refused';
}

function processItem(item: Item, source: { name: string; text: string }) {
  if (item.kind === 'rule') {
    const rule = checkRule(item, source, wholeVocabulary);
    return rule.ok ? describeRule(rule.value) : rule;
  }
  const space = checkSpace(item, source, wholeVocabulary);
  if (!space.ok) return space;
  const library = enumerate(space.value);
  if (!library.ok) return library;
  return attempt(source, () => {
    const { scope } = space.value;
    for (const { expression } of library.value.terms.slice(0, 50)) {
      const form = normalForm(expression, scope);
      canonicalText(form);
      machineForm(form);
      latexTerm(expression, scope);
    }
  });
}

/** One to three words lost, doubled, exchanged, or replaced by one from elsewhere. */
function mistype(text: string, stream: Stream): string {
  const words = text.match(/\s+|[\w.]+|[^\w\s]/g) ?? [];
  for (let edits = 1 + stream.integer(3); edits > 0; edits--) {
    const at = stream.integer(words.length);
    const other = stream.integer(words.length);
    const choice = stream.integer(5);
    if (choice === 0) words.splice(at, 1);
    else if (choice === 1) words.splice(at, 0, words[other] ?? '');
    else if (choice === 2) words[at] = words[other] ?? '';
    else if (choice === 3) [words[at], words[other]] = [words[other] ?? '', words[at] ?? ''];
    else words[at] = WORDS[stream.integer(WORDS.length)]!;
  }
  return words.join('');
}

describe('mutated rules and spaces', () => {
  it(`${MUTATED} of them: no exception, none over ${MOST_MILLISECONDS} ms`, () => {
    const originals = texts();
    // What is whole before is what can be nearly whole after. (This loads everything once, too.)
    const whole = originals.filter((text) => treat(text) === 'checked');
    expect(whole.length).toBeGreaterThan(20);
    const stream = new Stream(20, 'mutated rules');
    const counts = { refused: 0, checked: 0 };
    const broken: string[] = [];
    let slowest = { milliseconds: 0, text: '' };
    for (let i = 0; i < MUTATED; i++) {
      const pool = i % 3 === 0 ? originals : whole;
      const original = pool[stream.integer(pool.length)]!;
      const bytes = i % 2 === 0 ? mutate(Buffer.from(original), stream, WORDS) : null;
      const text = bytes ? bytes.toString('utf8') : mistype(original, stream);
      const began = performance.now();
      try {
        counts[treat(text)] += 1;
      } catch (error) {
        broken.push(`${error instanceof Error ? error.stack : error}\nin\n${text}`);
      }
      const milliseconds = performance.now() - began;
      if (milliseconds > slowest.milliseconds) slowest = { milliseconds, text };
    }
    console.log(
      `${originals.length} originals (${whole.length} whole), ${MUTATED} mutated: ` +
        `${counts.refused} refused, ${counts.checked} without mistakes, ` +
        `${broken.length} exceptions; slowest ${slowest.milliseconds.toFixed(0)} ms`,
    );
    expect(broken.slice(0, 3).join('\n\n')).toBe('');
    expect(slowest.milliseconds, slowest.text).toBeLessThan(MOST_MILLISECONDS);
    // The mutations must reach both sides, or nothing was tested.
    expect(counts.refused).toBeGreaterThan(MUTATED / 10);
    expect(counts.checked).toBeGreaterThan(MUTATED / 10);
  }, 180_000);
});
