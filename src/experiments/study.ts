import { circuitTooLarge } from '../base/diagnostics/circuit.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { outputsFewerThanClasses, taskForAnother } from '../base/diagnostics/experiment.js';
import { Stream } from '../base/random.js';
import { failure, type Result, success, unwrap } from '../base/result.js';
import { feedForward } from '../circuits/feed-forward.js';
import { CIRCUITS } from '../circuits/registry.js';
import type { Arrays } from '../engine/engine.js';
import type { Circuit } from '../program/circuit.js';
import { drawnBy } from '../tasks/drawn.js';
import { accuracyOf, fewShotEpisode } from '../tasks/episodes.js';
import { type ImageSource, loadImages } from '../tasks/images.js';
import type { Sequence } from '../tasks/kind.js';
import { SEQUENCES } from '../tasks/registry.js';
import { checkTasks, type Split, splitSet } from '../tasks/sampler.js';
import type { TaskEpisode } from '../tasks/types.js';
import type { ExperimentConfig } from './schema.js';
import { type Variations, variationOf } from './vary.js';

/** The part of an experiment that says what has to be learned, and by which network: plain data. */
export interface Study {
  readonly circuit: ExperimentConfig['circuit'] | DeclaredCircuit;
  readonly task: ExperimentConfig['task'] | { readonly name: 'declared' };
  readonly seed: number;
  /** What episodes differ in; in all of them the same if not given. */
  readonly vary?: Variations | undefined;
}

/** What an experiment says of it. */
export function studyOf({ circuit, task, seed, vary }: ExperimentConfig): Study {
  return { circuit, task, seed, ...(vary && { vary }) };
}

/** A circuit that lives in a program: a study can only name it. */
interface DeclaredCircuit {
  readonly name: 'declared';
  readonly circuit: string;
}

/**
 * What episodes are for. `search` drives a meta-learner, `scale` measures terms, `choose` decides
 * between candidates; nothing is decided by `score`, and where a task holds images out, only it sees them.
 */
export type EpisodeKind = 'search' | 'scale' | 'choose' | 'score';

/** One episode of a study, whatever rule will run on it. */
export interface StudyEpisode extends TaskEpisode {
  /** Everything the circuit draws, and what the task sets otherwise. */
  readonly start: Arrays;
  /** What `draw` lines of a rule draw from. */
  readonly chance: Stream;
  /** Share of the questions that were answered rightly, in [0, 1]; null where nothing is asked. */
  readonly accuracy: ((outputs: Arrays) => number) | null;
}

/** A circuit with its task: a study made ready, or a circuit and a task somebody declared. */
export interface Setup {
  readonly circuit: Circuit;
  /** Trials that belong together, so that their losses are averaged; null: only the whole episode has a loss. */
  readonly together: number | null;
  /** Whether there is an accuracy. */
  readonly hasAccuracy: boolean;
  /** The episode of a kind and number: the same whoever asks, and whatever rule runs on it. */
  episode(kind: EpisodeKind, index: number): StudyEpisode;
}

/** A circuit and a task of one's own as a setup. */
export function declaredSetup(
  circuit: Circuit,
  { episode, together = 1 }: Partial<Sequence> & Pick<Sequence, 'episode'>,
  seed: number,
): Setup {
  return {
    circuit,
    together,
    hasAccuracy: false,
    episode: (kind, index) => {
      const stream = new Stream(seed, kind, index);
      const given = episode(stream.child('task'));
      return {
        ...given,
        start: { ...drawnBy(circuit, stream), ...given.start },
        chance: stream.child('draws'),
        accuracy: null,
      };
    },
  };
}

/** The study made ready; what is wrong with its circuit, its task, or both together. */
export function setUp(study: Study): Result<Setup> {
  const { circuit, task, seed } = study;
  const kind = SEQUENCES.find(({ name }) => name === task.name);
  if (!kind) return fewShotSetup(study);
  const { name: circuitName, ...given } = circuit;
  const settings: Readonly<Record<string, unknown>> = given;
  const { name: _, ...options } = task;
  const circuitKind = CIRCUITS.find(({ name }) => name === circuitName);
  if (!circuitKind || circuitName === 'feed-forward') {
    const facts = { task: task.name, circuit: circuitName, circuits: kind.circuits };
    return failure(taskForAnother(facts));
  }
  const sizes = kind.sizes(options);
  if (!sizes.ok) return sizes;
  const fitting = Object.entries(sizes.value).filter(
    ([name]) => Object.hasOwn(circuitKind.settings, name) && settings[name] === undefined,
  );
  const made = circuitKind.make({ ...settings, ...Object.fromEntries(fitting) });
  if (!made.ok) return made;
  const tooLarge = sizeMistake(made.value);
  if (tooLarge) return failure(tooLarge);
  const sequence = kind.make(options, made.value);
  return sequence.ok ? success(declaredSetup(made.value, sequence.value, seed)) : sequence;
}

