import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { Requirement } from './requirements.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Why each requirement is missing on this machine; '' where it is there. */
type Missing = Record<Requirement, string>;

declare module 'vitest' {
  interface ProvidedContext {
    missing: Missing;
  }
}

/** Once per run: builds the parser when its grammar changed, and looks what this machine has. */
export default function setup(project: TestProject): void {
  execFileSync(process.execPath, [path.join(root, 'scripts', 'build-grammar.mjs')], {
    stdio: 'inherit',
  });
  project.provide('missing', { tex: missingTex(), tensorflow: missingTensorFlow() });
}

function missingTex(): string {
  return onPath('pdflatex') || onPath('lualatex')
    ? ''
    : 'neither pdflatex nor lualatex is on the PATH (Debian: apt-get install texlive-latex-base)';
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** TensorFlow counts as there when it multiplies: a package without its library loads nothing. */
function missingTensorFlow(): string {
  const script = path.join(root, 'scripts', 'multiply-with-tensorflow.mjs');
  try {
    execFileSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] });
    return '';
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    return said.split('\n').at(-1) ?? 'it does not load';
  }
}
