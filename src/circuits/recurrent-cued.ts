import type { Stream } from '../base/random.js';
import type { SignalTable } from '../language/signals.js';
import { tableOffering } from '../language/vocabulary.js';
import type { GraphBuilder } from '../program/builder.js';
import type { Circuit, CircuitNow, CircuitStep } from '../program/circuit.js';
import type { Node } from '../program/ir.js';
import { circuitKind } from './kind.js';
import { countOption, numberOption, type ValuesOf, wordOption } from './options.js';
import { RECURRENT_OPTIONS, recurrent, recurrentCircuit } from './recurrent.js';

const { inputs: _, ...OF_THE_NETWORK } = RECURRENT_OPTIONS;

const OPTIONS = {
  cues: countOption({
    meaning: 'cue units, of which one at most is active in a trial',
    fallback: 3,
    least: 1,
  }),
  ...OF_THE_NETWORK,
  cue: numberOption({
    meaning: 'weights from cue units to neurons start normal with this standard deviation',
    fallback: 1,
    least: 0,
  }),
  between: wordOption({
    meaning:
      'anew: the activity begins in every trial as in the first; kept: it goes on from where it was',
    fallback: 'anew',
    words: ['anew', 'kept'],
  }),
};

type CuedOptions = ValuesOf<typeof OPTIONS>;

const PHASES = ['chain', 'test'];
const [NETWORK, CUE] = [['recurrent', 'input', 'readout', 'feedback'], 'cue'];

/** The table of a network's projection, where there are cues, too. */
const withCues = (table: SignalTable): SignalTable => ({
  ...table,
  name: 'recurrent-cued',
  projections: [...table.projections, CUE],
  phases: PHASES,
});

const cueTable = (projections: readonly string[]): SignalTable =>
  tableOffering(
    'recurrent-cued',
    ['w', 'pre', 'post', 'post.input', 'cost', 'dt', 'pre.size', 'post.size'],
    projections,
    { phases: PHASES },
  );

/**
 * The recurrent network of Murray 2019 (eLife 8:e43299) with a loop through units that are its tonic input.
 * When a trial begins one of them is chosen for all its steps: the one that is shown (`stimulus`), or, if none
 * is, the one that gets most from the network's activity at the end of the trial before, if that is positive.
 *
 * Step inputs `stimulus` `[1, cues]`, read where a trial begins, and `target`. In the phase `test` no weight
 * changes.
 */
function cuedCircuit(options: CuedOptions): Circuit {
  const { cues, neurons, start, cue } = options;
  const network = recurrentCircuit({ ...options, inputs: cues });
  const kinds = Object.keys(network.tables);
  const tables = Object.entries(network.tables).map(([kind, table]) => [kind, withCues(table)]);
  return {
    ...network,
    name: `${cues} cues of a ${network.name}`,
    projections: [
      ...network.projections,
      { name: CUE, kind: CUE, preSize: neurons, postSize: cues, masked: false },
    ],
    tables: { ...Object.fromEntries(tables), [CUE]: cueTable([...kinds, CUE]) },
    states: [...network.states, { name: 'chosen', shape: [1, cues] }],
    still: ['test'],
    step: (builder, now) => step(builder, now, { network, options }),
    draw: (stream) => ({
      ...network.draw(stream),
      ...cueWeights(stream.child('weights', 'cues'), neurons * cues, cue),
      activity: new Float64Array(neurons).fill(start),
    }),
  };
}

/** Those to the network; those from it are 0. */
const cueWeights = (stream: Stream, count: number, spread: number) => ({
  input: Float64Array.from({ length: count }, () => spread * stream.normal()),
});

function step(
  b: GraphBuilder,
  now: CircuitNow,
  { network, options }: { readonly network: Circuit; readonly options: CuedOptions },
): CircuitStep {
  const before = now.value('activity');
  const drive = b.matmul(before, now.weight(CUE), false, true);
  const shown = now.value('stimulus');
  const isShown = b.unary('sign', b.max(shown, 'columns'));
  const next = b.select(isShown, shown, winnerOf(b, drive));
  const chosen = b.select(now.at('trial.start'), next, now.value('chosen'));
  const inside: Record<string, Node> = {
    stimulus: chosen,
    ...(options.between === 'kept' && { 'initial activity': before }),
  };
  const made = network.step(b, {
    value: (name) => inside[name] ?? now.value(name),
    weight: (projection) => now.weight(projection),
    during: (phase) => now.during(phase),
    at: (event) => now.at(event),
  });
  const cost = made.observed!.find(({ name }) => name === 'cost')!.node;
  const seen: Record<string, Node> = { pre: before, post: chosen, 'post.input': drive, cost };
  return {
    states: [...made.states, { name: 'chosen', node: chosen }],
    signal: (projection, name) =>
      projection.kind === CUE ? seen[name]! : made.signal(projection, name),
    observed: made.observed!,
  };
}

/** 1 where a row is greatest, if that is positive, else 0. */
function winnerOf(b: GraphBuilder, row: Node): Node {
  const isMost = b.add(b.constant(1), b.unary('sign', b.subtract(row, b.max(row, 'columns'))));
  const isPositive = b.binary('maximum', b.unary('sign', row), b.constant(0));
  return b.multiply(isMost, isPositive);
}

export const recurrentCued = circuitKind({
  name: 'recurrent-cued',
  meaning:
    'a recurrent network of rate neurons whose tonic input is one of several cue units, shown or chosen by the network itself, so that short sequences follow one another',
  step: 'one time step, as in recurrent',
  trial: 'a sequence with one cue; in the phase test nothing is learned',
  projections: [
    ...recurrent.projections.map(({ kind, meaning, table }) => ({
      kind,
      meaning: kind === 'input' ? 'from the cue units to the neurons' : meaning,
      table: withCues(table),
    })),
    {
      kind: CUE,
      meaning:
        'from the neurons to the cue units: pre is the activity one step ago, post 1 at the unit that is chosen',
      table: cueTable([...NETWORK, CUE]),
    },
  ],
  options: OPTIONS,
  make: cuedCircuit,
});
