import { colourAt } from '../figures/canvas.js';
import type { Line, LinesFigure } from '../figures/lines.js';
import type { Curve } from './curves.js';

/** A figure with the name of its file, without ending. */
export interface NamedFigure {
  readonly name: string;
  readonly figure: LinesFigure;
}

interface SweepFacts {
  readonly cells: readonly { readonly name: string }[];
  readonly level: number;
  readonly seeds: number;
}

/** Everything that a sweep's history can show: each figure of all cells, and the coefficients of each. */
export function sweepFigures(
  { cells, level, seeds }: SweepFacts,
  curves: readonly Curve[],
  window: number,
): NamedFigure[] {
  const names = cells.map(({ name }) => name);
  const words = `Mean over ${seeds} seeds of a running mean over ${window} episodes, with ${Number((100 * level).toPrecision(4))} % bootstrap intervals.`;
  const together = [...new Set(curves.map(({ figure }) => figure))].filter(
    (figure) => !figure.startsWith(COEFFICIENT),
  );
  const measured = together.flatMap((figure): NamedFigure[] => {
    const lines = names.flatMap((name, k) => {
      const curve = curves.find((each) => each.cell === name && each.figure === figure);
      return curve ? [lineOf(curve, name, colourAt(k), UNITS[figure] ?? 1)] : [];
    });
    const said = wordsOf(figure);
    return lines.length === 0
      ? []
      : [
          {
            name: figure.replaceAll(' ', '-'),
            figure: {
              says: `${said} by episode: ${lines.map(({ name }) => name).join(', ')}`,
              caption: `${said[0]!.toUpperCase()}${said.slice(1)} on the queries of each episode of the search. ${words}`,
              x: 'episode',
              y: said,
              logarithmic: figure.startsWith('orthonormality'),
              lines,
            },
          },
        ];
  });
  const coefficients = names.flatMap((name): NamedFigure[] => {
    const own = curves.filter(
      ({ cell, figure }) => cell === name && figure.startsWith(COEFFICIENT),
    );
    if (own.length < 2) return [];
    return [
      {
        name: `coefficients-${fileName(name)}`,
        figure: {
          says: `Coefficients of ${name} by episode`,
          caption: `Coefficients of ${name} before each episode. ${words}`,
          x: 'episode',
          y: 'coefficient',
          zero: true,
          lines: own.map((curve, k) =>
            lineOf(curve, curve.figure.slice(COEFFICIENT.length), colourAt(k), 1),
          ),
        },
      },
    ];
  });
  const rates = names.flatMap((name, k): Line[] => {
    const own = curves.filter(
      ({ cell, figure }) => cell === name && figure.startsWith(COEFFICIENT),
    );
    return own.length === 1 ? [lineOf(own[0]!, name, colourAt(k), 1)] : [];
  });
  const single: NamedFigure[] =
    rates.length === 0
      ? []
      : [
          {
            name: 'coefficients-alone',
            figure: {
              says: 'Coefficients of rules that have one',
              caption: `The coefficient of each rule that has only one. ${words}`,
              x: 'episode',
              y: 'coefficient',
              zero: true,
              lines: rates,
            },
          },
        ];
  return [...measured, ...single, ...coefficients];
}

const COEFFICIENT = 'coefficient ';
const UNITS: Readonly<Record<string, number>> = { accuracy: 100 };

/** A name of a cell as part of the name of a file. */
const fileName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'cell';

function wordsOf(figure: string): string {
  const [name, place] = figure.split(' ');
  if (name === 'accuracy') return 'accuracy %';
  if (name === 'angles') return `angle in layer ${place}, degrees`;
  if (name === 'orthonormality') return `orthonormality error of layer ${place}`;
  return place === undefined ? name! : `${name} of layer ${place}`;
}

function lineOf({ points }: Curve, name: string, colour: string, unit: number): Line {
  return {
    name,
    label: name,
    colour,
    isStrong: true,
    points: points.map(({ mean }, k) => [k, mean === null ? null : unit * mean]),
    band: points.flatMap(({ lo, hi }, k) =>
      lo === null || hi === null ? [] : [[k, unit * lo, unit * hi] as const],
    ),
  };
}
