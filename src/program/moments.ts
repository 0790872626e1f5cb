import { momentText } from '../algebra/atoms.js';
import { delayTooLong } from '../base/diagnostics/program.js';
import { EngrammarError } from '../base/result.js';
import type { Moment } from '../language/ast.js';
import type { Node, Shape } from './ir.js';
import { type Making, ofStream } from './slots.js';
import { stepsOfDelay } from './steps.js';

/** Where a signal is remembered. */
interface Remembered {
  readonly making: Making;
  /** The name of the signal with its projection: `recurrent: post`. */
  readonly name: string;
  readonly stream: number;
  readonly stepLength: number | null;
  /** The signal in this step. */
  readonly now: Node;
}

/** A signal as it was one step or some time ago (0 before the trial), or at the end of a phase of this trial. */
export function atMoment(signal: Remembered, moment: Moment): Node {
  const slot = ofStream(`${signal.name}${momentText(moment)}`, signal.stream);
  if (moment.kind === 'named' && moment.name !== 'previous') {
    return held(signal, slot, moment.name);
  }
  const steps = moment.kind === 'named' ? 1 : stepsOfDelay(moment.delay, signal.stepLength);
  return steps === 0 ? signal.now : delayed(signal, slot, steps);
}

/** In the step in which the phase ends the value is there already. */
function held({ making, now }: Remembered, slot: string, phase: string): Node {
  const value = making.builder.select(
    making.at(`${phase}.end`),
    now,
    making.state(slot, now.shape),
  );
  making.next(slot, value);
  return value;
}

/** Numbers that a delayed signal may hold. All of them move by one step in every step. */
const MOST_HELD = 1e7;

/** The last values under one another, the latest first. */
function delayed({ making, now }: Remembered, slot: string, steps: number): Node {
  const { builder: b } = making;
  const [rows, columns] = now.shape;
  const numbers = steps * rows * columns;
  if (numbers > MOST_HELD) {
    throw new EngrammarError(delayTooLong({ slot, steps, numbers, most: MOST_HELD }));
  }
  const shape: Shape = [steps * rows, columns];
  const past = b.select(making.at('trial.start'), b.constant(0), making.state(slot, shape));
  making.next(slot, steps === 1 ? now : b.concat([now, b.slice(past, 0, (steps - 1) * rows)]));
  return b.slice(past, (steps - 1) * rows, rows);
}
