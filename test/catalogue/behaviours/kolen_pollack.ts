import type { Behaviour } from '../behaviour.js';
import {
  alignAndLearn,
  becomeAlike,
  firstStep,
  type Pair,
  trajectoryOf as trajectory,
} from './support/kolen-pollack.js';
import type { RuleFor } from './support/run.js';

export { trajectory };

const OTHER = 'kolen_pollack_feedback';
const pairOf = (rule: RuleFor, other: RuleFor): Pair => ({ forward: rule, feedback: other });

export const behaviour: Behaviour = {
  rule: 'kolen_pollack',
  claims: [
    firstStep('forward', pairOf, OTHER),
    becomeAlike(pairOf, OTHER),
    alignAndLearn(pairOf, OTHER),
  ],
};
