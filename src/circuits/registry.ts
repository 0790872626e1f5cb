import type { SignalTable } from '../language/signals.js';
import { feedForwardTable } from './feed-forward.js';

/** A kind of circuit, for `engrammar circuits` and `engrammar signals`. */
export interface CircuitKind {
  readonly name: string;
  readonly meaning: string;
  /** What one step is. */
  readonly step: string;
  /** What a rule can be attached to. */
  readonly projections: readonly string[];
  readonly table: SignalTable;
}

/** Every circuit there is. */
export const CIRCUITS: readonly CircuitKind[] = [
  {
    name: 'feed-forward',
    meaning:
      'a fully connected network that learns online; errors come back through fixed random weights (feedback alignment) or through the forward weights (backpropagation)',
    step: 'one sample: forward pass, errors from the output down to the input, one update of all weights',
    projections: ['forward'],
    table: feedForwardTable('random'),
  },
];
