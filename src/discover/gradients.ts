import type { Study } from '../experiments/study.js';
import { GRADIENT_COEFFICIENT, gradientRule } from './candidates.js';
import type { TrainJob, TrainResult } from './jobs.js';
import { type Setting, searchJob } from './plan.js';
import type { Contender } from './score.js';
import type { Budget } from './search-once.js';

/** What is built on the gradient of the error alone, with how the errors come back. */
const GRADIENTS = [
  {
    name: 'feedback-alignment',
    feedback: 'random',
    about: 'gradient of the error through fixed random feedback',
  },
  {
    name: 'backpropagation',
    feedback: 'symmetric',
    about: 'the same through the forward weights',
  },
] as const;

/** The same study, with another way for errors to come back. */
function withFeedback(study: Study, feedback: (typeof GRADIENTS)[number]['feedback']): Study {
  const { circuit } = study;
  return circuit.name === 'feed-forward' ? { ...study, circuit: { ...circuit, feedback } } : study;
}

/** Searches of the learning rates of feedback alignment and backpropagation, as far as they are asked for. */
export function gradientJobs(plan: Setting, budget: Budget): TrainJob[] {
  // Nothing but the gradient learns here, whatever is searched elsewhere.
  const alone = { ...plan, searched: [], alsoOn: [] };
  return GRADIENTS.filter(({ name }) => plan.baselines.includes(name)).map(({ name, feedback }) =>
    searchJob(alone, name, gradientRule(plan.learner.start, true), {
      steps: budget.whole,
      penalised: false,
      reference: GRADIENT_COEFFICIENT,
      study: withFeedback(plan.study, feedback),
    }),
  );
}

/** Each with the rate that its search found. */
export function gradientContenders(
  jobs: readonly TrainJob[],
  results: readonly TrainResult[],
): Contender[] {
  return jobs.map(({ id, study, alsoOn, others, values }, k) => {
    const about = GRADIENTS.find(({ name }) => name === id)!.about;
    const ruleText = gradientRule(results[k]!.coefficients[0]!, false);
    const beside = { alsoOn, others, values };
    return { name: id, about, ruleText, coefficients: [GRADIENT_COEFFICIENT], study, beside };
  });
}
