import type { GraphBuilder } from '../program/builder.js';
import type { CircuitNow } from '../program/circuit.js';
import type { Node } from '../program/ir.js';
import { type Activation, activate, slopeOf } from './activation.js';

/** The equations of predictive coding in a layered network, for the circuit's step and its measures. */

/** Whether the nonlinearity stands behind the weights, f(v) = φ(W v), or in front of them, f(v) = W φ(v). */
export type Nonlinearity = 'after' | 'before';

export interface Network {
  /** Layers above the input. */
  readonly depth: number;
  readonly activation: Activation;
  readonly nonlinearity: Nonlinearity;
  /** Of the output: `linear` with half the squared distance, `softmax` with the cross-entropy. */
  readonly output: 'linear' | 'softmax';
  /** Factor on the error at the output. */
  readonly outputGain: number;
}

/** Layers as they are predicted from below; index 0 is the input, which nothing predicts. */
export interface Predicted {
  /** v: what each layer is taken to be, up to the last hidden one. */
  readonly values: readonly Node[];
  /** What each of these sends: v, or φ(v) where the nonlinearity comes first. */
  readonly sent: readonly Node[];
  /** W times what the layer below sends. */
  readonly inputs: readonly Node[];
  /** f(v) of the layer below; of the output its summed input. */
  readonly predictions: readonly Node[];
  /** Derivative of the prediction by the summed input. */
  readonly slopes: readonly Node[];
}

/**
 * Goes up from the input. `taken(l, prediction)` says what the hidden layer l is taken to be: its prediction
 * in a feed-forward pass, its belief in the course of inference.
 */
export function predict(
  b: GraphBuilder,
  { depth, activation, nonlinearity }: Network,
  { value, weight }: Pick<CircuitNow, 'value' | 'weight'>,
  taken: (l: number, prediction: Node) => Node,
): Predicted {
  const isAfter = nonlinearity === 'after';
  const input = value('pattern');
  const [values, sent, inputs, predictions] = [[input], [input], [input], [input]];
  const slopes = [b.constant(1, input.shape)];
  for (let l = 1; l <= depth; l++) {
    const summed = b.matmul(sent[l - 1]!, weight(`W${l}`), false, true);
    const bends = isAfter && l < depth;
    inputs.push(summed);
    predictions.push(bends ? activate(b, activation, summed) : summed);
    slopes.push(bends ? slopeOf(b, activation, summed) : b.constant(1, summed.shape));
    if (l === depth) break;
    const belief = taken(l, predictions[l]!);
    values.push(belief);
    sent.push(isAfter ? belief : activate(b, activation, belief));
  }
  return { values, sent, inputs, predictions, slopes };
}

/** The error of the output: the derivative of the cost by its summed input, times the gain. */
export function outputError(
  b: GraphBuilder,
  { output, outputGain }: Network,
  { value }: Pick<CircuitNow, 'value'>,
  { predictions }: Predicted,
): Node {
  const error = b.subtract(activate(b, output, predictions.at(-1)!), value('target'));
  return b.multiply(b.constant(outputGain), error);
}

/** What the error of layer l + 1 brings to the beliefs of layer l: J(v)ᵀ ε. */
export function brought(
  b: GraphBuilder,
  { activation, nonlinearity }: Network,
  { weight }: Pick<CircuitNow, 'weight'>,
  { values, slopes }: Predicted,
  l: number,
  above: Node,
): Node {
  const back = b.matmul(b.multiply(above, slopes[l + 1]!), weight(`W${l + 1}`));
  return nonlinearity === 'after' ? back : b.multiply(back, slopeOf(b, activation, values[l]!));
}

/** The errors of backpropagation at these values: the derivative of the cost by the value of each layer. */
export function backpropagated(
  b: GraphBuilder,
  network: Network,
  now: Pick<CircuitNow, 'value' | 'weight'>,
  forward: Predicted,
): Node[] {
  const { depth } = network;
  const errors: Node[] = new Array(depth + 1);
  errors[depth] = outputError(b, network, now, forward);
  for (let l = depth - 1; l >= 1; l--) {
    errors[l] = brought(b, network, now, forward, l, errors[l + 1]!);
  }
  errors[0] = b.constant(0, now.value('pattern').shape);
  return errors;
}
