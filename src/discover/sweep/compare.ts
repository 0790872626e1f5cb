import { Stream } from '../../base/random.js';
import { bootstrapMean, type Interval } from '../../experiments/intervals.js';
import type { Crew } from '../crew.js';
import type { ScoreResult, TrainResult } from '../jobs.js';
import { episodesAStep } from '../plan.js';
import { comparableLosses, survivors } from '../select.js';
import type { Values } from '../several-fits.js';
import { type CellPlan, scoreJob, searchName } from './cell.js';
import type { Curves } from './curves.js';
import type {
  Ablation,
  AtHorizon,
  CellResult,
  FoundParameter,
  OverSeeds,
  Scores,
} from './result.js';

/** What is compared, ready to be run. */
export interface SweepPlan {
  readonly cells: readonly CellPlan[];
  readonly seeds: number;
  /** Null: as many images a class as in the search. */
  readonly shots: readonly (number | null)[];
  readonly against: string;
}

/** One search and its rule on held-out tasks. */
interface Trial {
  readonly search: TrainResult;
  /** One for each horizon. */
  readonly scores: readonly ScoreResult[];
  /** Terms that are left. */
  readonly left: readonly string[];
  /** Of the whole rule, and without one term after another, with the images a class of the search. */
  readonly ablations: ReadonlyMap<string, ScoreResult>;
}

const WHOLE = 'the rule';
const LEFT = 'what is left';

/** Searches every cell with every seed, scores what was found, and compares the cells. */
export async function compareCells(
  sweep: SweepPlan,
  crew: Crew,
  curves: Curves,
): Promise<CellResult[]> {
  const { cells, seeds } = sweep;
  for (const { plan } of cells) {
    const search = plan.learner.episodes * episodesAStep(plan.learner);
    crew.expect(seeds * (search + sweep.shots.length * plan.evaluate.tasks));
  }
  const lines = cells.flatMap((cell) =>
    Array.from({ length: seeds }, (_, seed) => ({ cell, seed })),
  );
  const trials = await crew.together(
    lines.map(
      ({ cell, seed }) =>
        () =>
          runTrial(sweep, cell, seed, crew),
    ),
  );
  const byCell = cells.map((_, k) => trials.slice(k * seeds, (k + 1) * seeds));
  const other = cells.findIndex(({ name }) => name === sweep.against);
  return cells.map((cell, k) => {
    const mine = byCell[k]!;
    return {
      name: cell.name,
      subject: cell.subject,
      parameters: parametersOf(cell, mine),
      left: cell.subject === 'space' ? setsLeft(mine) : null,
      training: trainingOf(cell, seeds, curves),
      heldOut: heldOut(sweep, cell, mine),
      difference:
        k === other
          ? null
          : {
              against: sweep.against,
              heldOut: sweep.shots.map((shots, at) => ({
                shots,
                ...difference(cell, `difference ${shots}`, pairs(mine, byCell[other]!, at)),
              })),
            },
      ablations: ablationsOf(cell, mine),
      divergedEpisodes: mine.reduce((sum, { search }) => sum + search.diverged, 0),
    };
  });
}

async function runTrial(
  sweep: SweepPlan,
  cell: CellPlan,
  seed: number,
  crew: Crew,
): Promise<Trial> {
  const [search] = await crew.run([cell.search(seed)]);
  const { names, coefficients } = search!;
  const found: Values = new Map(names.map((name, k) => [name, coefficients[k]!]));
  const left =
    cell.subject === 'space'
      ? survivors(search!, cell.plan.select.threshold, [...cell.terms.keys()])
      : [];
  const whole = sweep.shots.map((shots) => scoreJob(cell, seed, cell.textOf(found), WHOLE, shots));
  const without = cell.ablate ? variantsOf(cell, found, left) : new Map<string, Values>();
  const smaller = [...without].map(([name, values]) =>
    scoreJob(cell, seed, cell.textOf(values), name, null),
  );
  const results = await crew.run([...whole, ...smaller]);
  const ablations = [...without.keys()].map(
    (name, k) => [name, results[whole.length + k]!] as const,
  );
  return {
    search: search!,
    scores: results.slice(0, whole.length),
    left,
    ablations: new Map(ablations),
  };
}

/** The whole rule again, with as many images as in the search; what is left; and without each of these. */
function variantsOf({ terms }: CellPlan, found: Values, left: readonly string[]) {
  const only = (kept: (id: string) => boolean): Values =>
    new Map([...found].filter(([id]) => !terms.has(id) || kept(id)));
  return new Map<string, Values>([
    [`all of ${WHOLE}`, found],
    [LEFT, only((id) => left.includes(id))],
    ...left.map((gone) => [withoutName(gone), only((id) => id !== gone)] as const),
  ]);
}

const withoutName = (id: string): string => `without ${id}`;

/** The mean over seeds, with the interval at the level of the cell. */
function overSeeds(cell: CellPlan, what: string, values: readonly number[]): OverSeeds {
  const stream = new Stream(cell.plan.study.seed, 'sweep', cell.name, what);
  const { tasks, ...rest }: Interval = bootstrapMean(values, cell.plan.evaluate.level, stream);
  return { ...rest, seeds: tasks };
}

