import { readdirSync } from 'node:fs';
import type { Behaviour } from './behaviour.js';

const folder = new URL('behaviours/', import.meta.url);

/** Every behaviour there is, by the name of its rule. */
export async function behaviours(): Promise<Behaviour[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, folder).href) as Promise<{ behaviour: Behaviour }>),
  );
  return modules
    .map(({ behaviour }) => behaviour)
    .sort((a, b) => (a.rule < b.rule ? -1 : Number(a.rule > b.rule)));
}
