import {
  clauseTwice,
  notASpike,
  notAStart,
  notScheduled,
  unknownMoment,
  unknownPhase,
} from '../../base/diagnostics/memory.js';
import { nearest } from '../../base/nearest.js';
import type { Clause, NameExpression } from '../ast.js';
import { printClause, printExpression } from '../print.js';
import { scheduledEvents, signalNamed } from '../signals.js';
import { wholeVocabulary } from '../vocabulary.js';
import { type Facts, join, NUMBER, raisedBy } from './inferred.js';
import { atMoment, checkTime } from './moments.js';
import { at, fullName, lookUp, type Names, reportUnknown } from './names.js';

/**
 * What the clauses before a line bring to it: the neurons of their spikes, and the grade of phases.
 * Scheduled events and intervals count for nothing (docs/language.md §11).
 */
export function inferClauses(clauses: readonly Clause[], names: Names): Facts {
  const seen = new Set<string>();
  let facts = NUMBER;
  for (const clause of clauses) {
    const text = printClause(clause);
    if (seen.has(text)) names.report(clauseTwice({ clause: text }, at(names, clause.span)));
    seen.add(text);
    facts = join(facts, inferClause(clause, names));
  }
  return facts;
}

function inferClause(clause: Clause, names: Names): Facts {
  switch (clause.kind) {
    case 'on':
      return inferSpike(clause.event, names);
    case 'at':
      checkScheduled(clause.event, names);
      return NUMBER;
    case 'every':
      checkTime('`every`', clause.interval, clause.span, names);
      return NUMBER;
    case 'during': {
      const { phases: available } = names.table;
      const circuit = circuitOf(names);
      const name = clause.phase;
      if (!available.includes(name)) {
        const facts = { name, circuit, available, meant: nearest(name, available) };
        names.report(unknownPhase(facts, at(names, clause.span)));
      }
      return raisedBy(NUMBER, 'modulated', () => ({
        text: printClause(clause),
        span: clause.span,
      }));
    }
  }
}

/** In whose table something is missing. */
const circuitOf = ({ table }: Names): string =>
  table.name === wholeVocabulary.name ? 'any circuit' : table.name;

/** The facts of a spike that gates a line or starts memory again; null where it is none. */
function spikeFacts(event: NameExpression, names: Names): Facts | null {
  const signal = signalNamed(names.table, fullName(event));
  if (!signal?.event) return null;
  const phase = event.moment?.kind === 'named' && names.table.phases.includes(event.moment.name);
  if (phase) {
    const facts = { moment: printExpression(event).split('@')[1]!, available: ['previous'] };
    names.report(unknownMoment(facts, at(names, event.span)));
  }
  const facts = lookUp(event, names);
  return phase ? facts : atMoment(event, facts, names);
}

function spikesOf({ table }: Names): string[] {
  return table.signals.filter((signal) => signal.event).map((signal) => signal.name);
}

/** A spike that this circuit lacks and another has. */
function isOfAnotherCircuit(name: string, { table }: Names): boolean {
  return !signalNamed(table, name) && signalNamed(wholeVocabulary, name)?.event === true;
}

function inferSpike(event: NameExpression, names: Names): Facts {
  const facts = spikeFacts(event, names);
  if (facts) return facts;
  const name = fullName(event);
  if (isOfAnotherCircuit(name, names)) {
    reportUnknown(event, name, names);
    return NUMBER;
  }
  const available = spikesOf(names);
  const scheduled = scheduledEvents(names.table).includes(name);
  const meant = scheduled ? undefined : nearest(name, available);
  const hint = scheduled ? `write \`at ${name}:\`` : meant && `did you mean \`${meant}\`?`;
  names.report(notASpike({ name, available, hint }, at(names, event.span)));
  return NUMBER;
}

function checkScheduled(event: NameExpression, names: Names): void {
  const available = scheduledEvents(names.table);
  const name = event.moment === null ? fullName(event) : printExpression(event);
  if (available.includes(name)) return;
  const spike = signalNamed(names.table, fullName(event))?.event;
  const meant = nearest(name, available);
  const hint = spike ? `write \`on ${name}:\`` : meant && `did you mean \`${meant}\`?`;
  const facts = { name, circuit: circuitOf(names), available, hint };
  names.report(notScheduled(facts, at(names, event.span)));
}

/** The neurons that `since` brings to a memory. It raises no grade. */
export function inferSince(event: NameExpression, names: Names): Facts {
  const spike = spikeFacts(event, names);
  if (spike) return { ...spike, grade: 'synapse', because: null };
  const name = event.moment === null ? fullName(event) : printExpression(event);
  const starts = scheduledEvents(names.table).filter((each) => each.endsWith('.start'));
  if (starts.includes(name)) return NUMBER;
  if (isOfAnotherCircuit(name, names)) {
    reportUnknown(event, name, names);
    return NUMBER;
  }
  const available = [...starts, ...spikesOf(names)];
  const start = name.replace(/\.end$/, '.start');
  const meant = starts.includes(start) ? start : nearest(name, available);
  const hint = meant && `did you mean \`${meant}\`?`;
  names.report(notAStart({ name, available, hint }, at(names, event.span)));
  return NUMBER;
}

export function isOnSpike(clauses: readonly Clause[]): boolean {
  return clauses.some((clause) => clause.kind === 'on');
}
