/** The two forms of one rule, as equations without delimiters. */
interface Equations {
  readonly name: string;
  readonly synapse: string;
  readonly matrix: string;
}

/** Both forms as displayed equations, to paste into a document that uses amsmath. */
export function latexEquations({ synapse, matrix }: Equations): string {
  return [displayed(synapse), displayed(matrix)].join('\n');
}

/** A document of its own, which pdflatex and lualatex compile. */
export function latexDocument(rule: Equations): string {
  return [
    '\\documentclass{article}',
    '\\usepackage{amsmath}',
    '\\begin{document}',
    `\\section*{${escaped(rule.name)}}`,
    'At the synapse from neuron $j$ to neuron $i$:',
    displayed(rule.synapse),
    'For the weight matrix of a projection:',
    displayed(rule.matrix),
    '\\end{document}',
  ].join('\n');
}

const displayed = (equation: string): string =>
  `\\begin{equation*}\n  ${equation}\n\\end{equation*}`;

/** Names of rules hold letters, digits and underscores; only the last mean something to TeX. */
const escaped = (name: string): string => name.replaceAll('_', '\\_');
