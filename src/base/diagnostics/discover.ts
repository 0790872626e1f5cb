import { diagnosticKind } from './diagnostic.js';

export const fittingNotYet = diagnosticKind<{ rule: string }>(
  'E550',
  'a discovery needs a space',
  'A discovery searches a space of terms: `space:` in the experiment names it. Fitting the parameters of one given rule (`rule:`) is planned and not there yet; a space whose only terms are those of the rule does the same for its coefficients.',
  ({ rule }) => ({
    message: `there is nothing to search in the one rule ${rule}`,
    expected: ['space: NAME or FILE'],
    hint: 'write the terms of the rule into a space: its coefficients are then fitted',
  }),
);

export const fitPerProjection = diagnosticKind<{ parameter: string; scope: string }>(
  'E551',
  'a discovery fits one number',
  'A parameter of a space that is marked `fit` is one number, the same everywhere: the printed rule has one value for it. Parameters with a value of their own for every projection, neuron or synapse are given, not fitted.',
  ({ parameter, scope }) => ({
    message: `${parameter} has a value per ${scope}, and is marked fit`,
    expected: ['a parameter without `per`', 'a parameter without `fit`'],
  }),
);

export const notResumable = diagnosticKind<{ folder: string }>(
  'E552',
  'nothing to go on with',
  'Only discoveries can be taken up again: they take long, and save what they have found out. A run of given rules is begun anew, and a discovery with a circuit of a program is taken up by that program.',
  ({ folder }) => ({
    message: `${folder} holds no discovery that can be taken up`,
    hint: 'run the experiment again, into another folder',
  }),
);

export const discoverDiagnostics = [fittingNotYet, fitPerProjection, notResumable];
