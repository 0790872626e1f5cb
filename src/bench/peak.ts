import { offers } from '../engine/fused/features.js';
import type { Code, Local } from '../engine/fused/wasm/code.js';
import { moduleWriter } from '../engine/fused/wasm/module.js';

/**
 * What a core can do at most in 128-bit registers, with numbers that never leave them: billions of
 * single-precision operations a second, a multiplication and an addition being two.
 */
export interface Peak {
  /** As two instructions: what deterministic code can reach. */
  readonly multiplyThenAdd: number;
  /** As one, with one rounding; null where this JavaScript engine has no relaxed SIMD. */
  readonly multiplyAdd: number | null;
}

type Form = 'multiply then add' | 'multiply-add';

/** Chains that do not wait for one another; too few leave units idle, too many do not fit the registers. */
const CHAINS = [8, 10, 12, 13, 14];
/** Links of every chain in one turn of the loop. */
const LINKS = 16;
const LANES = 4;

/** A run lasts about a millisecond, so that some go undisturbed on a busy machine. */
const TURNS = 20_000;
/** Code is compiled better while it runs; after so many runs without a better one, that is over. */
const PATIENCE = 60;
const MOST_RUNS = 1000;

/** The best of many short runs, over several numbers of chains. Takes about a second. */
export function measurePeak(): Peak {
  const best = (form: Form): number =>
    Math.max(...CHAINS.map((chains) => fastest(kernel(form, chains), chains)));
  return {
    multiplyThenAdd: best('multiply then add'),
    multiplyAdd: offers('relaxed SIMD') ? best('multiply-add') : null,
  };
}

type Kernel = (turns: number) => number;

/** x ← x · factor + summand in every chain, as often as asked; gives the sum of all, so that nothing is idle. */
function kernel(form: Form, chains: number): Kernel {
  const writer = moduleWriter();
  const parameters = [{ type: 'i32', name: 'turns' }] as const;
  writer.define({ name: 'run', parameters, results: ['f32'], exported: true }, (code) => {
    const turns = code.parameters[0]!;
    const factor = local(code, 'factor', 0.999);
    const summand = local(code, 'summand', 1e-3);
    const values = Array.from({ length: chains }, (_, k) => local(code, `x${k}`, 1 + k / 16));
    code.loop('turn', (again) => {
      for (let link = 0; link < LINKS; link++) {
        for (const x of values) advance(code, form, x, factor, summand);
      }
      code.get(turns);
      code.i32(1);
      code.op('i32.sub');
      code.tee(turns);
      code.brIf(again);
    });
    values.forEach((x, k) => {
      code.get(x);
      if (k > 0) code.op('f32x4.add');
    });
    code.lane('f32x4.extract_lane', 0);
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(writer.binary(1)), {
    env: { memory },
  });
  return instance.exports.run as Kernel;
}

function local(code: Code, name: string, value: number): Local {
  const made = code.local('v128', name);
  code.f32x4(value);
  code.set(made);
  return made;
}

function advance(code: Code, form: Form, x: Local, factor: Local, summand: Local): void {
  code.get(x);
  code.get(factor);
  if (form === 'multiply then add') code.op('f32x4.mul');
  code.get(summand);
  code.op(form === 'multiply then add' ? 'f32x4.add' : 'f32x4.relaxed_madd');
  code.set(x);
}

/** GF/s in the best run. */
function fastest(run: Kernel, chains: number): number {
  let least = Number.POSITIVE_INFINITY;
  let waited = 0;
  for (let k = 0; k < MOST_RUNS && waited < PATIENCE; k++, waited++) {
    const before = performance.now();
    run(TURNS);
    const milliseconds = performance.now() - before;
    if (milliseconds < 0.995 * least) waited = 0;
    least = Math.min(least, milliseconds);
  }
  return (2 * LANES * LINKS * chains * TURNS) / least / 1e6;
}
