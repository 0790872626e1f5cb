import { describeDimension, PLAIN, sameDimension } from '../../base/dimension.js';
import { success } from '../../base/result.js';
import type { ProjectionKind } from '../../circuits/kind.js';
import { type Signal, type SignalTable, scheduledEvents } from '../../language/signals.js';
import { wholeVocabulary } from '../../language/vocabulary.js';
import { circuitNamed, tableAt } from '../circuit.js';
import type { AddCommand } from '../command.js';
import { pairs, table } from '../layout.js';
import type { Outcome } from '../outcome.js';

export const addSignals: AddCommand = (program, act) => {
  program
    .command('signals')
    .summary('what a rule may read in a circuit')
    .description(
      'List the signals that a circuit offers to rules, and its phases, events and time; without a circuit, all there are.',
    )
    .argument('[circuit]', 'a circuit of `engrammar circuits`')
    .argument('[projection]', 'one of its kinds of projections (default: all of them)')
    .action(
      act((_, circuit: string | undefined, projection: string | undefined) => {
        if (circuit === undefined) return success(listed(wholeVocabulary, []));
        const kind = circuitNamed(circuit);
        const projections =
          projection === undefined
            ? kind.projections
            : [{ kind: projection, meaning: '', table: tableAt(kind, projection) }];
        return success(listed(projections[0]!.table, projections));
      }),
    );
};

interface Row {
  readonly signal: Signal;
  /** Kinds of projections that offer it. */
  readonly at: readonly string[];
}

function listed(first: SignalTable, projections: readonly ProjectionKind[]): Outcome {
  const rows = projections.length === 0 ? alone(first) : rowsOf(projections);
  const everywhere = rows.every(({ at }) => at.length === projections.length);
  return {
    document: rows.map(({ signal, at }) => ({
      name: signal.name,
      extent: signal.extent,
      grade: signal.grade,
      dimension: describeDimension(signal.dimension),
      event: signal.event,
      symbol: signal.symbol,
      meaning: signal.meaning,
      projections: at,
    })),
    text: (style) => {
      const signals = everywhere
        ? table(
            ['signal', 'one for each', 'locality', 'meaning'],
            rows.map(({ signal }) => cellsOf(signal, [])),
            style,
          )
        : table(
            ['signal', 'one for each', 'locality', 'at', 'meaning'],
            rows.map(({ signal, at }) =>
              cellsOf(signal, [at.length === projections.length ? 'all' : at.join(', ')]),
            ),
            style,
          );
      const kinds = projections.map(({ kind }) => kind);
      const others: [string, string][] = [
        ...(kinds.length === 0 ? [] : [['projections', kinds.join(', ')] as [string, string]]),
        ...(first.phases.length === 0
          ? []
          : [['phases', first.phases.join(', ')] as [string, string]]),
        ['events', scheduledEvents(first).join(', ')],
        ['time', TIME[first.time]],
      ];
      return `${signals}\n\n${pairs(others, style)}`;
    },
  };
}

/** Signals of all kinds of projections in the order of the vocabulary, each once. */
function rowsOf(projections: readonly ProjectionKind[]): Row[] {
  const rows = new Map<string, { signal: Signal; at: string[] }>();
  for (const { kind, table: offered } of projections) {
    for (const signal of offered.signals) {
      const key = JSON.stringify(signal);
      const row = rows.get(key);
      if (row) row.at.push(kind);
      else rows.set(key, { signal, at: [kind] });
    }
  }
  const order = wholeVocabulary.signals.map(({ name }) => name);
  const place = ({ signal }: Row): number =>
    order.includes(signal.name) ? order.indexOf(signal.name) : order.length;
  return [...rows.values()].sort((a, b) => place(a) - place(b));
}

const alone = (only: SignalTable): Row[] => only.signals.map((signal) => ({ signal, at: [] }));

const cellsOf = (signal: Signal, at: readonly string[]): string[] => [
  signal.name,
  EACH[signal.extent],
  signal.grade,
  ...at,
  meaningOf(signal),
];

const EACH: Readonly<Record<Signal['extent'], string>> = {
  global: 'projection',
  pre: 'pre neuron',
  post: 'post neuron',
  synapse: 'synapse',
};

const TIME: Readonly<Record<SignalTable['time'], string>> = {
  steps: 'steps: the only unit of time is `step`',
  milliseconds: '`ms` and `s`; a step lasts dt',
  either: '`step` in circuits that count steps; elsewhere `ms`, `s`, and `step` for dt',
};

function meaningOf({ meaning, dimension }: Signal): string {
  if (sameDimension(dimension, PLAIN)) return meaning;
  return `${meaning} (${describeDimension(dimension)})`;
}
