import { Stream } from '../../../src/base/random.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, ROUNDING } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import { denseSpikes, farthest, imposed, type Protocol, pastSum } from './support/spikes.js';

const [TAU_MINUS, TAU_PLUS, TAU_X] = [10, 7, 15];
const START = 1;
const relu = (x: number): number => Math.max(x, 0);

/** Change of weight by one presynaptic spike in the middle of 400 ms at each constant voltage in mV. */
export async function clamped(rule: RuleFor, voltages: readonly number[]) {
  const { weights, value } = await imposed(rule, {
    steps: 400,
    pre: [[200]],
    post: voltages.map(() => []),
    voltage: (_, i) => voltages[i]!,
    weights: START,
  });
  return { changes: Array.from(weights, (w) => w - START), value };
}

/** What voltages and spikes come to, as sums over their past: no running means. */
function convolved(
  { steps, dt = 1, pre, post, voltage }: Protocol,
  value: (name: string) => number,
): Float64Array {
  const low = value('low');
  // (1 − d) Σ dᵏ over the past; before the first step the voltage was low.
  const smooth = (i: number, until: number, tau: number): number => {
    const d = Math.exp(-dt / tau);
    let sum = low * d ** (until + 1);
    for (let t = 0; t <= until; t++) sum += (1 - d) * d ** (until - t) * voltage!(t, i);
    return sum;
  };
  return Float64Array.from({ length: pre.length * post.length }, (_, at) => {
    const [i, spikes] = [Math.floor(at / pre.length), pre[at % pre.length]!];
    let w = START;
    for (let t = 0; t < steps; t++) {
      const x = ((1 - Math.exp(-dt / TAU_X)) / dt) * pastSum(spikes, t + 1e-9, TAU_X / dt);
      const excess = relu(voltage!(t, i) - value('high')) * relu(smooth(i, t, TAU_PLUS) - low);
      const depression = spikes.includes(t)
        ? value('A_ltd') * relu(smooth(i, t - 1, TAU_MINUS) - low)
        : 0;
      w += dt * value('A_ltp') * x * excess - depression;
    }
    return w;
  });
}

export const behaviour: Behaviour = {
  rule: 'clopath',
  claims: [
    {
      says: 'one presynaptic spike at a constant voltage V: nothing below −70.6 mV; −A_LTD(V − low) up to −45.3 mV; above, A_LTP(V − high)(V − low) more',
      // In steady state u₋ = u₊ = V, and Σ dt x = 1 for one spike: after 200 ms up to e^(−200/15) = 2e-6.
      async measure(rule) {
        const voltages = [-90, -70.7, -70.5, -60, -50, -45.4, -45.2, -44, -43, -30, -10];
        const { changes, value } = await clamped(rule, voltages);
        const [low, high] = [value('low'), value('high')];
        const expected = voltages.map(
          (v) => value('A_ltp') * relu(v - high) * relu(v - low) - value('A_ltd') * relu(v - low),
        );
        const size = Math.max(...expected.map(Math.abs));
        return [
          atMost('largest distance', farthest(changes, expected), 3e-6 * size),
          predicted('below −70.6 mV', Math.max(...changes.slice(0, 2).map(Math.abs)), 0, 0),
        ];
      },
    },
    {
      says: 'depression turns into potentiation at high + A_LTD/A_LTP, that is −43.55 mV',
      async measure(rule) {
        const { value } = await clamped(rule, [0]);
        const reversal = value('high') + value('A_ltd') / value('A_ltp');
        const { changes } = await clamped(rule, [reversal - 0.01, reversal + 0.01]);
        return [
          predicted('reversal in mV', reversal, -43.55, ROUNDING),
          { name: '0.01 mV below', value: changes[0]!, within: [-4e-5, -1e-5] },
          { name: '0.01 mV above', value: changes[1]!, within: [1e-5, 4e-5] },
        ];
      },
    },
    {
      says: 'random voltages from −80 to −20 mV and random spikes: sums over the past, the spike’s own step not yet in u₋',
      async measure(rule) {
        const { steps, dt = 1, pre, post } = denseSpikes(80, 0.5);
        const stream = new Stream(1, 'behaviour', 'voltages');
        const values = Array.from({ length: steps * post.length }, () => stream.uniform(-80, -20));
        const protocol = {
          steps,
          dt,
          pre,
          post,
          voltage: (t: number, i: number) => values[t * post.length + i]!,
          weights: START,
        };
        const { weights, value } = await imposed(rule, protocol);
        return [
          atMost('largest distance', farthest(weights, convolved(protocol, value)), ROUNDING),
        ];
      },
    },
    {
      says: 'weights stop at 0 and at 3',
      async measure(rule) {
        const spikes = Array.from({ length: 200 }, (_, k) => 10 + 5 * k);
        const { weights } = await imposed(rule, {
          steps: 1100,
          pre: [spikes],
          post: [[], []],
          voltage: (_, i) => [-50, 0][i]!,
          weights: Float64Array.of(0.1, 2),
        });
        return [predicted('at −50 mV', weights[0]!, 0, 0), predicted('at 0 mV', weights[1]!, 3, 0)];
      },
    },
  ],
};
