import { describe, expect, test } from 'vitest';
import { PLAIN, TIME, VOLTAGE } from '../../src/base/dimension.js';
import { unwrap } from '../../src/base/result.js';
import type { Expression, Rule, Space } from '../../src/language/ast.js';
import {
  checkExpression,
  checkRule,
  checkSpace,
  inferExpression,
  tagReads,
} from '../../src/language/check.js';
import { parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { diagnose, parsed } from './helpers.js';

const ruleOf = (text: string) =>
  unwrap(checkRule(parsed(text)[0] as Rule, { name: 'text', text }, wholeVocabulary));
const memoryOf = (text: string, name: string) => ruleOf(text).scope.memories.get(name)!;
const expressionOf = (text: string): Expression => unwrap(parseExpression({ name: 't', text }));
const values = (text: string): string[] =>
  ruleOf(text).changes.map(({ value }) => printExpression(value));
const traces = 'trace x = pre.spike over 20 ms trace y = post.spike over 20 ms';

describe('what a memory is', () => {
  test.each([
    ['trace x = pre.spike over 20 ms', 'pre', PLAIN],
    ['trace x = post.voltage over 20 ms', 'post', VOLTAGE],
    ['average x = pre.spike over 20 ms', 'pre', { time: -1, voltage: 0 }],
    ['average x = reward keeping 0.9', 'global', PLAIN],
    ['average x = reward keeping decay param decay = 0.9 per pre', 'pre', PLAIN],
    ['trace x = reward over tau param tau = 5 ms per post', 'post', PLAIN],
    ['trace x = pre.spike over 20 ms since post.spike', 'synapse', PLAIN],
    ['on post.spike: trace x = pre over 20 ms', 'synapse', PLAIN],
    ['trace x = pre since trial.start', 'pre', PLAIN],
    ['trace x = dt since trial.start', 'global', TIME],
    ['state x = 0 then x + 1', 'global', PLAIN],
    ['state x = 0 then x + post.voltage', 'post', VOLTAGE],
    ['state x = low then max(x, low) param low = -70 mV per post', 'post', VOLTAGE],
    ['state x = 0 then 2 * y state y = 0 then x@before + post.voltage', 'post', VOLTAGE],
    ['state x = 0 then y state y = 0 then x@before + pre state z = y then z', 'pre', PLAIN],
  ])('%s', (line, extent, dimension) => {
    const text = `rule a { ${line} dw = step(x * 1) }`.replace('state z = y then z', '');
    const memory = memoryOf(text, 'x');
    expect([memory.extent, memory.dimension]).toEqual([extent, dimension]);
  });

  test('grades and reads come through memory and lets, with the place that raises them', () => {
    const text = `rule a {
      let gated = post.feedback * x
      trace x = pre.spike over 20 ms
      trace g = gated since trial.start
      at trial.end: dw = g
    }`;
    const { locality, reads, scope } = ruleOf(text);
    expect(locality.grade).toBe('feedback');
    const { start, end } = locality.because!.span;
    expect(text.slice(start, end)).toBe('post.feedback');
    expect(reads).toEqual(['pre.spike', 'post.feedback']);
    expect(scope.memories.get('x')?.grade).toBe('synapse');
    expect([...scope.memories.get('g')!.reads].sort()).toEqual(['post.feedback', 'pre.spike']);
  });

  test('phases raise to modulated, events and intervals to nothing', () => {
    const grade = (text: string) => ruleOf(text).locality;
    const during = grade('rule a { during free: trace g = pre since trial.start dw = g }');
    expect(during).toMatchObject({ grade: 'modulated', because: { text: 'during free' } });
    expect(grade('rule a { during free: dw = w }').grade).toBe('modulated');
    expect(grade('rule a { at trial.end: dw = post@free }').because?.text).toBe('post@free');
    expect(grade('rule a { at trial.end: every 5 steps: on pre.spike: dw = w }').grade).toBe(
      'synapse',
    );
    expect(grade('rule a { trace x = w since pre.spike dw = x }').grade).toBe('synapse');
  });

  test('a sum over a memory of post quantities carries them backwards', () => {
    const grade = (line: string) =>
      ruleOf(`rule a { ${line} dw = pre * sum_post(w * x) }`).locality.grade;
    expect(grade('trace x = w over 5 ms')).toBe('neuron');
    expect(grade('trace x = post over 5 ms')).toBe('transport');
    expect(grade('trace x = w over 5 ms since post.spike')).toBe('transport');
    expect(grade('on post.spike: trace x = w over 5 ms')).toBe('transport');
  });

  test('the parts of its line, lets written out', () => {
    const { memory } = ruleOf(`rule a {
      param eta = 0.9
      let kept = eta * eta
      at trial.end: average x = pre.spike * kept since free.start from kept * 5 Hz
      state z = kept then z * kept + x * dt since pre.spike
      average m = post keeping kept
      dw = z + m
    }`);
    const shown = memory.map((each) => [
      each.name,
      each.kind,
      printExpression(each.value),
      each.fading && printExpression(each.fading.value),
      each.since,
      each.from && printExpression(each.from),
      each.ofSpikes,
      each.clauses.length,
    ]);
    const x = ['x', 'average', 'pre.spike * (eta * eta)', null, 'free.start'];
    expect(shown).toEqual([
      [...x, 'eta * eta * 5 Hz', true, 1],
      ['z', 'state', 'z@before * (eta * eta) + x * dt', null, 'pre.spike', 'eta * eta', false, 0],
      ['m', 'average', 'post', 'eta * eta', null, null, false, 0],
    ]);
  });
});

describe('the order in which memory takes in', () => {
  test('is that of the present values read', () => {
    const { memory, scope } = ruleOf(`rule a {
      average c = b keeping 0.5
      average a = c@before + d keeping 0.5
      average b = a keeping 0.5
      state d = 0 then d + pre
      dw = c
    }`);
    expect(memory.map(({ name }) => name)).toEqual(['d', 'a', 'b', 'c']);
    expect([...scope.memories.keys()]).toEqual(['d', 'a', 'b', 'c']);
  });

  test('next to a spike nothing is read as it is now, so there is no circle', () => {
    const text = `rule a {
      trace u = (1 - v) * pre.spike over 5 ms
      trace v = (1 - u) * pre.spike over 5 ms
      dw = u * v
    }`;
    expect(diagnose(text)).toEqual([]);
  });
});

describe('which value of a memory is meant', () => {
  test.each([
    ['dw = x * w', 'x * w'],
    ['on post.spike: dw = x * w', 'x@before * w'],
    ['on pre.spike@5 ms: dw = x', 'x@before'],
    ['at trial.end: dw = x', 'x'],
    ['dw = post.spike * x', 'post.spike * x@before'],
    ['dw = x * w * post.spike', 'x@before * w * post.spike'],
    ['dw = x * (w * post.spike) + y', 'x@before * (w * post.spike) + y'],
    ['dw = x * (pre.spike + post.spike)', 'x@before * (pre.spike + post.spike)'],
    ['dw = (x + y) * post.spike / (1 + y)', '(x@before + y@before) * post.spike / (1 + y@before)'],
    ['dw = x * sum_pre(pre.spike * y)', 'x@before * sum_pre(pre.spike * y@before)'],
    ['dw = post.spike * exp(-x) - y', 'post.spike * exp(-x@before) - y'],
    ['dw = if x > 0 then post.spike * w else 0', 'if x@before > 0 then post.spike * w else 0'],
    [
      'dw = y * (if x > 0 then -post.spike else 0)',
      'y@before * (if x@before > 0 then -post.spike else 0)',
    ],
    ['dw = if x > 0 and y > x then w else x', 'if x > 0 and y > x then w else x'],
    ['let e = x * w dw = e + post.spike * e', 'x * w + post.spike * (x@before * w)'],
    ['dw = x@before * w', 'x@before * w'],
    ['on post.spike: set w = x', 'x@before'],
    ['dw/dt = x / 5 ms', 'x / 5 ms'],
  ])('%s', (line, tagged) => {
    const text = `rule a { ${traces} let unused = x * y ${line} }`;
    expect(values(text)).toEqual([tagged]);
  });

  test('memory is read as it was before by what is sent, and in its own line', () => {
    const checked = ruleOf(`rule a {
      let e = z + x
      trace x = pre.spike over 5 ms
      state z = 0 then e
      transmit w * z
    }`);
    expect(printExpression(checked.transmit!)).toBe('w * z@before');
    expect(checked.changes).toEqual([]);
    expect(printExpression(checked.memory[1]!.value)).toBe('z@before + x');
    expect(checked.update).toBe(checked.transmit);
  });

  test('what is read as it was before may stand beside a sum of a spike and something else', () => {
    const text = `rule a { ${traces} dw = (post.spike + 1) * x@before + y }`;
    expect(diagnose(text)).toEqual([]);
    expect(diagnose('rule a { state s = 0 then (1 - post.spike) * s + pre dw = s }')).toEqual([]);
  });

  test('tagging twice changes nothing', () => {
    const { scope, changes } = ruleOf(`rule a { ${traces} dw = x * post.spike + y }`);
    const once = changes[0]!.value;
    expect(tagReads(once, scope, false)).toEqual(once);
    expect(printExpression(tagReads(expressionOf('x * y'), scope, true))).toBe(
      'x@before * y@before',
    );
  });
});

describe('expressions on their own', () => {
  const { scope } = ruleOf(`rule a { ${traces}
    average v = post.voltage over 5 ms average r = reward keeping 0.5
    dw = x * y * r * step(v) }`);

  test('know the memory of their scope', () => {
    expect(inferExpression(expressionOf('x * r@before'), scope)).toMatchObject({
      extent: 'pre',
      grade: 'modulated',
      because: { text: 'reward' },
      dimension: PLAIN,
    });
    expect(inferExpression(expressionOf('v'), scope).dimension).toEqual(VOLTAGE);
    expect(inferExpression(expressionOf('sum_post(y)'), scope).grade).toBe('transport');
    expect(checkExpression(expressionOf('x@before * post.spike'), scope).ok).toBe(true);
    expect(checkExpression(expressionOf('v@before'), scope).ok).toBe(false);
    expect(checkExpression(expressionOf('(1 + post.spike) * x'), scope).ok).toBe(false);
    expect(checkExpression(expressionOf('(1 + post.spike) * x@before'), scope).ok).toBe(true);
  });
});

describe('rules', () => {
  test('bounds, changes and transmission in their places', () => {
    const checked = ruleOf(`rule a {
      param top = 2 per projection, eta = 0.1 per synapse
      let twice = 2 * top
      on pre.spike: dw = eta
      during free: dw/dt = w / 5 ms
      every 10 steps: set w = w / sum_pre(w)
      bound w in [-1, twice]
      bound w keeping sign
      transmit w
    }`);
    expect(checked.changes.map(({ form, clauses }) => [form, clauses[0]?.kind])).toEqual([
      ['dw', 'on'],
      ['dw/dt', 'during'],
      ['set', 'every'],
    ]);
    expect(checked.bounds.keepsSign).toBe(true);
    expect(printExpression(checked.bounds.range!.high)).toBe('2 * top');
    expect(checked.scope.parameters.get('eta')?.extent).toBe('synapse');
    expect(checked.reads).toEqual(['w', 'pre.spike']);
    expect(checked.locality).toMatchObject({ grade: 'modulated' });
  });

  test('may differ in form under the same clauses', () => {
    expect(diagnose('rule a { dw = w dw/dt = w / 5 ms set w = w }')).toEqual([]);
  });
});

describe('spaces', () => {
  const text = `space a {
    trace x = pre.spike over 20 ms
    average r = reward keeping 0.9
    choice c = x | w | r
    on post.spike: term plain = c
    during free: term = post.spike * x
    bound w in [0, 1]
    keep locality <= neuron
  }`;

  test('have memory, clauses and bounds; terms keep their reads as written', () => {
    const checked = unwrap(
      checkSpace(parsed(text)[0] as Space, { name: 'text', text }, wholeVocabulary),
    );
    expect(checked.memory.map(({ name }) => name)).toEqual(['x', 'r']);
    expect(checked.bounds.range).not.toBeNull();
    expect(checked.terms.map(({ clauses }) => clauses[0]?.kind)).toEqual(['on', 'during']);
    const second = checked.terms[1]!.alternatives[0]!;
    expect(printExpression(second)).toBe('post.spike * x');
    expect(printExpression(tagReads(second, checked.scope, false))).toBe('post.spike * x@before');
  });

  test('weigh clauses too when they are bounded by locality', () => {
    const found = diagnose(text);
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      [
        'W301',
        'this term is dropped: `during free` is of grade modulated, and the space keeps locality <= neuron',
      ],
    ]);
  });
});

describe('many memories', () => {
  const ring = (n: number, line: (own: string, next: string) => string): string => {
    const lines = Array.from({ length: n }, (_, i) => line(`x${i}`, `x${(i + 1) % n}`));
    return `rule a { ${lines.join(' ')} dw = step(x0) }`;
  };
  const timed = (text: string) => {
    const started = performance.now();
    const found = diagnose(text);
    expect(performance.now() - started).toBeLessThan(6000);
    return found.map(({ code, message }) => `${code} ${message}`);
  };

  test('that read themselves or each other are checked in time that grows with their number', () => {
    expect(timed(ring(600, (own) => `state ${own} = 0 then 2 * ${own}`))).toHaveLength(599);
    expect(
      timed(ring(600, (own, next) => `trace ${own} = ${next}@before since trial.start`)),
    ).toEqual([]);
  });

  test('in a long circle are named at both ends', () => {
    expect(timed(ring(600, (own, next) => `trace ${own} = ${next} since trial.start`))).toEqual([
      'E242 these memories need the present value of each other: x0 → x1 → x2 → x3 → x4 → x5 → … → x599 → x0',
    ]);
  });
});
