import { colourAt, GREY, legendOf } from '../figures/canvas.js';
import { type Line, linesFigure } from '../figures/lines.js';
import {
  furtherSearches,
  ownPath,
  penaltyPath,
  runningMean,
  type Search,
  searchesOf,
} from '../history.js';
import type { Html } from '../html.js';
import { count, note, section } from '../layout.js';
import type { Reported } from '../read.js';

/** Searches beside the rule's own that are drawn, by the names of their jobs. */
const GRADIENTS = ['feedback-alignment', 'backpropagation'];

/** How the search went, from the history: loss, accuracy and coefficients by episode. */
export function searchSection(
  records: readonly unknown[],
  reported: Reported | null,
  batch: number,
): Html | null {
  const searches = searchesOf(records);
  const own = ownPath(searches);
  if (own.length === 0) return null;
  const curves = curvesOf(searches, own);
  const searchCount = 1 + furtherSearches(searches).length;
  const paths = pathsFigure(own, reported, batch, searchCount);
  return section(
    'search',
    'How the search went',
    curveFigure('loss', curves, batch),
    curveFigure('accuracy', curves, batch),
    penaltyFigure(penaltyPath(searches), reported),
    paths ?? note('This history does not say what its coefficients are of: no paths are drawn.'),
  );
}

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly isStrong: boolean;
  readonly parts: readonly Search[];
}

function curvesOf(searches: readonly Search[], own: readonly Search[]): Curve[] {
  const further = furtherSearches(searches).map((search) => ({
    name: 'further searches',
    colour: GREY,
    isStrong: false,
    parts: [search],
  }));
  const gradients = GRADIENTS.flatMap((name, k): Curve[] => {
    const parts = searches.filter(({ job }) => job === name);
    return parts.length === 0 ? [] : [{ name, colour: colourAt(k + 1), isStrong: true, parts }];
  });
  return [
    ...further,
    ...gradients,
    { name: 'the rule', colour: colourAt(0), isStrong: true, parts: own },
  ];
}

/** Share of an episode's curve over which its mean is taken. */
const WINDOW = 1 / 12;

function curveFigure(
  what: 'loss' | 'accuracy',
  curves: readonly Curve[],
  batch: number,
): Html | null {
  const lines = curves.flatMap(({ name, colour, isStrong, parts }): Line[] => {
    const values = parts.flatMap(({ steps }) => steps.map((step) => step[what]));
    if (values.every((value) => value === null)) return [];
    const smooth = runningMean(values, Math.max(1, Math.round(values.length * WINDOW)));
    const unit = what === 'accuracy' ? 100 : 1;
    const points = smooth.map(
      (value, k) => [(k + 1) * batch, value === null ? null : unit * value] as const,
    );
    return [{ name, colour, isStrong, points }];
  });
  if (lines.length === 0) return null;
  const named = lines.filter(({ name }, k) => lines.findIndex((each) => each.name === name) === k);
  const about =
    what === 'loss'
      ? 'Loss on the queries of each episode of the search'
      : 'Accuracy on the queries of each episode of the search';
  return linesFigure({
    says: `${about}: ${named.map(({ name }) => name).join(', ')}`,
    caption:
      what === 'loss'
        ? `${about}, a running mean over a twelfth of the episodes. Each sees other tasks, and the rule here is still being searched: how good the printed one is stands above.`
        : `${about}, averaged in the same way.`,
    legend: legendOf([...named].reverse()),
    x: 'episode',
    y: what === 'loss' ? 'loss' : 'accuracy %',
    lines,
  });
}

function pathsFigure(
  own: readonly Search[],
  reported: Reported | null,
  batch: number,
  searchCount: number,
): Html | null {
  const first = own[0]!;
  const { names, scales } = first;
  if (!names || !scales) return null;
  const kept = new Set(reported?.terms.map(({ id }) => id) ?? names);
  const marks: { at: number; name: string }[] = [];
  const points = new Map<string, [number, number | null][]>(names.map((name) => [name, []]));
  let at = 0;
  own.forEach((part, k) => {
    const isRefit = (job: string): boolean => job.includes('refit');
    if (k > 0 && isRefit(part.job) && !isRefit(own[k - 1]!.job)) {
      marks.push({ at: at * batch, name: 'refit' });
    }
    for (const { coefficients } of part.steps) {
      names.forEach((name, own) => {
        const place = part.names?.indexOf(name) ?? -1;
        const value = place < 0 ? null : coefficients[place]! / scales[own]!;
        points.get(name)!.push([at * batch, value]);
      });
      at++;
    }
  });
  const strong = names.filter((name) => kept.has(name));
  const lines = coefficientLines(names, kept, (name) => points.get(name)!);
  const of = searchCount > 1 ? ` of the first of ${searchCount} searches` : '';
  const left = names.length - strong.length;
  const others = left > 0 && reported ? ` In grey ${count(left, 'term')} left out.` : '';
  return linesFigure({
    says: `Coefficients by episode: ${names.join(', ')}`,
    caption: `Coefficients by episode${of}, each in its standardised unit: terms of equal height change the weights equally much. The penalty and the selection act on these.${others}`,
    x: 'episode',
    y: 'coefficient, standardised',
    marks,
    zero: true,
    lines,
  });
}

/** A line a coefficient; what is left out is grey, and lies below what is kept. */
function coefficientLines(
  names: readonly string[],
  kept: ReadonlySet<string>,
  pointsOf: (name: string) => Line['points'],
): Line[] {
  const strong = names.filter((name) => kept.has(name));
  const lines = names.map((name): Line => {
    const isKept = kept.has(name);
    return {
      name,
      colour: isKept ? colourAt(strong.indexOf(name)) : GREY,
      isStrong: isKept,
      ...(isKept && { label: name.length > 12 ? `${name.slice(0, 11)}…` : name }),
      points: pointsOf(name),
    };
  });
  return lines.sort((a, b) => Number(a.isStrong) - Number(b.isStrong));
}

/** Coefficients at the end of every point of a path of penalties. */
function penaltyFigure(points: readonly Search[], reported: Reported | null): Html | null {
  const [first] = points;
  if (points.length < 2 || !first?.names || !first.scales) return null;
  const { names, scales } = first;
  const kept = new Set(reported?.terms.map(({ id }) => id) ?? names);
  const penalties = points.map(({ penalty }) =>
    penalty === null ? '?' : String(Number(penalty.toPrecision(2))),
  );
  const lines = coefficientLines(names, kept, (name) => {
    const place = names.indexOf(name);
    return points.map(({ steps }, k) => {
      const value = steps.at(-1)?.coefficients[place];
      return [k + 1, value === undefined ? null : value / scales[place]!] as const;
    });
  });
  return linesFigure({
    says: `Coefficients by penalty: ${names.join(', ')}`,
    caption: `Coefficients at the end of each point of the path, in standardised units. Its penalties: ${penalties.join(', ')}.`,
    x: 'point of the path',
    y: 'coefficient, standardised',
    zero: true,
    lines,
  });
}
