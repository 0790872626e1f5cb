import katex from 'katex';
import { type Html, html, raw } from './html.js';

/**
 * LaTeX as MathML, which browsers typeset themselves: no fonts and no scripts. The lines of an `aligned`
 * stand below one another, and a line may break before the outermost signs, so that formulas fit a phone.
 */
export function formula(latex: string): Html {
  const lines = linesOf(latex).map((line) => {
    const pieces = piecesOf(line).map((piece) => html`<span>${mathml(piece)}</span>`);
    return html`<div class="line">${pieces.map((piece, k) => (k === 0 ? piece : html` ${piece}`))}</div>`;
  });
  return html`<div class="formula" role="math" aria-label="${latex.replaceAll(/\s+/g, ' ')}">${lines}</div>`;
}

/** What TeX does not understand stands as it was written. */
function mathml(tex: string): Html {
  try {
    const made = katex.renderToString(tex, { output: 'mathml', throwOnError: true, strict: false });
    return raw(
      made
        .replace(/^<span class="katex">/, '')
        .replace(/<\/span>$/, '')
        .replace(/<semantics>([\s\S]*)<annotation [\s\S]*<\/semantics>/, '$1')
        .replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ' displaystyle="true"'),
    );
  } catch {
    return html`<code>${tex}</code>`;
  }
}

const ALIGNED = /^\s*\\begin\{aligned\}([\s\S]*)\\end\{aligned\}\s*$/;

function linesOf(latex: string): string[] {
  const inner = ALIGNED.exec(latex)?.[1];
  if (inner === undefined || inner.includes('\\begin{')) return [latex];
  return inner
    .split(/\\\\(?:\[[^\]]*\])?\s*\n/)
    .map((line) => line.replaceAll('&&', '\\qquad').replaceAll('&', '').trim())
    .filter((line) => line !== '');
}

/** A formula cut before its outermost signs, each piece a formula of its own. */
function piecesOf(line: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    const rest = line.slice(at);
    if (rest.startsWith('\\begin{')) depth++;
    else if (rest.startsWith('\\end{')) depth--;
    if ('([{'.includes(line[at]!)) depth++;
    else if (')]}'.includes(line[at]!)) depth--;
    else if (depth === 0 && at > start && /^ (?:[-+] |\\q?quad)/.test(rest)) {
      pieces.push(line.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(line.slice(start));
  // Something empty before a sign makes it one between two operands, not that of a number.
  return pieces.map((piece) => (/^[-+] /.test(piece) ? `{} ${piece}` : piece));
}
