import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Token, tokenize } from '../../grammar/lexer.js';
import { sameDimension } from '../../src/base/dimension.js';
import { checkExpression, checkRule, inferExpression, tagReads } from '../../src/language/check.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { printItem } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { corpusFolder, parsed } from './helpers.js';

/** What the checker accepts is in order piece by piece, however the rule came about. */

const items = readdirSync(corpusFolder).flatMap((file) =>
  parsed(readFileSync(new URL(file, corpusFolder), 'utf8')).flatMap((item) =>
    item.kind === 'rule' ? [printItem(item)] : [],
  ),
);

const isName = ({ type }: Token): boolean => type === 'name';
const isSign = ({ text }: Token): boolean => ['+', '-', '*', '/'].includes(text);
const isNumber = ({ type }: Token): boolean => type === 'number' || type === 'quantity';

/** One word of a rule replaced by another of its kind. */
function varied(text: string, where: number, what: number): string {
  const tokens: Token[] = tokenize(text);
  const groups = [isName, isSign, isNumber].map((is) => tokens.filter(is));
  const group = groups[what % 3]!;
  if (group.length === 0) return text;
  const old = group[where % group.length]!;
  const others = what % 3 === 1 ? ['+', '-', '*', '/'] : group.map((token) => token.text);
  const other = others[what % others.length]!;
  return text.slice(0, old.offset) + other + text.slice(old.offset + old.text.length);
}

function expectOrder({ changes, memory, scope, transmit, reads }: CheckedRule): void {
  const seen = new Set<string>();
  for (const { form, value } of changes) {
    expect(tagReads(value, scope, false)).toEqual(value);
    const { dimension } = inferExpression(value, scope);
    if (form === 'dw/dt') expect([0, -1]).toContain(dimension.time);
    else expect(checkExpression(value, scope).ok).toBe(true);
    for (const name of inferExpression(value, scope).reads) seen.add(name);
  }
  for (const { name, kind, value, ofSpikes } of memory) {
    const facts = inferExpression(value, scope);
    const known = scope.memories.get(name)!;
    const expected = { ...facts.dimension };
    if (kind === 'average' && ofSpikes) Object.assign(expected, { time: expected.time - 1 });
    const isZero = value.kind === 'number' && value.measure.number === 0;
    expect(isZero || kind === 'draw' || sameDimension(expected, known.dimension)).toBe(true);
    expect([known.extent, 'synapse']).toContain(
      facts.extent === 'global' ? known.extent : joined(facts.extent, known.extent),
    );
    for (const read of facts.reads) expect(known.reads.has(read)).toBe(true);
  }
  if (transmit) expect(checkExpression(transmit, scope).ok).toBe(true);
  for (const name of seen) expect(reads).toContain(name);
}

const joined = (a: string, b: string): string => (a === b ? a : 'synapse');

test('rules with up to three words exchanged: accepted ones are in order in all their parts', () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...items),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 3 }),
      (item, changes) => {
        const text = changes.reduce((before, [where, what]) => varied(before, where, what), item);
        const result = parse({ name: 'varied', text });
        if (!result.ok) return;
        for (const rule of result.value) {
          if (rule.kind !== 'rule') continue;
          const checked = checkRule(rule, { name: 'varied', text }, wholeVocabulary);
          if (!checked.ok) continue;
          accepted += 1;
          expectOrder(checked.value);
        }
      },
    ),
    { numRuns: 1000, seed: 8 },
  );
  expect(accepted).toBeGreaterThan(200);
}, 60_000);
