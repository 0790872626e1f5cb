import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './pages.js';

/** A package of its own in which `engrammar` is installed, and vitest and TensorFlow.js beside it. */
export function prepared(folder: string): string {
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  link(root, path.join(modules, 'engrammar'));
  for (const name of ['vitest', '@tensorflow']) {
    link(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}\n');
  return folder;
}

function link(target: string, place: string): void {
  try {
    symlinkSync(target, place, 'junction');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
