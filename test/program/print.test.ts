import { describe, expect, test } from 'vitest';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import { GraphBuilder } from '../../src/program/builder.js';
import { stackOuterProducts } from '../../src/program/passes.js';
import { printGraph } from '../../src/program/print.js';
import { POOL, programOf } from '../support/program.js';
import { woven } from '../support/woven.js';

const oneLayer = (rule: string, feedback: 'random' | 'symmetric' = 'random') =>
  printGraph(programOf(rule, [4, 3], 2, feedback).step);

describe('programs print as text', () => {
  test('feedback alignment in one layer', () => {
    expect(
      oneLayer('rule fa { param eta = 0.1 fit dw = -eta * post.error * pre }'),
    ).toMatchInlineSnapshot(`
      "graph step of fa on feed-forward 4-3 (random feedback)
        input eta [1, 1]
        input W1 [3, 4]
        input image [1, 4]
        input target [1, 3]
        a = matmul(image, W1') [1, 3]
        b = softmax(a) [1, 3]
        c = b - target [1, 3]
        d = -eta [1, 1]
        e = d * image [1, 4]
        f = matmul(c', e) [3, 4]
        g = W1 + f [3, 4]
        output W1 = g"
    `);
  });

  test("Oja's subspace rule never forms (y y')W", () => {
    expect(
      oneLayer('rule oja { param eta = 0.1 dw = eta * post * (pre - sum_post(post * w)) }'),
    ).toMatchInlineSnapshot(`
      "graph step of oja on feed-forward 4-3 (random feedback)
        input W1 [3, 4]
        input image [1, 4]
        a = matmul(image, W1') [1, 3]
        b = softmax(a) [1, 3]
        c = 0.1 * image [1, 4]
        d = matmul(b, W1) [1, 4]
        e = -0.1 * d [1, 4]
        f = c + e [1, 4]
        g = matmul(b', f) [3, 4]
        h = W1 + g [3, 4]
        output W1 = h"
    `);
  });

  test("the synapse's own Oja rule is a decay by row", () => {
    expect(
      oneLayer('rule oja { param eta = 0.1 dw = eta * post * (pre - post * w) }'),
    ).toMatchInlineSnapshot(`
      "graph step of oja on feed-forward 4-3 (random feedback)
        input W1 [3, 4]
        input image [1, 4]
        a = matmul(image, W1') [1, 3]
        b = softmax(a) [1, 3]
        c = 0.1 * image [1, 4]
        d = matmul(b', c) [3, 4]
        e = transpose(b) [3, 1]
        f = e * e [3, 1]
        g = -0.1 * f [3, 1]
        h = g * W1 [3, 4]
        i = d + h [3, 4]
        j = W1 + i [3, 4]
        output W1 = j"
    `);
  });

  test('what is no outer product is dense', () => {
    expect(oneLayer('rule soft { dw = 0.1 * post * pre * (1 - w^2) }')).toMatchInlineSnapshot(`
      "graph step of soft on feed-forward 4-3 (random feedback)
        input W1 [3, 4]
        input image [1, 4]
        a = matmul(image, W1') [1, 3]
        b = softmax(a) [1, 3]
        c = 0.1 * image [1, 4]
        d = matmul(b', c) [3, 4]
        e = transpose(b) [3, 1]
        f = -0.1 * e [3, 1]
        g = f * image [3, 4]
        h = W1 * W1 [3, 4]
        i = g * h [3, 4]
        j = d + i [3, 4]
        k = W1 + j [3, 4]
        output W1 = k"
    `);
  });

  test('ten terms need three outer products a layer and two products with W', () => {
    const text = oneLayer(POOL);
    expect(text.match(/matmul\([a-z]+, W1\)/g)).toHaveLength(1);
    expect(text.match(/matmul\([a-z]+, W1'\)|matmul\(image, W1'\)/g)).toHaveLength(1);
    expect(text).toMatch(/concat\([^,]+, [^,]+, [^,]+\) \[3, 4\]/);
  });

  test('the adjoint of feedback alignment in one layer', () => {
    const program = programOf(
      'rule fa { param eta = 0.1 fit dw = -eta * post.error * pre }',
      [4, 3],
      2,
    );
    expect(printGraph(program.stepAdjoint)).toMatchInlineSnapshot(`
      "graph adjoint step of fa on feed-forward 4-3 (random feedback)
        input eta [1, 1]
        input W1 [3, 4]
        input image [1, 4]
        input target [1, 3]
        input adjoint W1 [3, 4]
        a = matmul(image, W1') [1, 3]
        b = softmax(a) [1, 3]
        c = -eta [1, 1]
        d = c * image [1, 4]
        e = matmul(d, "adjoint W1"') [1, 3]
        f = e * b [1, 3]
        g = sum(f, over columns) [1, 1]
        h = e - g [1, 3]
        i = b * h [1, 3]
        j = matmul(i', image) [3, 4]
        k = "adjoint W1" + j [3, 4]
        l = b - target [1, 3]
        m = matmul(l, "adjoint W1") [1, 4]
        n = m * image [1, 4]
        o = sum(n, over columns) [1, 1]
        p = -o [1, 1]
        output adjoint W1 = k
        output gradient eta = p"
    `);
    expect(printGraph(program.readoutAdjoint)).toMatchInlineSnapshot(`
      "graph adjoint read-out of fa on feed-forward 4-3 (random feedback)
        input W1 [3, 4]
        input query images [2, 4]
        input query targets [2, 3]
        a = matmul("query images", W1') [2, 3]
        b = logsumexp(a) [2, 1]
        c = a * "query targets" [2, 3]
        d = sum(c, over columns) [2, 1]
        e = b - d [2, 1]
        f = sum(e, over rows) [1, 1]
        g = 0.5 * f [1, 1]
        h = broadcast(0.5) [2, 1]
        i = softmax(a) [2, 3]
        j = h * i [2, 3]
        k = -h [2, 1]
        l = broadcast(k) [2, 3]
        m = l * "query targets" [2, 3]
        n = j + m [2, 3]
        o = matmul(n', "query images") [3, 4]
        output loss = g
        output adjoint W1 = o
        output gradient eta = 0"
    `);
  });
});

