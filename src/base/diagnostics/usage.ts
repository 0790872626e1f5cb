import { nearest } from '../nearest.js';
import { diagnosticKind } from './diagnostic.js';

/** `did you mean X?` as a hint, or no hint at all. */
function didYouMean(given: string, known: readonly string[]): { hint?: string } {
  const meant = nearest(given, known);
  return meant === undefined ? {} : { hint: `did you mean ${meant}?` };
}

export const unknownCommand = diagnosticKind<{ given: string; known: readonly string[] }>(
  'E530',
  'Unknown command',
  'The first word after `engrammar` names a command, and no command has this name. `engrammar --help` lists all of them with what they do.',
  ({ given, known }) => ({
    message: `there is no command ${given}`,
    expected: known,
    ...didYouMean(given, known),
  }),
);

export const unknownFlag = diagnosticKind<{
  given: string;
  command: string;
  known: readonly string[];
}>(
  'E531',
  'Unknown option',
  'Words that begin with a dash are options. Each command has its own, besides those of all commands (--json, --quiet, --help). `engrammar COMMAND --help` lists them. A file whose name begins with a dash is named after `--`.',
  ({ given, command, known }) => ({
    message: `${command} has no option ${given}`,
    expected: known,
    ...didYouMean(given, known),
  }),
);

export const missingArgument = diagnosticKind<{ argument: string; usage: string }>(
  'E532',
  'A command needs another word',
  'A command was given without something it cannot do without, such as the file it is about.',
  ({ argument, usage }) => ({ message: `${argument} is missing`, hint: `usage: ${usage}` }),
);

export const tooManyArguments = diagnosticKind<{ message: string; usage: string }>(
  'E533',
  'A command was given too many words',
  'A command was given more words than it knows what to do with; nothing was done. A name with a space in it has to stand in quotes.',
  ({ message, usage }) => ({ message, hint: `usage: ${usage}` }),
);

export const flagWithoutValue = diagnosticKind<{ option: string }>(
  'E534',
  'An option without its value',
  'Some options are followed by a value, as in `--seed 7`. Here the value is missing: the command line ended, or the next option followed.',
  ({ option }) => ({ message: `${option} needs a value` }),
);

export const wrongFlagValue = diagnosticKind<{
  option: string;
  given: string;
  expected: readonly string[];
  meaning?: string | undefined;
}>(
  'E535',
  'An option with a value it cannot have',
  'The value that was given to an option on the command line is not one the option can have: it is no number, lies outside the bounds, or is none of the words the option knows. Nothing was begun.',
  ({ option, given, expected, meaning }) => {
    const meant = didYouMean(given, expected).hint;
    const hint = meant ?? (meaning === undefined ? undefined : `${option}: ${meaning}`);
    return {
      message: `${option} cannot be ${given === '' ? 'empty' : given}`,
      expected,
      ...(hint === undefined ? {} : { hint }),
    };
  },
);

export const noCommand = diagnosticKind<{ known: readonly string[] }>(
  'E536',
  'No command was given',
  '`engrammar` alone does nothing: the first word after it says what to do, for instance `engrammar discover digits`.',
  ({ known }) => ({
    message: 'no command was given',
    expected: known,
    hint: 'engrammar --help tells what each does',
  }),
);

export const unknownWord = diagnosticKind<{
  what: string;
  given: string;
  known: readonly string[];
  listedBy: string;
}>(
  'E537',
  'A name that is none of a short list',
  'Circuits, targets of an export and codes of diagnostics are named by words of short, fixed lists. The word that was given is in none of them; the message names what was meant to be named, and the hint the command that lists what there is.',
  ({ what, given, known, listedBy }) => {
    const meant = nearest(given, known);
    return {
      message: `there is no ${what} ${given}`,
      ...(known.length <= 12 ? { expected: known } : {}),
      hint: meant === undefined ? `${listedBy} lists them` : `did you mean ${meant}?`,
    };
  },
);

export const interrupted = diagnosticKind<{ runFolder: string }>(
  'E538',
  'Interrupted',
  'The command was stopped with Ctrl-C (or by a signal of the system). A run saves what it has found out as it goes, and once more when it is stopped, so that `engrammar resume` goes on where it was and ends exactly as an uninterrupted run.',
  ({ runFolder }) => ({
    message: `interrupted; everything found out so far is in ${runFolder}`,
    hint: `engrammar resume ${runFolder} goes on from there`,
  }),
);

export const tooMuchMemory = diagnosticKind<{ reason: string }>(
  'E539',
  'More memory than there is',
  'What was asked for takes an array longer than can be, or more memory than the system gives. Inputs of all steps of an episode are held at once, and so is what is recorded: fewer steps, trials, neurons or tasks take less.',
  ({ reason }) => ({
    message: `this does not fit into memory (${reason})`,
    hint: 'take fewer steps, trials or neurons',
  }),
);

export const internalError = diagnosticKind<{ reason: string; version: string }>(
  'E900',
  'Internal error',
  'Engrammar met a situation its authors did not foresee: this is a defect of the program, not a mistake of yours. Please report it with the command you gave, the files it was about, the version, and what the command prints with ENGRAMMAR_DEBUG=1 in the environment (which shows where it happened). Files of runs are written so that such an end leaves them whole.',
  ({ reason, version }) => ({
    message: `internal error: ${reason}`,
    hint: `this is a defect of engrammar ${version}: please report the command, its files, and what it prints with ENGRAMMAR_DEBUG=1`,
  }),
);

/** Every kind of this file, for `engrammar explain`. */
export const usageDiagnostics = [
  unknownCommand,
  unknownFlag,
  missingArgument,
  tooManyArguments,
  flagWithoutValue,
  wrongFlagValue,
  noCommand,
  unknownWord,
  interrupted,
  tooMuchMemory,
  internalError,
];
