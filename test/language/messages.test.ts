import { expect, test } from 'vitest';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import { tableOffering } from '../../src/language/vocabulary.js';
import { diagnose } from './helpers.js';

/** The whole text a person reads for common mistakes. A change here is reviewed like code. */

const circuit = tableOffering('feed-forward', ['w', 'pre', 'post', 'post.error'], ['forward']);
const shown = (text: string): string => renderDiagnostics(diagnose(text, circuit));

test('a missing operator', () => {
  expect(shown('rule hebb {\n  param eta = 0.01\n  dw = eta post * pre\n}\n')).toBe(
    `text.rule:3:8 E103 an operator is missing between \`eta\` and \`post\`
  3 |   dw = eta post * pre
    |        ^^^^^^^^
  hint: write \`eta * post\` for the product`,
  );
});

test('a misspelt signal', () => {
  expect(shown('rule a {\n  param eta = 0.01\n  dw = -eta * post.eror * pre\n}\n')).toBe(
    `text.rule:3:15 E201 nothing is called \`post.eror\` here
  3 |   dw = -eta * post.eror * pre
    |               ^^^^^^^^^
  expected: eta, w, pre, post, post.error
  hint: did you mean \`post.error\`?`,
  );
});

test('a signal of another circuit', () => {
  expect(shown('rule a {\n  dw = reward * pre\n}\n')).toBe(
    `text.rule:2:8 E202 \`reward\` is not offered by feed-forward
  2 |   dw = reward * pre
    |        ^^^^^^
  expected: w, pre, post, post.error`,
  );
});

test('two unlike units added', () => {
  expect(
    shown('rule a {\n  param tau = 20 steps, v = 5 mV\n  dw = (tau + v) / tau * pre\n}\n'),
  ).toBe(
    `text.rule:3:8 E211 these cannot be added: a time and a voltage
  3 |   dw = (tau + v) / tau * pre
    |        ^^^^^^^^^
  hint: divide each by a parameter with its unit, or give the number a unit`,
  );
});

test('a bracket that is never closed', () => {
  expect(shown('rule a {\n  param eta = 1\n  dw = eta * (pre - w\n}\n')).toBe(
    `text.rule:3:14 E104 this \`(\` is never closed
  3 |   dw = eta * (pre - w
    |              ^
  expected: \`)\``,
  );
});

test('a line that starts with a misspelt word', () => {
  expect(shown('rule a {\n  parm eta = 1\n  dw = w\n}\n')).toBe(
    `text.rule:2:3 E110 no line starts with \`parm\`
  2 |   parm eta = 1
    |   ^^^^
  expected: \`dw\`, \`let\`, \`trace\`, \`param\`, \`about\`, \`cite\`
  hint: did you mean \`param\`?`,
  );
});

test('a term that needs what the space forbids', () => {
  expect(
    shown(
      'space a {\n  term = post * pre\n  term F9 = post * sum_post(post * w)\n  keep locality <= feedback\n}\n',
    ),
  ).toBe(
    `text.rule:3:20 W301 the term F9 is dropped: \`sum_post(post * w)\` is of grade transport, and the space keeps locality <= feedback
  3 |   term F9 = post * sum_post(post * w)
    |                    ^^^^^^^^^^^^^^^^^^
  hint: write \`keep locality <= transport\` to keep it`,
  );
});

test('an unknown unit', () => {
  expect(shown('rule a {\n  param tau = 20 sec\n  dw = w\n}\n')).toBe(
    `text.rule:2:18 E108 \`sec\` is not a unit
  2 |   param tau = 20 sec
    |                  ^^^
  expected: ms, s, steps, Hz, mV
  hint: write \`s\``,
  );
});

test('milliseconds where steps are counted', () => {
  expect(shown('rule a {\n  trace x = pre over 20 ms\n  dw = x\n}\n')).toBe(
    `text.rule:2:22 E230 \`ms\` is no unit here: feed-forward counts steps
  2 |   trace x = pre over 20 ms
    |                      ^^^^^
  expected: step, steps
  hint: give the time in steps: \`20 steps\``,
  );
});

test('memory that goes round in a circle', () => {
  expect(
    shown(
      'rule a {\n  average x = y keeping 0.5\n  average y = x + pre keeping 0.5\n  dw = x\n}\n',
    ),
  ).toBe(
    `text.rule:2:11 E242 these memories need the present value of each other: x → y → x
  2 |   average x = y keeping 0.5
    |           ^
  hint: read one as it was before, such as \`y@before\``,
  );
});

test('an empty file', () => {
  expect(shown('')).toBe(
    `text.rule:1:1 E109 there is no rule and no space in this file
  1 | 
    | ^
  expected: \`rule NAME { … }\`, \`space NAME { … }\``,
  );
});
