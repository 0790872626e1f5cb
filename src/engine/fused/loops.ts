import type { Place } from './emit/memory.js';
import type { Callable, Code, Local, ModuleWriter } from './wasm/code.js';

/** What a loop over steps does after each of them. */
export interface StepLoop {
  readonly name: string;
  readonly about: string;
  readonly stepBytes: number;
  readonly tapeBytes: number;
  readonly direction: 'forward' | 'backward';
  /** Addresses of numbers that end it once their absolute value is below `least`, or they are none. */
  readonly shrinking: readonly number[];
  readonly least: number;
  readonly quiet?: Quiet;
}

/** What is done instead in steps in which some numbers are all 0. */
export interface Quiet {
  readonly body: Callable;
  /** Where these numbers are. */
  readonly unless: readonly Place[];
  /** Address of a number that such steps are counted in. */
  readonly turns: number;
}

const PARAMETERS = [
  { type: 'i32', name: 'step' },
  { type: 'i32', name: 'tape' },
  { type: 'i32', name: 'count' },
] as const;

/**
 * Exports a loop over `count` steps, of which the first has its inputs at `step` and its tape at `tape`.
 * It gives the number of steps done.
 */
export function emitLoop(writer: ModuleWriter, body: Callable, loop: StepLoop): Callable {
  const { name, about } = loop;
  const spec = { name, about, parameters: PARAMETERS, results: ['i32'], exported: true } as const;
  return writer.define(spec, (code) => {
    const [step, tape, count] = code.parameters;
    const done = code.local('i32', 'done');
    const sign = loop.direction === 'forward' ? 1 : -1;
    const move = (local: typeof done, by: number): void => {
      code.get(local);
      code.i32(by);
      code.op('i32.add');
      code.set(local);
    };
    if (loop.quiet) {
      code.i32(0);
      code.f64(0);
      code.memory('f64.store', loop.quiet.turns);
    }
    code.block('end', (end) => {
      code.loop('steps', (steps) => {
        code.get(done);
        code.get(count!);
        code.op('i32.ge_s');
        code.brIf(end);
        emitStep(code, body, done, loop.quiet);
        move(step!, sign * loop.stepBytes);
        move(tape!, sign * loop.tapeBytes);
        move(done, 1);
        for (const address of loop.shrinking) {
          code.i32(0);
          code.memory('f64.load', address);
          code.op('f64.abs');
          code.f64(loop.least);
          code.op('f64.ge');
          code.op('i32.eqz');
          code.brIf(end);
        }
        code.br(steps);
      });
    });
    code.get(done);
  });
}

/** The first step is never quiet: it looks at everything that it starts from. */
function emitStep(code: Code, body: Callable, done: Local, quiet: Quiet | undefined): void {
  const [step, tape] = code.parameters;
  const call = (callee: Callable): void => {
    code.get(step!);
    code.get(tape!);
    code.call(callee);
  };
  if (!quiet) {
    call(body);
    return;
  }
  code.get(done);
  code.op('i32.eqz');
  for (const { base, offset } of quiet.unless) {
    if (base === 'step') code.get(step!);
    else code.i32(0);
    code.memory('f64.load', offset);
    code.f64(0);
    code.op('f64.ne');
    code.op('i32.or');
  }
  code.if(
    () => call(body),
    () => {
      call(quiet.body);
      code.i32(0);
      code.i32(0);
      code.memory('f64.load', quiet.turns);
      code.f64(1);
      code.op('f64.add');
      code.memory('f64.store', quiet.turns);
    },
  );
}

/** Exports a graph as it is. */
export function emitEntry(writer: ModuleWriter, body: Callable, name: string): Callable {
  const parameters = PARAMETERS.slice(0, 2);
  return writer.define({ name, parameters, exported: true }, (code) => {
    for (const parameter of code.parameters) code.get(parameter);
    code.call(body);
  });
}
