import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, pairs, section, table, tables, wrap, wrapFormula } from '../../src/cli/layout.js';
import { clock, describeProgress } from '../../src/cli/progress.js';
import { styleFor } from '../../src/cli/style.js';

const plain = styleFor({}, {});
const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });

describe('wrapped text', () => {
  it('keeps all its words, and no line is longer than asked unless one word is', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 5, max: 60 }), (list, width) => {
        const lines = wrap(list.join(' '), width);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe('a wrapped formula', () => {
  const piece = fc.constantFrom(
    'post',
    'sum_post(post * w)',
    'eta * pre',
    '\\Delta w_{ij}',
    '\n  b',
  );
  const formulas = fc.array(piece, { minLength: 1, maxLength: 20 }).map((all) => all.join(' + '));

  it('is the same formula: only line breaks and spaces are added', () => {
    const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
    fc.assert(
      fc.property(formulas, fc.integer({ min: 30, max: 90 }), (text, width) => {
        const wrapped = wrapFormula(text, width);
        expect(flat(wrapped)).toBe(flat(text));
        for (const line of wrapped.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      }),
      { seed: 1 },
    );
  });

  it('is broken before outer sums rather than inside summands', () => {
    const text = '  dw = -F0 * post.error * pre - F3 * w + F9 * post * (pre - sum_post(post * w))';
    expect(wrapFormula(text, 60).split('\n')).toEqual([
      '  dw = -F0 * post.error * pre - F3 * w',
      '      + F9 * post * (pre - sum_post(post * w))',
    ]);
    expect(wrapFormula('a = b * (cc - dd) * (ee + ff) * gg', 22).split('\n')).toEqual([
      'a = b * (cc - dd)',
      '    * (ee + ff) * gg',
    ]);
  });

  it('leaves quoted text and short lines as they are', () => {
    const text = 'about "a long text - with words in it"\n  dw = a + b';
    expect(wrapFormula(text, 20)).toBe(text);
  });
});

describe('a table', () => {
  it('aligns its columns, numbers to the right', () => {
    const rows = [
      ['a', '1', 'first'],
      ['long', '1000', 'second'],
    ];
    expect(table(['name', 'n', 'text'], rows, plain, ['n'])).toBe(
      ['name     n  text', 'a        1  first', 'long  1000  second'].join('\n'),
    );
  });

  it('wraps its last column under itself on a narrow terminal', () => {
    const style = styleFor({ columns: 40 }, {});
    const meaning = 'one two three four five six seven eight nine';
    expect(table(['name', 'meaning'], [['x', meaning]], style).split('\n')).toEqual([
      'name  meaning',
      'x     one two three four five six seven',
      '      eight nine',
    ]);
  });
});

describe('small things', () => {
  it('counts', () => {
    expect([count(1, 'term'), count(0, 'term'), count(12345, 'task')]).toEqual([
      '1 term',
      '0 terms',
      '12,345 tasks',
    ]);
  });

  it('indents sections and aligns pairs', () => {
    expect(section('Head', 'a\n\nb', plain)).toBe('Head\n  a\n\n  b');
    expect(
      pairs(
        [
          ['a', 'x'],
          ['bcd', 'y'],
        ],
        plain,
      ),
    ).toBe('a    x\nbcd  y');
  });

  it('tells the time', () => {
    expect([0, 45, 59.6, 723, 3723].map(clock)).toEqual([
      '0:00',
      '0:45',
      '1:00',
      '12:03',
      '1:02:03',
    ]);
  });

  it('estimates the time left from the episodes done', () => {
    expect(describeProgress({ done: 250, expected: 1000, seconds: 30 })).toBe(
      '250 of 1,000 episodes (25 %), 0:30 gone, about 1:30 left',
    );
    expect(describeProgress({ done: 0, expected: 1000, seconds: 0 })).toBe(
      '0 of 1,000 episodes (0 %), 0:00 gone',
    );
  });
});

describe('colours', () => {
  const sequence = '\u001b[';
  const painted = (screen: object, env: NodeJS.ProcessEnv): boolean =>
    styleFor(screen, env).heading('x').includes(sequence);

  it('are for terminals alone, and neither for NO_COLOR nor for a dumb one', () => {
    expect(painted({ isTTY: true }, {})).toBe(true);
    expect(painted({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(painted({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(painted({}, {})).toBe(false);
    expect(painted({}, { FORCE_COLOR: '1' })).toBe(true);
    expect(painted({}, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});

describe('a table of numbers on a narrow terminal', () => {
  const headings = ['figure', 'one', 'two', 'three'];
  const rows = [
    ['loss', '0.345 [0.332, 0.359]', '0.282 [0.201, 0.325]', '0.237 [0.199, 0.282]'],
    ['tasks', '4', '4', '4'],
  ];

  it('is several with the same first column', () => {
    const text = tables(headings, rows, { ...plain, width: 60 });
    expect(text.split('\n')).toEqual([
      'figure                   one                   two',
      'loss    0.345 [0.332, 0.359]  0.282 [0.201, 0.325]',
      'tasks                      4                     4',
      '',
      'figure                 three',
      'loss    0.237 [0.199, 0.282]',
      'tasks                      4',
    ]);
    const narrow = tables(headings, rows, { ...plain, width: 10 });
    expect(narrow.split('\n\n')).toHaveLength(3);
  });

  it('is one table where there is room', () => {
    expect(tables(headings, rows, plain)).toBe(table(headings, rows, plain, headings.slice(1)));
  });
});