/** 2 GiB in double precision. */
const MOST_WEIGHTS = 2 ** 28;

function sizeMistake({ name, projections }: Circuit): Diagnostic | null {
  const weights = projections.reduce((sum, { preSize, postSize }) => sum + preSize * postSize, 0);
  if (weights <= MOST_WEIGHTS) return null;
  return circuitTooLarge({ circuit: name, weights, most: MOST_WEIGHTS });
}

type FewShotTask = Extract<Study['task'], { name: 'digits' | 'glyphs' | 'images' }>;

const isFewShot = (task: Study['task']): task is FewShotTask =>
  task.name === 'digits' || task.name === 'glyphs' || task.name === 'images';

/** Images with classes, learned one at a time, then asked about. */
function fewShotSetup({ circuit: settings, task, seed, vary = {} }: Study): Result<Setup> {
  if (settings.name !== 'feed-forward' || !isFewShot(task)) {
    const facts = { task: task.name, circuit: settings.name, circuits: 'feed-forward' };
    return failure(taskForAnother(facts));
  }
  const loaded = imagesOf(task, seed);
  if (!loaded.ok) return loaded;
  const { search, validation, evaluation } = loaded.value;
  const { height, width, classes } = search.set;
  const { hidden, name: _, ...neurons } = settings;
  const outputs = settings.outputs ?? classes;
  if (outputs < classes) return failure(outputsFewerThanClasses({ outputs, classes }));
  const sizes = [height * width, ...hidden, outputs];
  const options = { ...neurons, sizes, queries: task.ways * task.queries };
  const circuit = feedForward(options);
  const tooLarge = sizeMistake(circuit);
  if (tooLarge) return failure(tooLarge);
  const pools = { search, scale: search, choose: validation ?? search, score: evaluation };
  // Found out now, not after hours of a search.
  const shots = Math.max(task.shots, ...(vary.shots ?? []));
  const short = validation || vary.shots ? [search, validation ?? search, evaluation] : [];
  for (const pool of short) {
    const checked = checkTasks(pool, { ...task, shots });
    if (!checked.ok) return checked;
  }
  return success({
    circuit,
    together: null,
    hasAccuracy: true,
    episode: (kind, index) => {
      // What is held out is asked about as the study stands.
      const { shots: own, ...scales } =
        kind === 'score' ? {} : variationOf(vary, seed, kind, index);
      const few = own === undefined ? task : { ...task, shots: own };
      const drawn = feedForward({ ...options, ...scales });
      const made = unwrap(fewShotEpisode(pools[kind], few, drawn, seed, kind, index));
      const { start, steps, stepInputs, queryInputs } = made.episode;
      return {
        start,
        stepInputs,
        queryInputs,
        timeline: { trials: [{ steps }] },
        chance: new Stream(seed, kind, index, 'draws'),
        accuracy: ({ logits }) => accuracyOf(logits!, made.labels),
      };
    },
  });
}

let latest: { readonly key: string; readonly split: Split } | null = null;

/** The images of a task, split; the last ones stay in memory, whatever the circuit. */
function imagesOf(task: FewShotTask, seed: number): Result<Split> {
  const source: ImageSource =
    task.name === 'images'
      ? { name: 'images', images: task.images, labels: task.labels, pool: task.pool }
      : { name: task.name, pool: task.pool };
  const key = JSON.stringify([source, task.heldOut, task.validation, task.ways, seed]);
  if (latest?.key === key) return success(latest.split);
  const set = loadImages(source);
  if (!set.ok) return set;
  const { heldOut, ways, validation } = task;
  const split = splitSet(set.value, new Stream(seed, 'split'), heldOut, ways, validation);
  latest = { key, split };
  return success(split);
}

const ready = new Map<string, Setup>();
const MOST_READY = 4;

/** As `setUp`, but throws what is wrong, and keeps the last few: a worker runs many jobs of one study. */
export function setupOf(study: Study): Setup {
  const key = JSON.stringify(study);
  let setup = ready.get(key);
  if (!setup) {
    setup = unwrap(setUp(study));
    if (ready.size >= MOST_READY) ready.delete([...ready.keys()][0]!);
    ready.set(key, setup);
  }
  return setup;
}
