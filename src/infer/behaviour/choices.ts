/**
 * What is decided at each stimulus: `accept`, whether to take it or not; `between`, which of several
 * options to take.
 */
export const DECISIONS = ['accept', 'between'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What one animal was shown, did and got, in the order of time. */
export interface AnimalRecord {
  /** `steps × inputs`: the stimuli. */
  readonly stimulus: Float64Array;
  /**
   * One a step: `accept` 1 or 0; `between` the number of the option, from 0 on. NaN: unknown, or the
   * record has ended; it counts as no choice for what is learned, and says nothing.
   */
  readonly choice: Float64Array;
  /** One a step, 0 without reward; NaN where there is no choice. */
  readonly reward: Float64Array;
  /** `options × inputs`: weights before the first step; where they are not known, a first guess. */
  readonly w: Float64Array;
}

/** Choices of animals that learn; their weights are seen at the start of each record at most. */
export interface Choices {
  readonly name: string;
  readonly decision: Decision;
  readonly inputs: number;
  /** 1 for `accept`. */
  readonly options: number;
  /** Of the longest record; all are filled up with NaN to this length. */
  readonly steps: number;
  readonly startsKnown: boolean;
  readonly animals: readonly AnimalRecord[];
}

/** What is wrong with choices, in words; null where nothing is. */
export function choicesFault(choices: Choices): string | null {
  const { decision, inputs, options, steps, animals } = choices;
  if (animals.length * inputs * options * steps === 0) return 'there are no numbers';
  if (decision === 'accept' && options !== 1) return 'to accept or not is a single option';
  if (decision === 'between' && options < 2) return 'all choices are of one option';
  const sizes = { stimulus: steps * inputs, choice: steps, reward: steps, w: options * inputs };
  const most = decision === 'accept' ? 1 : options - 1;
  const allowed = decision === 'accept' ? '0 or 1' : `a whole number from 0 to ${most}`;
  for (const [k, animal] of animals.entries()) {
    const of = `of animal ${k + 1}`;
    for (const name of ['stimulus', 'choice', 'reward', 'w'] as const) {
      const { length } = animal[name];
      if (length !== sizes[name]) return `${name} ${of} has ${length} numbers, not ${sizes[name]}`;
    }
    const { choice, reward, stimulus, w } = animal;
    for (let step = 0; step < steps; step++) {
      const at = `at step ${step + 1} ${of}`;
      const chosen = choice[step]!;
      if (Number.isNaN(chosen)) continue;
      if (!Number.isInteger(chosen) || chosen < 0 || chosen > most) {
        return `choice ${at} is ${chosen}, not ${allowed}`;
      }
      if (!Number.isFinite(reward[step]!)) return `reward ${at} is ${reward[step]}`;
      const shown = stimulus.subarray(step * inputs, (step + 1) * inputs);
      if (!shown.every(Number.isFinite)) return `a number of stimulus ${at} is not finite`;
    }
    if (!w.every(Number.isFinite)) return `a number of w ${of} is not finite`;
  }
  const made = animals.flatMap(({ choice }) => [...choice].filter((each) => !Number.isNaN(each)));
  if (made.length === 0) return 'choice is NaN everywhere';
  if (made.every((each) => each === made[0])) return `every choice is ${made[0]}`;
  return null;
}

/** What was chosen as a column an option, `steps × options`; NaN where nothing is known. */
export function chosenOptions({ decision, options }: Choices, choice: Float64Array): Float64Array {
  if (decision === 'accept') return choice;
  const columns = new Float64Array(choice.length * options);
  for (const [step, chosen] of choice.entries()) {
    if (Number.isNaN(chosen)) columns.fill(Number.NaN, step * options, (step + 1) * options);
    else columns[step * options + chosen] = 1;
  }
  return columns;
}
