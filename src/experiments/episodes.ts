import { EngrammarError } from '../base/result.js';
import type { Episode } from '../engine/engine.js';
import type { Circuit } from '../program/circuit.js';
import type { Program } from '../program/ir.js';
import { scheduleInputs, stepsOf } from '../program/schedule.js';
import { startOf } from '../program/start.js';
import { inputMistakes, timelineMistakes } from '../tasks/fits.js';
import { inputsBetween } from '../tasks/inputs/made.js';
import type { StudyEpisode } from './study.js';

/**
 * An episode of a study for a program: with starting values of memory, and with when each line acts.
 * Throws an `EngrammarError` where the task and the circuit do not fit.
 */
export function episodeOn(program: Program, circuit: Circuit, given: StudyEpisode): Episode {
  const { timeline, queryInputs = {}, start, chance } = given;
  const steps = stepsOf(timeline);
  const stepInputs = inputsBetween(given, { from: 0, to: steps, whole: steps });
  const mistakes = [
    ...timelineMistakes(circuit, timeline),
    ...inputMistakes(program, circuit.name, 'input', stepInputs, steps),
    ...inputMistakes(program, circuit.name, 'query input', queryInputs, steps),
  ];
  if (mistakes.length > 0) throw new EngrammarError(...mistakes);
  return {
    start: startOf(program, start),
    steps,
    stepInputs: { ...stepInputs, ...scheduleInputs(program, timeline, { chance }) },
    queryInputs,
  };
}

/** The first trial of an episode whose inputs are made when they are needed; any other episode whole. */
export function openingOf(episode: StudyEpisode): StudyEpisode {
  const { timeline, made, stepInputs } = episode;
  if (!made) return episode;
  const trials = timeline.trials.slice(0, 1);
  const range = { from: 0, to: stepsOf({ trials }), whole: stepsOf(timeline) };
  return { ...episode, timeline: { trials }, stepInputs: inputsBetween({ stepInputs }, range) };
}
