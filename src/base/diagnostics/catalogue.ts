import { nearest } from '../nearest.js';
import { diagnosticKind } from './diagnostic.js';

type Kind = 'rule' | 'space';

const reader = (kind: Kind): string => (kind === 'rule' ? 'engrammar show' : 'engrammar terms');

export const notInCatalogue = diagnosticKind<{
  reference: string;
  kind: Kind;
  known: readonly string[];
}>(
  'E540',
  'No such rule or space in the catalogue',
  'A name without a dot or a slash is looked up in the catalogue of rules and spaces that comes with engrammar. A file of your own is named with its ending (`mine.rule`) or with a folder (`./mine`), and one of several rules in a file as `FILE#NAME`.',
  ({ reference, kind, known }) => {
    const meant = nearest(reference, known);
    return {
      message: `the catalogue has no ${kind} ${reference}`,
      ...(known.length <= 12 ? { expected: known } : {}),
      hint:
        meant === undefined
          ? 'a file is named with its ending, as in mine.rule'
          : `did you mean ${meant}?`,
    };
  },
);

export const severalInFile = diagnosticKind<{
  file: string;
  kind: Kind;
  names: readonly string[];
}>(
  'E541',
  'A file with several rules or spaces',
  'A file may hold several rules and spaces. Where a command is about one of them it has to be named: `FILE#NAME`.',
  ({ file, kind, names }) => ({
    message: `${file} has ${names.length} ${kind}s: say which one`,
    expected: names.map((name) => `${file}#${name}`),
  }),
);

export const notInFile = diagnosticKind<{
  file: string;
  kind: Kind;
  name: string;
  names: readonly string[];
}>(
  'E542',
  'A file without the rule or space that was named',
  'After `#` stands the name of a rule or a space of the file, as it follows the word `rule` or `space` in it. The file has none of this name.',
  ({ file, kind, name, names }) => {
    const meant = nearest(name, names);
    return {
      message: `${file} has no ${kind} ${name === '' ? 'with an empty name' : name}`,
      expected: names.map((each) => `${file}#${each}`),
      ...(meant === undefined ? {} : { hint: `did you mean ${file}#${meant}?` }),
    };
  },
);

export const otherKindInFile = diagnosticKind<{ reference: string; kind: Kind }>(
  'E543',
  'A space where a rule is wanted, or a rule where a space is',
  'A rule says how a synapse changes; a space says which terms a search may combine into a rule. `show` and `export` are about rules, `terms` is about spaces, `check` about both.',
  ({ reference, kind }) => {
    const other = kind === 'rule' ? 'space' : 'rule';
    return {
      message: `${reference} is a ${other}, not a ${kind}`,
      hint: `${reader(other)} ${reference} is about ${other}s`,
    };
  },
);

/** Every kind of this file, for `engrammar explain`. */
export const catalogueDiagnostics = [notInCatalogue, severalInFile, notInFile, otherKindInFile];
