import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { backendFailed, backendMissing, unknownBackend } from '../../base/diagnostics/engine.js';
import { EngrammarError } from '../../base/result.js';

/** The TensorFlow.js core, loaded on demand. */
export type Tf = typeof import('@tensorflow/tfjs-core');

/** Backends of TensorFlow.js that can be asked for by name. */
export const BACKENDS = ['cpu', 'wasm', 'tensorflow'] as const;
export type Backend = (typeof BACKENDS)[number];

const NATIVE = '@tensorflow/tfjs-node';

/** What brings a backend into the registry of the core. */
const LOADERS: Readonly<Record<Backend, () => Promise<unknown>>> = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: loadWasm,
  tensorflow: () => loadNative(NATIVE),
};

function isBackend(name: string): name is Backend {
  return (BACKENDS as readonly string[]).includes(name);
}

/**
 * Loads a backend and tries it on a tiny product.
 * Throws an `EngrammarError`: E701 for an unknown name, E702 when an optional package is missing,
 * E703 when the backend does not start.
 */
export async function loadBackend(name: string): Promise<{ tf: Tf; backend: Backend }> {
  if (!isBackend(name)) throw new EngrammarError(unknownBackend({ given: name, known: BACKENDS }));
  const tf = await import('@tensorflow/tfjs-core');
  // Keeps the advertisement of other backends off the terminal.
  tf.enableProdMode();
  try {
    await LOADERS[name]();
    await exclusively(tf, name, async () => {
      const product = await tf.tidy(() => tf.matMul([[3]], [[7]])).data();
      if (product[0] !== 21) throw new Error(`3 × 7 came out as ${product[0]}`);
    });
  } catch (error) {
    if (error instanceof EngrammarError) throw error;
    const reason = firstLine(error);
    throw new EngrammarError(backendFailed({ backend: name, reason }));
  }
  return { tf, backend: name };
}

let queue: Promise<unknown> = Promise.resolve();
/** The backend we made active last. */
let ours: string | null = null;

/**
 * Runs work on a backend while no other work of ours runs on any: the core has one active backend
 * for the whole process. A backend that someone else had made active becomes so again.
 */
export function exclusively<T>(tf: Tf, backend: Backend, work: () => Promise<T>): Promise<T> {
  const turn = queue.then(async () => {
    const before = tf.engine().backendName;
    const isTheirs = Boolean(before) && before !== backend && before !== ours;
    if (before !== backend) {
      if (!(await tf.setBackend(backend))) {
        throw new EngrammarError(backendFailed({ backend, reason: 'it cannot be initialised' }));
      }
      ours = backend;
    }
    try {
      return await work();
    } finally {
      if (isTheirs) {
        await tf.setBackend(before);
        ours = null;
      }
    }
  });
  queue = turn.catch(() => undefined);
  return turn;
}

async function loadWasm(): Promise<void> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const require = createRequire(import.meta.url);
  const home = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  wasm.setWasmPaths(`${home}${sep}dist${sep}`);
}

/**
 * Imports the package of the native backend, which then registers itself as "tensorflow".
 * Throws an `EngrammarError` (E702) when the package or its native part is missing.
 */
export async function loadNative(name: string): Promise<void> {
  const require = createRequire(import.meta.url);
  // The package still calls two functions of which Node 22 warns; Node 23 removed the first.
  Object.assign(require('node:util') as object, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // oneDNN sums in other orders, which it announces on stderr; off unless the environment wants it.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  try {
    require.resolve(`${name}/package.json`);
  } catch {
    throw new EngrammarError(
      backendMissing({ backend: 'tensorflow', package: name, problem: 'package' }),
    );
  }
  try {
    await import(require.resolve(name));
  } catch (error) {
    if (!/native addon module|tfjs_binding\.node/.test(String(error))) throw error;
    throw new EngrammarError(
      backendMissing({ backend: 'tensorflow', package: name, problem: 'native part' }),
    );
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0] ?? 'unknown reason';
}
