import { describe, expect, test } from 'vitest';
import {
  noSuchParameter,
  noSuchProjection,
  rulesShareName,
  sentTooEarly,
  wrongNumberOfValues,
} from '../../src/base/diagnostics/program.js';
import { printGraph } from '../../src/program/print.js';
import { startOf } from '../../src/program/start.js';
import { weave } from '../../src/program/weave.js';
import { replay } from '../support/replay.js';
import { expectNumbers, replayTable, ruleFor, woven } from '../support/woven.js';

const STEPS = 12;
const row = (k: number): number => Math.floor(k / 3);
const column = (k: number): number => k % 3;

describe('several projections', () => {
  test('each has its own rule, memory and parameters; all read old weights', async () => {
    const at = woven(
      {
        one: `rule a { param eta = 0.1, goal = 0.5 per projection fit
          trace x = pre over 3 steps dw = eta * x * (goal - w) }`,
        two: `rule b { param eta = 0.2 fit, beta = 1 per post
          trace x = post over 5 steps dw = eta * beta * x }`,
      },
      STEPS,
      { values: { 'b.beta of two': Float64Array.of(1, -2), 'a.eta': 0.3 } },
    );
    expect(at.program.parameters).toEqual(['a.goal of one', 'b.eta']);
    expect(at.program.name).toBe('a + b on replay');
    expect(at.program.states.map(({ name }) => name)).toEqual([
      'one',
      'two',
      'sent',
      'one: x',
      'two: x',
    ]);
    const ran = await at.run();
    const [one, two] = [[...at.start.one!], [...at.start.two!]];
    const [x, y] = [
      [0, 0, 0],
      [0, 0],
    ];
    for (let t = 0; t < STEPS; t++) {
      const post = at.inputs['two post']!.slice(2 * t, 2 * t + 2);
      at.shown('pre', t).forEach((value, j) => {
        x[j] = x[j]! * Math.exp(-1 / 3) + value;
      });
      post.forEach((value, i) => {
        y[i] = y[i]! * Math.exp(-1 / 5) + value;
      });
      for (let k = 0; k < 6; k++) {
        one[k]! += 0.3 * x[column(k)]! * (0.5 - one[k]!);
        two[k]! += 0.2 * [1, -2][row(k)]! * y[row(k)]!;
      }
      expectNumbers(ran.after(t, 'one'), one);
      expectNumbers(ran.after(t, 'two'), two);
    }
  });

  test('one rule on two kinds is one rule', () => {
    const table = replayTable(['one', 'two'], null);
    const circuit = replay({ tables: { one: table, two: table }, preSize: 2, postSize: 2 });
    const rule = ruleFor(
      'rule r { param eta = 1 fit, goal = 2 per projection fit dw = eta * goal }',
      table,
    );
    const both = weave(circuit, { one: rule, two: rule });
    expect(both.parameters).toEqual(['eta', 'goal of one', 'goal of two']);
    expect(both.initial).toEqual({ eta: 1, 'goal of one': 2, 'goal of two': 2 });
    expect(weave(circuit, {}).states).toHaveLength(3);
  });

  test('what does not fit the circuit is refused', () => {
    const table = replayTable(['one', 'two'], null);
    const circuit = replay({ tables: { one: table, two: table }, preSize: 2, postSize: 2 });
    const make = (name: string) => ruleFor(`rule ${name} { param p = 1 per pre dw = p }`, table);
    const facts = { kind: 'three', circuit: 'replay', known: ['one', 'two'] };
    expect(() => weave(circuit, { three: make('r') })).toThrow(noSuchProjection(facts).message);
    expect(() => weave(circuit, { one: make('r'), two: make('r') })).toThrow(
      rulesShareName({ name: 'r' }).message,
    );
    expect(() => weave(circuit, { one: make('r') }, { values: { p: 2 } })).toThrow(
      noSuchParameter({ name: 'p', known: ['p of one'] }).message,
    );
    const short = { 'p of one': Float64Array.of(1) };
    expect(() => weave(circuit, { one: make('r') }, { values: short })).toThrow(
      wrongNumberOfValues({ name: 'p of one', given: 1, needed: 2 }).message,
    );
  });
});

