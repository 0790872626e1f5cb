import type { Engine } from '../engine/engine.js';
import type { EngineChoice } from '../engine/open.js';

/** An engine with its options, in a row of the table. */
export interface Variant {
  readonly name: string;
  readonly about: string;
  readonly engine: EngineChoice;
  /** Episodes given to the engine at a time; one if not said. */
  readonly together?: number;
  /** Threads that share them. */
  readonly threads?: number;
  /** Whether the engine is given the program as the fused engine's plan has it. */
  readonly planned?: boolean;
}

/** Episodes that threads share: enough that they end at about the same time. */
const SHARED = 16;

export const VARIANTS = [
  variant('interpret', 'the float64 interpreter', { name: 'interpret' }),
  variant('fused', 'as it is when nothing is said: inputs that are always 0 are left out', {
    name: 'fused',
  }),
  variant('fused relaxed', 'the same, multiplying and adding in one rounding', {
    name: 'fused',
    relaxed: true,
  }),
  variant('fused all inputs', 'computing with all inputs', { name: 'fused', skipIdle: false }),
  variant('fused relaxed all inputs', 'both', { name: 'fused', relaxed: true, skipIdle: false }),
  threaded(1),
  threaded(2),
  variant('tfjs wasm', 'TensorFlow.js in WebAssembly, one task at a time', {
    name: 'tfjs',
    backend: 'wasm',
  }),
  {
    ...variant('tfjs wasm planned', 'the same, with the step that the fused engine computes', {
      name: 'tfjs',
      backend: 'wasm',
    }),
    planned: true,
  },
  {
    ...variant('tfjs wasm, 8 tasks', 'TensorFlow.js in WebAssembly, eight tasks at a time', {
      name: 'tfjs',
      backend: 'wasm',
    }),
    together: 8,
  },
  variant('tfjs cpu', 'TensorFlow.js in JavaScript', { name: 'tfjs', backend: 'cpu' }),
  variant('tfjs tensorflow', 'TensorFlow.js with the native library', {
    name: 'tfjs',
    backend: 'tensorflow',
  }),
] as const satisfies readonly Variant[];

export type VariantName = (typeof VARIANTS)[number]['name'];

export function variantNamed(name: VariantName): Variant {
  return VARIANTS.find((each) => each.name === name)!;
}

/**
 * Variants for a case: those it is usually timed with, or of these the ones on a certain engine. Where
 * none is, the engine as it is by itself.
 */
export function variantsFor(
  usual: readonly VariantName[],
  engine: Engine['name'] | undefined,
  backend: string | undefined,
): Variant[] {
  const fits = ({ engine: choice }: Variant): boolean =>
    (engine === undefined || choice.name === engine) &&
    (backend === undefined || choice.backend === backend);
  const fitting = usual.map(variantNamed).filter(fits);
  return fitting.length > 0 ? fitting : VARIANTS.filter(fits).slice(0, 1);
}

function variant<N extends string>(name: N, about: string, engine: EngineChoice) {
  return { name, about, engine };
}

function threaded<N extends 1 | 2>(threads: N) {
  const name = `fused, threads: ${threads}` as const;
  const engine: EngineChoice = { name: 'fused', skipIdle: false };
  const about = `computing with all inputs; ${SHARED} episodes at a time on so many threads`;
  return { ...variant(name, about, engine), threads, together: SHARED };
}
