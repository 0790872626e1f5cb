import { describe, expect, test } from 'vitest';
import {
  type Circuit,
  canonicalText,
  checkRule,
  interpreter,
  maskOf,
  normalForm,
  parse,
  prepareRule,
  type Result,
  renderDiagnostics,
  type Signal,
  Stream,
  scheduleInputs,
  simulate,
  startOf,
  stepsOf,
  type Task,
  tableOffering,
  unwrap,
  VOLTAGE,
  weave,
} from '../../src/index.js';

/** A population with an apical dendrite, declared with nothing but the public names of the library. */
const apical: Signal = {
  name: 'post.apical',
  extent: 'post',
  grade: 'feedback',
  dimension: VOLTAGE,
  event: false,
  symbol: 'A',
  matrixSymbol: 'a',
  meaning: 'Voltage of the apical dendrite, above its rest.',
};

function apicalLayer(inputs: number, outputs: number, queries: number): Circuit {
  const table = tableOffering('apical layer', ['w', 'pre', 'post', 'dt'], ['basal'], {
    own: [apical],
    phases: ['taught'],
    time: 'milliseconds',
  });
  return {
    name: `apical layer ${inputs}-${outputs}`,
    projections: [{ name: 'W', kind: 'basal', preSize: inputs, postSize: outputs, masked: true }],
    tables: { basal: table },
    states: [{ name: 'dendrite', shape: [1, outputs] }],
    constants: [{ name: 'leak', shape: [1, 1] }],
    stepInputs: [
      { name: 'pattern', shape: [1, inputs] },
      { name: 'top-down', shape: [1, outputs] },
    ],
    queryInputs: [
      { name: 'query patterns', shape: [queries, inputs] },
      { name: 'query answers', shape: [queries, outputs] },
    ],
    stepLength: 2,
    step: (b, now) => {
      const pre = now.value('pattern');
      const post = b.unary('tanh', b.matmul(pre, now.weight('W'), false, true));
      const drive = b.multiply(b.constant(10), b.subtract(now.value('top-down'), post));
      const taught = b.multiply(now.during('taught'), drive);
      const dendrite = b.add(b.multiply(now.value('leak'), now.value('dendrite')), taught);
      const signals = new Map([
        ['pre', pre],
        ['post', post],
        ['post.apical', dendrite],
      ]);
      return {
        states: [{ name: 'dendrite', node: dendrite }],
        signal: (_, name) => signals.get(name)!,
        observed: [{ name: 'rate', node: post }],
      };
    },
    readout: (b, end) => {
      const input = b.matmul(end.value('query patterns'), end.weight('W'), false, true);
      const distance = b.subtract(b.unary('tanh', input), end.value('query answers'));
      const squares = b.sum(b.sum(b.multiply(distance, distance), 'columns'), 'rows');
      return [{ name: 'loss', node: b.multiply(b.constant(1 / queries), squares) }];
    },
    draw: (stream) => ({
      W: Float64Array.from({ length: inputs * outputs }, () => stream.uniform(-0.5, 0.5)),
      leak: Float64Array.of(0.5),
      [maskOf('W')]: Float64Array.from({ length: inputs * outputs }, (_, k) => (k === 1 ? 0 : 1)),
    }),
  };
}

const circuit = apicalLayer(3, 2, 4);

const task: Task = (stream) => {
  const trials = Array.from({ length: 6 }, () => ({
    steps: 4,
    phases: [{ name: 'taught', steps: 3 }],
  }));
  const steps = stepsOf({ trials });
  const numbers = (count: number) =>
    Float64Array.from({ length: count }, () => stream.uniform(-0.8, 0.8));
  return {
    timeline: { trials },
    stepInputs: { pattern: numbers(steps * 3), 'top-down': numbers(steps * 2) },
    queryInputs: { 'query patterns': numbers(12), 'query answers': numbers(8) },
  };
};

