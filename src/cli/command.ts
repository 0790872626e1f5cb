import { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  flagWithoutValue,
  missingArgument,
  noCommand,
  tooManyArguments,
  unknownCommand,
  unknownFlag,
} from '../base/diagnostics/usage.js';
import type { Result } from '../base/result.js';
import type { Context } from './context.js';
import { type Outcome, UsageError } from './outcome.js';

/** A command whose complaints are diagnostics: commander's own would be neither data nor JSON. */
export class CliCommand extends Command {
  override createCommand(name?: string): CliCommand {
    return new CliCommand(name);
  }

  override error(message: string, options?: { code?: string }): never {
    throw new UsageError(complaint(this, message, options?.code));
  }

  /** Commander asks for help as an error when no command was given, or help with one that is none. */
  override help(asked?: { error?: boolean } | ((text: string) => string)): never {
    if (typeof asked === 'object' && asked.error === true) {
      const known = commandNames(this);
      const [first, given] = this.args;
      throw new UsageError(
        first === 'help' && given !== undefined
          ? unknownCommand({ given, known })
          : noCommand({ known }),
      );
    }
    super.help();
  }
}

/** Puts a command's work between commander's arguments and the outcome. */
export type Act = <A extends unknown[]>(
  work: (context: Context, ...args: A) => Result<Outcome> | Promise<Result<Outcome>>,
) => (...args: A) => Promise<void>;

/** Adds one command to the program. */
export type AddCommand = (program: CliCommand, act: Act) => void;

function complaint(command: Command, message: string, code: string | undefined): Diagnostic {
  const given = /'([^']*)'/.exec(message)?.[1] ?? '';
  const usage = usageOf(command);
  switch (code) {
    case 'commander.unknownCommand':
      return unknownCommand({ given, known: commandNames(command) });
    case 'commander.unknownOption':
      // The name alone: what follows a = is the value.
      return unknownFlag({
        given: given.split('=')[0]!,
        command: pathOf(command),
        known: flagsOf(command),
      });
    case 'commander.optionMissingArgument':
      return flagWithoutValue({ option: given });
    case 'commander.missingArgument':
      return missingArgument({ argument: given.toUpperCase(), usage });
    case 'commander.missingMandatoryOptionValue':
      return missingArgument({ argument: given, usage });
    default:
      return tooManyArguments({ message: message.replace(/^error: /, ''), usage });
  }
}

const commandNames = (command: Command): string[] =>
  command.commands.map((each) => each.name()).filter((name) => name !== 'help');

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

const usageOf = (command: Command): string => `${pathOf(command)} ${command.usage()}`;

/** Long names of the options of a command and of those above it. */
function flagsOf(command: Command): string[] {
  const above = command.parent ? flagsOf(command.parent) : ['--help'];
  const own = command.options.flatMap(({ long }) => (long ? [long] : []));
  return [...own, ...above];
}
