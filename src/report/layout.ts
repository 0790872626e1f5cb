import { type Html, html } from './html.js';

/** A part of the report under its heading; null for a part that the run does not have. */
export function section(id: string, heading: string, ...content: readonly (Html | null)[]): Html {
  return html`
<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content.filter((part) => part !== null).map((part) => html`${part}\n`)}</section>`;
}

export interface Column {
  readonly heading: string;
  /** Numbers stand flush right. */
  readonly isNumber?: boolean;
}

type Cell = Html | string;

/**
 * A table; the first cell of a row is its heading. On narrow screens every row stands by itself, with
 * the headings beside its cells.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Html {
  const kind = (column: number): Html | null =>
    columns[column]?.isNumber ? html` class="number"` : null;
  const head = columns.map(({ heading }, k) => html`<th scope="col"${kind(k)}>${heading}</th>`);
  const body = rows.map(([first = '', ...rest]) => {
    const cells = rest.map(
      (cell, k) =>
        html`<td${kind(k + 1)} data-label="${columns[k + 1]!.heading}"><span>${cell}</span></td>`,
    );
    return html`<tr><th scope="row"${kind(0)}>${first}</th>${cells}</tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>`;
}

/** Names with what belongs to them. */
export function facts(rows: readonly (readonly [string, Cell] | null)[]): Html {
  return html`<dl>
${rows
  .filter((row) => row !== null)
  .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

export const paragraph = (...content: readonly Cell[]): Html => html`<p>${content}</p>`;
export const note = (...content: readonly Cell[]): Html => html`<p class="note">${content}</p>`;
export const code = (text: string): Html => html`<code>${text}</code>`;
/** Text in the language, or a command: lines stay as they are. */
export const listing = (text: string): Html => html`<pre><code>${text.trimEnd()}</code></pre>`;

/** `1 term`, `3 terms`, with thousands set apart. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
