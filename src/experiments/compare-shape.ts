import { z } from 'zod';
import { descentShape } from './descent-shape.js';
import { group, label, named, rulesByKind, text, values } from './shapes.js';

const MOST = 50;

const contestant = z
  .strictObject({
    name: label('how the contestant is called in tables and figures; no two have the same'),
    about: text('a few words for people; what differs if not given').optional(),
    rule: named('its rule').optional(),
    rules: rulesByKind(
      'its rules by the kind of projection they stand on; kinds that are not named do not learn',
    ),
    values: values(
      'values of parameters: besides those of the file, or, of other rules, instead of them',
    ),
    descent: descentShape.optional(),
    circuit: group('the circuit'),
    task: group('the task'),
  })
  .describe('what differs from the rest of the file');

/** What is run beside the rules of an experiment. */
export const compareShape = z
  .array(contestant)
  .max(MOST)
  .default([])
  .describe(
    'what engrammar run lets learn beside the rules of the file, on the same tasks and from the same seeds; each is an experiment like the rest of the file, with what it says itself instead',
  );

export type ContestantConfig = z.output<typeof contestant>;
