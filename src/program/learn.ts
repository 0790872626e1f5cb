import { machineForm } from '../algebra/machine-form.js';
import { ofAtom } from '../algebra/polynomial.js';
import type { ChangeForm, Polynomial, RuleForm } from '../algebra/types.js';
import { gateNode } from './gates.js';
import type { Node } from './ir.js';
import { lowerUpdate, lowerValue } from './lower.js';
import { whereSynapsesAre } from './memory-place.js';
import { signalsWith } from './projection-signals.js';
import type { Site } from './site.js';
import type { Making } from './slots.js';

/** A projection whose weights learn: the same one in every stream. */
interface Learning {
  readonly making: Making;
  readonly sites: readonly [Site, ...Site[]];
  readonly form: RuleForm;
  readonly stepLength: number | null;
  /** Phases in which nothing is learned. */
  readonly still: readonly string[];
}

/**
 * What the weights of a projection become: the old weights and the mean over streams of all changes,
 * then `set w`, then the bounds. Where there is no synapse the weight stays 0.
 */
export function learnedWeights(learning: Learning): Node {
  const { form, making, sites } = learning;
  const existing = (weights: Node): Node =>
    whereSynapsesAre(weights, { extent: 'synapse' }, { making, signals: sites[0] });
  const of = (which: ChangeForm['form']): ChangeForm[] =>
    form.changes.filter((change) => change.form === which);
  let weights = sites[0].weight;
  const changes = of('dw').map((change) => changed(learning, change));
  if (changes.length > 0) {
    weights = existing(making.builder.add(weights, making.builder.total(changes)!));
  }
  for (const change of of('set')) weights = existing(set(learning, change, weights));
  if (form.range) weights = existing(clipped(learning, form.range, weights));
  return form.keepsSign ? keptSign(learning, weights) : weights;
}

/** What a change adds: the mean over streams, 0 while its gates are shut. */
function changed(learning: Learning, change: ChangeForm): Node {
  const { making, sites } = learning;
  const { builder: b } = making;
  const update = machineForm(change.value);
  const part = b.constant(1 / sites.length);
  const shares = sites.map((site) => lowerUpdate(b, update, site, part));
  const gate = openIn(learning, change);
  return gate ? b.select(gate, b.total(shares)!, b.constant(0)) : b.total(shares)!;
}

/** 1 in the steps in which a change acts, else 0; undefined where it always does. */
function openIn({ making, stepLength, still }: Learning, { gates }: ChangeForm): Node | undefined {
  const { builder: b } = making;
  const asleep = b.total(still.map((phase) => making.during(phase)));
  const awake = asleep ? [b.subtract(b.constant(1), asleep)] : [];
  const gate = gateNode(making, gates, stepLength);
  const open = gate ? [gate, ...awake] : awake;
  return open.length === 0 ? undefined : open.reduce((all, one) => b.multiply(all, one));
}

/** The weights that are set instead of the new ones, in the streams in which the line acts. */
function set(learning: Learning, change: ChangeForm, weight: Node): Node {
  const { making, sites } = learning;
  const { builder: b } = making;
  const values = sites.map((site) => {
    const signals = signalsWith(site, { weight });
    const value = lowerValue(b, change.value, 'synapse', signals);
    return change.spikes
      .map((spike) => lowerValue(b, ofAtom(spike), 'synapse', signals))
      .reduce((kept, spikes) => b.select(spikes, kept, weight), value);
  });
  const gate = openIn(learning, change);
  return gate ? b.select(gate, meanOf(making, values), weight) : meanOf(making, values);
}

function clipped(
  { making, sites }: Learning,
  { low, high }: NonNullable<RuleForm['range']>,
  weight: Node,
): Node {
  const { builder: b } = making;
  const limit = (value: Polynomial): Node =>
    meanOf(
      making,
      sites.map((site) => lowerValue(b, value, 'synapse', signalsWith(site, { weight }))),
    );
  return b.binary('minimum', b.binary('maximum', weight, limit(low)), limit(high));
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
function keptSign({ making, sites }: Learning, weights: Node): Node {
  const { builder: b } = making;
  const { projection, weight } = sites[0];
  const slot = `${projection.name}: initial sign`;
  const state = making.discrete(slot, weight.shape);
  const sign = b.select(making.first(), b.unary('sign', weight), state);
  making.next(slot, sign);
  return b.select(sign, b.multiply(sign, b.unary('relu', b.multiply(sign, weights))), weights);
}
