import type { Engine } from './engine.js';
import { interpreter } from './interpret/interpret.js';
import { createTfjsEngine } from './tfjs/engine.js';

/** Which engine computes, as plain data. */
export interface EngineChoice {
  readonly name: Exclude<Engine['name'], 'fused'>;
  /** For tfjs; default: wasm. */
  readonly backend?: string | null;
}

/** The engine that was chosen. Throws an `EngrammarError` where it does not start here (E701 to E703). */
export async function openEngine({ name, backend }: EngineChoice): Promise<Engine> {
  return name === 'interpret' ? interpreter : createTfjsEngine(backend ?? 'wasm');
}
