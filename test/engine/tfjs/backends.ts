import { describe } from 'vitest';
import type { Backend } from '../../../src/engine/tfjs/backends.js';
import { describeWith } from '../../support/requirements.js';

/** The same tests on every backend; those of the native library only where it is installed. */
export function describeBackends(name: string, body: (backend: Backend) => void): void {
  for (const backend of ['cpu', 'wasm'] as const)
    describe(`${name} ${backend}`, () => body(backend));
  describeWith('tensorflow', `${name} tensorflow`, () => body('tensorflow'));
}
