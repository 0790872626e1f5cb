import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { forgetfulStates } from '../../../src/engine/stickiness.js';
import { type PlanFacts, planRun } from '../../../src/engine/tfjs/plan.js';
import { tacticsOf } from '../../../src/engine/tfjs/tactics.js';
import { GraphBuilder } from '../../../src/program/builder.js';
import { type Node, type Program, UNARY } from '../../../src/program/ir.js';
import { randomProgram } from './random-program.js';

const program: Program = randomProgram(new Stream(1, 'plan'));

const facts = fc.record({
  program: fc.constant(program),
  steps: fc.nat(2000),
  tasks: fc.integer({ min: 1, max: 200 }),
  gradient: fc.boolean(),
  peak: fc.nat(5000),
  tactics: fc.constantFrom('cpu', 'wasm').map((name) => tacticsOf(name as 'cpu' | 'wasm')),
  budget: fc.integer({ min: 1, max: 10_000_000 }),
  batch: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanFacts>;

it('a plan stays within its budget unless one task alone with checkpoints is more', () => {
  const check = fc.property(facts, (given) => {
    const plan = planRun(given);
    expect(plan.batch).toBeGreaterThanOrEqual(1);
    expect(plan.batch).toBeLessThanOrEqual(Math.min(given.tasks, given.batch ?? given.tasks));
    if (plan.bytes > given.budget) {
      expect(plan.batch).toBe(1);
      expect(plan.interval).toBe(given.gradient ? Math.max(1, Math.ceil(given.steps ** 0.5)) : 1);
    }
    // A larger budget never makes for smaller batches.
    const more = planRun({ ...given, budget: given.budget * 2 });
    expect(more.batch).toBeGreaterThanOrEqual(plan.batch);
  });
  fc.assert(check, { seed: 4, numRuns: 500 });
});

it('a plan keeps every state where there is room, and checkpoints where there is not', () => {
  const given = { program, steps: 100, tasks: 1, gradient: true, peak: 0, batch: undefined };
  const tactics = tacticsOf('wasm');
  expect(planRun({ ...given, tactics, budget: 1e9 }).interval).toBe(1);
  expect(planRun({ ...given, tactics, budget: 1 }).interval).toBe(10);
});

it('states that could hide what was not finite are told from those that keep it', () => {
  const isForgetful = (next: (b: GraphBuilder, s: Node, x: Node) => Node): boolean => {
    const b = new GraphBuilder();
    const node = next(b, b.input('s', [2, 3]), b.input('x', [2, 3]));
    const slots = [{ name: 's', shape: [2, 3] as const }];
    return forgetfulStates(b.build('step', [{ name: 's', node }]), slots).length === 1;
  };
  expect(isForgetful((b, s, x) => b.add(x, b.multiply(b.constant(0.9), s)))).toBe(false);
  expect(isForgetful((b, s, x) => b.subtract(x, b.unary('negate', s)))).toBe(false);
  expect(isForgetful((b, s, x) => b.binary('divide', s, x))).toBe(false);
  const bounded = (b: GraphBuilder, s: Node) => b.binary('minimum', b.constant(1), s);
  expect(isForgetful((b, s, x) => bounded(b, b.add(s, x)))).toBe(false);
  expect(isForgetful((_, s) => s)).toBe(false);
  expect(isForgetful((_, _s, x) => x)).toBe(true);
  expect(isForgetful((b, s, x) => b.binary('divide', x, s))).toBe(true);
  expect(isForgetful((b, s, x) => b.binary('power', s, x))).toBe(true);
  expect(isForgetful((b, s) => b.broadcast(b.sum(s, 'rows'), [2, 3]))).toBe(true);
  for (const fn of UNARY) {
    if (fn !== 'negate')
      expect(
        isForgetful((b, s) => b.unary(fn, s)),
        fn,
      ).toBe(true);
  }
});