function check(text: string) {
  const source = { name: 'own.rule', text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('no rule');
  return checkRule(item, source, circuit.tables.basal!);
}

const messageOf = (result: Result<unknown>): string =>
  result.ok ? '' : renderDiagnostics(result.diagnostics);

const RULE = `rule predict for basal {
  param eta = 0.002 per mV fit, tau = 6 ms
  trace e = pre over tau
  dw = eta * post.apical * e
}`;

describe('a circuit of a user', () => {
  test('has a signal of its own, with its extent, unit, grade and symbol', () => {
    const rule = unwrap(check(RULE));
    expect(rule.locality).toMatchObject({ grade: 'feedback', because: { text: 'post.apical' } });
    expect(canonicalText(normalForm(rule.update, rule.scope))).toBe('eta * post.apical * e');
    expect(messageOf(check('rule r { dw = 0.1 * post.apical * pre }'))).toMatch(/voltage/);
    expect(messageOf(check('rule r { dw = sum_all(w * post.apical) / 1 mV }'))).toBe('');
    expect(messageOf(check('rule r { dw = pre.apical * post }'))).toMatch(/pre\.apical/);
    expect(messageOf(check('rule r { dw = post.error * pre }'))).toMatch(/post\.error/);
    expect(messageOf(check('rule r { during free: dw = pre }'))).toMatch(/free/);
    expect(messageOf(check('rule r for apical { dw = pre }'))).toMatch(/apical/);
  });

  test.each([
    ['interpret', { name: 'interpret' }, 1e-12],
    ['tfjs cpu', { name: 'tfjs', backend: 'cpu' }, 1e-6],
  ] as const)('runs on %s as by hand', async (_, engine, tolerance) => {
    const episode = task(new Stream(1, 'task'));
    const start = circuit.draw(new Stream(1, 'start'));
    const result = await simulate({
      circuit,
      rules: { basal: unwrap(check(RULE)) },
      ...episode,
      start,
      seed: 1,
      record: { slots: ['rate'], every: 2 },
      engine,
    });
    const w = start.W!.map((value, k) => value * start[maskOf('W')]![k]!);
    const { pattern, 'top-down': topDown } = episode.stepInputs as Record<string, Float64Array>;
    const [dendrite, e] = [
      [0, 0],
      [0, 0, 0],
    ];
    const rates: number[] = [];
    for (let t = 0; t < 24; t++) {
      const x = [0, 1, 2].map((j) => pattern![3 * t + j]!);
      const y = [0, 1].map((i) => Math.tanh(x.reduce((u, xj, j) => u + w[3 * i + j]! * xj, 0)));
      if (t % 2 === 1) rates.push(...y);
      for (const i of [0, 1]) {
        const taught = t % 4 < 3 ? 10 * (topDown![2 * t + i]! - y[i]!) : 0;
        dendrite[i] = 0.5 * dendrite[i]! + taught;
      }
      for (const j of [0, 1, 2]) e[j] = Math.exp(-2 / 6) * e[j]! + x[j]!;
      for (let k = 0; k < 6; k++) {
        if (k !== 1) w[k]! += 0.002 * dendrite[Math.floor(k / 3)]! * e[k % 3]!;
      }
    }
    const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Math.max(...Array.from(b, (value, k) => Math.abs(a[k]! - value)));
    expect(worst(result.states.W!, w)).toBeLessThan(tolerance);
    expect(worst(result.record.rate!, rates)).toBeLessThan(tolerance);
    expect(result.record.rate).toHaveLength(24);
  });

  test('has exact meta-gradients, through the parts of the library as through simulate', async () => {
    const checked = unwrap(check(RULE));
    const program = weave(circuit, { basal: prepareRule(checked) });
    const { timeline, stepInputs, queryInputs = {} } = task(new Stream(2, 'task'));
    const start = circuit.draw(new Stream(2, 'start'));
    const runner = await interpreter.prepare(program);
    const at = async (eta: number, gradient = false) => {
      const episode = {
        start: startOf(program, start),
        steps: stepsOf(timeline),
        stepInputs: { ...stepInputs, ...scheduleInputs(program, timeline) },
        queryInputs,
      };
      const [result] = await runner.run([episode], [eta], { gradient });
      return result!;
    };
    const { loss, gradient } = await at(0.002, true);
    const h = 1e-6;
    const difference = ((await at(0.002 + h)).loss - (await at(0.002 - h)).loss) / (2 * h);
    expect(gradient![0]! / difference).toBeCloseTo(1, 6);
    const simulated = await simulate({
      circuit,
      rules: { basal: checked },
      timeline,
      stepInputs,
      queryInputs,
      start,
      seed: 2,
      gradient: true,
    });
    expect(simulated.loss).toBe(loss);
    expect(simulated.gradient).toEqual({ eta: gradient![0] });
  });
});
