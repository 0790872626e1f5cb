import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import type { SettledEngine } from '../engine/fallback.js';
import type { EngineChoice } from '../engine/open.js';
import type { MethodConfig } from './schema.js';

/** What computed, as results tell it. */
export interface ComputedBy {
  readonly name: string;
  /** Of tfjs. */
  readonly backend: string | null;
  /** Why another engine computed some of it, or all; empty where nothing happened. */
  readonly notices: readonly string[];
}

/** The engine that an experiment asks for. */
export const engineChoice = ({ engine }: Pick<MethodConfig, 'engine'>): EngineChoice => ({
  name: engine.name,
  backend: engine.backend ?? null,
});

/** Collects what there is to say about the engine of a run; each kind is told once. */
export class EngineNotices {
  private readonly warnings = new Map<string, Diagnostic>();
  private readonly tell: ((warning: Diagnostic) => void) | undefined;

  constructor(tell: ((warning: Diagnostic) => void) | undefined) {
    this.tell = tell;
  }

  take(warning: Diagnostic): void {
    if (this.warnings.has(warning.code)) return;
    this.warnings.set(warning.code, warning);
    this.tell?.(warning);
  }

  of({ name, backend }: SettledEngine): ComputedBy {
    return { name, backend, notices: [...this.warnings.values()].map(({ message }) => message) };
  }
}
