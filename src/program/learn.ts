import { machineForm } from '../algebra/machine-form.js';
import type { ChangeForm, Polynomial, RuleForm } from '../algebra/types.js';
import { gateNode } from './gates.js';
import type { Node } from './ir.js';
import { lowerUpdate, lowerValue, signalsWith } from './lower.js';
import type { Site } from './site.js';
import type { Making } from './slots.js';

/**
 * What the weights of a projection become: the old weights and the mean over streams of all changes,
 * then `set w`, then the bounds. `sites` are the same projection in every stream.
 */
export function learnedWeights(
  making: Making,
  sites: readonly Site[],
  form: RuleForm,
  stepLength: number | null,
): Node {
  const { builder: b } = making;
  const [site] = sites as [Site];
  const existing = (weights: Node): Node =>
    site.mask ? b.select(site.mask, weights, b.constant(0)) : weights;
  const gated = (change: ChangeForm, value: Node, otherwise: Node): Node => {
    const gate = gateNode(making, change.gates, stepLength);
    return gate ? b.select(gate, value, otherwise) : value;
  };
  let weights = site.weight;

  const changes = form.changes.filter((change) => change.form === 'dw');
  if (changes.length > 0) {
    const parts = changes.map((change) => {
      const update = machineForm(change.value);
      const perStream = sites.map((each) => lowerUpdate(b, update, each, 1 / sites.length));
      return gated(change, b.total(perStream)!, b.constant(0));
    });
    weights = existing(b.add(weights, b.total(parts)!));
  }

  const after = (value: Polynomial): Node => {
    const given = weights;
    return meanOf(
      making,
      sites.map((each) => lowerValue(b, value, 'synapse', signalsWith(each, { weight: given }))),
    );
  };
  for (const change of form.changes.filter((each) => each.form === 'set')) {
    weights = existing(gated(change, after(change.value), weights));
  }
  if (form.range) {
    const [low, high] = [after(form.range.low), after(form.range.high)];
    weights = existing(b.binary('minimum', b.binary('maximum', weights, low), high));
  }
  return form.keepsSign ? keptSign(making, site, weights) : weights;
}

/** What is the same in every stream stays exactly what it is. */
function meanOf(making: Making, values: readonly Node[]): Node {
  const { builder: b } = making;
  if (new Set(values).size === 1) return values[0]!;
  return b.multiply(b.constant(1 / values.length), b.total(values)!);
}

/**
 * Stops at 0 on the side of the initial weight. A weight that was 0 at the start of the episode has no
 * side and is not bounded.
 */
function keptSign(making: Making, { projection, weight }: Site, weights: Node): Node {
  const { builder: b } = making;
  const slot = `${projection.name}: initial sign`;
  const state = making.state(slot, weight.shape);
  const sign = b.select(making.first(), b.unary('sign', weight), state);
  making.next(slot, sign);
  return b.select(sign, b.multiply(sign, b.unary('relu', b.multiply(sign, weights))), weights);
}
