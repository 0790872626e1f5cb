import type { Row } from '../src/bench/row.js';
import type { VariantName } from '../src/bench/variants.js';
import type { PeerFigures, Results } from './results.js';

/** What the engine shall come to, and what it came to. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  /** Null where it was not measured. */
  readonly isMet: boolean | null;
}

const EPISODES = 600;
/** With all inputs: the same work as the peers do. */
const WHOLE: VariantName = 'fused all inputs';
const WHOLE_RELAXED: VariantName = 'fused relaxed all inputs';

/** One after the other, for one idle core unless said. */
export function goalsOf({ ours, peers }: Results): Goal[] {
  const row = (engine: VariantName, name = 'ten-terms'): Row | undefined =>
    ours?.rows.find((each) => each.case === name && each.engine === engine);
  const ratio = (name: string): number | undefined =>
    ours?.ratios.find((each) => each.name === name)?.ratio;
  const peer = (variant: string): PeerFigures | undefined =>
    peers?.rows.flatMap((each) =>
      each.variant === variant && each.threads === 1 && !('error' in each) ? [each] : [],
    )[0];
  const times = (variant: string, engine: VariantName): number | undefined => {
    const [theirs, own] = [peer(variant), peer(`engrammar ${engine}`)];
    return theirs && own && theirs.cpuMs.median / own.cpuMs.median;
  };
  const whole = row(WHOLE);
  const relaxed = row(WHOLE_RELAXED);
  const worst = Math.max(
    ...['renamed', 'permuted', 'duplicated'].map(
      (name) => Math.abs((ratio(`${name} / ten-terms`) ?? Number.NaN) - 1) * 100,
    ),
  );
  const usual = row('fused');
  return [
    most(`meta-training of the paper: ${EPISODES} episodes, all inputs`, 40, 's', {
      value: whole?.msPerEpisode && (EPISODES * whole.msPerEpisode) / 1000,
    }),
    least('PyTorch, vector first, one tensor a term', 34, times('torch vector', WHOLE)),
    least('the same, relaxed SIMD', 40, times('torch vector', WHOLE_RELAXED)),
    least('PyTorch, literal order', 60, times('torch literal', WHOLE)),
    least('PyTorch, hand-factored, autograd', 13, times('torch factored', WHOLE)),
    ...(['factored', 'vector'] as const).map((form) => {
      const jax = bestJax(peers, form);
      const how = { factored: 'gathered by hand', vector: 'one array a term' }[form];
      const what = `JAX, jit, ${how}, at its best${jax === undefined ? '' : ` (\`${jax}\`)`}`;
      return least(what, 3, jax === undefined ? undefined : times(jax, WHOLE));
    }),
    percent('of the 128-bit peak, multiply then add', 65, whole?.fractionOfPeak),
    percent('of the 128-bit peak, multiply-add (relaxed)', 65, relaxed?.fractionOfPeak),
    least('two threads against one (wall)', 1.9, ratio('one thread / two threads')),
    most('WebAssembly memory of an episode', 32, 'MB', { value: whole?.memoryMB }),
    most('growth of the process beyond Node and the data', 100, 'MB', { value: whole?.rssMB }),
    compiling(whole),
    most('ten terms against three', 1.15, '×', { value: ratio('ten-terms / three-terms') }),
    most('terms renamed, permuted, duplicated: largest difference', 10, '%', {
      value: Number.isFinite(worst) ? worst : undefined,
    }),
    least(
      'rules of the catalogue, median, against tfjs wasm with the program as written',
      20,
      ratio('catalogue: tfjs wasm / fused'),
    ),
    least(
      'the same, tfjs wasm with the planned step',
      20,
      ratio('catalogue: tfjs wasm planned / fused'),
    ),
    agreeing([whole, usual]),
    skipping(ratio('ten-terms: fused all inputs / fused'), whole, usual),
  ];
}

/** The quickest of JAX's variants on one thread that write the update in a certain way. */
function bestJax(peers: Results['peers'], form: string): string | undefined {
  const found = (peers?.rows ?? []).flatMap((each) => {
    const isMeant = each.variant.startsWith(`jax ${form}`) && each.threads === 1;
    return isMeant && !('error' in each) ? [each] : [];
  });
  return found.sort((a, b) => a.cpuMs.median - b.cpuMs.median)[0]?.variant;
}

function least(what: string, goal: number, value: number | null | undefined): Goal {
  return compared(what, `≥ ${goal}×`, value, '×', (found) => found >= goal);
}

function percent(what: string, goal: number, value: number | null | undefined): Goal {
  const share = typeof value === 'number' ? 100 * value : value;
  return compared(what, `≥ ${goal} %`, share, ' %', (found) => found >= goal);
}

function most(
  what: string,
  goal: number,
  unit: '×' | 's' | 'ms' | 'MB' | '%',
  { value }: { readonly value: number | null | undefined },
): Goal {
  const suffix = unit === '×' ? unit : ` ${unit}`;
  return compared(what, `≤ ${goal}${suffix}`, value, suffix, (found) => found <= goal);
}

function compared(
  what: string,
  goal: string,
  value: number | null | undefined,
  unit: string,
  isMet: (value: number) => boolean,
): Goal {
  // A process that did not grow at all is measured, too.
  if (value === null || value === undefined) return { what, goal, ...NOT_MEASURED };
  const digits = value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return { what, goal, measured: `${digits}${unit}`, isMet: isMet(value) };
}

/** Processor time decides: on the wall, other threads may help. */
function compiling(row: Row | undefined): Goal {
  const what = 'plan, generate, compile until the first step';
  const goal = most(what, 150, 'ms', { value: row?.compileMs });
  if (!row?.compileWallMs) return goal;
  return { ...goal, measured: `${goal.measured}; ${row.compileWallMs.toFixed(0)} ms on the wall` };
}

const NOT_MEASURED = { measured: 'not measured', isMet: null };

function agreeing(rows: readonly (Row | undefined)[]): Goal {
  const errors = rows.flatMap((row) => row?.relativeError ?? []);
  const what = 'gradient, by norm, against the float64 interpreter: the larger of the two';
  const goal = '≤ 1e-5';
  if (errors.length < rows.length) return { what, goal, ...NOT_MEASURED };
  const largest = Math.max(...errors);
  return { what, goal, measured: largest.toExponential(1), isMet: largest <= 1e-5 };
}

/** Both are off by rounding: one not much more than the other. */
function skipping(gain: number | undefined, whole: Row | undefined, usual: Row | undefined): Goal {
  const what = 'leaving out inputs that are always 0';
  const goal = 'measured, same result but for rounding';
  const [kept, without] = [whole?.relativeError, usual?.relativeError];
  if (gain === undefined || !kept || !without) return { what, goal, ...NOT_MEASURED };
  const measured = `${gain}× as fast; gradient off by ${without.toExponential(1)}, not ${kept.toExponential(1)}`;
  return { what, goal, measured, isMet: without <= 4 * kept };
}