describe('programs with memory print as text', () => {
  test('a published discrete trace, its trial mean, applied at the end', () => {
    const { program } = woven(
      `rule rflo { param eta = 0.03 fit, tau = 10 steps
        average e = post * pre keeping 1 - dt / tau since trial.start
        average g = post.error * e since trial.start
        at trial.end: dw = -eta * g }`,
      2,
    );
    expect(printGraph(program.step)).toMatchInlineSnapshot(`
      "graph step of rflo on replay
        input eta [1, 1]
        input syn [2, 3]
        input sent [1, 2]
        input syn: e [2, 3]
        input syn: g [2, 3]
        input syn: count of g [1, 1]
        input drive [1, 3]
        input syn pre [1, 3]
        input syn post [1, 2]
        input syn post.error [1, 2]
        input at trial.start [1, 1]
        input at trial.end [1, 1]
        a = -eta [1, 1]
        b = select("at trial.start", 0, "syn: count of g") [1, 1]
        c = b + 1 [1, 1]
        d = reciprocal(c) [1, 1]
        e = 1 - d [1, 1]
        f = select("at trial.start", 0, e) [1, 1]
        g = f * "syn: g" [2, 3]
        h = transpose("syn post.error") [2, 1]
        i = d * h [2, 1]
        j = select("at trial.start", 0, 0.9) [1, 1]
        k = j * "syn: e" [2, 3]
        l = 0.09999999999999998 * "syn pre" [1, 3]
        m = matmul("syn post"', l) [2, 3]
        n = k + m [2, 3]
        o = i * n [2, 3]
        p = g + o [2, 3]
        q = a * p [2, 3]
        r = select("at trial.end", q, 0) [2, 3]
        s = syn + r [2, 3]
        t = matmul(drive, syn') [1, 2]
        u = sent + t [1, 2]
        output syn = s
        output sent = u
        output syn: e = n
        output syn: g = p
        output syn: count of g = c
        output arrived = t"
    `);
  });

  test('an eligibility trace of spikes is one product of stacked rows', () => {
    const { program } = woven(
      `rule reward_stdp { param eta = 0.1 fit, A = 0.005, B = 0.00525
        trace x = pre.spike over 20 ms
        trace y = post.spike over 20 ms
        trace e = A * post.spike * x - B * pre.spike * y over 1 s
        dw = eta * reward * e }`,
      2,
      { stepLength: 1 },
    );
    expect(printGraph(program.step)).toMatchInlineSnapshot(`
      "graph step of reward_stdp on replay
        input eta [1, 1]
        input syn [2, 3]
        input sent [1, 2]
        input syn: e [2, 3]
        input syn: x [1, 3]
        input syn: y [1, 2]
        input drive [1, 3]
        input syn pre.spike [1, 3]
        input syn post.spike [1, 2]
        input syn reward [1, 1]
        a = eta * "syn reward" [1, 1]
        b = 0.999000499833375 * "syn: e" [2, 3]
        c = 0.951229424500714 * "syn: y" [1, 2]
        d = concat("syn post.spike", c) [2, 2]
        e = 0.951229424500714 * "syn: x" [1, 3]
        f = 0.005 * e [1, 3]
        g = -0.00525 * "syn pre.spike" [1, 3]
        h = concat(f, g) [2, 3]
        i = matmul(d', h) [2, 3]
        j = b + i [2, 3]
        k = a * j [2, 3]
        l = syn + k [2, 3]
        m = matmul(drive, syn') [1, 2]
        n = sent + m [1, 2]
        o = e + "syn pre.spike" [1, 3]
        p = c + "syn post.spike" [1, 2]
        output syn = l
        output sent = n
        output syn: e = j
        output syn: x = o
        output syn: y = p
        output arrived = m"
    `);
  });
});

