import { nearest } from '../nearest.js';
import { diagnosticKind } from './diagnostic.js';

/** A name that is no backend of the tensor engine. */
export const unknownBackend = diagnosticKind<{ given: string; known: readonly string[] }>(
  'E701',
  'Unknown backend',
  'The tensor engine computes through one of several backends of TensorFlow.js: "cpu" is plain ' +
    'JavaScript and needs nothing, "wasm" is WebAssembly with SIMD and is the usual choice, ' +
    '"tensorflow" is the native library and needs an optional package. No other name is accepted. ' +
    '`engrammar doctor` tries each on this machine and says which work.',
  ({ given, known }) => {
    const meant = nearest(given, known);
    return {
      message: `there is no backend "${given}"`,
      expected: known,
      ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
    };
  },
);

/** A backend whose optional package is not there, or not completely. */
export const backendMissing = diagnosticKind<{
  backend: string;
  package: string;
  problem: 'package' | 'native part';
}>(
  'E702',
  'Backend not installed',
  'The backend "tensorflow" lives in the optional package @tensorflow/tfjs-node, which consists of ' +
    'JavaScript and of a native part. Its install step downloads the native part; where that ' +
    'download fails (no network, no prebuilt file for the platform), npm leaves the package out or ' +
    'incomplete and everything else works without it. Use the backend "wasm" instead, or install ' +
    'the package where the download can succeed, or build the native part against a TensorFlow ' +
    'library you already have (scripts/link-libtensorflow.mjs does that).',
  ({ backend, package: name, problem }) => ({
    message:
      problem === 'package'
        ? `the backend "${backend}" needs the package ${name}, which is not installed`
        : `the package ${name} is installed without its native part, so the backend "${backend}" cannot start`,
    hint:
      problem === 'package'
        ? `npm install ${name}@4.22.0, or use the backend "wasm"`
        : `npm rebuild ${name} (it downloads the native part), or use the backend "wasm"`,
  }),
);

/** A backend that is installed but does not start or computes wrongly. */
export const backendFailed = diagnosticKind<{ backend: string; reason: string }>(
  'E703',
  'Backend does not start',
  'The backend is installed but did not start, or gave a wrong result for a tiny multiplication. ' +
    'The reason is in the words of the backend itself. `engrammar doctor` tries all of them.',
  ({ backend, reason }) => ({
    message: `the backend "${backend}" does not work here: ${reason}`,
    hint: 'the backend "cpu" and the engine "interpret" need nothing but Node',
  }),
);

/** An array of an episode, or the parameters, whose length is not what the program says. */
export const wrongLength = diagnosticKind<{
  program: string;
  what: string;
  expected: number;
  given: number | undefined;
}>(
  'E704',
  'Episode does not fit the program',
  'A program fixes the size of everything it is given: its parameters, the start of its states, its ' +
    'constants, its inputs in every step (one row after the other, for all steps) and the query ' +
    'inputs. An array is missing or has another length.',
  ({ program, what, expected, given }) => ({
    message:
      given === undefined
        ? `program "${program}": ${what} is missing`
        : `program "${program}": ${what} has ${given} numbers`,
    expected: [`${expected} numbers`],
  }),
);

/** Episodes of one run with different numbers of steps, or a number of steps that is none. */
export const wrongSteps = diagnosticKind<{ program: string; steps: readonly number[] }>(
  'E705',
  'Episodes of different lengths',
  'Episodes that run together are computed side by side, step by step, and so must have equal ' +
    'numbers of steps, each a whole number of at least 0. Run episodes of different lengths in ' +
    'separate calls.',
  ({ program, steps }) => ({
    message: `program "${program}": episodes have ${steps.join(', ')} steps`,
    expected: ['one whole number of steps for all episodes of a run'],
  }),
);

/** The backend ran out of memory, or would. */
export const outOfMemory = diagnosticKind<{ backend: string; batch: number; bytes: number }>(
  'E706',
  'Out of memory',
  'A gradient through many steps needs the states of all of them, or of checkpoints between them. ' +
    'The engine takes fewer tasks at once and keeps fewer states where memory is short; this run ' +
    'does not fit even so. WebAssembly has at most 4 GiB; once it has run out of them, that backend ' +
    'cannot be used again in the same process.',
  ({ backend, batch, bytes }) => ({
    message:
      `the backend "${backend}" has too little memory for ${batch} ` +
      `${batch === 1 ? 'task' : 'tasks'} at once (about ${Math.ceil(bytes / 2 ** 20)} MiB)`,
    hint: 'use a smaller network, fewer steps, a smaller batch, or the backend "cpu"',
  }),
);

