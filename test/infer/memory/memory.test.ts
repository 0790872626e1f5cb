import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryWithoutOrder, notOneRow } from '../../../src/base/diagnostics/recording.js';
import { Stream } from '../../../src/base/random.js';
import { unwrap } from '../../../src/base/result.js';
import { placeOf } from '../../../src/base/source.js';
import { inferFromColumns } from '../../../src/infer/from-file.js';
import { readLibrary } from '../../../src/infer/library.js';
import { metricsOfText } from '../../../src/infer/metrics.js';
import { recordingOf } from '../../../src/infer/recording.js';
import { woven } from '../../support/woven.js';

const EVENTS = ['pre.spike', 'post.spike'];
const SIGNALS = ['pre', 'post', 'reward', ...EVENTS];
const offer = { header: [...SIGNALS, 'w', 'dw', 't', 'j', 'i'], target: 'dw', events: EVENTS };
const library = (text: string) => readLibrary({ name: 'test.space', text }, null, offer);
const { table } = unwrap(library('space any { term = pre }'));

/** Every kind of memory, and every way to read it. */
const RULES = {
  'traces, before and after': `rule r { trace x = pre over 7 steps  trace e = post * pre * x over 3 steps
    dw = x * post + 0.5 * e + 0.25 * e@before }`,
  'pairs and triplets of spikes': `rule r {
    trace x = pre.spike over 16 steps  trace y = post.spike over 33 steps
    trace y2 = post.spike over 50 steps
    on post.spike: dw = x * (0.3 + 0.2 * y2)  on pre.spike: dw = -0.1 * y }`,
  'eligibility, gated by events': `rule r { trace x = pre.spike over 5 steps
    on post.spike: trace e = x over 9 steps  dw = reward * e }`,
  'nearest spikes': `rule r { trace x = pre.spike over 5 steps since pre.spike from 2
    on post.spike: trace n = pre keeping 0.5 since pre.spike  dw = post.spike * x + n }`,
  averages: `rule r { average a = post^2 over 4 steps from 0.25  average f = post.spike over 6 steps
    on pre.spike: average k = reward keeping 0.9
    average m = post since trial.start  average s = reward since pre.spike
    dw = (post - a@before) * pre + 2 steps * f * k + m * s@before + 0.1 * w }`,
  'states and sums': `rule r { state last = 0.5 then post  trace all = pre since trial.start
    on post.spike: trace some = pre * last@before since post.spike
    dw = (post - last@before) * all + some }`,
};

/** A table of what a rule did on random signals, in an order that says nothing. */
async function recorded(text: string, stepLength: number | null) {
  const steps = 40;
  const at = woven(text, steps, { stepLength });
  const ran = await at.run();
  const rows: Record<string, number>[] = [];
  for (let t = 0; t < steps; t++) {
    const after = ran.after(t, 'syn');
    const w = t === 0 ? at.start.syn! : ran.after(t - 1, 'syn');
    const shown = (name: string, k: number): number => {
      const isRead = at.program.stepInputs.some((slot) => slot.name === `syn ${name}`);
      return isRead ? at.shown(name, t)[k]! : 0;
    };
    for (let k = 0; k < 6; k++) {
      const [i, j] = [Math.floor(k / 3), k % 3];
      const signals = SIGNALS.map((name) => [
        name,
        shown(name, name.startsWith('pre') ? j : name.startsWith('post') ? i : 0),
      ]);
      const place = { t: 100 + t * (stepLength ?? 1), i, j, w: w[k]!, dw: after[k]! - w[k]! };
      rows.push({ ...Object.fromEntries(signals), ...place });
    }
  }
  const stream = new Stream(1, 'order');
  const order = rows.map((row) => ({ row, key: stream.uniform() })).sort((a, b) => a.key - b.key);
  const columns = Object.keys(rows[0]!).map((name): [string, Float64Array] => [
    name,
    Float64Array.from(order, ({ row }) => row[name]!),
  ]);
  return recordingOf('made', new Map(columns));
}

