import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { recurrentCued } from '../../src/circuits/recurrent-cued.js';
import type { Arrays } from '../../src/engine/engine.js';
import type { EngineChoice } from '../../src/engine/open.js';
import { readRuleText } from '../../src/experiments/attached.js';
import { sequences } from '../../src/tasks/kinds/sequences.js';
import { simulate } from '../../src/tasks/simulate.js';
import { catalogueRule } from '../support/catalogue-rule.js';
import { onCircuit } from '../support/on-circuit.js';

const LINKS = 3;
const STEPS = 30;
const TEXT = readFileSync(new URL('../../experiments/rflo_sequence.rule', import.meta.url), 'utf8');

/** Which unit is active in each step, −1 for none. */
const activeIn = (cues: ArrayLike<number>, count: number): number[] =>
  Array.from({ length: cues.length / count }, (_, t) =>
    Array.from({ length: count }, (_, k) => cues[t * count + k]!).indexOf(1),
  );

describe('sequences that are put together to a longer one', () => {
  const settings = { cues: LINKS, neurons: 30 };
  const circuit = unwrap(recurrentCued.make(settings));
  const asked = { sequences: LINKS, steps: STEPS, training: 300, chains: 5 };
  const { episode } = unwrap(sequences.make(asked, circuit));
  const rflo = catalogueRule('rflo');
  const learning = {
    ...{ recurrent: rflo, input: rflo },
    readout: catalogueRule('rflo_readout'),
  };
  const follows = readRuleText('cue_follows', TEXT, circuit.tables.cue!);

  async function tested(
    seed: number,
    rules: Parameters<typeof simulate>[0]['rules'],
    engine: EngineChoice,
  ) {
    const shown = episode(new Stream(seed, 'sequences'));
    const { record } = await simulate({
      ...{ ...shown, circuit, rules, seed, engine },
      record: { slots: ['chosen', 'cost'], every: 1 },
    });
    const last = LINKS * STEPS;
    const cost = record.cost!;
    // Of the chain that is asked for; before it, of the one that was shown.
    const link = (k: number): number => {
      const at = cost.length + (k - LINKS) * STEPS;
      return cost.slice(at, at + STEPS).reduce((sum, c) => sum + c / STEPS, 0);
    };
    const given = shown.stepInputs.stimulus!;
    // The chain as it was shown with all its cues, in the round before.
    const order = [2, 1, 0].map((back) => {
      const at = given.length - (LINKS + back + 1) * STEPS * LINKS;
      return activeIn(given.slice(at, at + LINKS), LINKS)[0]!;
    });
    return {
      order,
      chosen: activeIn(record.chosen!.slice(-last * LINKS), LINKS),
      links: [0, 1, 2].map(link),
      shown: [-3, -2, -1].map(link),
    };
  }

  test.each([1, 2])('go on by themselves after the first cue (seed %d)', async (seed) => {
    const engine: EngineChoice = { name: 'fused' };
    const chained = await tested(seed, { ...learning, cue: follows }, engine);
    const wanted = chained.order.flatMap((k) => new Array<number>(STEPS).fill(k));
    expect([...new Set(chained.order)].length).toBe(LINKS);
    expect(chained.chosen).toEqual(wanted);

    const alone = await tested(seed, learning, engine);
    expect(alone.chosen.slice(0, STEPS)).toEqual(wanted.slice(0, STEPS));
    expect(new Set(alone.chosen.slice(STEPS))).toEqual(new Set([-1]));
    const later = (links: readonly number[]): number => links[1]! + links[2]!;
    // Until the second cue would be due there is no difference.
    expect(chained.links[0]).toBeCloseTo(alone.links[0]!, 5);
    // Measured: a quarter and a half of what it is without the rule; 0.998 and 0.999 of what it is with all cues.
    expect(later(chained.links)).toBeLessThan(later(alone.links) / 1.5);
    expect(later(chained.links)).toBeLessThan(1.05 * later(chained.shown));
  });
});

