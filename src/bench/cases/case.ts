import type { Episode } from '../../engine/engine.js';
import type { Program } from '../../program/ir.js';

/** What is timed: a program, one episode for it, and values of its parameters. */
export interface BenchCase {
  /** With its circuit, for people. */
  readonly name: string;
  readonly program: Program;
  readonly episode: Episode;
  /** In the program's order. */
  readonly parameters: readonly number[];
}
