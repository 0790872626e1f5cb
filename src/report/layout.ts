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

/** A table; the first cell of a row is its heading. Wide ones scroll by themselves. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Html {
  const kind = (column: number): Html | null =>
    columns[column]?.isNumber ? html` class="number"` : null;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ heading }, k) => html`<th scope="col"${kind(k)}>${heading}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first = '', ...rest]) => html`<tr><th scope="row"${kind(0)}>${first}</th>${rest.map(
    (cell, k) => html`<td${kind(k + 1)}>${cell}</td>`,
  )}</tr>
`,
)}</tbody></table></div>`;
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
