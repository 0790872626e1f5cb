import { activityMisfit, noSuchColumn } from '../../base/diagnostics/recording.js';
import { nearest } from '../../base/nearest.js';
import { failure, type Result, success } from '../../base/result.js';
import { loadSpace } from '../../catalogue/load.js';
import type { Activation } from '../../circuits/activation.js';
import { type EngineChoice, openEngine } from '../../engine/open.js';
import { parse } from '../../language/parse.js';
import { type Library, type Monomials, monomialSpace, spaceOn } from '../library.js';
import type { InferResult } from '../result.js';
import { type Activity, activityFault } from './activity.js';
import { inferActivity, layerOf } from './infer-activity.js';
import { readActivity } from './read-activity.js';

/** What is asked about activity. */
export interface ActivityRequest {
  readonly activation: Activation;
  readonly seed: number;
  /** All products of signals of a layer, or a space: FILE, FILE#NAME or a name of the catalogue. */
  readonly library: Monomials | { readonly space: string };
}

/** Derivatives are small differences. */
const ENGINE: EngineChoice = { name: 'fused', precision: 'float64' };

/** FILE → a layer of its size → terms on what that offers → a rule. */
export async function inferFromActivity(
  path: string,
  request: ActivityRequest,
): Promise<Result<InferResult>> {
  const activity = readActivity(path);
  return activity.ok ? inferChecked(activity.value, request) : activity;
}

/** The same for activity that a program has at hand. */
export async function inferFromTrials(
  activity: Activity,
  request: ActivityRequest,
): Promise<Result<InferResult>> {
  const misfit = activityFault(activity);
  if (misfit !== null) return failure(activityMisfit({ path: activity.name, what: misfit }));
  return inferChecked(activity, request);
}

async function inferChecked(
  activity: Activity,
  { activation, seed, library: asked }: ActivityRequest,
): Promise<Result<InferResult>> {
  const library = libraryOn(asked, layerOf(activity, activation).tables.forward!);
  if (!library.ok) return library;
  const engine = await openEngine(ENGINE);
  const result = await inferActivity(activity, library.value, { activation, seed, engine });
  return success(result, library.warnings);
}

function libraryOn(
  asked: ActivityRequest['library'],
  table: Parameters<typeof spaceOn>[2],
): Result<Library> {
  if ('space' in asked) {
    const loaded = loadSpace(asked.space);
    return loaded.ok ? spaceOn(loaded.value.item, loaded.value.source, table) : loaded;
  }
  const offered = table.signals.map(({ name }) => name);
  const unknown = asked.columns.filter((name) => !offered.includes(name));
  if (unknown.length > 0) {
    const facts = { header: offered, option: '--monomials' };
    return failure(
      ...unknown.map((name) => noSuchColumn({ ...facts, name, meant: nearest(name, offered) })),
    );
  }
  const source = monomialSpace(asked, []);
  if (!source.ok) return source;
  const parsed = parse(source.value);
  if (!parsed.ok) return parsed;
  const [item] = parsed.value;
  if (item?.kind !== 'space') throw new TypeError('the monomials are no space');
  return spaceOn(item, source.value, table);
}
