/** A small run of a published system that is timed beside the same run in numpy. */
export interface LiteratureCase {
  readonly name: string;
  /** What runs, in a few words. */
  readonly about: string;
  /** The experiment; its own contestant runs on the first task. */
  readonly experiment: string;
  /** The script in bench/peers/literature. */
  readonly peer: string;
  /** Numbers that the script needs besides weights and inputs. */
  readonly options: Readonly<Record<string, number>>;
  /** What both come to: the loss of the last trial, or the length of all weights. */
  readonly compared: 'loss' | 'norm of W';
}

/** Runs after the first, as experiments make them with other networks: their mean is told beside it. */
export const FURTHER_RUNS = 5;

export const LITERATURE_CASES: readonly LiteratureCase[] = [
  {
    name: 'rflo',
    about: '50 recurrent neurons, 1000 trials of 100 steps',
    experiment: `
rules: {recurrent: rflo, readout: rflo_readout}
circuit: {name: recurrent, neurons: 50, tau: 10}
task: {name: sines, steps: 100, trials: 1000}`,
    peer: 'rflo.py',
    options: { steps: 100, trials: 1000, tau: 10, eta: 0.03 },
    compared: 'loss',
  },
  {
    name: 'contrastive',
    about: '7 neurons, exclusive or, 200 epochs of 4 trials of 120 steps',
    experiment: `
rules: {recurrent: contrastive, bias: contrastive}
circuit: {name: relaxing, hidden: 4}
task: {name: patterns, phases: [free, clamped], steps: 60, epochs: 200}`,
    peer: 'contrastive.py',
    options: { steps: 60, trials: 800, rate: 0.2, eta: 0.1 },
    compared: 'loss',
  },
  {
    name: 'predictive-coding',
    about: 'layers 16-40-30-10, digits, 300 trials of 100 steps',
    experiment: `
rule: predictive_coding
values: {eta: 0.02}
circuit: {name: predictive-coding, hidden: [40, 30], outputs: 10, output: softmax}
task: {name: shown-images, pool: 7, held: trial, steps: 100, trials: 300}`,
    peer: 'predictive_coding.py',
    options: { steps: 100, trials: 300, rate: 0.1, eta: 0.02 },
    compared: 'loss',
  },
  {
    name: 'perturbation',
    about: 'node perturbation, 100 inputs, 10 outputs, 500 trials of 100 steps',
    experiment: `
rule: node_perturbation
values: {eta: 9.9601594e-4, sigma: 1e-3}
circuit: {name: perturbed, inputs: 100, outputs: 10, perturbs: outputs}
task: {name: latent-inputs, steps: 100, relevant: 50, active: 50, sigma: 1e-3, trials: 500}`,
    peer: 'node_perturbation.py',
    options: { steps: 100, trials: 500, sigma: 1e-3, eta: 9.9601594e-4 },
    compared: 'loss',
  },
  {
    name: 'supertrex',
    about: 'a reservoir of 200, 5 trials of 2000 steps and one without learning',
    experiment: `
rules: {mastery: supertrex, exploring: rmhl}
values: {supertrex.theta: 0.015, rmhl.eta: 0.0125, rmhl.worse: 0}
circuit: {name: reservoir, neurons: 200}
task: {name: drawing, steps: 2000, training: 5, tests: 1}`,
    peer: 'supertrex.py',
    options: { steps: 2000, training: 5, tests: 1, theta: 0.015, eta: 0.0125 },
    compared: 'loss',
  },
  {
    name: 'oja-hmax',
    about: 'Sanger’s rule, 32 inputs, 4 outputs, 40,000 steps',
    experiment: `
rule: experiments/oja-hmax.rule#sanger_settling
circuit: {name: simple-complex, outputs: 4}
task: {name: views, of: signals, size: 32, sigma: 5, steps: 40000}`,
    peer: 'sanger.py',
    options: { steps: 40000, outputs: 4, eta: 0.02, settling: 4000 },
    compared: 'norm of W',
  },
];
