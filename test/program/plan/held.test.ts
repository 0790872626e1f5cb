import { expect, it } from 'vitest';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { printGraph } from '../../../src/program/print.js';
import { programOf } from '../../support/program.js';

/* One layer that decays: what a plan looks like. */

const rule = 'rule fa { param eta = 0.1 fit, k = 0.01 fit dw = -eta * post.error * pre - k * w }';
const plan = planEpisode(programOf(rule, [4, 3], 2));

it('a decay is one number, and the update of a step is made in the next', () => {
  expect(printGraph(plan.forward)).toMatchInlineSnapshot(`
    "graph step of fa on feed-forward 4-3 (random feedback)
      input held W1 [3, 4]
      input pending 1 of held W1 [1, 3]
      input pending 2 of held W1 [1, 4]
      input decay of W1 [1, 1]
      input image [1, 4]
      input target [1, 3]
      input k [1, 1]
      input eta [1, 1]
      a = matmul("pending 1 of held W1"', "pending 2 of held W1") [3, 4]
      b = "held W1" + a [3, 4]
      c = matmul(image, b') [1, 3]
      d = "decay of W1" * c [1, 3]
      e = softmax(d) [1, 3]
      f = e - target [1, 3]
      g = -k [1, 1]
      h = 1 + g [1, 1]
      i = h * "decay of W1" [1, 1]
      j = reciprocal(i) [1, 1]
      l = -eta [1, 1]
      m = j * l [1, 1]
      n = m * image [1, 4]
      output held W1 = b
      output pending 1 of held W1 = f
      output pending 2 of held W1 = n
      output decay of W1 = i
      output tape 1 = e
      output before decay of W1 = "decay of W1"
      output tape 3 = c"
  `);
});

it('the way back takes from the weights what the step added, and knows the decay by numbers', () => {
  expect(printGraph(plan.backward)).toMatchInlineSnapshot(`
    "graph adjoint step of fa on feed-forward 4-3 (random feedback)
      input adjoint held W1 [3, 4]
      input pending 1 of adjoint held W1 [1, 3]
      input pending 2 of adjoint held W1 [1, 4]
      input tape 1 [1, 3]
      input k [1, 1]
      input before decay of W1 [1, 1]
      input eta [1, 1]
      input image [1, 4]
      input tape 3 [1, 3]
      input adjoint decay of W1 [1, 1]
      input target [1, 3]
      input gradient eta [1, 1]
      input gradient k [1, 1]
      a = matmul("pending 1 of adjoint held W1"', "pending 2 of adjoint held W1") [3, 4]
      b = "adjoint held W1" + a [3, 4]
      c = -k [1, 1]
      d = 1 + c [1, 1]
      e = d * "before decay of W1" [1, 1]
      f = reciprocal(e) [1, 1]
      g = -eta [1, 1]
      h = f * g [1, 1]
      i = matmul(image, b') [1, 3]
      j = h * i [1, 3]
      l = i * "tape 1" [1, 3]
      m = sum(l, over columns) [1, 1]
      n = h * m [1, 1]
      o = j - n [1, 3]
      p = "tape 1" * o [1, 3]
      q = "before decay of W1" * image [1, 4]
      r = p * "tape 3" [1, 3]
      s = sum(r, over columns) [1, 1]
      t = "tape 1" - target [1, 3]
      u = t * i [1, 3]
      v = sum(u, over columns) [1, 1]
      w = v * g [1, 1]
      x = f * f [1, 1]
      y = w * x [1, 1]
      z = -y [1, 1]
      aa = "adjoint decay of W1" + z [1, 1]
      ab = aa * d [1, 1]
      ac = s + ab [1, 1]
      ad = v * f [1, 1]
      ae = -ad [1, 1]
      af = "gradient eta" + ae [1, 1]
      ag = aa * "before decay of W1" [1, 1]
      ah = -ag [1, 1]
      ai = "gradient k" + ah [1, 1]
      output adjoint held W1 = b
      output pending 1 of adjoint held W1 = p
      output pending 2 of adjoint held W1 = q
      output adjoint decay of W1 = ac
      output gradient eta = af
      output gradient k = ai"
  `);
});

it('the weights are what is held, times the decay, with what is pending', () => {
  expect(printGraph(plan.leave)).toMatchInlineSnapshot(`
    "graph leaving fa on feed-forward 4-3 (random feedback)
      input held W1 [3, 4]
      input pending 1 of held W1 [1, 3]
      input pending 2 of held W1 [1, 4]
      input decay of W1 [1, 1]
      a = matmul("pending 1 of held W1"', "pending 2 of held W1") [3, 4]
      b = "held W1" + a [3, 4]
      c = "decay of W1" * b [3, 4]
      output W1 = c"
  `);
});
