/**
 * Makes the recordings of docs/from-a-recording.md: `node --import ./scripts/run-typescript.mjs
 * scripts/recordings.ts`. The same program gives the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stream } from '../src/base/random.js';

export const FOLDER = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
  'docs',
  'recordings',
);

const INPUTS = 4;
const OUTPUTS = 2;
const RATE = 0.05;

interface Layer {
  readonly steps: number;
  /** Activity of the presynaptic neurons in a step. */
  readonly inputs: (stream: Stream) => number[];
  /** What is recorded as the change of a weight. */
  readonly recorded: (change: number, t: number, stream: Stream) => number;
}

/** A layer that learns by Oja's rule: every synapse at every step, four digits of each number. */
function ojaLayer(name: string, { steps, inputs, recorded }: Layer): string {
  const stream = new Stream(1982, 'recordings', name);
  const weights = Array.from({ length: OUTPUTS }, () =>
    Array.from({ length: INPUTS }, () => 0.5 * stream.normal()),
  );
  const lines = ['t,i,j,x,y,w,dw'];
  for (let t = 0; t < steps; t++) {
    const x = inputs(stream);
    for (const [i, own] of weights.entries()) {
      const y = own.reduce((sum, w, j) => sum + w * x[j]!, 0) + 0.2 * stream.normal();
      for (const [j, w] of own.entries()) {
        const change = RATE * y * (x[j]! - y * w);
        const numbers = [x[j]!, y, w, recorded(change, t, stream)];
        const digits = numbers.map((value) => String(Number(value.toPrecision(4))));
        lines.push([t, i, j, ...digits].join(','));
        own[j] = w + change;
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Time constants of the pairs of spikes, in ms. */
const PLUS = 17;
const MINUS = 34;

/**
 * Two neurons with two inputs each, whose synapses learn from pairs of spikes: each millisecond, with a
 * tenth of the changes' size as noise.
 */
function pairs(): string {
  const stream = new Stream(1998, 'recordings', 'pairs');
  const places = [0, 1].flatMap((i) => [0, 1].map((j) => ({ i, j })));
  const w = places.map(() => 0.5);
  const [x, y] = [new Float64Array(2), new Float64Array(2)];
  const lines = ['t,i,j,pre,post,w,dw'];
  const spikes = (): number[] => [0, 1].map(() => Number(stream.uniform() < 0.05));
  for (let t = 0; t < 400; t++) {
    const [pre, post] = [spikes(), spikes()];
    for (const k of [0, 1]) {
      x[k]! *= Math.exp(-1 / PLUS);
      y[k]! *= Math.exp(-1 / MINUS);
    }
    for (const [k, { i, j }] of places.entries()) {
      const change = 0.01 * post[i]! * x[j]! - 0.005 * pre[j]! * y[i]!;
      const numbers = [w[k]!, change + 2.5e-4 * stream.normal()];
      const digits = numbers.map((value) => String(Number(value.toPrecision(4))));
      lines.push([t, i, j, pre[j], post[i], ...digits].join(','));
      w[k]! += change;
    }
    for (const k of [0, 1]) {
      x[k]! += pre[k]!;
      y[k]! += post[k]!;
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Inputs with something in common, as Oja's rule looks for it. */
function correlated(stream: Stream): number[] {
  const common = stream.normal();
  return Array.from({ length: INPUTS }, () => 0.6 * common + 0.8 * stream.normal());
}

/** By file name. */
export function recordings(): Record<string, string> {
  const noisy = (change: number, _: number, stream: Stream): number =>
    change + 0.01 * stream.normal();
  return {
    'oja.csv': ojaLayer('oja', { steps: 150, inputs: correlated, recorded: noisy }),
    'oja-binary.csv': ojaLayer('oja-binary', {
      steps: 150,
      inputs: (stream) => Array.from({ length: INPUTS }, () => Number(stream.uniform() < 0.4)),
      recorded: noisy,
    }),
    'pairs.csv': pairs(),
    // The activities of a layer that learns, beside changes that only drift.
    'drift.csv': ojaLayer('drift', {
      steps: 150,
      inputs: correlated,
      recorded: (_, t, stream) => 0.02 * Math.sin((2 * Math.PI * t) / 150) + 0.01 * stream.normal(),
    }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(recordings())) {
    writeFileSync(path.join(FOLDER, name), text);
  }
}
