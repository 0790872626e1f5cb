import { diagnosticKind } from './diagnostic.js';

export const fitPerProjection = diagnosticKind<{ parameter: string; scope: string }>(
  'E551',
  'a discovery fits one number',
  'A parameter of a space or a rule that is marked `fit` is one number, the same everywhere: the printed rule has one value for it. Parameters with a value of their own for every projection, neuron or synapse are given, not fitted.',
  ({ parameter, scope }) => ({
    message: `${parameter} has a value per ${scope}, and is marked fit`,
    expected: ['a parameter without `per`', 'a parameter without `fit`'],
  }),
);

export const notResumable = diagnosticKind<{ folder: string }>(
  'E552',
  'nothing to go on with',
  'What takes long saves what it has found out, and can be taken up again: discoveries, sweeps, and runs of rules. A discovery with a circuit of a program is taken up by that program, and what was stopped before it had found out anything is begun anew.',
  ({ folder }) => ({
    message: `${folder} holds nothing that can be taken up`,
    hint: 'run the experiment again, into another folder',
  }),
);

export const nothingToFit = diagnosticKind<{ rules: string }>(
  'E553',
  'a rule in which nothing is fitted',
  'Of a given rule (`rule:` or `rules:` in an experiment) a discovery fits the parameters that the rule marks with `fit`, beginning with the values written: `param eta = 0.01 fit`. Where there are several rules, it fits those of the first that marks any, or of the one on the `projection` that the experiment names. To search for the terms themselves takes a space.',
  ({ rules }) => ({
    message: `${rules} marks no parameter with fit`,
    expected: ['param NAME = VALUE fit', 'space: NAME or FILE'],
    hint: 'write fit behind the value of each parameter that shall be fitted',
  }),
);

export const noCurvature = diagnosticKind<{ circuit: string }>(
  'E555',
  'no curvature of the loss',
  'With `learner.optimizer: gauss-newton` steps follow from how much the loss bends. That is known where the read-out makes it of squares or of the cross-entropy of outputs, as on feed-forward and layer; not where an episode sums its cost step by step, as on the recurrent circuits.',
  ({ circuit }) => ({
    message: `on ${circuit} the read-out does not tell how much the loss bends`,
    expected: ['optimizer: adam', 'optimizer: proximal', 'optimizer: evolution'],
  }),
);

export const tooManyToFit = diagnosticKind<{ fitted: number; most: number }>(
  'E556',
  'too many parameters for steps of Gauss and Newton',
  'With `learner.optimizer: gauss-newton` the derivatives of a whole episode by every fitted parameter are carried forward beside it, and the curvature by all pairs of them. The other optimizers take many parameters: adam and proximal in one run back through the episode.',
  ({ fitted, most }) => ({
    message: `the rule marks ${fitted} parameters with fit; gauss-newton takes ${most} at most`,
    expected: ['optimizer: adam', 'optimizer: proximal', 'optimizer: evolution'],
    hint: 'leave fit out where values are known, or take another optimizer',
  }),
);

export const discoverDiagnostics = [
  fitPerProjection,
  notResumable,
  nothingToFit,
  noCurvature,
  tooManyToFit,
];
