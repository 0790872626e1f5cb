import { expect } from 'vitest';
import type { Grade } from '../language/signals.js';
import { type ConvergenceOptions, convergesTo } from './convergence.js';
import { type EqualityOptions, equalRule } from './equal-rule.js';
import type { GivenRule } from './given-rule.js';
import { localityAtMost } from './locality.js';
import type { Numbers } from './numbers.js';
import type { GivenStep } from './recording.js';
import { type ExpectedUpdate, type UpdateOptions, updates } from './update.js';
import type { Verdict } from './verdict.js';

export type { ConvergenceOptions, Weights } from './convergence.js';
export type { EqualityOptions } from './equal-rule.js';
export type { GivenRule } from './given-rule.js';
export type { Numbers } from './numbers.js';
export type { GivenStep } from './recording.js';
export type { ExpectedUpdate, UpdateOptions } from './update.js';

/*
 * Matchers for vitest: `import 'engrammar/vitest'` in a test or in a set-up file. What stands in
 * `expect(…)` is a rule: its text, its lines, `FILE`, `FILE#NAME`, a name of the catalogue, or what
 * `checkRule` gives. What is wrong with a rule or with what is asked of it fails the test with the
 * diagnostics that the command line would show.
 */

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * The rule does what another does, with the values of their parameters; names and notation do not
     * matter. The message prints the difference and both canonical texts.
     */
    toEqualRule(other: GivenRule, options?: EqualityOptions): void;
    /** The rule reads nothing beyond this grade of locality. The message names the part that does. */
    toHaveLocalityAtMost(grade: Grade): void;
    /**
     * Shown these signals (one step, or several in a list) the rule changes its weights (`dw`, or
     * `{ dw, w, memory }`) as expected. To be awaited.
     */
    toUpdate(
      given: GivenStep | readonly GivenStep[],
      expected: Numbers | ExpectedUpdate,
      options?: UpdateOptions,
    ): Promise<void>;
    /**
     * On a circuit the rule brings its weights, or what is measured of them, to a target, and keeps them
     * there. The message shows the trajectories. To be awaited.
     */
    toConvergeTo(target: Numbers, options: ConvergenceOptions): Promise<void>;
  }
}

/** What vitest expects of a matcher. */
interface Answer {
  readonly pass: boolean;
  message(): string;
}

/** A question that could not be asked fails, whichever answer was wanted. */
const answer = ({ pass, message, unanswered }: Verdict, isNot: boolean): Answer => ({
  pass: unanswered ? isNot : pass,
  message: () => message,
});

expect.extend({
  toEqualRule(received: unknown, other: GivenRule, options?: EqualityOptions) {
    return answer(equalRule(received, other, options), this.isNot);
  },
  toHaveLocalityAtMost(received: unknown, grade: Grade) {
    return answer(localityAtMost(received, grade), this.isNot);
  },
  async toUpdate(
    received: unknown,
    given: GivenStep | readonly GivenStep[],
    expected: Numbers | ExpectedUpdate,
    options?: UpdateOptions,
  ) {
    return answer(await updates(received, given, expected, options), this.isNot);
  },
  async toConvergeTo(received: unknown, target: Numbers, options: ConvergenceOptions) {
    return answer(await convergesTo(received, target, options), this.isNot);
  },
});
