import type { Figure } from '../../behaviour.js';

/** A figure that was predicted, and how far from the prediction it may be (same unit). */
export const predicted = (
  name: string,
  value: number,
  prediction: number,
  margin: number,
): Figure => ({ name, value, within: [prediction - margin, prediction + margin] });

/** A figure that was predicted up to a share of the prediction. */
export const predictedWithin = (
  name: string,
  value: number,
  prediction: number,
  share: number,
): Figure => predicted(name, value, prediction, share * Math.abs(prediction));

/** A distance from what was predicted. */
export const atMost = (name: string, value: number, most: number): Figure => ({
  name,
  value,
  within: [0, most],
});

/** What rounding may add up to in the few thousand steps of a simulation with values of order 1. */
export const ROUNDING = 1e-9;
