/** Values by step of one neuron: `spikes` at these steps. */
export const spikesAt = (steps: number, ...when: number[]): Float64Array =>
  Float64Array.from({ length: steps }, (_, t) => (when.includes(t) ? 1 : 0));

export const stepsOfSpikes = (values: ArrayLike<number>): number[] =>
  Array.from(values).flatMap((value, step) => (value === 1 ? [step] : []));