describe('memory in a table', () => {
  it.each(Object.entries(RULES))('is that of the interpreter: %s', async (_, text) => {
    const recording = await recorded(text, null);
    const target = recording.columns.get('dw')!;
    const { loss, r2 } = metricsOfText(text, { table }, recording, target);
    expect(1 - r2).toBeLessThan(1e-20);
    expect(loss).toBeLessThan(1e-20);
  });

  it('goes by the time between rows, in milliseconds', async () => {
    const text = RULES['pairs and triplets of spikes'].replaceAll('steps', 'ms');
    const recording = await recorded(text, 0.5);
    const target = recording.columns.get('dw')!;
    expect(1 - metricsOfText(text, { table }, recording, target).r2).toBeLessThan(1e-20);

    // Steps of which nothing is told are waited for: 1 after 3 ms is e^(−3/4), whatever lies between.
    const uneven = recordingOf(
      'made',
      new Map(
        Object.entries({ t: [0, 1, 4], pre: [1, 0, 0] }).map(([k, v]) => [k, Float64Array.from(v)]),
      ),
    );
    const changes = Float64Array.from([1, Math.exp(-1 / 4), Math.exp(-1)]);
    const trace = 'rule r { trace x = pre over 4 ms  dw = x }';
    expect(metricsOfText(trace, { table }, uneven, changes).loss).toBeLessThan(1e-30);
  });

  it('needs an order in time', () => {
    const text = 'rule r { trace x = pre over 4 ms  dw = x }';
    const of = (columns: Record<string, number[]>) => {
      const entries = Object.entries(columns).map(([k, v]) => [k, Float64Array.from(v)] as const);
      const recording = recordingOf('made', new Map(entries));
      return () => metricsOfText(text, { table }, recording, new Float64Array(2));
    };
    expect(of({ pre: [1, 2] })).toThrow(
      memoryWithoutOrder({ why: 'there is no column t' }).message,
    );
    const twice = memoryWithoutOrder({ why: 'two rows of one synapse have the time 3' }).message;
    expect(of({ pre: [1, 2], t: [3, 3] })).toThrow(twice);
    expect(of({ pre: [1, 2], t: [3, 3], j: [0, 1] })).not.toThrow();
    expect(of({ pre: [1, 2], t: [3, 3], trial: [0, 1] })).not.toThrow();
  });

  it('that no rows can tell is refused at its place', () => {
    const refused = library(`space wrong {
  trace a = pre + a over 3 ms
  trace b = pre * c@before over 3 ms
  trace c = b over 3 ms
  draw u = normal per synapse
  trace late = pre@previous over 3 ms
  every 2 steps: trace rare = pre over 3 ms
  term = a | b | c | u | late | rare
}`);
    const said = refused.ok ? [] : refused.diagnostics;
    expect(said.map(({ code }) => code)).toEqual(said.map(() => notOneRow.code));
    const lines = said.map(({ source, span }) => placeOf(source!, span!.start).line);
    expect(lines.sort()).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('time constants', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'engrammar-memory-')), 'pairs.space');
  writeFileSync(
    path,
    `space pairs {
  param tau_plus = 50 ms in [2 ms, 200 ms] fit, tau_minus = 50 ms in [2 ms, 200 ms] fit
  trace x = pre over tau_plus
  trace y = post over tau_minus
  on post: term = 1 | x
  on pre: term = 1 | y
}
`,
  );
  const request = { target: 'dw', events: ['pre', 'post'], library: { space: path }, seed: 0 };

  /** Three synapses that learn from pairs of spikes; the noise is a tenth of the changes' size. */
  function pairs(seed: number, [plus, minus]: readonly [number, number], learns = true) {
    const stream = new Stream(seed, 'pairs');
    const rows: number[][] = [];
    for (let j = 0; j < 3; j++) {
      let [x, y] = [0, 0];
      for (let t = 0; t < 600; t++) {
        const [pre, post] = [0.04, 0.04].map((rate) => Number(stream.uniform() < rate));
        x *= Math.exp(-1 / plus);
        y *= Math.exp(-1 / minus);
        const change = learns ? 0.01 * post! * x - 0.005 * pre! * y : 0;
        rows.push([t, j, pre!, post!, change + 2.2e-4 * stream.normal()]);
        x += pre!;
        y += post!;
      }
    }
    const names = ['t', 'j', 'pre', 'post', 'dw'];
    return Object.fromEntries(names.map((name, k) => [name, rows.map((row) => row[k]!)]));
  }

  it.each([1, 2, 3, 4, 5])('of pairs of spikes are found (seed %i)', async (seed) => {
    const result = unwrap(await inferFromColumns('made', pairs(seed, [17, 34]), request));
    expect(result.terms.map(({ text }) => text)).toEqual(['post * x', 'pre * y']);
    const [plus, minus] = result.fitted!;
    expect([plus!.name, minus!.name]).toEqual(['tau_plus', 'tau_minus']);
    expect(Math.abs(plus!.value / 17 - 1)).toBeLessThan(0.1);
    expect(Math.abs(minus!.value / 34 - 1)).toBeLessThan(0.1);
    for (const { value, interval, unit, isTold } of result.fitted!) {
      expect(unit).toBe('ms');
      expect(isTold).toBe(true);
      expect(interval[0] < value && value < interval[1]).toBe(true);
    }
    const [, written] = /tau_plus = (\S+) ms/.exec(result.rule!.text)!;
    expect(Number(written)).toBe(plus!.value);
    expect(result.metrics!.r2).toBeGreaterThan(0.97);
  });

  it('beyond their range are not told; those that no term needs are not there', async () => {
    const far = unwrap(await inferFromColumns('made', pairs(1, [2000, 34]), request));
    const plus = far.fitted!.find(({ name }) => name === 'tau_plus')!;
    expect(plus.isTold).toBe(false);
    expect(plus.value).toBeGreaterThan(100);
    const none = unwrap(await inferFromColumns('made', pairs(1, [17, 34], false), request));
    expect(none.rule).toBeNull();
    expect(none.fitted).toBeUndefined();
  });
});
