/** A linear read-out that learns by perturbation, as the task `latent-inputs` has it. */
export interface PerturbedReadout {
  /**
   * weight: every weight is perturbed and changed; active: only those whose input is active; node: outputs are
   * perturbed; hybrid: weights are perturbed, and changed by what that does to the outputs.
   */
  readonly perturbation: 'weight' | 'active' | 'node' | 'hybrid';
  /** N and M. */
  readonly inputs: number;
  readonly outputs: number;
  /** T: time bins of a trial. */
  readonly steps: number;
  /** Inputs that are ever used, and those that are used in a trial. */
  readonly relevant: number;
  readonly active: number;
  /** Of the perturbation of a weight or, for `node`, of an output in a step. */
  readonly sigma: number;
  /** Error that no weights can take away. */
  readonly unreachable: number;
  /** Learning rate. Default: the one with the fastest convergence, where perturbations are small. */
  readonly eta?: number;
}

/** How the expected error falls: `rest + (start − rest) · factorᵗ` before trial t (from 0). */
export interface ExpectedCourse {
  readonly eta: number;
  readonly factor: number;
  readonly rest: number;
  at(trial: number, start: number): number;
}

/**
 * What the error E = ½ Σ (target − z)², averaged over the bins of a trial, does on average over
 * perturbations (Züge, Klos & Memmesheimer 2023, Phys Rev X 13:021006).
 *
 * Active inputs are orthogonal and of strength α² = inputs / active. With n the inputs whose weights share the
 * blame for a reward (all relevant ones for `weight`, else the active ones) and p = active / relevant, a trial
 * leaves `factor` = 1 − p (2 η α² − η² α⁴ (M n + 2)) of the error, the least at η = 1 / ((M n + 2) α²). What
 * perturbations of finite size add in a trial, over 1 − factor, stays for ever: so does, for `node`, what
 * they confuse with the part of the targets that is in no input. `hybrid` is `active` with an η that is T α² times as
 * large.
 *
 * For one task (active = relevant) these are the published formulas; the others follow in the same way.
 */
export function perturbationTheory(readout: PerturbedReadout): ExpectedCourse {
  const { perturbation, inputs, outputs: m, steps, relevant, active, sigma, unreachable } = readout;
  const strength = inputs / active;
  const share = active / relevant;
  const scale = perturbation === 'hybrid' ? steps * strength : 1;
  const blamed = m * (perturbation === 'weight' ? relevant : active);
  const eta = readout.eta ?? 1 / ((blamed + 2) * strength * scale);
  const rate = eta * scale;
  const factor = 1 - share * rate * strength * (2 - rate * strength * (blamed + 2));
  const k = m * active;
  const eighth = (sigma ** 2 * rate ** 2) / 8;
  const added =
    perturbation === 'node'
      ? eighth * strength ** 2 * k * (m ** 2 * steps + 6 * m + 8 / steps) +
        rate ** 2 * strength ** 2 * k * unreachable
      : eighth * strength ** 3 * k * (k + 2) * (blamed + 4);
  const rest = unreachable + (share * added) / (1 - factor);
  return { eta, factor, rest, at: (trial, start) => rest + (start - rest) * factor ** trial };
}