describe('several streams', () => {
  const text = `rule r { param eta = 0.1 fit
    trace x = pre.spike over 4 steps  average m = post * pre since trial.start
    on post.spike: dw = eta * x  dw = eta * (post@previous * pre + m) - 0.01 * w
    every 3 steps: set w = 0.9 * w + 0.1 * sum_pre(w)
    bound w keeping sign }`;

  test('the weights change by the mean, each stream remembers its own', async () => {
    const at = woven(text, STEPS, { streams: 3 });
    const ran = await at.run();
    let w = [...at.start.syn!];
    const signs = w.map(Math.sign);
    const x = [0, 1, 2].map(() => [0, 0, 0]);
    const m = [0, 1, 2].map(() => [0, 0, 0, 0, 0, 0]);
    for (let t = 0; t < STEPS; t++) {
      const change = w.map(() => 0);
      for (const s of [0, 1, 2]) {
        const shown = (signal: string, step = t) => at.shown(signal, step, s);
        const faded = x[s]!.map((value) => value * Math.exp(-1 / 4));
        for (let k = 0; k < 6; k++) {
          const [i, j] = [row(k), column(k)];
          m[s]![k]! += (shown('post')[i]! * shown('pre')[j]! - m[s]![k]!) / (t + 1);
          const previous = t === 0 ? 0 : shown('post', t - 1)[i]!;
          change[k]! +=
            0.1 * shown('post.spike')[i]! * faded[j]! +
            0.1 * (previous * shown('pre')[j]! + m[s]![k]!) -
            0.01 * w[k]!;
        }
        x[s] = faded.map((value, j) => value + shown('pre.spike')[j]!);
      }
      w = w.map((value, k) => value + change[k]! / 3);
      if (t % 3 === 2) {
        const sums = [0, 1].map((i) => w[3 * i]! + w[3 * i + 1]! + w[3 * i + 2]!);
        w = w.map((value, k) => 0.9 * value + 0.1 * sums[row(k)]!);
      }
      w = w.map((value, k) => (signs[k]! > 0 ? Math.max(value, 0) : Math.min(value, 0)));
      expectNumbers(ran.after(t, 'syn'), w);
      expectNumbers(ran.after(t, 'syn: x (stream 3)'), x[2]!);
    }
  });

  test('equal streams learn what one learns', async () => {
    const one = woven(text, STEPS);
    const four = woven(text, STEPS, { streams: 4 });
    const inputs = Object.fromEntries(
      Object.keys(four.inputs).map((name) => [
        name,
        one.inputs[name.replace(/ \(stream \d\)$/, '')]!,
      ]),
    );
    const [single, many] = [
      await one.run({ gradient: true }),
      await four.run({ inputs, gradient: true }),
    ];
    expectNumbers(many.states!.syn!, single.states!.syn!);
    expectNumbers(many.states!['syn: m (stream 4)']!, single.states!['syn: m']!);
    expect(four.program.observed.map(({ name }) => name)).toContain('arrived (stream 2)');
  });

  test('the outer products of all streams are one product', () => {
    const { program } = woven('rule r { dw = post * pre - post * pre^2 }', 2, { streams: 3 });
    const learning = printGraph(program.step)
      .split('\n')
      .filter((line) => line.includes('[2, 3]'));
    expect(learning.filter((line) => line.includes('matmul('))).toHaveLength(1);
  });
});

describe('where programs start', () => {
  test('given, else the first stream, else the initial value, else 0', () => {
    const { program } = woven(
      'rule r { param p = 3 per pre trace x = p * pre over 2 steps dw = x }',
      2,
      {
        streams: 2,
        mask: [1, 0, 1, 1, 1, 1],
      },
    );
    const given = {
      syn: new Float64Array(6).fill(7),
      sent: Float64Array.of(1, 2),
      'syn: x (stream 2)': Float64Array.of(1, 1, 1),
    };
    const start = startOf(program, { ...given, 'mask syn': Float64Array.of(1, 0, 1, 1, 1, 1) });
    expect(
      Object.fromEntries(Object.entries(start).map(([name, values]) => [name, [...values]])),
    ).toEqual({
      syn: [7, 0, 7, 7, 7, 7],
      sent: [1, 2],
      'sent (stream 2)': [1, 2],
      'syn: x': [0, 0, 0],
      'syn: x (stream 2)': [1, 1, 1],
      drive: [0, 0, 0],
      'p of syn': [3, 3, 3],
      'mask syn': [1, 0, 1, 1, 1, 1],
    });
    expect(startOf(program, {})['mask syn']).toEqual(new Float64Array(6).fill(1));
    expect(() => startOf(program, { sent: Float64Array.of(1) })).toThrow(/E445/);
  });
});

test('what is sent may not wait for what arrives', () => {
  const sent = (memory: string) => () => woven(`rule r { ${memory} transmit w * x }`, 2);
  expect(sent('average m = pre keeping 0.5  state x = 1 then x + m')).not.toThrow();
  expect(sent('at trial.end: trace x = pre keeping 0.5')).not.toThrow();
  const facts = { signal: 'post.spike', projection: 'syn' };
  expect(sent('on post.spike: trace x = pre keeping 0.5')).toThrow(sentTooEarly(facts).message);
});
