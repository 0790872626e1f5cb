import type { Signal, SignalTable } from '../language/signals.js';
import type { GraphBuilder } from '../program/builder.js';
import type { CircuitEnd, CircuitNow, Projection } from '../program/circuit.js';
import type { Node, Output, Slot } from '../program/ir.js';

/** What recurrent networks with a trained read-out share: projections, the error, how it comes back, the loss. */

const RECURRENT_KINDS = ['recurrent', 'input', 'readout', 'feedback'] as const;
export type RecurrentKind = (typeof RECURRENT_KINDS)[number];

/** What brings errors to the neurons: fixed random weights of its own, or the read-out weights. */
export type ErrorPath = 'random' | 'symmetric';

/** The kinds of projection there are with this error path. */
export function kindsWith(feedback: ErrorPath): RecurrentKind[] {
  return RECURRENT_KINDS.filter((kind) => kind !== 'feedback' || feedback === 'random');
}

/** The projections of a network; there is one of each kind, called as the kind is. */
export function projectionsOf(
  {
    inputs,
    neurons,
    outputs,
    feedback,
  }: {
    readonly inputs: number;
    readonly neurons: number;
    readonly outputs: number;
    readonly feedback: ErrorPath;
  },
  masked: readonly RecurrentKind[] = [],
): (Projection & { kind: RecurrentKind })[] {
  const sizes: Record<RecurrentKind, readonly [preSize: number, postSize: number]> = {
    recurrent: [neurons, neurons],
    input: [inputs, neurons],
    readout: [neurons, outputs],
    feedback: [outputs, neurons],
  };
  return kindsWith(feedback)
    .filter((kind) => kind !== 'input' || inputs > 0)
    .map((kind) => {
      const [preSize, postSize] = sizes[kind];
      return { name: kind, kind, preSize, postSize, masked: masked.includes(kind) };
    });
}

/** The kinds of projection for people; what `recurrent` means differs. */
export function describeProjections(
  recurrent: string,
  tableOf: (kind: RecurrentKind) => SignalTable,
): { kind: string; meaning: string; table: SignalTable }[] {
  const meanings: Record<RecurrentKind, string> = {
    recurrent,
    input: 'from the inputs to the neurons',
    readout: 'from the neurons to the output: post.error is the output minus its target',
    feedback: 'from the output back to the neurons: pre.error is the error it carries',
  };
  return RECURRENT_KINDS.map((kind) => ({
    kind,
    meaning: meanings[kind],
    table: tableOf(kind),
  }));
}

/** Errors that come through the read-out weights are transported. */
export function gradesWith(feedback: ErrorPath): Record<string, Partial<Omit<Signal, 'name'>>> {
  const transported = { grade: 'transport' } as const;
  return feedback === 'symmetric'
    ? { 'post.feedback': transported, 'post.error': transported }
    : {};
}

/** States of the loss: mean over the steps of a trial so far of ½ Σ (y − y*)². */
export const LOSS_STATES: readonly Slot[] = [
  { name: 'trial step', shape: [1, 1] },
  { name: 'trial loss', shape: [1, 1] },
];

/** The error of an output, what it brings to the neurons, and the next values of `LOSS_STATES`. */
export function readoutError(
  b: GraphBuilder,
  now: CircuitNow,
  output: Node,
  feedback: ErrorPath,
): { target: Node; error: Node; cost: Node; brought: Node; states: Output[] } {
  const target = now.value('target');
  const error = b.subtract(output, target);
  const cost = b.multiply(b.constant(0.5), b.sum(b.multiply(error, error), 'columns'));
  const brought =
    feedback === 'random'
      ? b.matmul(error, now.weight('feedback'), false, true)
      : b.matmul(error, now.weight('readout'));
  const goesOn = b.subtract(b.constant(1), now.at('trial.start'));
  const count = b.add(b.multiply(goesOn, now.value('trial step')), b.constant(1));
  const mean = b.multiply(goesOn, now.value('trial loss'));
  const next = b.add(mean, b.binary('divide', b.subtract(cost, mean), count));
  return {
    target,
    error,
    cost,
    brought,
    states: [
      { name: 'trial step', node: count },
      { name: 'trial loss', node: next },
    ],
  };
}

/** The loss of the last trial, its mean over the streams. */
export function lossOfLastTrial(b: GraphBuilder, { value, streams }: CircuitEnd): Output[] {
  const each = Array.from({ length: streams }, (_, k) => value('trial loss', k));
  return [{ name: 'loss', node: b.multiply(b.constant(1 / streams), b.total(each)!) }];
}

/** The cosine between the read-out weights and the transposed feedback, `[1, 1]`; 0 where one of them is 0. */
export function alignmentOf(b: GraphBuilder, { weight }: CircuitEnd, feedback: ErrorPath): Node {
  const forward = weight('readout');
  const back = feedback === 'random' ? b.transpose(weight('feedback')) : forward;
  const inner = (x: Node, y: Node): Node => b.sumTo(b.multiply(x, y), [1, 1]);
  const squares = b.multiply(inner(forward, forward), inner(back, back));
  const length = b.unary('sqrt', squares);
  // Nothing is aligned with nothing.
  const isNone = b.subtract(b.constant(1), b.unary('sign', length));
  return b.binary('divide', inner(forward, back), b.add(length, isNone));
}
