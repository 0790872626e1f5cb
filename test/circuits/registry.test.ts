import { describe, expect, test } from 'vitest';
import {
  missingSetting,
  unknownSetting,
  wrongSetting,
} from '../../src/base/diagnostics/circuit.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import type { CircuitKind } from '../../src/circuits/kind.js';
import { CIRCUITS } from '../../src/circuits/registry.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { maskOf } from '../../src/program/circuit.js';
import { startOf } from '../../src/program/start.js';
import { weave } from '../../src/program/weave.js';

/** What has no default, or one that tells nothing. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'feed-forward': { sizes: [3, 2] },
  layer: { inputs: 3 },
  replay: { preSize: 2, postSize: 3 },
  // By default weights start at 0.
  perturbed: { spread: 1 },
};

const named = (name: string): CircuitKind => CIRCUITS.find((each) => each.name === name)!;

describe.each(CIRCUITS.map((kind) => ({ kind })))('the circuit $kind.name', ({ kind }) => {
  const circuit = unwrap(kind.make(NEEDED[kind.name] ?? {}));

  test('tells of every kind of projection and every setting', () => {
    const kinds = kind.projections.map((each) => each.kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    for (const { table, meaning } of kind.projections) {
      expect(table.projections).toEqual(expect.arrayContaining(kinds));
      expect(meaning).not.toBe('');
      expect(table.signals.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['w', 'pre.size', 'post.size']),
      );
    }
    for (const option of kind.options) {
      expect(option).toMatchObject({ meaning: expect.any(String), range: expect.any(String) });
    }
    for (const projection of circuit.projections) expect(kinds).toContain(projection.kind);
  });

  test('is made from its settings, and its tables fit its steps', () => {
    for (const projection of circuit.projections) {
      const table = circuit.tables[projection.kind]!;
      expect(table.time).toBe(circuit.stepLength === null ? 'steps' : 'milliseconds');
      const known = wholeVocabulary.signals.map(({ name }) => name);
      for (const { name } of table.signals) expect(known).toContain(name);
    }
    const program = weave(circuit, {});
    expect(program.states.map(({ name }) => name)).toEqual(
      expect.arrayContaining(circuit.projections.map(({ name }) => name)),
    );
  });

  test('draws the same start from the same stream, of the right sizes', () => {
    const program = weave(circuit, {});
    const [one, again, other] = [1, 1, 2].map((seed) => circuit.draw(new Stream(seed, 'draw')));
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    const slots = [...program.states, ...program.constants].map(({ name }) => name);
    expect(slots).toEqual(expect.arrayContaining(Object.keys(one!)));
    const start = startOf(program, one!);
    for (const { name, masked } of circuit.projections) {
      if (!masked) continue;
      const mask = start[maskOf(name)]!;
      expect(start[name]!.every((w, k) => mask[k] === 1 || w === 0)).toBe(true);
    }
  });
});

describe('settings of circuits', () => {
  const codesOf = (name: string, given: Readonly<Record<string, unknown>>): string[] => {
    const made = named(name).make(given);
    return made.ok ? [] : made.diagnostics.map(({ code }) => code);
  };

  test('are refused where they are missing, unknown or impossible, all at once', () => {
    expect(codesOf('feed-forward', {})).toEqual([missingSetting.code]);
    expect(codesOf('feed-forward', { sizes: [3], bata: 1 })).toEqual([
      unknownSetting.code,
      wrongSetting.code,
    ]);
    const unknown = named('feed-forward').make({ sizes: [3, 2], feedbak: 'random' });
    expect(unknown.ok ? null : unknown.diagnostics[0]!.hint).toBe('did you mean feedback?');
    const impossible: [string, unknown][] = [
      ['sizes', '3-2'],
      ['sizes', [3, 0]],
      ['sizes', [3, 2.5]],
      ['beta', 0],
      ['beta', Number.NaN],
      ['beta', '10'],
      ['feedback', 'backwards'],
      ['bias', 1],
      ['queries', -1],
    ];
    for (const [name, value] of impossible) {
      const codes = codesOf('feed-forward', { sizes: [3, 2], [name]: value });
      expect(codes, `${name}: ${value}`).toEqual([wrongSetting.code]);
    }
    expect(codesOf('layer', { inputs: 1, offers: ['target', 'target'] })).toEqual([
      wrongSetting.code,
    ]);
    expect(codesOf('layer', { inputs: 1, density: 1.1 })).toEqual([wrongSetting.code]);
  });

  test('reach the circuit', () => {
    const circuit = unwrap(
      named('feed-forward').make({ sizes: [3, 2], feedback: 'plastic', bias: true, queries: 2 }),
    );
    expect(circuit.projections.map(({ name }) => name)).toEqual(['W1', 'B1', 'bias1']);
    expect(circuit.queryInputs[0]).toEqual({ name: 'query images', shape: [2, 3] });
    const layer = unwrap(named('layer').make({ inputs: 2, offers: ['reward'], dt: 0.5 }));
    expect(layer.stepLength).toBe(0.5);
    expect(layer.stepInputs.map(({ name }) => name)).toEqual(['pattern', 'reward']);
    const replay = named('replay').make({ preSize: 1, postSize: 1, signals: ['pre', 'reward'] });
    expect(unwrap(replay).stepInputs.map(({ name }) => name)).toEqual(['pre', 'reward']);
  });
});
