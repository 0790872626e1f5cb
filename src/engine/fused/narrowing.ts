import type { Program, Slot } from '../../program/ir.js';
import { type IdleAxis, idleAxesOf } from '../../program/narrow/idle-columns.js';
import { gather, narrowed, scatter } from '../../program/narrow/narrow.js';
import type { Arrays, Episode, EpisodeResult, RunOptions } from '../engine.js';

/** An episode on a program with fewer inputs. */
export interface Narrow {
  /** Places that are computed with; one of few numbers, since each is a program of its own. */
  readonly size: number;
  readonly episode: Episode;
  /** The result as the whole program would give it. */
  widen(result: EpisodeResult): EpisodeResult;
}

/** Axes shorter than this are not worth a program of their own. */
const LEAST = 64;
/** Into how many parts an axis is divided: narrowed programs have a whole number of them. */
const PARTS = 16;

/**
 * Leaves out inputs that are 0 throughout an episode (most pixels at the border of an image), with the
 * weights from them, where it is proven that no result depends on these.
 */
export class Narrowing {
  private readonly program: Program;
  private readonly axis: IdleAxis | null;

  constructor(program: Program) {
    this.program = program;
    const [longest] = idleAxesOf(program, LEAST).sort((a, b) => b.size - a.size);
    this.axis = longest ?? null;
  }

  /** Whether the program has inputs that may lie idle, and enough of them. */
  get mayNarrow(): boolean {
    return this.axis !== null;
  }

  /** The program for so many places. */
  of(size: number): Program {
    return narrowed(this.program, this.axis!, size);
  }

  /** The episode without idle places; null where there is little to leave out, or they are asked about. */
  narrow(episode: Episode, options: RunOptions): Narrow | null {
    const { axis, program } = this;
    if (!axis || this.isAskedAbout(axis, options)) return null;
    const places = this.placesOf(axis, episode);
    if (!places || !this.startsFinite(axis, episode)) return null;
    const slots = (arrays: Arrays, from: readonly Slot[]): Arrays => ({
      ...arrays,
      ...Object.fromEntries(
        from.map((slot) => [slot.name, gather(arrays[slot.name]!, slot, axis, places)]),
      ),
    });
    return {
      size: places.length,
      episode: {
        start: slots(episode.start, [...program.states, ...program.constants]),
        steps: episode.steps,
        stepInputs: slots(episode.stepInputs, program.stepInputs),
        queryInputs: slots(episode.queryInputs, program.queryInputs),
      },
      widen: (result) => {
        const { startGradient } = result;
        if (!startGradient) return result;
        const wide = program.states.map((slot) => [
          slot.name,
          scatter(startGradient[slot.name]!, slot, axis, places),
        ]);
        return { ...result, startGradient: Object.fromEntries(wide) };
      },
    };
  }

  /** Whether a result is wanted that has idle places in it. */
  private isAskedAbout({ axis, axes }: IdleAxis, { states, record }: RunOptions): boolean {
    const along = (name: string): boolean =>
      axes.ofSlot(name, 0) === axis || axes.ofSlot(name, 1) === axis;
    return (
      (states === true && this.program.states.some(({ name }) => along(name))) ||
      (record?.slots ?? []).some(along)
    );
  }

  /** 0 times what is not a finite number is none: such a place is not idle. */
  private startsFinite({ axes, axis }: IdleAxis, { start }: Episode): boolean {
    const { states, constants } = this.program;
    return [...states, ...constants].every(({ name }) => {
      if (axes.ofSlot(name, 0) !== axis && axes.ofSlot(name, 1) !== axis) return true;
      let sum = 0;
      for (const value of start[name]!) sum += 0 * value;
      return sum === 0;
    });
  }

  /** The places that are in use, in order, and as many others as make up a whole number of parts. */
  private placesOf({ size, inputs, zeroStates }: IdleAxis, episode: Episode): Int32Array | null {
    const used = new Uint8Array(size);
    const { start, stepInputs, queryInputs } = episode;
    const slots = [...this.program.stepInputs, ...this.program.queryInputs, ...this.program.states];
    for (const slot of slots) {
      const { name, shape } = slot;
      if (!inputs.includes(name) && !zeroStates.includes(name)) continue;
      const values = stepInputs[name] ?? queryInputs[name] ?? start[name]!;
      // Inputs run along the axis by columns, or are columns themselves.
      const isColumn = shape[1] === 1;
      const width = isColumn ? shape[0] : shape[1];
      for (let k = 0; k < values.length; k++) if (values[k] !== 0) used[k % width] = 1;
    }
    const count = used.reduce((sum, each) => sum + each, 0);
    const part = Math.ceil(size / PARTS / 4) * 4;
    const rounded = Math.max(part, Math.ceil(count / part) * part);
    if (rounded > size - 2 * part) return null;
    let spare = rounded - count;
    const isTaken = (place: number): boolean => used[place] === 1 || spare-- > 0;
    return Int32Array.from({ length: size }, (_, place) => place).filter(isTaken);
  }
}
