import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Token, tokenize } from '../../grammar/lexer.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { unitMeaning } from '../../src/base/units.js';
import { checkRule, checkSpace } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import { printItem } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { corpusFolder, parsed } from './helpers.js';

const items = readdirSync(corpusFolder).flatMap((file) =>
  parsed(readFileSync(new URL(file, corpusFolder), 'utf8')).map(printItem),
);
const words = [...new Set(items.flatMap((text) => tokenize(text).map((token) => token.text)))];
const noise = ['$', '"', "'", ';', '\\', '²', '±', '€', '😀', '\u0000', '((((', '}}', 'é', '1e999'];

const mutation = fc.record({
  where: fc.nat(),
  what: fc.constantFrom('delete', 'double', 'swap', 'replace', 'insert', 'cut'),
  word: fc.constantFrom(...words, ...noise),
});

function mutate(
  text: string,
  { where, what, word }: { where: number; what: string; word: string },
) {
  const tokens: Token[] = tokenize(text);
  if (tokens.length === 0) return text;
  const token = tokens[where % tokens.length]!;
  const [start, end] = [token.offset, token.offset + token.text.length];
  const [before, after] = [text.slice(0, start), text.slice(end)];
  switch (what) {
    case 'delete':
      return `${before} ${after}`;
    case 'double':
      return `${before}${token.text} ${token.text}${after}`;
    case 'swap':
      return `${before}${after.trimStart().split(/\s/)[0]} ${token.text} ${after}`;
    case 'replace':
      return `${before} ${word} ${after}`;
    case 'insert':
      return `${before} ${word} ${token.text}${after}`;
    default:
      return before;
  }
}

// Units are loaded with the first one that is met; that is not what is timed here.
unitMeaning('ms');

test('3,000 mutated rules and spaces: a value or diagnostics with places, never anything else', () => {
  let refused = 0;
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...items),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      (item, mutations) => {
        const text = mutations.reduce(mutate, item);
        const source = { name: 'mutated', text };
        const started = performance.now();
        const result = parse(source);
        if (result.ok) {
          accepted += 1;
          for (const each of result.value) {
            const checked =
              each.kind === 'rule'
                ? checkRule(each, source, wholeVocabulary)
                : checkSpace(each, source, wholeVocabulary);
            if (!checked.ok) expect(renderDiagnostics(checked.diagnostics)).not.toBe('');
          }
        } else {
          refused += 1;
          expect(result.diagnostics.length).toBeGreaterThan(0);
          for (const diagnostic of result.diagnostics) {
            expect(diagnostic.span).toBeDefined();
            expect(diagnostic.expected?.length ?? 0).toBeLessThanOrEqual(6);
            expect(diagnostic.message).not.toMatch(/undefined|\[object|NaN/);
          }
          expect(renderDiagnostics(result.diagnostics)).toContain('mutated:');
        }
        expect(performance.now() - started).toBeLessThan(2000);
      },
    ),
    { numRuns: 3000, seed: 3 },
  );
  // Both ways out were taken.
  expect(refused).toBeGreaterThan(1000);
  expect(accepted).toBeGreaterThan(50);
}, 120_000);
