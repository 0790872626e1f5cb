import { z } from 'zod';
import { group, label, named, rulesByKind, text, values } from './shapes.js';

const MOST_CELLS = 100;
const MOST_HORIZONS = 20;

const cell = z
  .strictObject({
    name: label('how the cell is called in tables and figures; no two have the same'),
    space: named('the space of terms that is searched; the penalty is on its terms').optional(),
    rule: named('the rule whose parameters marked fit are searched').optional(),
    rules: rulesByKind('rules by the kind of projection they stand on, as in an experiment'),
    values: values('values of parameters, as in an experiment'),
    circuit: group('the circuit'),
    task: group('the task'),
    learner: group('the learner'),
    ablate: z
      .boolean()
      .default(false)
      .describe(
        'of a space: whether the rule is also scored without each of the terms that are left, and with these alone',
      ),
  })
  .describe('what is compared with other cells: a rule or a space, and what else is different');

/** Which searches are compared, and how often each is made. */
export const sweepShape = z
  .strictObject({
    seeds: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe(
        'searches of each cell, each with tasks and initial weights of its own, which are the same for all cells',
      ),
    shots: z
      .array(z.int().min(1).max(10_000))
      .max(MOST_HORIZONS)
      .default([])
      .describe(
        'images a class from which the found rules learn when they are scored on held-out tasks; [] for as many as in the search',
      ),
    against: text('the cell with which the others are compared; the first if not given').optional(),
    cells: z.array(cell).min(1).max(MOST_CELLS).describe('what is compared'),
  })
  .describe(
    'the cells that engrammar sweep compares; each is an experiment like the rest of the file, with what it says itself instead',
  );

export type SweepConfig = z.output<typeof sweepShape>;
