import { choicesMisfit } from '../../base/diagnostics/recording.js';
import { failure, type Result, success } from '../../base/result.js';
import { openEngine } from '../../engine/open.js';
import type { Monomials } from '../library.js';
import type { InferResult } from '../result.js';
import { type Choices, choicesFault, type Decision } from './choices.js';
import { chooser } from './chooser.js';
import { inferChoices } from './infer-choices.js';
import { libraryOfChoices, type Window } from './library.js';
import { readChoices } from './read-choices.js';

/** What is asked about choices. */
export interface ChoicesRequest {
  readonly seed: number;
  /** All products of signals and `surprise`, or a space: FILE, FILE#NAME or a name of the catalogue. */
  readonly library: Monomials | { readonly space: string };
  /** Over how many choices the reward is averaged that `surprise` is measured from. Default: 10. */
  readonly window?: Window;
  /** Whether it is known that all animals prefer the same before they learn. Default: it is not. */
  readonly alike?: boolean;
}

const WINDOW = 10;

/** FILE → animals → terms on what a decision offers → a rule. */
export async function inferFromChoices(
  path: string,
  decision: Decision,
  request: ChoicesRequest,
): Promise<Result<InferResult>> {
  const read = await readChoices(path, decision);
  if (!read.ok) return read;
  const found = await inferChecked(read.value, request);
  return found.ok ? success(found.value, [...read.warnings, ...found.warnings]) : found;
}

/** The same for choices that a program has at hand. */
export async function inferFromAnimals(
  choices: Choices,
  request: ChoicesRequest,
): Promise<Result<InferResult>> {
  const what = choicesFault(choices);
  if (what !== null) return failure(choicesMisfit({ path: choices.name, what }));
  return inferChecked(choices, request);
}

async function inferChecked(
  choices: Choices,
  { seed, library: asked, window = WINDOW, alike = false }: ChoicesRequest,
): Promise<Result<InferResult>> {
  const circuit = chooser(choices);
  const { decision } = choices;
  const library = libraryOfChoices(asked, { decision, window }, circuit.tables.forward!);
  if (!library.ok) return library;
  // Derivatives are small differences.
  const engine = await openEngine({ name: 'fused', precision: 'float64' });
  const result = await inferChoices(choices, library.value, { circuit, seed, alike, engine });
  return success(result, library.warnings);
}
