import { latexDocument } from '../algebra/latex-document.js';

/** The two forms of one rule and its parameters, as formulas without delimiters. */
interface Formulas {
  readonly name: string;
  readonly synapse: string;
  readonly matrix: string;
  /** Values of the parameters; empty where there are none. */
  readonly parameters: string;
}

/** Both forms and the values of the parameters as displayed equations, to paste into a document that uses amsmath. */
export function latexEquations(formulas: Omit<Formulas, 'name'>): string {
  return present(formulas)
    .map((formula) => `\\begin{equation*}\n  ${formula}\n\\end{equation*}`)
    .join('\n');
}

/** A document of its own with the same, which pdflatex and lualatex compile. */
export function latexStandalone(formulas: Formulas): string {
  return latexDocument([{ heading: formulas.name, formulas: present(formulas) }]).trimEnd();
}

const present = ({ synapse, matrix, parameters }: Omit<Formulas, 'name'>): string[] =>
  [synapse, matrix, parameters].filter((formula) => formula !== '');
