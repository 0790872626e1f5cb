import type { Stream } from '../base/random.js';
import type { Arrays } from '../engine/engine.js';
import type { Timeline } from '../program/circuit.js';

/** Labelled grey images, all of one size. */
export interface ImageSet {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Number of classes (labels are 0 … classes − 1), whether or not each has images. */
  readonly classes: number;
  /** `count × height × width`, in [0, 1]. */
  readonly pixels: Float32Array;
  readonly labels: Uint16Array;
}

/** Where a task's classes and images may come from. */
export interface Pool {
  readonly set: ImageSet;
  /** Image numbers by class; a class that is held out has none. */
  readonly images: ReadonlyMap<number, readonly number[]>;
}

/** One few-shot task: images are rows, labels are the set's own class numbers. */
export interface FewShotTask {
  /** `support.labels.length × pixels`, in the order in which they are learned. */
  readonly support: { readonly images: Float64Array; readonly labels: readonly number[] };
  readonly query: { readonly images: Float64Array; readonly labels: readonly number[] };
  /** The classes of this task, ascending. */
  readonly classes: readonly number[];
}

export interface FewShotOptions {
  /** M: distinct classes in a task. */
  readonly ways: number;
  /** K: support images a class. */
  readonly shots: number;
  /** Q: query images a class. */
  readonly queries: number;
}

/**
 * What a circuit is given for one episode: an experiment in the laboratory sense. The same stream gives
 * the same episode, so a task is a plain function, and everything that is drawn comes from its stream.
 */
export type Task = (stream: Stream) => TaskEpisode;

/** The values of a step input in the steps from … up to (not including) to: `steps × rows × columns`. */
export type MadeInput = (from: number, to: number) => Float64Array;

export interface TaskEpisode {
  /** How the steps fall into trials. */
  readonly timeline: Timeline;
  /** By name of the circuit's step inputs: `steps × rows × columns`. */
  readonly stepInputs: Arrays;
  /** Step inputs that are made when they are needed, since all of them would be too much for the memory. */
  readonly made?: Readonly<Record<string, MadeInput>>;
  /** By name of the circuit's query inputs. */
  readonly queryInputs?: Arrays;
  /** Weights and states that shall not be as the circuit draws them. */
  readonly start?: Arrays;
}
