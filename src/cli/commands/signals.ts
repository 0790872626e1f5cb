import { describeDimension, PLAIN, sameDimension } from '../../base/dimension.js';
import { success } from '../../base/result.js';
import type { Signal, SignalTable } from '../../language/signals.js';
import { tableOf } from '../circuit.js';
import type { AddCommand } from '../command.js';
import { table } from '../layout.js';
import type { Outcome } from '../outcome.js';

export const addSignals: AddCommand = (program, act) => {
  program
    .command('signals')
    .summary('what a rule may read in a circuit')
    .description(
      'List the signals that a circuit offers to rules; without a circuit, all there are.',
    )
    .argument('[circuit]', 'a circuit of `engrammar circuits`')
    .action(act((_, circuit: string | undefined) => success(listed(tableOf(circuit)))));
};

function listed({ signals }: SignalTable): Outcome {
  return {
    document: signals.map((signal) => ({
      name: signal.name,
      extent: signal.extent,
      grade: signal.grade,
      dimension: describeDimension(signal.dimension),
      event: signal.event,
      symbol: signal.symbol,
      meaning: signal.meaning,
    })),
    text: (style) =>
      table(
        ['signal', 'one for each', 'locality', 'meaning'],
        signals.map((signal) => [
          signal.name,
          EACH[signal.extent],
          signal.grade,
          meaningOf(signal),
        ]),
        style,
      ),
  };
}

const EACH: Readonly<Record<Signal['extent'], string>> = {
  global: 'projection',
  pre: 'pre neuron',
  post: 'post neuron',
  synapse: 'synapse',
};

function meaningOf({ meaning, dimension }: Signal): string {
  if (sameDimension(dimension, PLAIN)) return meaning;
  return `${meaning} (${describeDimension(dimension)})`;
}
