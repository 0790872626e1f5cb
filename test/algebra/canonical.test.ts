import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalExpression, canonicalText } from '../../src/algebra/canonical.js';
import { machineForm } from '../../src/algebra/machine-form.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { unwrap } from '../../src/base/result.js';
import type { Expression } from '../../src/language/ast.js';
import { checkExpression } from '../../src/language/check.js';
import { parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { SCOPE } from '../support/algebra-scope.js';
import { compareBounded } from '../support/bounded.js';
import { evaluateExpression, randomNetwork, synapses } from '../support/network.js';
import { evaluateMachineForm } from '../support/polynomial-values.js';
import { expressions } from '../support/rules.js';

const read = (text: string): Expression => unwrap(parseExpression({ name: 'test', text }));

const RULES = 5000;

describe(`on ${RULES} generated rules`, () => {
  const rules = fc.sample(expressions(SCOPE), { numRuns: RULES, seed: 1 });

  it('canonical text parses, has the same normal form, and is stable', () => {
    let checked = 0;
    for (const rule of rules) {
      const form = normalForm(rule, SCOPE);
      const text = canonicalText(form);
      const again = normalForm(read(text), SCOPE);
      const shown = `${printExpression(rule)}\n  → ${text}`;
      expect(again.key, shown).toBe(form.key);
      expect(canonicalText(again), shown).toBe(text);
      if (checkExpression(rule, SCOPE).ok) {
        expect(checkExpression(read(text), SCOPE), shown).toMatchObject({ ok: true });
        checked += 1;
      }
    }
    expect(checked).toBe(RULES);
  });

  it('values of canonical text and machine form are those of the rule', () => {
    const counts = { same: 0, different: 0, unclear: 0 };
    for (const [index, rule] of rules.entries()) {
      const network = randomNetwork(SCOPE, index);
      const form = normalForm(rule, SCOPE);
      const wanted = evaluateExpression(rule, network);
      const canonical = evaluateExpression(canonicalExpression(form), network);
      const machine = machineForm(form);
      for (const [at, [i, j]] of synapses(network).entries()) {
        const byMachine = evaluateMachineForm(machine, network, i, j);
        for (const got of [canonical[at]!, byMachine]) {
          const outcome = compareBounded(wanted[at]!, got);
          counts[outcome] += 1;
          const shown = `${printExpression(rule)}\n  → ${canonicalText(form)}`;
          expect(outcome, shown).not.toBe('different');
        }
      }
    }
    const all = counts.same + counts.unclear;
    console.log(
      `values: ${counts.same} agree, ${((100 * counts.unclear) / all).toFixed(1)} % unclear`,
    );
    expect(counts.unclear / all).toBeLessThan(0.2);
  });
});
