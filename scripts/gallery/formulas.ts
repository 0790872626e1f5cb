import type { Latex } from '../../src/express/latex.js';
import { loadMathJax } from './libraries.js';
import { type Piece, sheet } from './paper.js';

/** Pixels of an ex: formulas are about as large as the text around them. */
const EX = 8;

/** A rule's formulas on a sheet: for one synapse, for the projection, and its parameters. */
export type Typeset = (name: string, formulas: Latex) => Promise<string>;

/** Throws for LaTeX that MathJax does not understand. */
export async function typesetter(): Promise<Typeset> {
  const mathjax = await (await loadMathJax()).init({
    loader: { load: ['input/tex', 'output/svg'] },
    tex: {
      formatError: (_: unknown, error: Error) => {
        throw error;
      },
    },
    svg: { fontCache: 'local' },
    startup: { typeset: false },
  });
  return async (name, { synapse, matrix, parameters }) => {
    const pieces: Piece[] = [];
    for (const latex of [synapse, matrix, parameters].filter((each) => each !== '')) {
      const node = await mathjax.tex2svgPromise(apart(latex), { display: true });
      pieces.push(pieceOf(mathjax.startup.adaptor.innerHTML(node)));
    }
    return sheet(name, sharing(pieces));
  };
}

/** Lines of an `aligned` a little further from one another. */
const apart = (latex: string): string => latex.replaceAll(/ \\\\\n/g, ' \\\\[3pt]\n');

/** MathJax's output in pixels, without what it counts and what only its menu needs. */
function pieceOf(output: string): Piece {
  const [, width, height] = /<svg [^>]*width="([\d.]+)ex" height="([\d.]+)ex"/.exec(output) ?? [];
  if (!width || !height) throw new Error(`MathJax gave no SVG: ${output.slice(0, 200)}`);
  const size = { width: Number(width) * EX, height: Number(height) * EX };
  const svg = output
    .slice(output.indexOf('<svg'), output.lastIndexOf('</svg>') + 6)
    .replace(/<svg [^>]*viewBox="([^"]*)"[^>]*>/, (_, box: string) => {
      const [w, h] = [size.width, size.height].map((value) => Math.round(value * 100) / 100);
      return `<svg width="${w}" height="${h}" viewBox="${box}">`;
    })
    .replaceAll(/ data-[\w-]+="[^"]*"/g, '')
    .replaceAll(/ (?:role|focusable|aria-[\w-]+)="[^"]*"/g, '')
    .replaceAll('currentColor', '#000')
    .replaceAll(/MJX-\d+-(?:NCM-)?/g, '')
    .replaceAll('xlink:href', 'href')
    .replaceAll('></path>', '/>')
    .replaceAll('></use>', '/>');
  return { svg, ...size };
}

/** Every letter's outline stands in the first piece that has it, and only there. */
function sharing(pieces: readonly Piece[]): Piece[] {
  const known = new Set<string>();
  return pieces.map((piece) => ({
    ...piece,
    svg: piece.svg.replaceAll(/<path id="([^"]*)"[^>]*\/>/g, (path, id: string) => {
      if (known.has(id)) return '';
      known.add(id);
      return path;
    }),
  }));
}
