import { wrongFlagValue } from '../base/diagnostics/usage.js';
import type { CircuitKind } from '../circuits/kind.js';
import type { OptionForm } from '../circuits/options.js';
import { UsageError } from './outcome.js';

/** Settings of a circuit on the command line, by name: `--set sizes=4,3,2`. */
export type GivenSettings = ReadonlyMap<string, string>;

/** What stands behind each `--set`. Throws a `UsageError` for what is no setting. */
export function givenSettings(given: readonly string[]): GivenSettings {
  return new Map(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0) {
        const meaning = 'a setting of the circuit, as in --set sizes=4,3,2';
        const expected = ['NAME=VALUE'];
        throw new UsageError(wrongFlagValue({ option: '--set', given: text, expected, meaning }));
      }
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    }),
  );
}

/** The settings as values; what cannot be read as one stays a text, which the circuit complains about. */
export function settingsFor(kind: CircuitKind, given: GivenSettings): Record<string, unknown> {
  return Object.fromEntries(
    [...given].map(([name, text]) => {
      const form = kind.settings[name]?.form;
      return [name, form ? readValue(text, form) : text];
    }),
  );
}

function readValue(text: string, form: OptionForm): unknown {
  switch (form.kind) {
    case 'number':
    case 'count':
      return numberOf(text);
    case 'numbers':
    case 'counts':
      return listOf(text).map(numberOf);
    case 'words':
      return listOf(text);
    case 'rows':
      return text.split(';').map((row) => listOf(row).map(numberOf));
    case 'flag':
      return { true: true, false: false }[text] ?? text;
    case 'word':
    case 'text':
      return text;
  }
}

const numberOf = (text: string): unknown =>
  text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

/** Between commas, with or without brackets around all. */
function listOf(text: string): string[] {
  const inner = text.trim().replace(/^\[(.*)\]$/, '$1');
  return inner.trim() === '' ? [] : inner.split(',').map((each) => each.trim());
}
