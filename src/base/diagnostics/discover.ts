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
  'Only discoveries can be taken up again: they take long, and save what they have found out. A run of given rules is begun anew, and a discovery with a circuit of a program is taken up by that program.',
  ({ folder }) => ({
    message: `${folder} holds no discovery that can be taken up`,
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

export const discoverDiagnostics = [fitPerProjection, notResumable, nothingToFit];
