import { expect, test } from 'vitest';
import { tableOffering } from '../../src/language/vocabulary.js';
import { diagnose } from './helpers.js';

const names = ['w', 'pre', 'post', 'pre.spike', 'post.spike', 'dt'];
const inTime = tableOffering('in time', names, [], { time: 'milliseconds' });
const inSteps = tableOffering('in steps', names, []);
const codes = (text: string, table = inTime): string[] => diagnose(text, table).map((d) => d.code);

test.each([
  ['dw = pre * post', ['W202']],
  ['dw = pre * post.spike', []],
  ['dw = pre * post * (dt / 20 ms)', []],
  ['dw/dt = pre * post / 20 ms', []],
  ['at trial.end: dw = pre * post', []],
  ['trace x = pre over 20 ms at trial.end: dw = x', ['W203']],
  ['trace x = pre since trial.start at trial.end: dw = x', ['W203']],
  ['trace x = pre * dt over 20 ms at trial.end: dw = x / 20 ms', []],
  ['trace x = pre.spike over 20 ms at trial.end: dw = x', []],
  ['on pre.spike: trace x = post over 20 ms at trial.end: dw = x', []],
  ['average x = pre over 20 ms at trial.end: dw = x', []],
])('where a step has a length, `%s` gives %j', (line, expected) => {
  expect(codes(`rule a { ${line} }`)).toEqual(expected);
  // Before a circuit is named nobody knows, and where steps are counted there is nothing to know.
  expect(diagnose(`rule a { ${line} }`)).toEqual([]);
  expect(codes(`rule a { ${line.replaceAll('ms', 'steps')} }`, inSteps)).toEqual([]);
});

test('steps are a unit everywhere, milliseconds only where a step has a length', () => {
  const text = 'rule a { trace x = pre.spike over 20 steps at trial.end: dw = x }';
  expect(codes(text)).toEqual([]);
  expect(codes(text, inSteps)).toEqual([]);
  const units = ['20 ms', '2 s'].map((tau) => text.replace('20 steps', tau));
  expect(units.flatMap((each) => codes(each))).toEqual([]);
  expect(units.flatMap((each) => codes(each, inSteps))).toEqual(['E230', 'E230']);
  const rate = 'rule a { param r = 5 Hz dw = r * dt * pre.spike }';
  expect([...codes(rate), ...codes(rate, inSteps)]).toEqual(['E230']);
});
