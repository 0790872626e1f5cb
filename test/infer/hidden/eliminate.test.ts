import { expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { eliminate } from '../../../src/infer/hidden/eliminate.js';
import { leastSquares } from '../../../src/infer/sparse/least-squares.js';
import { momentsOf } from '../../../src/infer/sparse/moments.js';

it('what is left without some columns has the solution of the whole problem', () => {
  for (let seed = 0; seed < 50; seed++) {
    const stream = new Stream(seed, 'eliminate');
    const [rows, size, own] = [40, 1 + stream.integer(4), 1 + stream.integer(5)];
    const draw = (): Float64Array => Float64Array.from({ length: rows }, () => stream.normal());
    const columns = Array.from({ length: size + own }, draw);
    // One that says nothing, and one that says the same as another.
    columns.push(new Float64Array(rows), columns[size]!.slice());
    const moments = momentsOf(columns, draw());
    const support = Array.from({ length: size + own }, (_, k) => k);
    const whole = leastSquares(moments, support)!;
    const part = eliminate(moments, size);
    const first = leastSquares(part.moments, support.slice(0, size))!;
    const near = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThan(1e-9);
    for (let k = 0; k < size; k++) near(first.coefficients[k]!, whole.coefficients[k]!);
    near(first.residual, whole.residual);
    const rest = part.follow(first.coefficients);
    for (let k = 0; k < own; k++) near(rest[k]!, whole.coefficients[size + k]!);
    expect([...rest.slice(own)]).toEqual([0, 0]);
    expect(part.moments.n).toBe(rows - own);
  }
});
