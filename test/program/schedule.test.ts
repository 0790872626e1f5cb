import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import type { Timeline } from '../../src/program/circuit.js';
import type { Scheduled } from '../../src/program/ir.js';
import { scheduleInputs, stepsOf } from '../../src/program/schedule.js';
import { stepsIn, stepsOfDelay } from '../../src/program/steps.js';

const TIMELINE: Timeline = {
  trials: [
    {
      steps: 6,
      phases: [
        { name: 'free', steps: 2 },
        { name: 'clamped', steps: 0 },
        { name: 'free', steps: 1 },
      ],
      events: [{ name: 'relax.end', step: 4 }],
    },
    { steps: 3 },
    { steps: 1, phases: [{ name: 'free', steps: 1 }] },
  ],
};

const acting = (when: Scheduled['when'], timeline = TIMELINE): string => {
  const program = { schedule: [{ slot: 'it', when }], stepInputs: [{ name: 'it', shape: [1, 2] }] };
  const { it } = scheduleInputs(program as never, timeline, { chance: new Stream(1) });
  return [...it!].join('');
};

describe('when things act', () => {
  test.each<[string, Scheduled['when'], string]>([
    ['the start of a trial', { kind: 'event', event: 'trial.start' }, '1000001001'],
    ['the end of a trial', { kind: 'event', event: 'trial.end' }, '0000010011'],
    ['the start of a phase', { kind: 'event', event: 'free.start' }, '1010000001'],
    ['the end of a phase', { kind: 'event', event: 'free.end' }, '0110000001'],
    ['a phase without steps', { kind: 'event', event: 'clamped.end' }, '0000000000'],
    ['an event of its own', { kind: 'event', event: 'relax.end' }, '0000100000'],
    ['during a phase', { kind: 'during', phase: 'free' }, '1110000001'],
    ['every two steps of a trial', { kind: 'every', steps: 2 }, '0101010100'],
    ['the first step of all', { kind: 'first' }, '1000000000'],
  ])('%s', (_, when, expected) => {
    expect(stepsOf(TIMELINE)).toBe(10);
    expect(acting(when)).toBe(expected);
  });

  test('chance gives every step and place a number of its own, the same for the same seed', () => {
    const when = { kind: 'drawn', distribution: 'uniform' } as const;
    const program = {
      schedule: ['a', 'b'].map((slot) => ({ slot, when })),
      stepInputs: ['a', 'b'].map((name) => ({ name, shape: [2, 3] as const })),
    };
    const draw = () => scheduleInputs(program, TIMELINE, { chance: new Stream(3) });
    const { a, b } = draw();
    expect(a).toHaveLength(60);
    expect(new Set([...a!, ...b!]).size).toBe(120);
    expect(draw()).toEqual({ a, b });
    expect(() => scheduleInputs(program, TIMELINE)).toThrow(RangeError);
  });

  test.each(['uniform', 'normal'] as const)('chance goes on where it was (%s)', (distribution) => {
    const program = {
      schedule: [{ slot: 'it', when: { kind: 'drawn', distribution } as const }],
      stepInputs: [{ name: 'it', shape: [1, 3] as const }],
    };
    const draw = (steps: number, stepsBefore: number) =>
      scheduleInputs(program, { trials: [{ steps }] }, { chance: new Stream(3), stepsBefore }).it!;
    const whole = draw(10, 0);
    for (const before of [0, 1, 4, 7]) {
      expect(draw(10 - before, before)).toEqual(whole.slice(3 * before));
    }
  });

  test('phases that are longer than their trial are refused', () => {
    const long = { trials: [{ steps: 2, phases: [{ name: 'free', steps: 3 }] }] };
    expect(() => acting({ kind: 'first' }, long)).not.toThrow();
    expect(() => acting({ kind: 'during', phase: 'free' }, long)).toThrow(RangeError);
  });
});

describe('how many steps a time lasts', () => {
  test('decimals of time that are whole steps', () => {
    expect(stepsIn(0.3, 'ms', 0.1)).toBe(3);
    expect(stepsIn(13.7, 'ms', 0.1)).toBe(137);
    expect(stepsIn(10, 'step', 0.1)).toBe(10);
    expect(stepsIn(10, 'step', null)).toBe(10);
    const delay = { text: '0.2', number: 0.2, unit: 's', per: [] } as const;
    expect(stepsOfDelay(delay, 0.5)).toBe(400);
    expect(stepsOfDelay({ ...delay, number: 0 }, 0.5)).toBe(0);
  });

  test('all others are refused', () => {
    expect(() => stepsIn(0.25, 'ms', 0.1)).toThrow(/E440/);
    expect(() => stepsIn(0, 'step', 0.1)).toThrow(/E440/);
    expect(() => stepsIn(1.5, 'step', null)).toThrow(/E440/);
    expect(() => stepsIn(3, 'ms', null)).toThrow(/E441/);
  });
});
