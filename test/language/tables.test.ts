import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RESERVED_WORDS } from '../../grammar/lexer.js';
import { PLAIN, TIME, VOLTAGE } from '../../src/base/dimension.js';
import { unwrap } from '../../src/base/result.js';
import { inBaseUnits } from '../../src/base/units.js';
import type { Item, Rule } from '../../src/language/ast.js';
import { checkRule, checkSpace } from '../../src/language/check.js';
import {
  functionNamed,
  functionNames,
  languageFunctions,
  reductionNamed,
  reductions,
} from '../../src/language/functions.js';
import { parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { GRADES, type Signal, type SignalTable, signalNamed } from '../../src/language/signals.js';
import { tableOffering, wholeVocabulary } from '../../src/language/vocabulary.js';
import { corpusFolder, diagnose, parsed } from './helpers.js';

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

describe('what a signal is stands in the table alone', () => {
  /** The whole vocabulary with every name changed but that of the weight, which is a word of the language. */
  const renamed = (text: string): string =>
    text
      .replace(/\bpre\b(?!_)/g, 'axon')
      .replace(/\bpost\b(?!_)/g, 'soma')
      .replace(/\b(reward|cost|gain|sample_weight|dt)\b/g, 'the_$1')
      .replace(
        /\.(input|slope|spike|voltage|plateau|noise|partner|feedback|error|target|size)\b/g,
        '.own_$1',
      )
      .replaceAll('w.own_noise', 'w.noise');
  const table: SignalTable = {
    ...wholeVocabulary,
    signals: wholeVocabulary.signals.map((signal) => ({ ...signal, name: renamed(signal.name) })),
  };
  const items = readdirSync(corpusFolder).flatMap((file) => {
    const text = readFileSync(new URL(file, corpusFolder), 'utf8').replaceAll('dw/dt', 'dw/_dt_');
    const other = renamed(text)
      .replaceAll('dw/_dt_', 'dw/dt')
      .replace(/per (axon|soma)/g, perScope);
    return parsed(text.replaceAll('dw/_dt_', 'dw/dt')).map((item, k) => {
      const twin = parsed(other)[k]!;
      return { item, text: text.replaceAll('dw/_dt_', 'dw/dt'), twin, other };
    });
  });
  const outcome = (
    item: Item,
    text: string,
    signals: SignalTable,
    name: (text: string) => string,
  ) => {
    const source = { name: 'text', text };
    const result =
      item.kind === 'rule' ? checkRule(item, source, signals) : checkSpace(item, source, signals);
    if (!result.ok) return result.diagnostics.map(({ code }) => code);
    const memories = [...result.value.scope.memories.values()].map(
      ({ name: own, extent, grade, because, readsPost, reads }) => [
        own,
        extent,
        grade,
        because && name(because.text),
        readsPost,
        [...reads].map(name),
      ],
    );
    if (!('locality' in result.value)) return { memories };
    const { locality, reads, changes } = result.value;
    return {
      memories,
      grade: locality.grade,
      because: locality.because && name(locality.because.text),
      reads: reads.map(name),
      changes: changes.map(({ value }) => name(printExpression(value))),
    };
  };

  test('so the corpus means the same when every signal is called differently', () => {
    expect(items.length).toBeGreaterThan(75);
    for (const { item, text, twin, other } of items) {
      expect(outcome(twin, other, table, (same) => same)).toEqual(
        outcome(item, text, wholeVocabulary, renamed),
      );
    }
  });

  test('so a rule follows the grades and extents of its table, through memory', () => {
    const changed: SignalTable = {
      ...wholeVocabulary,
      signals: wholeVocabulary.signals.map((signal): Signal => {
        if (signal.name === 'reward') return { ...signal, grade: 'synapse', extent: 'post' };
        if (signal.name === 'pre.spike') return { ...signal, grade: 'transport' };
        return signal;
      }),
    };
    const text =
      'rule a { trace x = pre.spike over 5 ms average r = reward keeping 0.9 dw = x * r }';
    const rule = parsed(text)[0] as Rule;
    const before = unwrap(checkRule(rule, { name: 'text', text }, wholeVocabulary));
    expect(before.locality).toMatchObject({ grade: 'modulated', because: { text: 'reward' } });
    expect(before.scope.memories.get('r')?.extent).toBe('global');
    const after = unwrap(checkRule(rule, { name: 'text', text }, changed));
    expect(after.locality).toMatchObject({ grade: 'transport', because: { text: 'pre.spike' } });
    expect(after.scope.memories.get('r')).toMatchObject({ extent: 'post', readsPost: true });
    const gated = parsed('rule a { on pre.spike: dw = w }')[0] as Rule;
    const facts = unwrap(checkRule(gated, { name: 'text', text: '' }, changed));
    expect(facts.locality.grade).toBe('transport');
  });

  test('signals of a circuit of its own gate, start again and are summed like any other', () => {
    const own: readonly Signal[] = [
      ownSignal('soma.burst', { extent: 'post', event: true }),
      ownSignal('axon.flux', { extent: 'pre', grade: 'feedback' }),
      ownSignal('axons', { extent: 'global' }),
    ];
    const circuit = tableOffering('own', ['w'], [], { own, events: ['cue.start'] });
    const text = `rule a {
      trace x = axon.flux over 5 steps since soma.burst
      average r = soma.burst since cue.start
      on soma.burst: dw = x * w / axons * (1 step) * r
    }`.replace('(1 step)', '1 step');
    const checked = unwrap(checkRule(parsed(text)[0] as Rule, { name: 't', text }, circuit));
    expect(checked.locality).toMatchObject({ grade: 'feedback', because: { text: 'axon.flux' } });
    expect(checked.scope.memories.get('x')?.extent).toBe('synapse');
    expect(checked.reads).toEqual(['w', 'soma.burst', 'axon.flux', 'axons']);
    expect(diagnose('rule a { dw = w * sum_all(1) }', circuit)[0]?.hint).toContain('`axons`');
    const side = 'space s { choice c(s) = s.flux term = c(axon) term = c(w) }';
    expect(diagnose(side, circuit).map(({ message, expected }) => [message, expected])).toEqual([
      ['`c` writes `s` before a dot, so it cannot be `w`', ['soma', 'axon']],
    ]);
  });
});

function ownSignal(name: string, facts: Partial<Signal>): Signal {
  const plain = { extent: 'global', grade: 'synapse', dimension: PLAIN, event: false } as const;
  return { name, ...plain, symbol: name, matrixSymbol: name, meaning: `${name}.`, ...facts };
}

/** `per post` is a word of the language. */
function perScope(_: string, side: string): string {
  return `per ${side === 'axon' ? 'pre' : 'post'}`;
}
