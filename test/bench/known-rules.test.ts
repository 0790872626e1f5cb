import { describe, expect, it } from 'vitest';
import { unknownWord, wrongFlagValue } from '../../src/base/diagnostics/usage.js';
import { Stream } from '../../src/base/random.js';
import {
  type AssessedLibrary,
  withNoise,
  withRows,
} from '../../src/bench/known-rules/assess-table.js';
import { KNOWN_RULES } from '../../src/bench/known-rules/cases.js';
import { NO_RULE_LIBRARY, NO_RULES } from '../../src/bench/known-rules/nothing.js';
import { type KnownRulesReport, runKnownRules } from '../../src/bench/known-rules/run.js';
import { scoreOf } from '../../src/bench/known-rules/score.js';
import { monomials, monomialText, termColumns } from '../../src/bench/known-rules/table.js';
import { printKnownRules } from '../../src/cli/print-known-rules.js';
import { styleFor } from '../../src/cli/style.js';
import type { AssessedTerm } from '../../src/infer/trust/assess.js';
import { document, golden, here } from '../cli/cli.js';

const ruleNamed = (id: string) => KNOWN_RULES.find((rule) => rule.id === id)!;

describe('recordings of known rules', () => {
  it.each(KNOWN_RULES.map((rule) => ({ id: rule.id, rule })))(
    '$id follow the rule, to rounding',
    ({ rule }) => {
      const table = rule.record(new Stream(1, 'test', rule.id));
      const names = rule.library.map(monomialText);
      expect([...rule.truth.keys()].filter((text) => !names.includes(text))).toEqual([]);
      const terms = [...rule.truth].map(([text, coefficient]) => ({
        coefficient,
        column: termColumns(table, [rule.library[names.indexOf(text)]!])[0]!,
      }));
      for (const [row, change] of table.target.entries()) {
        const sum = terms.reduce(
          (all, { coefficient, column }) => all + coefficient * column[row]!,
          0,
        );
        if (!(Math.abs(sum - change) < 1e-12)) throw new Error(`row ${row}: ${sum}, not ${change}`);
      }
      expect(table.target.length).toBeGreaterThan(5000);
    },
  );

  it('are looked for among as many terms as published', () => {
    expect(KNOWN_RULES.map(({ library }) => library.length)).toEqual([
      23, 23, 21, 31, 23, 23, 31, 50, 50, 51, 42, 42, 42, 42, 23, 23,
    ]);
    expect(monomials(['a', 'b'], 2).map(monomialText)).toEqual([
      '1',
      'a',
      'b',
      'a^2',
      'a * b',
      'b^2',
    ]);
  });

  it('have noise in units of the changes, and lose rows at random but not their order', () => {
    const table = ruleNamed('P02').record(new Stream(2, 'test'));
    const noisy = withNoise(table, 0.5, new Stream(2, 'noise'));
    const sd = (values: Float64Array) => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    };
    const added = noisy.target.map((value, row) => value - table.target[row]!);
    expect(sd(added) / sd(table.target)).toBeCloseTo(0.5, 2);
    const part = withRows(table, 300, new Stream(2, 'rows'));
    expect(part.target).toHaveLength(300);
    const t = part.columns.get('t')!;
    expect([...t]).toEqual([...t].sort((a, b) => a - b));
  });

  it('without a rule have signals, and changes that are not made of them', () => {
    for (const { record, id } of NO_RULES) {
      const table = record(new Stream(3, 'test', id), 3);
      expect(termColumns(table, NO_RULE_LIBRARY)).toHaveLength(23);
      expect(table.target.every(Number.isFinite)).toBe(true);
    }
    expect(() =>
      termColumns({ columns: new Map(), target: new Float64Array(1) }, [{ x: 1 }]),
    ).toThrow(RangeError);
  });
});

