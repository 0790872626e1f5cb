import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tokenize } from '../../grammar/lexer.js';
import { parse, parseExpression } from '../../src/language/parse.js';
import { printExpression, printItems } from '../../src/language/print.js';
import { corpusFolder, diagnose, parsed } from './helpers.js';

const catalogue = readFileSync(new URL('catalogue.rule', corpusFolder), 'utf8');

const extremes: Readonly<Record<string, string>> = {
  'a megabyte of rules': catalogue.repeat(140),
  'a megabyte of brackets': '('.repeat(1_000_000),
  '10,000 brackets': `rule a { dw = ${'('.repeat(10_000)}w${')'.repeat(10_000)} }`,
  '10,000 open brackets': `rule a { dw = ${'('.repeat(10_000)}`,
  '10,000 signs': `rule a { dw = ${'-'.repeat(10_000)}w }`,
  '10,000 powers': `rule a { dw = ${'w^'.repeat(10_000)}w }`,
  '3,000 ifs': `rule a { dw = ${'if w > 0 then w else '.repeat(3_000)}w }`,
  '5,000 lines': `rule a { ${'param b = 1\n'.repeat(5_000)} }`,
  '3,000 parameters in a line': `rule a { param b = 1${', b = 1'.repeat(2_400)} }`,
  '4,900 alternatives': `space a { term = w ${'| w '.repeat(4_900)} }`,
  '900 alternatives': `space a { term = w ${'| w '.repeat(900)} }`,
  '1,600 lines': `rule a { ${'let b = w\n'.repeat(1_600)} dw = b }`,
  'a sum of 900': `rule a { dw = ${Array(900).fill('pre * post').join(' + ')} }`,
  '39,000 rules without anything': 'rule\n'.repeat(39_000),
  'stray characters': '$'.repeat(199_000),
  'stray characters apart': '$ '.repeat(99_000),
  quotes: '"'.repeat(199_000),
  digits: `rule a { dw = ${'9'.repeat(190_000)} }`,
  'one long name': `rule a { dw = ${'x'.repeat(190_000)} }`,
  'one long text': `rule a { about "${'x'.repeat(190_000)}" dw = w }`,
  blanks: ' '.repeat(199_000),
  braces: '{'.repeat(190_000),
  'a mistake in every line': `rule a {\n${'dw = * w\n'.repeat(2_000)}}`,
};

describe('texts of any size and depth', () => {
  test.each(Object.entries(extremes))('%s: an answer within 2 s', (_, text) => {
    const started = performance.now();
    const found = diagnose(text);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(found.length).toBeLessThanOrEqual(5_001);
  });

  test('what is within the limits is read: 180 brackets, a sum of 900, 180 signs', () => {
    for (const text of [
      `${'('.repeat(180)}w${')'.repeat(180)}`,
      Array(900).fill('pre * post').join(' + '),
      `${'-'.repeat(180)}w`,
    ]) {
      const result = parseExpression({ name: 'text', text });
      expect(result.ok && printExpression(result.value).length).toBeGreaterThan(0);
    }
  });
});

describe('spelling', () => {
  test('Greek letters, other signs, byte order marks and carriage returns', () => {
    const text =
      '\uFEFFrule learning\r\n{ param η = 0.5 +/- 0.1, Θ = 1\r\nΔw = η·post²×pre − Θ # done\r\n  Δw/dt = if w ≤ 1 then w³ else 0 }';
    expect(printItems(parsed(text))).toBe(`rule learning {
  param eta = 0.5 ± 0.1, Theta = 1
  dw = eta * post^2 * pre - Theta
  dw/dt = if w <= 1 then w^3 else 0
}
`);
  });

  test('a number and its unit are one word only on one line', () => {
    const kinds = (text: string): string[] => tokenize(text).map((token) => token.type);
    expect(kinds('20 ms')).toEqual(['quantity']);
    expect(kinds('13.7ms')).toEqual(['quantity']);
    expect(kinds('8e-5 per mV per mV')).toEqual(['quantity']);
    expect(kinds('20\nms')).toEqual(['number', 'name']);
    expect(kinds('20 msec')).toEqual(['number', 'name']);
    expect(kinds('20 * s')).toEqual(['number', 'times', 'name']);
    expect(kinds('5 per pre')).toEqual(['number', 'keyword', 'name']);
  });

  test('words are compared whole', () => {
    const text = 'rule format { let iffy = online let dwell = ruled dw = iffy * dwell }';
    expect(parse({ name: 'text', text }).ok).toBe(true);
  });

  test('two readings at once do not disturb each other', () => {
    const [first, second] = ['rule a { dw = w }', 'rule b { dw = pre * '];
    const apart = [parse({ name: 'a', text: first }), parse({ name: 'b', text: second })];
    const again = [parse({ name: 'a', text: first }), parse({ name: 'b', text: second })];
    expect(again).toEqual(apart);
  });

  test('quotes and backslashes in texts come back', () => {
    const text = 'rule a {\n  about "a \\"b\\" \\\\ c" "\\\\d"\n  dw = w\n}\n';
    expect(printItems(parsed(text))).toBe(text);
  });
});
