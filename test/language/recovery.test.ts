import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { placeOf } from '../../src/base/source.js';
import { parse } from '../../src/language/parse.js';

const lines = [
  'about "what it does" "and why"',
  'param eta = 0.01, tau = 20 ms in [5 ms, 100 ms] fit',
  'let kept = exp(-(dt / tau)) * (1 - eta)',
  'trace x = pre.spike * (1 + eta) over tau since trial.start',
  'average y = post^2 keeping min(0.95, eta)',
  'state z = 0 then abs(z) * (kept + x)',
  'on post.spike: dw = eta * (x - w)',
  'at trial.end: dw = -eta * min(x, y) / tau',
  'during free: trace g = post.noise * sum_pre(pre * w) since trial.start',
  'every 10 steps: set w = w / sqrt(sum_pre(w * w))',
  'bound w in [-(1), max(1, eta)]',
  'transmit w * (1 - x)',
] as const;

/** Each breaks a line once. A mutator returns null for a line it does not apply to. */
const mistakes: Readonly<Record<string, (line: string) => string | null>> = {
  'ends too early': (line) => (line.includes('"') ? null : `${line} *`),
  'closing bracket too many': (line) => (line.includes('=') ? `${line})` : null),
  'bracket not closed': (line) => {
    const at = line.lastIndexOf(')');
    return at < 0 || line.includes('[') ? null : line.slice(0, at) + line.slice(at + 1);
  },
  'no equals sign': (line) => (line.includes(' = ') ? line.replace(' = ', ' ') : null),
  'two equals signs': (line) => (line.includes(' = ') ? line.replace(' = ', ' = = ') : null),
  'misspelt first word': (line) => line.replace(/^(\w+)/, '$1e'),
  'stray character': (line) => `${line} $`,
  // `eta (x)` is a call, which the checker refuses; so only before a name.
  'two operands': (line) => (/ \* \w/.test(line) ? line.replace(/ \* (?=\w)/, ' ') : null),
  'two operators': (line) => (line.includes(' * ') ? line.replace(' * ', ' * / ') : null),
  'no colon': (line) => (line.includes(': ') ? line.replace(': ', ' ') : null),
  'unknown unit': (line) => (line.includes(' ms') ? line.replace(/ ms\b/, ' msec') : null),
  'text not closed': (line) => (line.endsWith('"') ? line.slice(0, -1) : null),
};

const threeMistakes = fc
  .record({
    order: fc.shuffledSubarray([...lines], { minLength: 5, maxLength: 10 }),
    places: fc.uniqueArray(fc.nat(4), { minLength: 3, maxLength: 3 }),
    which: fc.tuple(...([0, 1, 2] as const).map(() => fc.constantFrom(...Object.keys(mistakes)))),
  })
  .map(({ order, places, which }) => {
    const planted: number[] = [];
    const broken = order.map((line, index) => {
      const k = places.indexOf(index);
      const changed = k < 0 ? null : mistakes[which[k]!]!(line);
      if (changed !== null) planted.push(index + 2);
      return changed ?? line;
    });
    return { text: `rule planted {\n${broken.map((l) => `  ${l}\n`).join('')}}\n`, planted };
  })
  .filter(({ planted }) => planted.length === 3);

describe('recovery', () => {
  test('the lines are right as they are', () => {
    const text = `rule sound {\n${lines.join('\n')}\n}`;
    expect(parse({ name: 'sound', text }).ok).toBe(true);
  });

  test('three planted mistakes are three diagnostics, each in its line (400 files)', () => {
    fc.assert(
      fc.property(threeMistakes, ({ text, planted }) => {
        const source = { name: 'planted.rule', text };
        const result = parse(source);
        const diagnostics = result.ok ? [] : result.diagnostics;
        const found = diagnostics.map((d) => placeOf(source, d.span!.start).line);
        expect(found, `${text}\n${renderDiagnostics(diagnostics)}`).toEqual(planted);
      }),
      { numRuns: 400, seed: 4 },
    );
  }, 60_000);

  test('mistakes in several items are all found', () => {
    const text = 'rule a {\n dw = w w\n}\nrul b {\n dw = w +\n}\nspace c {\n term = *\n}\n';
    const source = { name: 'items.rule', text };
    const result = parse(source);
    const lines = result.ok
      ? []
      : result.diagnostics.map((d) => placeOf(source, d.span!.start).line);
    expect(lines).toEqual([2, 4, 5, 8]);
  });
});