describe('scores', () => {
  const columns = [Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6), Float64Array.of(1, 0, 0)];
  const library = [{ a: 1 }, { b: 1 }, { c: 1 }];
  const scored = (terms: Partial<AssessedTerm>[], truth: [string, number][]) =>
    scoreOf({ columns, terms } as unknown as AssessedLibrary, library, new Map(truth));
  const term = (column: number, coefficient: number, more: Partial<AssessedTerm> = {}) => ({
    column,
    coefficient,
    interval: [coefficient - 0.1, coefficient + 0.1] as const,
    verdict: 'established' as const,
    ...more,
  });

  it('count the rule, all of it and nothing else', () => {
    const truth: [string, number][] = [
      ['a', 1],
      ['c', -2],
    ];
    expect(scored([term(0, 1.05), term(2, -2.5)], truth)).toMatchObject({
      isRight: true,
      error: 0.25,
      intervals: 2,
      covered: 1,
      established: 2,
      establishedTrue: 2,
    });
    expect(scored([term(0, 1)], truth).isRight).toBe(false);
    const unsure = term(2, -2, { verdict: 'not identifiable' });
    expect(scored([term(0, 1), unsure], truth).isRight).toBe(false);
    expect(scored([], [])).toMatchObject({ isRight: true, error: null });
  });

  it('take a column that is the same for the term itself, and any other for a false one', () => {
    expect(scored([term(1, 1)], [['a', 1]]).isRight).toBe(true);
    expect(scored([term(0, 1), term(1, 1)], [['a', 1]]).isRight).toBe(false);
    const wrong = scored([term(2, 1)], [['a', 1]]);
    expect(wrong).toMatchObject({ isRight: false, established: 1, establishedTrue: 0 });
    expect(wrong.reported).toBe('1.00 c');
  });
});

describe('engrammar bench known-rules', () => {
  it('finds Hebb in noise, and no rule in noise alone', () => {
    const lines: string[] = [];
    const report = runKnownRules({
      rules: [ruleNamed('P01')],
      noRules: NO_RULES,
      noises: [0.1],
      seeds: 1,
      nullSeeds: 1,
      rows: 1000,
      onProgress: (line) => lines.push(line),
    });
    expect(lines).toEqual(['P01 Hebb, noise 0.1: 1 of 1 right']);
    expect(report).toMatchObject({ established: 1, establishedTrue: 1 });
    expect(report.noises).toMatchObject([{ noise: 0.1, recordings: 1, right: 1, intervals: 1 }]);
    expect(report.noRules).toMatchObject([
      { case: 'noise', withTerms: 0, withEstablished: 0 },
      { case: 'drift', withTerms: 0 },
    ]);
    expect(report.rows[0]!.error).toBeLessThan(0.05);
  });

  it('is a command', { timeout: 60_000 }, async () => {
    const command = 'bench known-rules P16 --seeds 1 --without-rule 0 --rows 1000';
    const report = await document<KnownRulesReport & { schemaVersion: number }>(
      command.split(' '),
      here,
    );
    expect(report).toMatchObject({ schemaVersion: 1, rowsOfEach: 1000 });
    expect(report.rows.map(({ noise, right }) => [noise, right])).toContainEqual([0, 1]);
  });

  it.each([
    ['P17', unknownWord({ what: 'case', given: 'P17', known: ['P16'], listedBy: '' })],
    ['--seeds 0', wrongFlagValue({ option: '--seeds', given: '0', expected: [] })],
    ['--rows 9', wrongFlagValue({ option: '--rows', given: '9', expected: [] })],
  ] as const)('bench known-rules %s', async (line, told) => {
    const { code, stdout, stderr } = await here(['bench', 'known-rules', ...line.split(' ')]);
    expect(stderr.split('\n')[0]).toBe(`${told.code} ${told.message}`);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('is printed as tables', async () => {
    const style = styleFor({}, { NO_COLOR: '1', COLUMNS: '110' });
    const row = {
      case: 'P02',
      name: 'Oja',
      formula: 'y (x - y w)',
      library: 23,
      seeds: 5,
      intervals: 10,
      covered: 9,
      established: 10,
      establishedTrue: 10,
      tentative: 1,
      tentativeTrue: 0,
      terms: 10,
      irrepresentable: 0.99,
      msPerFit: 800,
    };
    const report: KnownRulesReport = {
      rows: [
        { ...row, noise: 0, right: 5, error: 4e-16, wrong: [] },
        {
          ...row,
          noise: 0.5,
          right: 4,
          error: 0.0123,
          wrong: [{ seed: 3, reported: '0.9 x * y' }],
        },
      ],
      noRules: [
        {
          case: 'noise',
          name: 'white noise',
          seeds: 20,
          withEstablished: 0,
          withTerms: 1,
          established: 0,
          tentative: 2,
        },
      ],
      noises: [
        { noise: 0, recordings: 5, right: 5, error: 4e-16, intervals: 10, covered: 9 },
        { noise: 0.5, recordings: 5, right: 4, error: 0.0123, intervals: 10, covered: 9 },
      ],
      established: 20,
      establishedTrue: 20,
      tentative: 4,
      tentativeTrue: 0,
      rowsOfEach: null,
    };
    await expect(`${printKnownRules(report, style)}\n`).toMatchFileSnapshot(
      golden('known-rules.txt'),
    );
  });
});
