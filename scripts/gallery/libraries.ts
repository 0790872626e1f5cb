import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * What the libraries of package.json in this folder are used for. They are no dependencies of the
 * package itself, so nothing but this folder may need them, and types are checked without them.
 */

interface MathJax {
  init(options: object): Promise<{
    tex2svgPromise(tex: string, options: object): Promise<unknown>;
    startup: { adaptor: { innerHTML(node: unknown): string } };
  }>;
}

type Options = Readonly<Record<string, unknown>>;
type MakeMark = (data: readonly unknown[], options: Options) => unknown;

interface Plot {
  plot(options: Options): { outerHTML: string };
  lineY: MakeMark;
  dot: MakeMark;
  ruleX: MakeMark;
  ruleY: MakeMark;
  text: MakeMark;
  gridX(options: Options): unknown;
  gridY(options: Options): unknown;
  axisX(options: Options): unknown;
  axisY(options: Options): unknown;
}

interface Linkedom {
  parseHTML(html: string): { document: unknown };
}

export const loadMathJax = async (): Promise<MathJax> =>
  ((await load('mathjax')) as { default: MathJax }).default;
export const loadPlot = async (): Promise<Plot> => (await load('@observablehq/plot')) as Plot;
export const loadLinkedom = async (): Promise<Linkedom> => (await load('linkedom')) as Linkedom;

async function load(name: string): Promise<unknown> {
  const folder = path.dirname(fileURLToPath(import.meta.url));
  if (!existsSync(path.join(folder, 'node_modules', name))) {
    throw new Error('The gallery needs libraries of its own: npm ci --prefix scripts/gallery');
  }
  return import(name);
}
