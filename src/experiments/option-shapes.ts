import { z } from 'zod';
import type { CircuitOption, OptionForm, OptionSet } from '../circuits/options.js';

/** Lists in a YAML file are written by hand, or hold a recording's worth of numbers at most. */
const LONGEST = 100_000;

/** The shape of the values an option takes. */
function formShape(form: OptionForm): z.ZodType {
  switch (form.kind) {
    case 'number':
    case 'count':
      return numberShape(form);
    case 'numbers':
    case 'counts': {
      const one = numberShape({ ...form, kind: form.kind === 'counts' ? 'count' : 'number' });
      return z.array(one).min(form.shortest).max(LONGEST);
    }
    case 'rows':
      return z.array(z.array(z.number()).max(LONGEST)).max(LONGEST);
    case 'word':
      return z.enum(form.words);
    case 'words':
      return z.array(z.enum(form.words)).max(form.words.length);
    case 'flag':
      return z.boolean();
    case 'text':
      return z.string().min(1).max(4000);
  }
}

function numberShape(form: OptionForm & { kind: 'number' | 'count' }): z.ZodNumber {
  const { kind, least, most, above } = form;
  let shape: z.ZodNumber = kind === 'count' ? z.int() : z.number();
  if (least !== undefined) shape = above ? shape.gt(least) : shape.min(least);
  return most === undefined ? shape : shape.max(most);
}

/** Options of a task: those with a default have it when nobody gives them. */
export function taskShapes(set: OptionSet): Record<string, z.ZodType> {
  return mapped(set, ({ form, fallback, meaning }) => {
    const shape = formShape(form);
    return (fallback === undefined ? shape : shape.default(fallback)).describe(meaning);
  });
}

/**
 * Settings of a circuit: what nobody gives is left open, so that the task can fill it in; the circuit
 * itself has the defaults.
 */
export function circuitShapes(set: OptionSet): Record<string, z.ZodType> {
  return mapped(set, ({ form, fallback, meaning }) =>
    formShape(form)
      .optional()
      .meta({
        description: fallback === undefined ? `${meaning}; follows from most tasks` : meaning,
        ...(fallback !== undefined && { default: fallback }),
      }),
  );
}

function mapped(
  set: OptionSet,
  shape: (option: CircuitOption<unknown>) => z.ZodType,
): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(set).map(([name, option]) => [name, shape(option)]));
}
