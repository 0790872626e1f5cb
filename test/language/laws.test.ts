import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Expression } from '../../src/language/ast.js';
import { partsOf } from '../../src/language/check/walk.js';
import { parse, parseExpression } from '../../src/language/parse.js';
import { printExpression, printItem } from '../../src/language/print.js';
import { corpusFolder, parsed, withoutSpans } from './helpers.js';
import { randomItem } from './random-items.js';

// The parser throws on a second parse, so every run also says that the text has exactly one.
test('parse(print(x)) is x, for 5,000 random rules and spaces', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(randomItem, (item) => {
      for (const line of item.lines) kinds.add(line.kind);
      const text = printItem(item);
      const back = parsed(text);
      expect(withoutSpans(back)).toEqual([withoutSpans(item)]);
      expect(printItem(back[0]!)).toBe(text);
    }),
    { numRuns: 5000, seed: 1 },
  );
  expect([...kinds].sort()).toEqual(
    [
      ...['average', 'bound', 'change', 'choice', 'draw', 'drop', 'keep', 'keeping sign', 'let'],
      ...['note', 'param', 'state', 'term', 'trace', 'transmit', 'whiten'],
    ].sort(),
  );
}, 120_000);

test('print writes as few brackets as keep the tree: none can be left out', () => {
  fc.assert(
    fc.property(randomItem, (item) => {
      for (const line of item.lines) {
        if (line.kind !== 'let') continue;
        const text = printExpression(line.value);
        for (const [open, close] of groupsIn(text)) {
          const without = `${text.slice(0, open)} ${text.slice(open + 1, close)} ${text.slice(close + 1)}`;
          const result = parseExpression({ name: 'text', text: without });
          if (result.ok) expect(withoutSpans(result.value)).not.toEqual(withoutSpans(line.value));
        }
      }
    }),
    { numRuns: 500, seed: 2 },
  );
}, 60_000);

/** Pairs of brackets that group, rather than hold arguments. */
function groupsIn(text: string): [number, number][] {
  const pairs: [number, number][] = [];
  const open: number[] = [];
  [...text].forEach((character, i) => {
    if (character === '(') open.push(i);
    if (character === ')') {
      const start = open.pop()!;
      if (!/\w/.test(text[start - 1] ?? '')) pairs.push([start, i]);
    }
  });
  return pairs;
}

test('the span of every part of the corpus holds the text of that part', () => {
  let parts = 0;
  for (const file of readdirSync(corpusFolder)) {
    const text = readFileSync(new URL(file, corpusFolder), 'utf8');
    const result = parse({ name: file, text });
    if (!result.ok) throw new Error(file);
    const see = (expression: Expression): void => {
      const slice = text.slice(expression.span.start, expression.span.end);
      if (slice !== '²') {
        const again = parseExpression({ name: 'slice', text: slice });
        expect(again.ok && withoutSpans(again.value)).toEqual(withoutSpans(expression));
      }
      parts += 1;
      partsOf(expression).forEach(see);
    };
    for (const line of result.value.flatMap((item) => [...item.lines])) {
      if ('value' in line && typeof line.value === 'object') see(line.value);
    }
  }
  expect(parts).toBeGreaterThan(1000);
}, 60_000);
