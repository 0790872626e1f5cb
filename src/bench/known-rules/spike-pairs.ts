import type { Stream } from '../../base/random.js';
import { type Table, TableBuilder } from './table.js';

/**
 * Signals of a synapse in a millisecond with a spike: `pre` and `post` are 1 at a spike, `xp` and `yp`
 * are fast traces of them, `x2` and `y2` slow ones, all before this millisecond's own spikes.
 */
export interface SpikeSignals {
  readonly pre: number;
  readonly post: number;
  readonly xp: number;
  readonly yp: number;
  readonly x2: number;
  readonly y2: number;
  readonly w: number;
}

const SYNAPSES = 60;
const STEPS = 4000;
const SECONDS = 1e-3;
const TAU = { xp: 0.02, yp: 0.02, x2: 0.1, y2: 0.125 };
const RATE = 0.003;

/**
 * Sixty pairs of neurons for four seconds, Poisson at 5 to 30 Hz each, the postsynaptic one driven by
 * the presynaptic trace; a row for each millisecond in which a synapse has a spike.
 */
export function recordSpikePairs(rule: (signals: SpikeSignals) => number, stream: Stream): Table {
  const draw = (low: number, high: number) =>
    Float64Array.from({ length: SYNAPSES }, () => stream.uniform(low, high));
  const [preRate, postRate, w] = [draw(5, 30), draw(5, 30), draw(0.2, 0.8)];
  const [xp, yp, x2, y2] = Array.from({ length: 4 }, () => new Float64Array(SYNAPSES)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const decay = (tau: number) => Math.exp(-SECONDS / tau);
  const keep = { xp: decay(TAU.xp), yp: decay(TAU.yp), x2: decay(TAU.x2), y2: decay(TAU.y2) };
  const rows = new TableBuilder();
  for (let step = 0; step < STEPS; step++) {
    for (let k = 0; k < SYNAPSES; k++) {
      const pre = stream.uniform() < preRate[k]! * SECONDS ? 1 : 0;
      const post = stream.uniform() < (postRate[k]! + 8 * xp[k]!) * SECONDS ? 1 : 0;
      if (pre + post > 0) {
        const here = { pre, post, xp: xp[k]!, yp: yp[k]!, x2: x2[k]!, y2: y2[k]!, w: w[k]! };
        const change = rule(here);
        rows.add({ t: step * SECONDS, j: k, i: k, ...here }, change);
        w[k] = Math.min(1, Math.max(0, w[k]! + RATE * change));
      }
      xp[k] = xp[k]! * keep.xp + pre;
      yp[k] = yp[k]! * keep.yp + post;
      x2[k] = x2[k]! * keep.x2 + pre;
      y2[k] = y2[k]! * keep.y2 + post;
    }
  }
  return rows.build();
}
