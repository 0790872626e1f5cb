import type { Clause } from '../language/ast.js';
import { timeOf } from './moments.js';
import * as Q from './rational.js';
import type { Gate } from './types.js';

/** When lines act, in a fixed order. */

/** The gates of clauses other than `on`, sorted, none twice. */
export function gatesOf(clauses: readonly Clause[]): Gate[] {
  const gates = new Map<string, Gate>();
  for (const clause of clauses) {
    const gate = gateOf(clause);
    if (gate) gates.set(gateText(gate), gate);
  }
  return [...gates.keys()].sort().map((key) => gates.get(key)!);
}

function gateOf(clause: Clause): Gate | null {
  switch (clause.kind) {
    case 'on':
      return null;
    case 'at': {
      const { name, member } = clause.event;
      return { kind: 'at', event: member === null ? name : `${name}.${member}` };
    }
    case 'during':
      return { kind: 'during', phase: clause.phase };
    case 'every': {
      const { value, unit } = timeOf(clause.interval);
      return { kind: 'every', time: Q.toNumber(value), unit };
    }
  }
}

/** As it is written before a colon: `at trial.end`. */
function gateText(gate: Gate): string {
  switch (gate.kind) {
    case 'at':
      return `at ${gate.event}`;
    case 'during':
      return `during ${gate.phase}`;
    case 'every':
      return `every ${gate.time} ${gate.unit}${gate.unit === 'step' && gate.time !== 1 ? 's' : ''}`;
  }
}

/** The same for the same gates. */
export function gatesKey(gates: readonly Gate[]): string {
  return gates.map(gateText).join(': ');
}
