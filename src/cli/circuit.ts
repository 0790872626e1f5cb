import { unknownWord } from '../base/diagnostics/usage.js';
import { CIRCUITS } from '../circuits/registry.js';
import type { SignalTable } from '../language/signals.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import { UsageError } from './outcome.js';

/** The option with which a rule is held against what one circuit offers. */
export const CIRCUIT_OPTION = [
  '--circuit <name>',
  'check against what this circuit offers (default: the whole vocabulary)',
] as const;

/** What a circuit offers; without a name everything there is. */
export function tableOf(circuit: string | undefined): SignalTable {
  if (circuit === undefined) return wholeVocabulary;
  const known = CIRCUITS.map(({ name }) => name);
  const found = CIRCUITS.find(({ name }) => name === circuit);
  if (found) return found.table;
  const listedBy = 'engrammar circuits';
  throw new UsageError(unknownWord({ what: 'circuit', given: circuit, known, listedBy }));
}
