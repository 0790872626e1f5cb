import type { CellResult, OverSeeds } from '../src/discover/sweep/result.js';
import { cellOf, percent, type Recordings, table, written } from './reproduction.js';

/** A claim of Shervani-Tabar & Rosenbaum (2023), and whether it held here. */
interface Claim {
  readonly claim: string;
  /** Null where it was not run. */
  check(all: Recordings): { readonly found: string; readonly held: boolean } | null;
}

const rate = (value: OverSeeds): string => written(value, (x) => percent(x, 1));
const degrees = (value: OverSeeds): string => written(value, (x) => x.toFixed(0));
const size = (value: OverSeeds): string => written(value, (x) => String(Number(x.toPrecision(3))));
const coefficient = (value: OverSeeds): string => written(value, (x) => x.toFixed(4));

const accuracy = ({ training }: CellResult): OverSeeds => training.accuracy!;
/** Of the hidden layers. */
const angles = ({ training }: CellResult): readonly OverSeeds[] =>
  training.measures.angles as readonly OverSeeds[];
const errors = ({ training }: CellResult): readonly OverSeeds[] =>
  (training.measures.orthonormality as readonly OverSeeds[]).slice(0, -1);

/** Whether every value of the one is below its partner, with intervals that do not touch. */
const allBelow = (some: readonly OverSeeds[], others: readonly OverSeeds[]): boolean =>
  some.every(({ hi }, k) => hi < others[k]!.lo);

const FA = 'feedback alignment';
const BP = 'backpropagation';
const THREE = 'three terms';
const HEBB = 'error and eHebb';
const OJA = 'error and Oja';

/** A check that needs these cells of the digits. */
function onDigits(
  names: readonly string[],
  check: (...cells: readonly CellResult[]) => { found: string; held: boolean },
): Claim['check'] {
  return ({ digits }) => {
    const cells = names.map((name) => cellOf(digits, name));
    return cells.every((cell) => cell !== undefined) ? check(...cells) : null;
  };
}