/** A slot to be recorded that the program does not have. */
export const notRecordable = diagnosticKind<{
  program: string;
  given: string;
  known: readonly string[];
}>(
  'E707',
  'Nothing of this name to record',
  'What can be recorded in the course of an episode are the states of its program (weights, memory of ' +
    'the rule, voltages) and what its circuit publishes besides (activities, spikes).',
  ({ program, given, known }) => {
    const meant = nearest(given, known);
    return {
      message: `program "${program}": there is no "${given}" to record`,
      expected: known,
      ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
    };
  },
);

/** A recording after every so many steps, where that is no such number. */
export const wrongInterval = diagnosticKind<{ program: string; every: number }>(
  'E708',
  'Not a number of steps to record after',
  'A recording is made after every n steps, where n is a whole number of at least 1.',
  ({ program, every }) => ({
    message: `program "${program}": cannot record every ${every} steps`,
    expected: ['a whole number of at least 1'],
  }),
);

/** A machine, or a version of Node, without the instructions that the fused engine is made of. */
export const noSimd = diagnosticKind<{ missing: 'SIMD' | 'relaxed SIMD'; node: string }>(
  'E709',
  'Instructions not offered',
  'The fused engine generates WebAssembly that computes with vectors of 128 bits (SIMD), which all ' +
    'processors of the last years and Node since version 16 offer. Multiplying and adding in one ' +
    'rounding (relaxed SIMD) is faster still where there is an instruction for it; Node offers it since ' +
    'version 22, and version 20 when it is started with --experimental-wasm-relaxed-simd.',
  ({ missing, node }) => ({
    message: `WebAssembly in Node ${node} does not offer ${missing} here`,
    hint:
      missing === 'SIMD'
        ? 'use the engine "interpret" or "tfjs" with the backend "cpu"'
        : 'leave relaxed SIMD out, or start node with --experimental-wasm-relaxed-simd',
  }),
);

/** An engine whose results must be waited for, where nothing can wait. */
export const notAtOnce = diagnosticKind<{ program: string }>(
  'E710',
  'Results that must be waited for',
  'An operation of TensorFlow.js gives its result when it is called. The engines `interpret` and `fused` ' +
    'can do so; `tfjs`, and any engine on threads, give theirs later.',
  ({ program }) => ({
    message: `program "${program}" is prepared on an engine whose results must be waited for`,
    hint: 'prepare it on the engine "interpret" or "fused"',
  }),
);

/** A derivative of a derivative of an episode. */
export const noSecondDerivative = diagnosticKind<{ program: string }>(
  'E711',
  'No second derivative',
  'An engine computes the loss of an episode and its first derivatives. The derivative of these is not ' +
    'known to it, so an episode cannot stand inside a function whose gradient is differentiated again.',
  ({ program }) => ({
    message: `the gradient of an episode of program "${program}" cannot be differentiated`,
    hint: 'one step of a rule can (`stepOperation`)',
  }),
);

/** The engine that was asked for does not start here; the interpreter computes. */
export const interpreterInstead = diagnosticKind<{ engine: string; reason: string }>(
  'W701',
  'Another engine computes',
  'The fused engine is made of vector instructions of WebAssembly, which this machine or this version of ' +
    'Node does not offer. The interpreter computes the same programs in double precision: results differ ' +
    'in the last digits of single precision only, but large networks take many times as long. ' +
    '`engrammar doctor` says what works here.',
  ({ engine, reason }) => ({
    message: `the engine "${engine}" does not start here, so "interpret" computes: ${reason}`,
    hint: 'large networks take much longer so; a newer version of Node, or another machine, may help',
  }),
);

/** A program that an engine does not run, though it starts here; the interpreter computes it. */
export const programRefused = diagnosticKind<{ engine: string; reason: string }>(
  'W702',
  'A program that another engine computes',
  'The engine starts here, but refused a program: it needs more memory than there is, or is of a form that ' +
    'the engine cannot compile. The interpreter computed it, and every other program that was refused, ' +
    'in double precision. If the reason is not memory, it is a fault of engrammar: please report it with ' +
    'the rule and the circuit.',
  ({ engine, reason }) => ({
    message: `the engine "${engine}" refused a program, so "interpret" computes it: ${reason}`,
    hint: 'if this is not about memory, please report it with the rule and the circuit',
  }),
);

export const engineDiagnostics = [
  unknownBackend,
  backendMissing,
  backendFailed,
  wrongLength,
  wrongSteps,
  outOfMemory,
  notRecordable,
  wrongInterval,
  noSimd,
  notAtOnce,
  noSecondDerivative,
  interpreterInstead,
  programRefused,
];
