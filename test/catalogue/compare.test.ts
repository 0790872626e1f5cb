import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { equalRules } from '../../src/algebra/rule-equal.js';
import { ruleForm } from '../../src/algebra/rule-form.js';
import { packageRoot } from '../../src/base/package-root.js';
import { unwrap } from '../../src/base/result.js';
import { compareRules, nearestRules } from '../../src/catalogue/compare.js';
import { checkRule } from '../../src/language/check.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { corpusRules, type RuleInText, rulesIn } from '../support/corpus.js';

const checked = ({ rule, source }: RuleInText): CheckedRule =>
  unwrap(checkRule(rule, source, wholeVocabulary));

const ruleOf = (lines: string): CheckedRule =>
  checked(rulesIn({ name: 'test.rule', text: `rule r { ${lines} }` })[0]!);

const difference = (a: string, b: string) => {
  const { difference: text, distance, scale, equal } = compareRules(ruleOf(a), ruleOf(b));
  return { text, distance, scale, equal };
};

function packagedRules(): RuleInText[] {
  const folder = join(packageRoot(), 'rules');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.rule'))
    .flatMap((name) => rulesIn({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

const TRACES = 'trace x = pre.spike over 20 ms trace y = post.spike over 20 ms';

describe('rules in other notation', () => {
  it.each([
    [
      'param eta = 0.01 dw = eta * post * (pre - post * w)',
      'param a = 0.01, b = 1e-2 dw = a * post * pre - b * w * post^2',
    ],
    [
      `${TRACES} on post.spike: dw = 0.5 * x on pre.spike: dw = -y`,
      'trace p = pre.spike over 0.02 s trace q = post.spike over 20 ms dw = 0.5 * post.spike * p - q * pre.spike',
    ],
    [
      'average m = post keeping 0.9 dw = (post - m) * pre',
      'average f = post keeping 1 - 0.1 average g = post keeping 0.9 dw = post * pre - (2 * f - g) * pre',
    ],
    ['param tau = 20 ms dw/dt = w / tau', 'dw = 0.05 per ms * w * dt'],
    ['dw = if post > 0.5 then pre else w', 'dw = (if post <= 0.5 then w - pre else 0) + pre'],
    [
      'trace a = pre over 5 steps trace b = a over 5 steps dw = post * b',
      'trace b = pre over 5 steps trace a = b over 5 steps dw = post * a',
    ],
    [
      'draw u = uniform per synapse dw = if u < 0.5 then w else 0',
      'draw chance = uniform per synapse dw = w * (if chance < 0.5 then 1 else 0)',
    ],
    [
      'param a = 0.5 let k = a * post dw = k * pre bound w in [0, 2 * a]',
      'dw = 0.5 * pre * post bound w in [0, 1]',
    ],
  ])('%s is %s', (one, other) => {
    expect(difference(one, other)).toEqual({ text: '', distance: 0, scale: 1, equal: true });
  });

  it('with symbols where these have the same names', () => {
    const [a, b] = ['a', 'b'].map((name) =>
      ruleForm(ruleOf(`param ${name} = 0.5 dw = ${name} * w`)),
    );
    expect([equalRules(a!, a!), equalRules(a!, b!)]).toEqual([true, false]);
  });

  it.each([
    ['trace x = pre over 5 steps dw = x', 'average x = pre over 5 steps dw = x'],
    ['trace x = pre.spike over 20 ms dw = x', 'trace x = pre.spike over 20 ms dw = x@before'],
    ['at trial.end: dw = w', 'dw = w'],
    ['on pre.spike: set w = 0.5 * w', 'set w = 0.5 * w'],
    ['draw u = uniform per synapse dw = u', 'draw u = uniform per post dw = u'],
    [
      'draw u = normal per synapse draw v = normal per synapse dw = u * v',
      'draw u = normal per synapse dw = u^2',
    ],
    ['dw = w bound w in [0, 1]', 'dw = w bound w in [0, 2]'],
    ['dw = w bound w keeping sign', 'dw = w'],
    ['dw = w transmit 2 * w', 'dw = w'],
  ])('%s is not %s', (one, other) => {
    expect(difference(one, other).equal).toBe(false);
  });
});

describe('differences', () => {
  const oja = 'param eta = 0.01 dw = eta * post * (pre - post * w)';

  it('are the terms by which one rule has more', () => {
    expect(difference(`${oja.replace('dw =', 'dw = 0.003 * w +')}`, oja)).toMatchObject({
      text: 'dw: + 0.003 * w',
      scale: 1,
    });
    expect(difference(oja, 'dw = 0.01 * post * pre').text).toBe('dw: - 0.01 * post^2 * w');
  });

  it('do not count learning rates', () => {
    const found = difference('dw = 0.5 * post * (pre - post * w)', oja);
    expect(found).toEqual({ text: '', distance: 0, scale: 50, equal: false });
  });

  it('see small coefficients as well as large ones', () => {
    const { distance, text } = difference('dw = post * pre - 1e-6 * w', 'dw = post * pre');
    expect([distance, text]).toEqual([0.5, 'dw: - 1e-6 * w']);
  });

  it('of time constants are constants, not other rules', () => {
    const pair = `${TRACES} on post.spike: dw = 0.5 * x on pre.spike: dw = -y`;
    const found = difference(pair, pair.replace('post.spike over 20 ms', 'post.spike over 34 ms'));
    expect(found.text).toBe(
      'y: trace of post.spike over 20 ms instead of trace of post.spike over 34 ms',
    );
    expect(found.distance).toBeLessThan(0.25);
  });

  it('of time constants are found whatever memory is called', () => {
    const pair = `${TRACES} on post.spike: dw = 0.5 * x on pre.spike: dw = -y`;
    const other =
      'trace p = pre.spike over 30 ms trace r = post.spike over 20 ms on post.spike: dw = 0.5 * p on pre.spike: dw = -r';
    expect(difference(other, pair).text).toBe(
      'p: trace of pre.spike over 30 ms instead of trace of pre.spike over 20 ms',
    );
  });

  it('of clauses show them', () => {
    const [a, b] = ['at trial.end: dw = w', 'on post.spike: dw = w'];
    expect(difference(a, b).text).toBe('at trial.end: dw: + w\non post.spike: dw: - w');
    expect(difference('dw = w bound w in [0, 1]', 'dw = w bound w keeping sign').text).toBe(
      '+ bound w in [0, 1]\n- bound w keeping sign',
    );
  });
});

describe('every known rule', () => {
  const rules = [...corpusRules(), ...packagedRules()].filter(
    (each) => checkRule(each.rule, each.source, wholeVocabulary).ok,
  );
  const catalogue = rules.map(checked);

  it('is the rule nearest to itself, and is found again with a term added', () => {
    const extra = '0.0123 * w^3 * post.size';
    const lost: string[] = [];
    for (const [at, each] of rules.entries()) {
      const own = checked(each);
      const [itself] = nearestRules(own, catalogue);
      if (itself!.distance !== 0 || !itself!.equal || itself!.difference !== '')
        lost.push(`${each.rule.name} is not itself`);
      if (own.transmit || at % 2 === 1) continue;
      const perturbed = checkedWith(each, extra);
      const [nearest, ...others] = nearestRules(perturbed, catalogue, 10);
      const tied = [nearest!, ...others.filter((other) => other.distance === nearest!.distance)];
      const found = tied.find(({ name }) => name === each.rule.name);
      const wanted = 'dw: + 0.0123 * post.size * w^3';
      if (found?.difference !== wanted) {
        lost.push(
          `${each.rule.name}: ${nearest!.name} ${nearest!.distance} ${nearest!.difference}`,
        );
      }
    }
    expect(lost).toEqual([]);
  }, 120_000);
});

/** The rule with a term added to its change in every step. */
function checkedWith({ rule, source }: RuleInText, term: string): CheckedRule {
  const [added] = rulesIn({ name: 'added.rule', text: `rule r { dw = ${term} }` });
  const line = added!.rule.lines[0]!;
  const plain = rule.lines.findIndex(
    (each) => each.kind === 'change' && each.form === 'dw' && each.clauses.length === 0,
  );
  const own = rule.lines[plain];
  if (own?.kind !== 'change' || line.kind !== 'change') {
    return unwrap(checkRule({ ...rule, lines: [...rule.lines, line] }, source, wholeVocabulary));
  }
  const value = {
    kind: 'binary',
    operator: '+',
    left: own.value,
    right: line.value,
    span: own.span,
  } as const;
  const lines = rule.lines.with(plain, { ...own, value });
  return unwrap(checkRule({ ...rule, lines }, source, wholeVocabulary));
}