const CLAIMS: readonly Claim[] = [
  {
    claim: 'Feedback alignment with a meta-learned rate hardly learns: about 25 % (chance 20 %)',
    check: onDigits([FA], (fa) => ({
      found: `${rate(accuracy(fa!))} %`,
      held: accuracy(fa!).hi < 0.3,
    })),
  },
  {
    claim: 'Backpropagation reaches about 70 %',
    check: onDigits([BP], (bp) => ({
      found: `${rate(accuracy(bp!))} %`,
      held: accuracy(bp!).lo < 0.75 && accuracy(bp!).hi > 0.65,
    })),
  },
  {
    claim: 'Errors of feedback alignment are poorly aligned with those of backpropagation',
    check: onDigits([FA], (fa) => ({
      found: `${angles(fa!).map(degrees).join(', ')} degrees in layers 1 to 4`,
      held: angles(fa!).every(({ lo }) => lo > 70),
    })),
  },
  {
    claim: 'The three-term rule learns at least as well as backpropagation',
    check: onDigits([THREE], (three) => {
      const at = three!.difference!.heldOut.find(({ shots }) => shots === 50)!.accuracy!;
      return {
        found: `${rate(accuracy(three!))} %; minus backpropagation, on held-out tasks with K = 50: ${rate(at)} points`,
        held: at.lo > 0,
      };
    }),
  },
  {
    claim: 'Its θ of eHebb is negative, that of Oja positive',
    check: onDigits([THREE], (three) => {
      const [, hebb, oja] = three!.parameters.map(({ value }) => value);
      return {
        found: `${coefficient(hebb!)} and ${coefficient(oja!)}`,
        held: hebb!.hi < 0 && oja!.lo > 0,
      };
    }),
  },
  {
    claim: 'With eHebb errors are better aligned than with feedback alignment, most in deep layers',
    check: onDigits([HEBB, FA], (hebb, fa) => ({
      found: `${angles(hebb!).map(degrees).join(', ')} degrees`,
      held:
        allBelow(angles(hebb!), angles(fa!)) &&
        angles(hebb!).every(({ mean }, k, all) => k === 0 || mean < all[k - 1]!.mean),
    })),
  },
  {
    claim: 'With eHebb alone they are better aligned than with the three terms',
    check: onDigits([HEBB, THREE], (hebb, three) => ({
      found: `${angles(hebb!).map(degrees).join(', ')} against ${angles(three!).map(degrees).join(', ')} degrees`,
      held: allBelow(angles(hebb!), angles(three!)),
    })),
  },
  {
    claim:
      'With eHebb alone the accuracy is much above feedback alignment and below the three terms',
    check: onDigits([HEBB, FA, THREE], (hebb, fa, three) => ({
      found: `${rate(accuracy(hebb!))} % between ${rate(accuracy(fa!))} % and ${rate(accuracy(three!))} %`,
      held: accuracy(hebb!).lo > accuracy(fa!).hi + 0.1 && accuracy(hebb!).hi < accuracy(three!).lo,
    })),
  },
  {
    claim: 'With Oja alone the accuracy is strongly improved over feedback alignment',
    check: onDigits([OJA, FA], (oja, fa) => ({
      found: `${rate(accuracy(oja!))} % against ${rate(accuracy(fa!))} %`,
      held: accuracy(oja!).lo > accuracy(fa!).hi + 0.2,
    })),
  },
  {
    claim: 'With Oja alone angles are only slightly below those of feedback alignment',
    check: onDigits([OJA, FA], (oja, fa) => ({
      found: `${angles(oja!).map(degrees).join(', ')} against ${angles(fa!).map(degrees).join(', ')} degrees`,
      held: angles(oja!).every(({ mean }, k) => Math.abs(mean - angles(fa!)[k]!.mean) < 15),
    })),
  },
  {
    claim: 'With Oja the orthonormality error of hidden layers falls strongly',
    check: onDigits([OJA, FA], (oja, fa) => ({
      found: `${errors(oja!).map(size).join(', ')} against ${errors(fa!).map(size).join(', ')}`,
      held: errors(oja!).every(({ hi }, k) => 5 * hi < errors(fa!)[k]!.lo),
    })),
  },
  {
    claim: 'Of the ten terms with an L1 penalty F0, F2 and F9 are left',
    check: ({ pool }) => {
      const cell = pool?.cells[0];
      if (!pool || !cell?.left) return null;
      const exact = cell.left.find(({ terms }) => terms.join(' ') === 'F0 F2 F9')?.seeds ?? 0;
      const among = cell.left
        .filter(({ terms }) => ['F0', 'F2', 'F9'].every((id) => terms.includes(id)))
        .reduce((sum, { seeds }) => sum + seeds, 0);
      return {
        found: `exactly these in ${exact} of ${pool.seeds} seeds, these among others in ${among - exact}`,
        held: exact > pool.seeds / 2,
      };
    },
  },
  {
    claim: 'The ten terms learn about as well as backpropagation, and the three as well as the ten',
    check: ({ digits, pool }) => {
      const [ten] = pool?.cells ?? [];
      const [bp, three] = [BP, THREE].map((name) => cellOf(digits, name));
      if (!ten || !bp || !three) return null;
      const at = ({ heldOut }: CellResult): OverSeeds =>
        (heldOut.find(({ shots }) => shots === 50) ?? heldOut[0]!).accuracy!;
      return {
        found: `ten ${rate(at(ten))} %, backpropagation ${rate(at(bp))} %, three ${rate(at(three))} % (held-out tasks, K = 50)`,
        held: at(ten).hi > at(bp).lo && Math.abs(at(three).mean - at(ten).mean) < 0.05,
      };
    },
  },
];

/** The table of claims for docs/reproduction.md. */
export function claimsTable(all: Recordings): string[] {
  const rows = CLAIMS.map(({ claim, check }) => {
    const checked = check(all);
    if (!checked) return [claim, 'not run yet', ''];
    return [claim, checked.found, checked.held ? '*held*' : '**not held**'];
  });
  return table(['the paper', 'here', ''], rows);
}
