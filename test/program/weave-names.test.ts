import { describe, expect, test } from 'vitest';
import { nameTaken } from '../../src/base/diagnostics/program.js';
import { EngrammarError } from '../../src/base/result.js';
import type { Circuit } from '../../src/program/circuit.js';
import { weave } from '../../src/program/weave.js';
import { replay } from '../support/replay.js';
import { replayTable, ruleFor, woven } from '../support/woven.js';

const table = replayTable(['one', 'two'], null);
const circuit = replay({ tables: { one: table, two: table }, preSize: 2, postSize: 2 });

/** What is told of a circuit that differs from `replay` in something, with a rule on its first projection. */
function told(
  changed: Partial<Circuit>,
  text = 'rule r { trace x = pre over 3 steps dw = x }',
  streams = 1,
) {
  try {
    weave({ ...circuit, ...changed }, { one: ruleFor(text, table) }, { streams });
  } catch (error) {
    if (error instanceof EngrammarError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** The circuit with something more that is observed. */
const observing = (...names: string[]): Partial<Circuit> => ({
  step: (b, now) => {
    const step = circuit.step(b, now);
    const more = names.map((name) => ({ name, node: now.value('sent') }));
    return { ...step, observed: [...step.observed!, ...more] };
  },
});

describe('two things of one name are refused', () => {
  const state = { name: 'one', shape: [1, 2] } as const;
  const wrong = (name: string, first: Facts['first'], second: Facts['second']) =>
    nameTaken({ circuit: 'replay', name, first, second });
  type Facts = Parameters<typeof nameTaken>[0];

  test('of a circuit', () => {
    expect(told({})).toEqual([]);
    expect(told({ states: [...circuit.states, state] })).toEqual([
      wrong('one', 'projection', 'state'),
    ]);
    expect(told({ queryInputs: [{ ...state, name: 'drive' }] })).toEqual([
      wrong('drive', 'constant', 'query input'),
    ]);
    const [first, second] = circuit.projections;
    expect(told({ projections: [first!, { ...second!, name: 'one' }] })).toEqual([
      wrong('one', 'projection', 'projection'),
    ]);
    // Of the second stream, too.
    const beside = { ...circuit.stepInputs[0]!, name: 'sent (stream 2)' };
    const stepInputs = [...circuit.stepInputs, beside];
    expect(told({ stepInputs })).toEqual([]);
    expect(told({ stepInputs }, undefined, 2)).toEqual([
      wrong('sent (stream 2)', 'step input', 'state'),
    ]);
  });

  test('of what is observed: it would take the place of weights', () => {
    expect(told(observing('one'))).toEqual([wrong('one', 'projection', 'observed quantity')]);
    expect(told(observing('arrived'))).toEqual([
      wrong('arrived', 'observed quantity', 'observed quantity'),
    ]);
    expect(told(observing('one: x'))).toEqual([
      wrong('one: x', 'observed quantity', 'part of a rule'),
    ]);
    expect(told(observing('else'))).toEqual([]);
  });

  test('of results of the read-out', () => {
    const readout: Circuit['readout'] = (b, end) => {
      const [loss] = circuit.readout(b, end);
      return [loss!, loss!];
    };
    expect(told({ readout })).toEqual([
      wrong('loss', 'result of the read-out', 'result of the read-out'),
    ]);
  });

  test('says what to do', () => {
    const { message, hint } = wrong('one', 'projection', 'observed quantity');
    expect(message).toBe(
      'replay has a projection `one`, and an observed quantity of the same name',
    );
    expect(hint).toBe('give one of the two another name where the circuit is declared');
  });
});

test('a parameter that is called as something of the circuit is named with its rule', async () => {
  const texts = (eta: string) => ({
    one: `rule r { param ${eta} = 0.1 fit, sent = 2 per post fit dw = ${eta} * sent * pre }`,
  });
  const [usual, drive] = [woven(texts('eta'), 5), woven(texts('drive'), 5)];
  expect(usual.program.parameters).toEqual(['eta']);
  expect(drive.program.parameters).toEqual(['r.drive']);
  expect(drive.program.states.map(({ name }) => name)).toContain('sent of one');
  const [same, ran] = [await usual.run({ gradient: true }), await drive.run({ gradient: true })];
  expect(ran.loss).toBe(same.loss);
  expect(ran.gradient).toEqual(same.gradient);
});

test('a circuit must say what each of its states becomes', () => {
  const step: Circuit['step'] = (b, now) => ({ ...circuit.step(b, now), states: [] });
  expect(() => told({ step })).toThrow(new RangeError('replay does not say what sent becomes'));
});

test('a circuit without a loss, or without a signal that it offers, is told in words', () => {
  expect(() => told({ readout: () => [] })).toThrow(
    new TypeError('the first result of the read-out of replay is its loss, not nothing'),
  );
  const silent: Partial<Circuit> = {
    step: (b, now) => ({ ...circuit.step(b, now), signal: () => undefined as never }),
  };
  expect(() => told(silent)).toThrow(
    new TypeError('the circuit offers `pre` on one, but its step gives none'),
  );
});
