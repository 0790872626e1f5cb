import { latexDocument } from '../algebra/latex-document.js';

/** The two forms of one rule, as formulas without delimiters. */
interface Formulas {
  readonly name: string;
  readonly synapse: string;
  readonly matrix: string;
}

/** Both forms as displayed equations, to paste into a document that uses amsmath. */
export function latexEquations({ synapse, matrix }: Formulas): string {
  return [synapse, matrix]
    .map((formula) => `\\begin{equation*}\n  ${formula}\n\\end{equation*}`)
    .join('\n');
}

/** A document of its own with both forms, which pdflatex and lualatex compile. */
export function latexStandalone({ name, synapse, matrix }: Formulas): string {
  return latexDocument([{ heading: name, formulas: [synapse, matrix] }]).trimEnd();
}
