import { z } from 'zod';
import { experimentShape } from './schema.js';

/** A part of a JSON Schema, as far as it is used here. */
export interface SchemaPart {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly oneOf?: readonly SchemaPart[];
  readonly items?: SchemaPart;
  /** Of groups whose names are free. */
  readonly additionalProperties?: SchemaPart | boolean;
}

/** The JSON Schema (draft 2020-12) of the experiment file, for editors and other programs. */
export function experimentSchema(): Record<string, unknown> {
  const { $schema, description, ...rest } = z.toJSONSchema(experimentShape, { io: 'input' });
  return {
    $schema,
    title: description,
    ...rest,
    anyOf: [
      { required: ['space'] },
      { required: ['rule'] },
      { required: ['rules'] },
      { required: ['descent'] },
    ],
  };
}

const root = experimentSchema() as SchemaPart;

/** The schema of the option at a path; `value` (the whole experiment) decides between variants. */
export function schemaAt(path: readonly PropertyKey[], value: unknown): SchemaPart | undefined {
  let part: SchemaPart | undefined = root;
  let here: unknown = value;
  for (const step of path) {
    const group = variant(part, here);
    const { additionalProperties: free } = group ?? {};
    part =
      typeof step === 'number'
        ? part?.items
        : (group?.properties?.[String(step)] ?? (typeof free === 'object' ? free : undefined));
    here =
      isObject(here) || Array.isArray(here)
        ? (here as Record<PropertyKey, unknown>)[step]
        : undefined;
  }
  return variant(part, here);
}

/** Of several variants the one whose `name` the value has; the first if none. */
function variant(part: SchemaPart | undefined, value: unknown): SchemaPart | undefined {
  const variants = part?.oneOf?.filter((one) => one.properties !== undefined);
  if (!part || !variants || variants.length === 0) return part;
  const name = isObject(value) ? value.name : undefined;
  const chosen = variants.find((one) => one.properties?.name?.const === name) ?? variants[0];
  return { ...chosen, ...(part.description ? { description: part.description } : {}) };
}

/** Every path to an option of that name, with dots. */
export function optionsNamed(name: string): string[] {
  const found = new Set<string>();
  const walk = (part: SchemaPart, path: readonly string[]): void => {
    for (const one of part.oneOf ?? []) walk(one, path);
    for (const [key, inner] of Object.entries(part.properties ?? {})) {
      if (key === name && path.length > 0) found.add([...path, key].join('.'));
      walk(inner, [...path, key]);
    }
  };
  walk(root, []);
  return [...found];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
