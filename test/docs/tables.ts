import { BEYOND_TABLES, beyondRecordings } from '../../bench/beyond.js';
import { REPRODUCTION_TABLES, recordings } from '../../bench/reproduction.js';
import { claimsTable } from '../../bench/reproduction-claims.js';
import { committedResults } from '../../bench/results.js';
import { BENCH_TABLES } from '../../bench/tables.js';
import { experimentSchema, type SchemaPart } from '../../src/experiments/options.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

/** Tables of the documents that follow from the code, by the name of their mark. */
export const TABLES: Readonly<Record<string, () => string[]>> = {
  'experiment-options': experimentOptions,
  symbols,
  ...Object.fromEntries(
    Object.entries(BENCH_TABLES).map(([name, make]) => [name, () => make(committedResults())]),
  ),
  ...Object.fromEntries(
    Object.entries(BEYOND_TABLES).map(([name, make]) => [name, () => make(beyondRecordings())]),
  ),
  'reproduction-claims': () => claimsTable(recordings()),
  ...Object.fromEntries(
    Object.entries(REPRODUCTION_TABLES).map(([name, make]) => [name, () => make(recordings())]),
  ),
};

function experimentOptions(): string[] {
  const rows: string[][] = [];
  const walk = (part: SchemaPart, path: string, kind: string): void => {
    const variants = part.oneOf?.filter((each) => each.properties) ?? [];
    if (variants.length > 0) {
      for (const variant of variants) walk(variant, path, variant.properties?.name?.const ?? '');
      return;
    }
    for (const [key, inner] of Object.entries(part.properties ?? {})) {
      const name = path === '' ? key : `${path}.${key}`;
      if (inner.properties || inner.oneOf) walk(inner, name, kind);
      else if (inner.const === undefined)
        rows.push([name, kind, defaultOf(inner), inner.description ?? '']);
    }
  };
  walk(experimentSchema() as SchemaPart, '', '');
  return table(
    ['option', 'default', 'meaning'],
    merged(rows).map(([name, kind, value, meaning]) => [
      `\`${name}\``,
      value!,
      kind === '' ? meaning! : `${meaning} (${kind})`,
    ]),
  );
}

/**
 * Options that mean the same in several kinds of task or circuit, with the same default, are listed once;
 * others of one name stand below one another.
 */
function merged(rows: readonly string[][]): string[][] {
  const byName = new Map<string, string[][]>();
  for (const [name = '', kind = '', ...said] of rows) {
    const others = byName.get(name) ?? [];
    byName.set(name, others);
    const same = others.find(([, , ...each]) => each.join('\n') === said.join('\n'));
    if (same) same[1] += `, ${kind}`;
    else others.push([name, kind, ...said]);
  }
  return [...byName.values()].flat();
}

function defaultOf(part: SchemaPart): string {
  return part.default === undefined
    ? ''
    : `\`${JSON.stringify(part.default)}\``.replaceAll('"', '');
}

function symbols(): string[] {
  const rows = wholeVocabulary.signals.map(({ name, symbol, matrixSymbol, extent }) => [
    `\`${name}\``,
    `\`${symbol}\`${INDEX[extent]}`,
    `\`${matrixSymbol}\``,
  ]);
  return table(['signal', 'one synapse', 'matrices'], rows);
}

const INDEX = {
  global: '',
  pre: ', index *j*',
  post: ', index *i*',
  synapse: ', indices *ij*',
} as const;

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)];
}
