import type { Behaviour } from '../behaviour.js';
import { claimsOf, trajectoryOf as trajectory } from './support/kolen-pollack.js';

export { trajectory };

export const behaviour: Behaviour = {
  rule: 'kolen_pollack_feedback',
  claims: claimsOf('feedback'),
};