describe('stacking outer products', () => {
  const make = () => {
    const b = new GraphBuilder();
    const row = (name: string, n: number) => b.input(name, [1, n]);
    const products = [1, 2, 3].map((k) => b.matmul(row(`a${k}`, 3), row(`b${k}`, 4), true, false));
    const sum = b.add(b.add(products[0]!, b.input('W', [3, 4])), b.add(products[1]!, products[2]!));
    return b.build('sum', [{ name: 'out', node: sum }]);
  };

  test('three products become one', () => {
    expect(printGraph(stackOuterProducts(make()))).toMatchInlineSnapshot(`
      "graph sum
        input a1 [1, 3]
        input b1 [1, 4]
        input a2 [1, 3]
        input b2 [1, 4]
        input a3 [1, 3]
        input b3 [1, 4]
        input W [3, 4]
        a = concat(a1, a2, a3) [3, 3]
        b = concat(b1, b2, b3) [3, 4]
        c = matmul(a', b) [3, 4]
        d = W + c [3, 4]
        output out = d"
    `);
  });

  test('the value stays', () => {
    const values = [make(), stackOuterProducts(make())].map((graph) => {
      const evaluation = prepareEvaluation(graph);
      graph.inputs.forEach(({ name, shape }, i) => {
        const numbers = Array.from({ length: shape[0] * shape[1] }, (_, k) => Math.sin(3 * i + k));
        evaluation.bind(name, Float64Array.from(numbers));
      });
      evaluation.run();
      return evaluation.output('out');
    });
    values[0]!.forEach((value, k) => {
      expect(values[1]![k]).toBeCloseTo(value, 14);
    });
  });
});
