import type { TermLibrary } from '../algebra/types.js';
import type { ExperimentConfig } from '../experiments/schema.js';
import type { EngineChoice, TrainJob } from './jobs.js';
import type { Study } from './study.js';

/** A discovery with everything settled: what runs, on what, for how long. */
export interface DiscoveryPlan {
  readonly name: string;
  readonly study: Study;
  readonly library: TermLibrary;
  readonly feedback: ExperimentConfig['circuit']['feedback'];
  readonly learner: ExperimentConfig['learner'];
  readonly select: ExperimentConfig['select'];
  readonly baselines: ExperimentConfig['baselines'];
  readonly evaluate: ExperimentConfig['evaluate'];
  readonly engine: EngineChoice;
}

export function planDiscovery(
  name: string,
  config: ExperimentConfig,
  library: TermLibrary,
): DiscoveryPlan {
  const { task, circuit, engine } = config;
  const { ways, shots, queries, pool, heldOut } = task;
  return {
    name,
    library,
    study: {
      images:
        task.name === 'images'
          ? { name: 'images', images: task.images, labels: task.labels, pool }
          : { name: task.name, pool },
      few: { ways, shots, queries },
      heldOut,
      hidden: circuit.hidden,
      beta: circuit.beta,
      seed: config.seed,
    },
    feedback: circuit.feedback,
    learner: config.learner,
    select: config.select,
    baselines: config.baselines,
    evaluate: config.evaluate,
    engine: {
      name: engine.name,
      backend: engine.name === 'tfjs' ? (engine.backend ?? 'wasm') : null,
    },
  };
}

/** Share of a search's last steps whose coefficients are averaged. */
const AVERAGED = 1 / 3;

/** A refit starts near its goal: it goes at half the rate, and the rate falls to zero. */
const REFIT_RATE = 0.5;

/** The search of a rule's coefficients: `steps` meta-steps, with or without the penalty. */
export function searchJob(
  plan: DiscoveryPlan,
  id: string,
  ruleText: string,
  options: {
    readonly steps: number;
    readonly penalised: boolean;
    readonly reference: string;
    readonly feedback?: TrainJob['feedback'];
    /** Goes on from coefficients that are good already. */
    readonly refit?: boolean;
  },
): TrainJob {
  const { learner } = plan;
  return {
    kind: 'train',
    id,
    study: plan.study,
    ruleText,
    feedback: options.feedback ?? plan.feedback,
    engine: plan.engine,
    scaling: learner.scaling,
    reference: options.reference,
    training: {
      steps: options.steps,
      batch: learner.batch,
      rate: options.refit ? REFIT_RATE * learner.rate : learner.rate,
      schedule: options.refit ? 'cosine' : learner.schedule,
      penalty: options.penalised ? learner.penalty : 0,
      form: learner.optimizer === 'proximal' ? 'proximal' : 'subgradient',
      clip: learner.clip === 0 ? Number.MAX_VALUE : learner.clip,
      averaged: AVERAGED,
    },
  };
}
