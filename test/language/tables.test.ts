import { describe, expect, test } from 'vitest';
import { RESERVED_WORDS } from '../../grammar/lexer.js';
import { PLAIN, TIME, VOLTAGE } from '../../src/base/dimension.js';
import { inBaseUnits } from '../../src/base/units.js';
import {
  functionNamed,
  functionNames,
  languageFunctions,
  reductionNamed,
  reductions,
} from '../../src/language/functions.js';
import { parseExpression } from '../../src/language/parse.js';
import { GRADES, signalNamed } from '../../src/language/signals.js';
import { tableOffering, wholeVocabulary } from '../../src/language/vocabulary.js';

describe('the vocabulary', () => {
  const { signals } = wholeVocabulary;

  test('holds every signal of the language once, each of which can be written', () => {
    expect(signals.length).toBe(26);
    expect(new Set(signals.map((signal) => signal.name)).size).toBe(26);
    for (const { name, meaning } of signals) {
      const result = parseExpression({ name: 'signal', text: name });
      expect(result.ok && result.value.kind).toBe('name');
      expect(meaning).toMatch(/\.$/);
    }
  });

  test('says extents and grades as the names promise', () => {
    for (const { name, extent, grade } of signals) {
      expect(GRADES).toContain(grade);
      if (name.endsWith('.size')) expect(extent).toBe('global');
      else if (name.startsWith('pre')) expect(extent).toBe('pre');
      else if (name.startsWith('post')) expect(extent).toBe('post');
      else if (name.startsWith('w')) expect(extent).toBe('synapse');
      else expect(extent).toBe('global');
    }
    expect(signals.filter((s) => s.event).map((s) => s.name)).toEqual(['pre.spike', 'post.spike']);
    expect(signalNamed(wholeVocabulary, 'post.voltage')?.dimension).toEqual(VOLTAGE);
    expect(signalNamed(wholeVocabulary, 'dt')?.dimension).toEqual(TIME);
  });

  test('tells pre from post in the matrix form', () => {
    const symbols = signals.map((signal) => signal.matrixSymbol);
    expect(new Set(symbols).size).toBe(symbols.length);
  });

  test('a circuit offers part of it, in its order', () => {
    const table = tableOffering('small', ['post', 'w'], ['forward'], {
      overrides: { post: { symbol: 'h' } },
    });
    expect(table.signals.map((signal) => signal.name)).toEqual(['w', 'post']);
    expect(signalNamed(table, 'post')?.symbol).toBe('h');
    expect(signalNamed(wholeVocabulary, 'post')?.symbol).toBe('y');
    expect(() => tableOffering('wrong', ['poast'], [])).toThrow('poast');
  });
});

describe('functions and sums', () => {
  test('are thirteen functions and ten sums, none of them reserved', () => {
    expect(languageFunctions.length).toBe(13);
    expect(reductions.length).toBe(10);
    expect(new Set(functionNames).size).toBe(23);
    expect(functionNames.filter((name) => RESERVED_WORDS.includes(name))).toEqual([]);
    expect(functionNamed('clip')?.arguments).toEqual(['x', 'lo', 'hi']);
    expect(reductionNamed('mean_pre')).toMatchObject({ operation: 'mean', over: 'pre' });
    expect(reductionNamed('max_upto_post')).toBeUndefined();
  });
});

describe('units', () => {
  const size = (number: number, unit: string | null, ...per: string[]) =>
    inBaseUnits({ number, unit, per });

  test('are milliseconds and millivolts', () => {
    expect(size(20, 'ms')).toEqual({ value: 20, dimension: TIME });
    expect(size(2, 's')).toEqual({ value: 2000, dimension: TIME });
    expect(size(10, 'step')).toEqual({ value: 10, dimension: TIME });
    expect(size(-70.6, 'mV')).toEqual({ value: -70.6, dimension: VOLTAGE });
    expect(size(5, 'Hz')).toEqual({ value: 0.005, dimension: { time: -1, voltage: 0 } });
    expect(size(0.3, null, 's').value).toBeCloseTo(0.0003, 15);
    expect(size(8e-5, null, 'mV', 'mV').dimension).toEqual({ time: 0, voltage: -2 });
    expect(size(20, 'mV', 's')).toEqual({ value: 0.02, dimension: { time: -1, voltage: 1 } });
    expect(size(7, null)).toEqual({ value: 7, dimension: PLAIN });
  });
});
