import { latexDocument } from '../algebra/latex-document.js';
import { latexParameters } from '../algebra/latex-parameters.js';
import { latexMatrix, latexSynapse } from '../algebra/latex-rule.js';
import type { CheckedRule } from '../language/checked.js';

/** A rule as formulas without delimiters. */
export interface Latex {
  /** About one synapse: `\Delta w_{ij} = …`; of rules with several lines an `aligned`. */
  readonly synapse: string;
  /** About the whole projection: `\Delta W = …`. */
  readonly matrix: string;
  /** Values of the parameters; empty where there are none. */
  readonly parameters: string;
}

export function latexOf(rule: CheckedRule): Latex {
  return {
    synapse: latexSynapse(rule),
    matrix: latexMatrix(rule),
    parameters: latexParameters(rule),
  };
}

/** Both forms and the values of the parameters as displayed equations, to paste into a document that uses amsmath. */
export function latexEquations(formulas: Latex): string {
  return present(formulas)
    .map((formula) => formula.replaceAll('\n', '\n  '))
    .map((formula) => `\\begin{equation*}\n  ${formula}\n\\end{equation*}`)
    .join('\n');
}

/** A document of its own with the same, which pdflatex and lualatex compile. */
export function latexStandalone(name: string, formulas: Latex): string {
  return latexDocument([{ heading: name, formulas: present(formulas) }]).trimEnd();
}

const present = ({ synapse, matrix, parameters }: Latex): string[] =>
  [synapse, matrix, parameters].filter((formula) => formula !== '');
