import { describe, expect, it } from 'vitest';
import { bench } from '../../src/bench/bench.js';
import type { BenchCase } from '../../src/bench/cases/case.js';
import { firstStep } from '../../src/bench/cases/shorten.js';
import { type CaseKind, catalogueCases, POOL_CASES } from '../../src/bench/cases.js';
import { asPlanned } from '../../src/bench/planned-program.js';
import { ratiosOf } from '../../src/bench/ratios.js';
import { type Row, rowOf } from '../../src/bench/row.js';
import { VARIANTS, variantNamed, variantsFor } from '../../src/bench/variants.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';

const kindNamed = (name: string): CaseKind =>
  [...POOL_CASES, ...catalogueCases()].find((each) => each.name === name)!;

const gradientOf = async ({ program, episode, parameters }: BenchCase) => {
  const runner = prepareInterpreter(program);
  const [result] = await runner.run([episode], parameters, { gradient: true });
  return [...result!.gradient!];
};

describe('a run', () => {
  it('has a row for everything, and in it a reason where something failed', async () => {
    const lines: string[] = [];
    const variants = [variantNamed('fused')];
    const missing = { ...kindNamed('hebb'), name: 'no such rule', isOneOfMany: false };
    const { rows, ratios } = await bench({
      cases: [
        { kind: missing, variants },
        { kind: kindNamed('hebb'), variants },
      ],
      rounds: 2,
      patienceMs: 0,
      onProgress: (line) => lines.push(line),
    });
    expect(rows.map((row) => row.case)).toEqual(['no such rule', 'hebb']);
    expect(rows[0]).toMatchObject({ error: expect.stringMatching(/./), msPerEpisode: null });
    expect(rows[1]).toMatchObject({ error: null, compileMs: null });
    // Out of patience after the first turn.
    expect(rows[1]!.spread![0]).toBe(rows[1]!.spread![1]);
    expect(ratios).toEqual([]);
    expect(lines).toContain('hebb: 1 of 1 rules');
  }, 60_000);

  it('says of each row what it is', () => {
    const names = VARIANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { variants } of POOL_CASES) {
      expect(names).toEqual(expect.arrayContaining([...variants]));
    }
  });
});

describe('variants', () => {
  const named = (...given: Parameters<typeof variantsFor>) =>
    variantsFor(...given).map(({ name }) => name);

  it('are the usual ones, or those on an engine', () => {
    const { variants } = kindNamed('ten-terms');
    expect(named(variants, undefined, undefined)).toEqual(variants);
    expect(named(variants, 'tfjs', undefined)).toEqual(['tfjs wasm']);
    expect(named(variants, undefined, 'cpu')).toEqual(['tfjs cpu']);
    expect(named(['fused'], 'interpret', undefined)).toEqual(['interpret']);
  });
});

describe('a row', () => {
  const measured = {
    kind: kindNamed('small'),
    variant: variantNamed('fused relaxed'),
    reference: [3, 4],
    begun: { compileMs: 120, compileWallMs: 90, gradient: [3, 4.001], flops: 8e7 },
    turns: [4, 2, 6].map((ms, k) => ({
      tookMs: 100,
      cpuMs: ms,
      wallMs: 2 * ms,
      memoryBytes: 2e6,
      grownBytes: k * 1e6,
    })),
    error: null,
  };
  const peak = { multiplyThenAdd: 50, multiplyAdd: 80 };

  it('has medians, and shares of what the same instructions can do', () => {
    expect(rowOf(measured, peak)).toEqual({
      case: 'small',
      engine: 'fused relaxed',
      error: null,
      msPerEpisode: 4,
      spread: [2, 6],
      wallMsPerEpisode: 8,
      flops: 8e7,
      gflops: 20,
      fractionOfPeak: 0.25,
      memoryMB: 2,
      rssMB: 2,
      compileMs: 120,
      compileWallMs: 90,
      relativeError: 0.0002,
    });
    const exact = { ...measured, variant: variantNamed('fused') };
    expect(rowOf(exact, peak).fractionOfPeak).toBe(0.4);
    expect(rowOf(measured, { ...peak, multiplyAdd: null }).fractionOfPeak).toBeNull();
  });

  it('leaves out what makes no sense', () => {
    const none = { ...measured, begun: { ...measured.begun, flops: null }, reference: null };
    const row = { flops: null, gflops: null, fractionOfPeak: null, relativeError: null };
    expect(rowOf(none, peak)).toMatchObject(row);
    const failed = rowOf({ ...measured, error: 'out of memory' }, peak);
    expect(failed).toMatchObject({ error: 'out of memory', msPerEpisode: null });
  });

  it('stands beside others', () => {
    const row = (name: string, engine: string, ms: number): Row => ({
      ...rowOf(measured, peak),
      case: name,
      engine,
      msPerEpisode: ms,
      wallMsPerEpisode: ms / 2,
    });
    const ratios = ratiosOf([
      row('ten-terms', 'fused', 40),
      row('ten-terms', 'fused all inputs', 50),
      row('ten-terms', 'fused, threads: 1', 52),
      row('ten-terms', 'fused, threads: 2', 26),
      row('three-terms', 'fused all inputs', 40),
      row('ten-terms', 'interpret', 1600),
      ...[10, 30, 40].flatMap((ms, k) => [
        row(`rule ${k}`, 'fused', 2),
        row(`rule ${k}`, 'tfjs wasm', ms),
      ]),
    ]);
    expect(Object.fromEntries(ratios.map(({ name, ratio }) => [name, ratio]))).toEqual({
      'ten-terms: fused all inputs / fused': 1.25,
      'ten-terms: interpret / fused': 40,
      'ten-terms / three-terms': 1.25,
      'one thread / two threads': 2,
      'catalogue: tfjs wasm / fused': 15,
    });
  });
});

describe('cases', () => {
  it.each(['small', 'oja', 'rflo', 'kolen_pollack'])(
    '%s as planned has the same gradient',
    async (name) => {
      const made = kindNamed(name).make();
      const [wanted, found] = [await gradientOf(made), await gradientOf(asPlanned(made))];
      const norm = Math.hypot(...wanted);
      expect(norm).toBeGreaterThan(0);
      expect(Math.hypot(...wanted.map((value, k) => value - found[k]!))).toBeLessThan(1e-9 * norm);
    },
  );

  it('begin with a step in which every input acts that does so at all', () => {
    const made = kindNamed('small').make();
    const { steps, stepInputs } = firstStep(made);
    const { image } = made.episode.stepInputs;
    const size = image!.length / made.episode.steps;
    const acts = Array.from({ length: size }, (_, k) =>
      image!.some((value, at) => at % size === k && value !== 0),
    );
    expect(steps).toBe(1);
    expect([...stepInputs.image!].map((value) => value !== 0)).toEqual(acts);
  });
});
