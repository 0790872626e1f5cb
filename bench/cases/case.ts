import type { Episode } from '../../src/engine/engine.js';
import type { Program } from '../../src/program/ir.js';

/** What is timed: a program, one episode for it, and values of its parameters. */
export interface BenchCase {
  /** As it stands in tables. */
  readonly name: string;
  readonly program: Program;
  readonly episode: Episode;
  /** In the program's order. */
  readonly parameters: readonly number[];
}
