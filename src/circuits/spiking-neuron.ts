import type { GraphBuilder } from '../program/builder.js';
import type { Node } from '../program/ir.js';

/** A leaky integrate-and-fire neuron; voltages in mV, times in ms. */
export interface Membrane {
  /** Time constant of the membrane. */
  readonly tau: number;
  /** Voltage without input. */
  readonly rest: number;
  /** A neuron whose voltage reaches this spikes. */
  readonly threshold: number;
  /** Voltage after a spike, held while the neuron is refractory. */
  readonly reset: number;
  /** Time after a spike without integration and without spikes; a whole number of steps. */
  readonly refractory: number;
  /** Height γ of the surrogate derivative: its value at the threshold is γ / (threshold − rest). */
  readonly surrogate: number;
}

/** What a population holds from step to step, `[1, neurons]` each. */
interface Held {
  readonly voltage: Node;
  /** Steps for which the neuron is still refractory. */
  readonly refractory: Node;
}

interface Arriving {
  /** Synaptic current at the beginning of the step, mV/ms, by its time constant (ms). */
  readonly currents: readonly { readonly current: Node; readonly tau: number }[];
  /** Jumps of the voltage at the end of the step, mV. */
  readonly jumps: readonly Node[];
  /** Constant drive during the step: the voltage above rest that it would lead to, mV. */
  readonly drive: Node | null;
  /** Spikes imposed from outside, 0 or 1. */
  readonly forced: Node | null;
}

/**
 * One step of length `dt` of τ dV/dt = rest − V + drive + τ ΣI, solved exactly for constant drive and
 * exponentially decaying currents, then threshold and reset.
 */
export function neuronStep(
  b: GraphBuilder,
  membrane: Membrane,
  dt: number,
  held: Held,
  arriving: Arriving,
) {
  const { tau, rest, threshold, reset } = membrane;
  const one = b.constant(1);
  const kept = Math.exp(-dt / tau);
  const above = b.multiply(b.constant(kept), b.subtract(held.voltage, b.constant(rest)));
  const parts = [b.constant(rest), above, ...arriving.jumps];
  for (const { current, tau: decay } of arriving.currents) {
    parts.push(b.multiply(b.constant(transfer(dt, tau, decay)), current));
  }
  if (arriving.drive) parts.push(b.multiply(b.constant(1 - kept), arriving.drive));
  const integrated = b.total(parts)!;

  const isRefractory = b.unary('step', held.refractory);
  const isReady = b.subtract(one, isRefractory);
  const reached = b.add(
    b.multiply(isReady, integrated),
    b.multiply(isRefractory, b.constant(reset)),
  );
  const isBelow = b.unary('step', b.subtract(b.constant(threshold), reached));
  const own = b.multiply(isReady, b.subtract(one, isBelow));
  const spike = arriving.forced ? b.binary('maximum', own, arriving.forced) : own;
  const silent = b.subtract(one, spike);

  const range = threshold - rest;
  const distance = b.unary('abs', b.subtract(reached, b.constant(threshold)));
  const nearness = b.unary('relu', b.subtract(one, b.multiply(b.constant(1 / range), distance)));
  const waited = b.unary('relu', b.subtract(held.refractory, one));
  const steps = Math.round(membrane.refractory / dt);
  return {
    spike,
    /** The voltage that was reached, before a reset. */
    reached,
    /** Surrogate derivative of the spike by the input, per mV; 0 while refractory. */
    slope: b.multiply(b.multiply(isReady, b.constant(membrane.surrogate / range)), nearness),
    voltage: b.add(b.multiply(silent, reached), b.multiply(spike, b.constant(reset))),
    refractory: b.add(b.multiply(silent, waited), b.multiply(spike, b.constant(steps))),
  };
}

/** What a current of 1 mV/ms that decays with `decay` adds to the voltage within `dt`, in mV. */
function transfer(dt: number, tau: number, decay: number): number {
  if (Math.abs(tau - decay) < 1e-9 * tau) return dt * Math.exp(-dt / tau);
  return (Math.exp(-dt / tau) - Math.exp(-dt / decay)) / (1 / decay - 1 / tau);
}
