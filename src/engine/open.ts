import type { Engine } from './engine.js';
import { createFusedEngine, type FusedOptions } from './fused/engine.js';
import { interpreter } from './interpret/interpret.js';
import { createTfjsEngine } from './tfjs/engine.js';

/** Which engine computes, as plain data. The options of the fused engine count for it alone. */
export interface EngineChoice extends FusedOptions {
  readonly name: Engine['name'];
  /** Of tfjs; default: wasm. */
  readonly backend?: string | null;
}

/** The engine that was chosen. Throws an `EngrammarError` where it does not start here (E701 to E703, E709). */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  switch (choice.name) {
    case 'interpret':
      return interpreter;
    case 'tfjs':
      return createTfjsEngine(choice.backend ?? 'wasm');
    case 'fused':
      return createFusedEngine(choice);
  }
}
