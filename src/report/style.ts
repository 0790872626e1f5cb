/** The colours of pages and figures, light and dark. */
export const COLOUR_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --paper: #ffffff; --shade: #f6f8fa; --link: #0550ae;
  --good: #116329; --c0: #0072b2; --c1: #c24e00; --c2: #00795a; --c3: #a8487e; --c4: #8a6100; --c5: #2f7fb8;
  --c6: #555b63; --c7: #6b4fa0; --c8: #8c3b2a; --c9: #4c6b1f; --grid: #e7ebef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ed; --soft: #9aa4af; --line: #343b44; --paper: #14171b; --shade: #1d2127; --link: #79b8ff;
    --good: #56d364; --c0: #56b4e9; --c1: #ff9a4d; --c2: #3ecf9f; --c3: #e59bc4; --c4: #e6b422; --c5: #8fd0ff;
    --c6: #b4bcc6; --c7: #b9a3ee; --c8: #f08c78; --c9: #a8cc6a; --grid: #2a3038;
  }
}
`.trim();

/** The look of a report: light and dark, narrow and wide, and on paper. Colours are those of figures, too. */
export const STYLE = `
${COLOUR_STYLE}
@media print {
  :root {
    color-scheme: light;
    --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --shade: #f4f4f4; --link: #000;
    --good: #116329; --c0: #0072b2; --c1: #c24e00; --c2: #00795a; --c3: #a8487e; --c4: #8a6100; --c5: #2f7fb8;
    --c6: #555b63; --c7: #6b4fa0; --c8: #8c3b2a; --c9: #4c6b1f; --grid: #e7ebef;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
}
h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 .7rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.2rem; }
h3 { margin: 1.4rem 0 .4rem; font-size: 1rem; }
p { margin: .6rem 0; max-width: 46rem; }
a { color: var(--link); }
.about, .note, caption, figcaption { color: var(--soft); }
.note, figcaption { font-size: .9rem; max-width: 46rem; }
.answer { margin: 1rem 0; padding: .8rem 1rem; border-left: 4px solid var(--c0); background: var(--shade); }
.answer p { margin: .2rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 1rem 0 0; padding: 0; list-style: none; }
nav { font-size: .9rem; }
.formula { margin: .5rem 0 1rem; font-size: 1.2rem; line-height: 2; overflow-x: auto; }
.formula .line { padding-left: 1.6em; text-indent: -1.6em; }
.formula span { display: inline-block; text-indent: 0; }
math { font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", "NewComputerModern Math", math; }
code, pre { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { margin: .6rem 0; padding: .7rem .9rem; background: var(--shade); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
td code { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; font-size: .92rem; }
caption { text-align: left; padding-bottom: .4rem; font-size: .9rem; }
th, td { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; font-weight: 400; }
thead th { color: var(--soft); font-size: .85rem; vertical-align: bottom; }
td:last-child { padding-right: 0; min-width: 11rem; }
thead th:last-child { padding-right: 0; }
tbody th, td:not(:last-child) { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.interval, .absent { color: var(--soft); }
tr:has(.own) > * { font-weight: 600; }
dl { margin: .6rem 0; display: grid; gap: .3rem 1rem; }
dl > div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0 1.6rem; }
figure .narrow { display: none; }
figure .side { display: flex; flex-wrap: wrap; gap: .5rem 1rem; }
figure .side svg { flex: 1 1 18rem; min-width: 0; max-width: 24rem; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0 0 .3rem; padding: 0; list-style: none; font-size: .88rem; }
.legend i { display: inline-block; width: 1.1rem; margin-right: .4rem; border-top: 3px solid; vertical-align: middle; }
figure svg { display: block; max-width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; color: var(--soft); background: none; }
figcaption { margin-top: .4rem; }
details { margin: .8rem 0; } summary { cursor: pointer; color: var(--link); }
ul.downloads { padding-left: 1.2rem; }
@media (max-width: 34rem) {
  body { padding: 1rem .9rem 3rem; }
  h1 { font-size: 1.4rem; }
  .formula { font-size: 1.05rem; }
  dl > div { grid-template-columns: 6.5rem 1fr; gap: .6rem; }
  .scroll { overflow: visible; }
  table, caption, tbody, tr, th, td { display: block; }
  thead { display: none; }
  tbody tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  tbody th { padding: 0 0 .2rem; border: 0; font-weight: 600; white-space: normal; }
  td, td:last-child { display: flex; min-width: 0; justify-content: space-between; gap: 1rem; padding: .1rem 0; border: 0; white-space: normal !important; }
  td::before { content: attr(data-label); color: var(--soft); flex: none; font-weight: 400; }
  td > span { text-align: right; }
  figure .wide { display: none; }
  figure .narrow { display: block; }
}
@media print {
  @page { margin: 16mm; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  nav, #data, details:not([open]) { display: none; }
  h2 { break-after: avoid; }
  figure, tr, .formula, pre, .answer { break-inside: avoid; }
  .scroll, .formula { overflow: visible; }
  table { font-size: 8.5pt; } a { text-decoration: none; }
}
`.trim();