describe('cue units', () => {
  const on = onCircuit(recurrentCued, { cues: 2, neurons: 3, between: 'kept' });
  const timeline = { trials: [{ steps: 2 }, { steps: 2 }, { steps: 2 }] };

  test.each([
    ['the one that gets most', [1, 1, 1, 0.5, 0.5, 0.5], 0],
    ['none that gets nothing', [0, 0, 0, 0, 0, 0], -1],
    ['none that is held down', [-1, -1, -1, -2, -2, -2], -1],
  ])('are chosen where none is shown: %s', async (_, cue, second) => {
    const { record } = await on.run({
      timeline,
      start: {
        ...on.drawn(1),
        // A cue drives all neurons up.
        ...{ input: new Float64Array(6).fill(2), recurrent: new Float64Array(9) },
        cue: Float64Array.from(cue),
      },
      stepInputs: {
        // What is shown within a trial is not read.
        stimulus: Float64Array.from([0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0]),
        target: new Float64Array(6),
      },
      options: { record: { slots: ['chosen', 'activity'], every: 1 } },
    });
    expect(activeIn(record!.chosen!, 2)).toEqual([1, 1, second, second, 1, 1]);
    // The activity goes on from where it was: h + (tanh(2 or 0) - h) / 10.
    let h = 0.1;
    [1, 1, second, second, 1, 1].forEach((unit, t) => {
      h += (Math.tanh(unit < 0 ? 0 : 2) - h) / 10;
      expect(record!.activity![3 * t]).toBeCloseTo(h, 12);
    });
  });
});

describe('the interpreter and the fused engine agree', () => {
  const online = (kinds: string, more: string): string =>
    `rule online for ${kinds} { param eta = 0.05 fit
      trace e = post.slope * pre over 4 steps since trial.start
      dw = eta * ${more} }`;

  test.each(['anew', 'kept'])('in every value and derivative (%s)', async (between) => {
    const circuit = unwrap(recurrentCued.make({ cues: 2, neurons: 6, outputs: 2, between }));
    const asked = { sequences: 2, steps: 8, training: 3, chains: 2 };
    const shown = unwrap(sequences.make(asked, circuit)).episode(new Stream(4, 'sequences'));
    const network = readRuleText(
      'network.rule',
      online('recurrent, input', '-post.feedback * e'),
      circuit.tables.recurrent!,
    );
    const readout = online('readout', '-post.error * pre').replace('rule online', 'rule out');
    const rules = {
      ...{ recurrent: network, input: network },
      readout: readRuleText(
        'readout.rule',
        readout.replace(/trace.*/, ''),
        circuit.tables.readout!,
      ),
      cue: readRuleText('cue.rule', TEXT, circuit.tables.cue!),
    };
    const run = (engine: EngineChoice) =>
      simulate({
        ...{ ...shown, circuit, rules, engine, seed: 2, gradient: true },
        record: { slots: ['chosen', 'cost'], every: 1 },
      });
    const [wanted, found] = [
      await run({ name: 'interpret' }),
      await run({ name: 'fused', precision: 'float64' }),
    ];
    const compare = (one: Arrays, other: Arrays): void => {
      expect(Object.keys(one)).toEqual(Object.keys(other));
      for (const [name, values] of Object.entries(other)) {
        const most = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        one[name]!.forEach((value, k) => {
          expect(Math.abs(value - values[k]!), `${name} ${k}`).toBeLessThanOrEqual(1e-12 * most);
        });
      }
    };
    compare(found.record, wanted.record);
    compare(found.states, wanted.states);
    compare(found.outputs, wanted.outputs);
    compare(found.startGradient, wanted.startGradient);
    expect(found.loss / wanted.loss).toBeCloseTo(1, 12);
    for (const [name, slope] of Object.entries(wanted.gradient)) {
      expect(Math.abs(slope), name).toBeGreaterThan(1e-3);
      expect(found.gradient[name]! / slope, name).toBeCloseTo(1, 10);
    }
    expect(Object.keys(wanted.gradient)).toEqual(['online.eta', 'out.eta']);
    // In the last sequence no cue is shown: the network itself has chosen.
    expect(new Set(activeIn(shown.stepInputs.stimulus!.slice(-16), 2))).toEqual(new Set([-1]));
    expect(activeIn(wanted.record.chosen!.slice(-16), 2)).not.toContain(-1);
    expect(wanted.startGradient.input!.some((slope) => Math.abs(slope) > 1e-3)).toBe(true);
  });
});
