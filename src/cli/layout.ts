import type { Style } from './style.js';

/** Characters between the columns of a table. */
const GAP = '  ';
/** A wrapped column is not made narrower than this. */
const NARROWEST = 24;

/** Text broken at spaces into lines of at most `width` characters; longer words stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/**
 * Aligned columns under headings; the last column is wrapped where the terminal is too narrow for it.
 * Columns of numbers are named in `right` and stand flush right.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
  right: readonly string[] = [],
): string {
  const last = headings.length - 1;
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const room = Math.max(NARROWEST, style.width - before);
  const flush = headings.map((heading) => right.includes(heading));
  const pad = (text: string, column: number): string => {
    if (flush[column]) return text.padStart(widths[column]!);
    return column === last ? text : text.padEnd(widths[column]!);
  };
  const lineOf = (cells: readonly string[]): string =>
    headings.map((_, column) => pad(cells[column] ?? '', column)).join(GAP);
  const lines = [style.dim(lineOf(headings).trimEnd())];
  for (const row of rows) {
    const [first = '', ...more] = flush[last] ? [row[last]] : wrap(row[last] ?? '', room);
    lines.push(lineOf([...row.slice(0, last), first]).trimEnd());
    for (const piece of more) lines.push(' '.repeat(before) + piece);
  }
  return lines.join('\n');
}

/**
 * Columns of numbers behind one of names, as one table, or, where the terminal is too narrow for it, as
 * several that begin with the same names.
 */
export function tables(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const [first = 0, ...others] = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const parts: number[][] = [];
  let room = 0;
  others.forEach((width, k) => {
    const needed = GAP.length + width;
    if (parts.length === 0 || needed > room) {
      parts.push([]);
      room = style.width - first;
    }
    parts.at(-1)!.push(k + 1);
    room -= needed;
  });
  return parts
    .map((columns) => {
      const only = (row: readonly string[]): string[] => [0, ...columns].map((k) => row[k] ?? '');
      return table(only(headings), rows.map(only), style, only(headings).slice(1));
    })
    .join('\n\n');
}

/**
 * Formulas, in the language or in LaTeX, with lines longer than `width` broken before operators and
 * commands, where a line break means nothing to either: before outer sums and differences if possible, so
 * that summands stay whole. Lines with quoted text stay whole.
 */
export function wrapFormula(text: string, width: number): string {
  const broken = text.split('\n').flatMap((line) => {
    if (line.length <= width || line.includes('"')) return [line];
    const indent = `${/^ */.exec(line)![0]}    `;
    const lines: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const at = bestBreak(rest, width, indent.length);
      if (at === null) break;
      lines.push(rest.slice(0, at));
      rest = indent + rest.slice(at + 1);
    }
    return [...lines, rest];
  });
  return broken.join('\n');
}

/** Where a formula is best broken, as the place of a space; null where it cannot be. */
function bestBreak(line: string, width: number, indent: number): number | null {
  let best: { at: number; rank: number } | null = null;
  let depth = 0;
  const start = line.length - line.trimStart().length;
  for (let at = start; at < line.length; at++) {
    if ('([{'.includes(line[at]!)) depth++;
    if (')]}'.includes(line[at]!)) depth--;
    const sign = / (?:([-+*/]) |\\)/y;
    sign.lastIndex = at;
    const found = sign.exec(line);
    if (found === null) continue;
    if (at > width && best !== null) break;
    const isSum = found[1] === '+' || found[1] === '-';
    // A line that would be less than a third full is the last resort.
    const isShort = at < indent + (width - indent) / 3;
    const rank = 2 * depth + (isSum ? 0 : 1) + (isShort ? 1000 : 0);
    if (best === null || rank <= best.rank) best = { at, rank };
  }
  return best?.at ?? null;
}

/** A heading with its content under it, indented by two. */
export function section(heading: string, content: string, style: Style): string {
  const body = content.split('\n').map((line) => (line === '' ? '' : `  ${line}`));
  return [style.heading(heading), ...body].join('\n');
}

/** Names in a column of their own, then what belongs to them. */
export function pairs(rows: readonly (readonly [string, string])[], style: Style): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows
    .flatMap(([name, text]) => {
      const [first = '', ...more] = wrap(text, Math.max(NARROWEST, style.width - width - 2));
      return [
        `${style.dim(name.padEnd(width))}${GAP}${first}`,
        ...more.map((line) => `${' '.repeat(width)}${GAP}${line}`),
      ];
    })
    .join('\n');
}

/** `1 term`, `3 terms`, `0 terms`, with thousands set apart. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
