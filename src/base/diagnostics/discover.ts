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

export const discoverDiagnostics = [fittingNotYet];