function parametersOf(cell: CellPlan, trials: readonly Trial[]): FoundParameter[] {
  return trials[0]!.search.names.map((id, k): FoundParameter => {
    const unit = cell.units.get(id) ?? 1;
    const text = cell.terms.get(id) ?? null;
    const of = (what: string, values: readonly number[]) =>
      overSeeds(cell, `${what} ${id}`, values);
    return {
      id,
      text,
      value: of(
        'value',
        trials.map(({ search }) => search.coefficients[k]! / unit),
      ),
      standardised:
        text === null
          ? null
          : of(
              'standardised',
              trials.map(({ search }) => search.standardised[k]!),
            ),
      left:
        text === null
          ? null
          : trials.filter(({ left }) => left.includes(id)).length / trials.length,
    };
  });
}

function setsLeft(trials: readonly Trial[]): NonNullable<CellResult['left']> {
  const sets = new Map<string, { terms: readonly string[]; seeds: number }>();
  for (const { left } of trials) {
    const key = left.join(' ');
    sets.set(key, { terms: left, seeds: (sets.get(key)?.seeds ?? 0) + 1 });
  }
  return [...sets.values()].sort((a, b) => b.seeds - a.seeds);
}

function trainingOf(cell: CellPlan, seeds: number, curves: Curves): CellResult['training'] {
  const jobs = Array.from({ length: seeds }, (_, seed) => searchName(cell.name, seed));
  const mean = (what: string, figure: Parameters<Curves['ending']>[1]): OverSeeds | null => {
    const values = jobs.flatMap((job) => curves.ending(job, figure) ?? []);
    return values.length === 0 ? null : overSeeds(cell, `training ${what}`, values);
  };
  const places = Object.entries(curves.measured(jobs[0]!));
  return {
    accuracy: mean('accuracy', ({ accuracy }) => accuracy),
    loss: mean('loss', ({ loss }) => loss) ?? overSeeds(cell, 'loss', []),
    measures: Object.fromEntries(
      places.map(([name, count]) => [
        name,
        Array.from({ length: count }, (_, k) =>
          mean(`${name} ${k}`, ({ measures }) => measures?.[name]?.[k]),
        ),
      ]),
    ),
  };
}

function heldOut({ shots }: SweepPlan, cell: CellPlan, trials: readonly Trial[]): AtHorizon[] {
  return shots.map((count, at) => {
    const scores = trials.map((trial) => trial.scores[at]!);
    const finite = scores.map(({ losses }) => losses.filter((loss) => loss !== null));
    return {
      shots: count,
      accuracy: scores.some(({ accuracies }) => accuracies === null)
        ? null
        : overSeeds(
            cell,
            `accuracy ${count}`,
            scores.map(({ accuracies }) => meanOf(accuracies!)),
          ),
      loss: overSeeds(
        cell,
        `loss ${count}`,
        finite.filter((losses) => losses.length > 0).map(meanOf),
      ),
      diverged: scores.reduce((sum, { losses }, k) => sum + losses.length - finite[k]!.length, 0),
    };
  });
}

type Pair = readonly [ScoreResult, ScoreResult];

const pairs = (mine: readonly Trial[], others: readonly Trial[], at: number): Pair[] =>
  mine.map((trial, seed) => [trial.scores[at]!, others[seed]!.scores[at]!]);

/** The first minus the second of each pair, which saw the same tasks; the mean over seeds. */
function difference(cell: CellPlan, what: string, all: readonly Pair[]): Scores {
  const isAsked = all.every((pair) => pair.every(({ accuracies }) => accuracies !== null));
  const losses = all.map((pair) => {
    const [first, second] = pair.map((score) => meanOf(comparableLosses(score, pair)));
    return first! - second!;
  });
  return {
    accuracy: isAsked
      ? overSeeds(
          cell,
          `${what} accuracy`,
          all.map(([first, second]) => meanOf(first.accuracies!) - meanOf(second.accuracies!)),
        )
      : null,
    loss: overSeeds(cell, `${what} loss`, losses),
  };
}

/** How accuracy and loss change when terms are taken out, over the seeds in which there was something to take out. */
function ablationsOf(cell: CellPlan, trials: readonly Trial[]): Ablation[] {
  if (!cell.ablate) return [];
  const change = (name: string): Scores | null => {
    const all = trials.flatMap(({ ablations }): Pair[] => {
      const score = ablations.get(name);
      return score ? [[score, ablations.get(`all of ${WHOLE}`)!]] : [];
    });
    return all.length === 0 ? null : difference(cell, name, all);
  };
  const single = [...cell.terms.keys()].flatMap((id): Ablation[] => {
    const scores = change(withoutName(id));
    return scores ? [{ without: [id], ...scores }] : [];
  });
  const rest = change(LEFT);
  return [...(rest ? [{ without: 'all that are not left' as const, ...rest }] : []), ...single];
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
