import type { SignalTable } from '../signals.js';

/**
 * The names of the two neurons of a synapse in a table, `pre` and `post`: what stands before the dot of
 * their signals, or alone for their activity.
 */
export function sidesOf({ signals }: SignalTable): string[] {
  const ofNeurons = signals.filter(({ extent }) => extent === 'pre' || extent === 'post');
  return [...new Set(ofNeurons.map(({ name }) => name.split('.')[0]!))];
}
