import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binary, named } from '../../../src/algebra/build-expression.js';
import { Stream } from '../../../src/base/random.js';
import { drawFeedForward, feedForwardProgram } from '../../../src/circuits/feed-forward.js';
import { feedForwardTable } from '../../../src/circuits/feed-forward-tables.js';
import type { Episode, Runner } from '../../../src/engine/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import type { Expression } from '../../../src/language/ast.js';
import type { Scope } from '../../../src/language/checked.js';
import { printExpression } from '../../../src/language/print.js';
import type { RuleForCircuit } from '../../../src/program/rule.js';
import { PARAMETERS } from '../../support/algebra-scope.js';
import { expressions } from '../../support/rules.js';
import { updateRule } from '../../support/update-rule.js';

const SIZES = [4, 3, 3];
const STEPS = 5;
const QUERIES = 4;
/** Small enough that most generated rules stay finite, large enough that they matter. */
const AT = [3e-3, -2e-3];

const scopeFor = (feedback: 'random' | 'symmetric'): Scope => ({
  table: feedForwardTable(feedback),
  parameters: new Map(['eta', 'theta'].map((name, k) => [name, { ...PARAMETERS[k]!, name }])),
  memories: new Map(),
});

/** dw = eta · first + theta · second, both searched. */
function ruleOf(first: Expression, second: Expression, scope: Scope): RuleForCircuit {
  const update = binary('+', binary('*', named('eta'), first), binary('*', named('theta'), second));
  return updateRule('generated', update, scope, ['eta', 'theta']);
}

function episodeOf(seed: number, feedback: 'random' | 'symmetric'): Episode {
  const stream = new Stream(seed, 'gradient');
  const numbers = (count: number) => Float64Array.from({ length: count }, () => stream.uniform());
  const targets = (rows: number) => {
    const values = new Float64Array(rows * 3);
    for (let row = 0; row < rows; row++) values[row * 3 + stream.integer(3)] = 1;
    return values;
  };
  return {
    start: drawFeedForward({ sizes: SIZES, beta: 3, feedback }, stream),
    steps: STEPS,
    stepInputs: { image: numbers(STEPS * 4), target: targets(STEPS) },
    queryInputs: { 'query images': numbers(QUERIES * 4), 'query targets': targets(QUERIES) },
  };
}

/** Fourth-order central differences with two steps; null where they disagree (a kink, or noise). */
async function differences(runner: Runner, episode: Episode): Promise<number[] | null> {
  const loss = async (k: number, shift: number): Promise<number> => {
    const at = AT.map((value, i) => (i === k ? value + shift : value));
    const [result] = await runner.run([episode], at, { gradient: false });
    return result!.loss;
  };
  const slope = async (k: number, h: number): Promise<number> =>
    (8 * ((await loss(k, h)) - (await loss(k, -h))) -
      ((await loss(k, 2 * h)) - (await loss(k, -2 * h)))) /
    (12 * h);
  const found: number[] = [];
  for (const k of AT.keys()) {
    const [wide, narrow] = [await slope(k, 2e-5), await slope(k, 1e-5)];
    const scale = Math.max(Math.abs(narrow), 1e-4);
    if (!(Math.abs(wide - narrow) < 2e-7 * scale)) return null;
    found.push(narrow);
  }
  return found;
}

describe('the meta-gradient of generated rules', () => {
  test.each(['random', 'symmetric'] as const)(
    '200 rules with %s feedback equal central differences to 1e-6',
    async (feedback) => {
      const scope = scopeFor(feedback);
      let [compared, setAside, worst] = [0, 0, 0];
      await fc.assert(
        fc.asyncProperty(
          expressions(scope, { depth: 2, division: true, sums: true, functions: true }),
          expressions(scope, { depth: 3, division: false, sums: true, functions: true }),
          fc.integer({ min: 1, max: 1e6 }),
          async (first, second, seed) => {
            const rule = ruleOf(first, second, scope);
            const program = feedForwardProgram({ sizes: SIZES, beta: 3, feedback }, rule, QUERIES);
            const runner = prepareInterpreter(program);
            const episode = episodeOf(seed, feedback);
            const [result] = await runner.run([episode], AT, { gradient: true });
            const expected = result!.gradient ? await differences(runner, episode) : null;
            if (!expected) {
              setAside += 1;
              return;
            }
            compared += 1;
            const gap = Math.hypot(...expected.map((x, k) => x - result!.gradient![k]!));
            const relative = gap / Math.max(Math.hypot(...expected), 1e-3);
            worst = Math.max(worst, relative);
            if (relative > 1e-6) {
              const texts = [first, second].map(printExpression).join('   and   ');
              throw new Error(`${texts}: ${[...result!.gradient!]} for ${expected}`);
            }
          },
        ),
        { numRuns: 240, seed: 5 },
      );
      console.log(
        `${feedback}: ${compared} compared, ${setAside} set aside, worst relative L2 ${worst.toExponential(1)}`,
      );
      expect(compared).toBeGreaterThanOrEqual(200);
      expect(setAside / (compared + setAside)).toBeLessThan(0.2);
    },
    60_000,
  );
});
