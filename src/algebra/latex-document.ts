/** Part of a document: a heading, or a formula that stands by itself. */
export interface LatexPart {
  readonly heading?: string;
  readonly formulas: readonly string[];
}

/**
 * A document that compiles by itself (pdflatex, article, amsmath) with each formula on a line of its
 * own. Formulas wider than the page are made smaller.
 */
export function latexDocument(parts: readonly LatexPart[]): string {
  const body = parts.flatMap(({ heading, formulas }) => [
    ...(heading === undefined ? [] : [`\\subsection*{${escapedText(heading)}}`]),
    ...formulas.map((formula) => `\\formula{${formula}}`),
  ]);
  return [
    '\\documentclass{article}',
    '\\usepackage[margin=2cm]{geometry}',
    '\\usepackage{amsmath}',
    '\\usepackage{graphicx}',
    '\\newsavebox{\\formulabox}',
    '\\newcommand{\\formula}[1]{\\savebox{\\formulabox}{$\\displaystyle #1$}\\par\\bigskip\\noindent',
    '  \\ifdim\\wd\\formulabox>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox{\\formulabox}}%',
    '  \\else\\usebox{\\formulabox}\\fi\\par}',
    '\\begin{document}',
    ...body,
    '\\end{document}',
    '',
  ].join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function escapedText(text: string): string {
  return text.replace(/[\\~^{}#$%&_]/g, (mark) => ESCAPES[mark] ?? `\\${mark}`);
}
