import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import {
  interpreterInstead,
  noSimd,
  outOfMemory,
  programRefused,
} from '../base/diagnostics/engine.js';
import { EngrammarError } from '../base/result.js';
import type { Program } from '../program/ir.js';
import type { Engine, Episode, EpisodeResult, Runner, RunOptions } from './engine.js';
import { offers } from './fused/features.js';
import { interpreter } from './interpret/interpret.js';
import { type EngineChoice, openEngine } from './open.js';

/** The engine of a run, with its backend where it has one. */
export type SettledEngine = EngineChoice & { readonly backend: string | null };

/**
 * What computes where this engine was asked for, and what there is to say about it (W701): the
 * interpreter where this machine does not offer the vector instructions of the fused engine.
 */
export function settleEngine(
  choice: EngineChoice,
  hasVectors: boolean = offers('SIMD'),
): { readonly engine: SettledEngine; readonly warning: Diagnostic | null } {
  if (choice.name === 'fused' && !hasVectors) {
    const { message: reason } = noSimd({ missing: 'SIMD', node: process.version });
    return {
      engine: { name: 'interpret', backend: null },
      warning: interpreterInstead({ engine: choice.name, reason }),
    };
  }
  const backend = choice.name === 'tfjs' ? (choice.backend ?? 'wasm') : null;
  return { engine: { ...choice, backend }, warning: null };
}

/** The settled engine, open; programs that the fused engine refuses are interpreted, and told of (W702). */
export async function openSettled(
  choice: SettledEngine,
  tell: (warning: Diagnostic) => void,
): Promise<Engine> {
  const engine = await openEngine(choice);
  return choice.name === 'fused' ? withFallback(engine, interpreter, tell) : engine;
}

/** An engine with another one for the programs that it refuses, when it is given them or when they run. */
export function withFallback(
  first: Engine,
  second: Engine,
  tell: (warning: Diagnostic) => void,
): Engine {
  return {
    ...first,
    prepare: async (program) => {
      const refused = (error: unknown): Promise<Runner> => {
        const reason = refusal(error);
        if (reason === null) throw error;
        tell(programRefused({ engine: first.name, reason }));
        return second.prepare(program);
      };
      try {
        return new FallingBack(program, await first.prepare(program), refused);
      } catch (error) {
        return refused(error);
      }
    },
  };
}

/** Runs on an engine until that refuses: from then on, and for the same episodes, on another one. */
class FallingBack implements Runner {
  readonly program: Program;
  private runner: Runner;
  private hasFallenBack = false;
  private readonly refused: (error: unknown) => Promise<Runner>;

  constructor(program: Program, runner: Runner, refused: (error: unknown) => Promise<Runner>) {
    this.program = program;
    this.runner = runner;
    this.refused = refused;
  }

  async run(
    episodes: readonly Episode[],
    parameters: ArrayLike<number>,
    options: RunOptions,
  ): Promise<EpisodeResult[]> {
    try {
      return await this.runner.run(episodes, parameters, options);
    } catch (error) {
      if (this.hasFallenBack) throw error;
      const next = await this.refused(error);
      this.runner.dispose();
      this.runner = next;
      this.hasFallenBack = true;
      return this.runner.run(episodes, parameters, options);
    }
  }

  dispose(): void {
    this.runner.dispose();
  }
}

/** Why an engine refused a program; null for an error of another kind, such as arrays that do not fit. */
function refusal(error: unknown): string | null {
  if (error instanceof EngrammarError) {
    const memory = error.diagnostics.find(({ code }) => code === outOfMemory.code);
    return memory ? memory.message : null;
  }
  return error instanceof Error && REFUSALS.includes(error.name) ? error.message : null;
}

/** Of the compiler, and of WebAssembly. */
const REFUSALS = ['RangeError', 'CompileError', 'LinkError', 'RuntimeError'];
