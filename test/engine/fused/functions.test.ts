import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { functionsOf } from '../../../src/engine/fused/functions/functions.js';
import { DOUBLE, type Lanes, SINGLE } from '../../../src/engine/fused/lanes.js';
import { moduleWriter, readableModuleWriter } from '../../../src/engine/fused/wasm/module.js';
import { binaryFunctions, unaryFunctions } from '../../../src/engine/interpret/kernels.js';
import { UNARY, type UnaryFunction } from '../../../src/program/ir.js';

type Name = UnaryFunction | 'power';

/** Numbers in one call. */
const COUNT = 8192;
const memory = new WebAssembly.Memory({ initial: 6 });
const [FIRST, SECOND, RESULT] = [0, 1, 2].map((k) => k * COUNT * 8) as [number, number, number];

const relaxed = (lanes: Lanes): Lanes => ({ ...lanes, relaxed: true });
const name = (fn: Name, { shape, relaxed }: Lanes) =>
  `all ${fn} ${shape}${relaxed ? ' relaxed' : ''}`;

/** All functions over arrays in memory, and for numbers. */
function build(variants: readonly Lanes[]) {
  const writer = moduleWriter();
  const functions = functionsOf(writer);
  for (const lanes of variants) {
    for (const fn of [...UNARY, 'power'] as const) {
      const spec = {
        name: name(fn, lanes),
        parameters: [{ type: 'i32', name: 'end' } as const],
        exported: true,
      };
      writer.define(spec, (code) => {
        const at = code.local('i32', 'at');
        code.loop('all', (all) => {
          code.get(at);
          code.get(at);
          code.memory('v128.load', FIRST);
          if (fn === 'power') {
            code.get(at);
            code.memory('v128.load', SECOND);
            functions.power(code, lanes);
          } else {
            functions.unary(code, fn, lanes);
          }
          code.memory('v128.store', RESULT);
          code.get(at);
          code.i32(16);
          code.op('i32.add');
          code.tee(at);
          code.get(code.parameters[0]!);
          code.op('i32.lt_u');
          code.brIf(all);
        });
      });
    }
  }
  for (const fn of [...UNARY, 'power'] as const) {
    const parameters = (fn === 'power' ? ['x', 'y'] : ['x']).map(
      (parameter) => ({ type: 'f64', name: parameter }) as const,
    );
    writer.define({ name: fn, parameters, results: ['f64'], exported: true }, (code) => {
      for (const parameter of code.parameters) code.get(parameter);
      if (fn === 'power') functions.numberPower(code);
      else functions.numberUnary(code, fn);
    });
  }
  const module = new WebAssembly.Module(writer.binary(6));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as Record<string, (...x: number[]) => number>;
}

// Node 20 has relaxed SIMD behind a flag, and only reads the flag while a module is compiled.
setFlagsFromString('--experimental-wasm-relaxed-simd');
const exports = build([SINGLE, DOUBLE, relaxed(SINGLE), relaxed(DOUBLE)]);

const singles = (offset: number) => new Float32Array(memory.buffer, offset, COUNT);
const doubles = (offset: number) => new Float64Array(memory.buffer, offset, COUNT);

/** The place of a number among all numbers of its format: neighbours differ by 1; 0 and −0 are one. */
const singleBits = new Int32Array(1);
const single = new Float32Array(singleBits.buffer);
function singleRank(x: number): number {
  single[0] = x;
  const bits = singleBits[0]!;
  return bits < 0 ? -(2 ** 31) - bits : bits;
}

const doubleWords = new Uint32Array(2);
const double = new Float64Array(doubleWords.buffer);
/** Numbers between two of double precision, exact below 2⁵³. */
function doubleDistance(x: number, y: number): number {
  const words = [x, y].map((value) => {
    double[0] = value;
    const high = doubleWords[1]!;
    const sign = high >= 2 ** 31 ? -1 : 1;
    return [sign * (high % 2 ** 31), sign * doubleWords[0]!] as const;
  });
  return Math.abs((words[0]![0] - words[1]![0]) * 2 ** 32 + (words[0]![1] - words[1]![1]));
}

function distance(x: number, y: number, { shape }: Lanes): number {
  if (Number.isNaN(x) || Number.isNaN(y)) {
    return Number.isNaN(x) === Number.isNaN(y) ? 0 : Number.POSITIVE_INFINITY;
  }
  return shape === 'f32x4' ? Math.abs(singleRank(x) - singleRank(y)) : doubleDistance(x, y);
}

interface Worst {
  ulp: number;
  at: string;
}

/** Compares what is in memory with the reference; the latter is rounded to the format. */
function compare(fn: Name, lanes: Lanes, count: number, worst: Worst): void {
  const views = lanes.shape === 'f32x4' ? singles : doubles;
  const [x, y, result] = [views(FIRST), views(SECOND), views(RESULT)];
  const reference = fn === 'power' ? binaryFunctions.power : unaryFunctions[fn];
  exports[name(fn, lanes)]!(Math.ceil(count / lanes.count) * 16);
  for (let k = 0; k < count; k++) {
    const exact = reference(x[k]!, y[k]!);
    const rounded = lanes.shape === 'f32x4' ? Math.fround(exact) : exact;
    const ulp = distance(result[k]!, rounded, lanes);
    if (ulp > worst.ulp) {
      worst.ulp = ulp;
      worst.at = `${name(fn, lanes)}(${x[k]}, ${y[k]}) = ${result[k]}, not ${rounded}`;
    }
  }
}

/** The bounds that the documentation states. */
const bounds: Readonly<Record<Name, readonly [single: number, double: number]>> = {
  negate: [0, 0],
  reciprocal: [0, 0],
  abs: [0, 0],
  sign: [0, 0],
  relu: [0, 0],
  step: [0, 0],
  sqrt: [0, 0],
  exp: [1, 1],
  log: [1, 1],
  tanh: [3, 4],
  sigmoid: [2, 3],
  softplus: [2, 3],
  power: [1, 2],
};

const boundOf = (fn: Name, { shape }: Lanes) => bounds[fn][shape === 'f32x4' ? 0 : 1];

describe('single precision', () => {
  it.each(UNARY)('%s is within its bound over all numbers', (fn) => {
    for (const lanes of [SINGLE, relaxed(SINGLE)]) {
      const worst: Worst = { ulp: 0, at: '' };
      const bits = new Uint32Array(memory.buffer, FIRST, COUNT);
      // Every 4,099th bit pattern: all exponents, zeros, infinities, NaN, numbers below the normal ones.
      for (let next = 0; next < 2 ** 32; ) {
        let count = 0;
        for (; count < COUNT && next < 2 ** 32; count++, next += lanes.relaxed ? 40_093 : 4_099) {
          bits[count] = next;
        }
        compare(fn, lanes, count, worst);
      }
      expect(worst.ulp, worst.at).toBeLessThanOrEqual(boundOf(fn, lanes));
    }
  });
});

/** Numbers of all sizes, and many of the sizes where functions change. */
function draw(stream: Stream, k: number): number {
  if (k % 5 === 0) {
    doubleWords[0] = stream.bits();
    doubleWords[1] = stream.bits();
    return double[0]!;
  }
  return stream.uniform(-1, 1) * [0, 1, 4, 40, 750][k % 5]!;
}

describe('double precision', () => {
  it.each(UNARY)('%s is within its bound', (fn) => {
    for (const lanes of [DOUBLE, relaxed(DOUBLE)]) {
      const worst: Worst = { ulp: 0, at: '' };
      const stream = new Stream(1, fn, lanes.relaxed ? 1 : 0);
      for (let round = 0; round < 8; round++) {
        const x = doubles(FIRST);
        for (let k = 0; k < COUNT; k++) x[k] = draw(stream, k);
        compare(fn, lanes, COUNT, worst);
      }
      expect(worst.ulp, worst.at).toBeLessThanOrEqual(boundOf(fn, lanes));
    }
  });
});

const SMALLEST = { f32x4: 2 ** -149, f64x2: 5e-324 };
const specials = ({ shape }: Lanes): number[] => {
  const positive = [0, 1, 2, 3, 0.5, 1 / 3, 1e-3, 88, 104, 710, 746, 1e30, 2 ** 53 - 1, 2 ** 53];
  const edges = shape === 'f32x4' ? [1e-40, 3.4e38, 1 + 2 ** -23] : [1e-310, 1.7e308, 1 + 2 ** -52];
  const magnitudes = [...positive, ...edges, SMALLEST[shape], Number.POSITIVE_INFINITY, Number.NaN];
  return magnitudes.flatMap((x) => [x, -x]);
};

describe.each([SINGLE, DOUBLE, relaxed(SINGLE), relaxed(DOUBLE)])(
  '$shape, relaxed $relaxed',
  (lanes) => {
    const views = lanes.shape === 'f32x4' ? singles : doubles;
    const rounded = (x: number) => (lanes.shape === 'f32x4' ? Math.fround(x) : x);

    it.each(UNARY)('%s at zeros, infinities, NaN and the ends of the range', (fn) => {
      const points = specials(lanes).map(rounded);
      views(FIRST).set(points);
      exports[name(fn, lanes)]!(Math.ceil(points.length / lanes.count) * 16);
      points.forEach((x, k) => {
        const [expected, got] = [rounded(unaryFunctions[fn](x)), views(RESULT)[k]!];
        const message = `${fn}(${x}) = ${got}, not ${expected}`;
        if (expected === 0) expect(Object.is(got, expected), message).toBe(true);
        expect(distance(got, expected, lanes), message).toBeLessThanOrEqual(boundOf(fn, lanes));
      });
    });

    it('powers of special bases at special exponents', () => {
      const points = specials(lanes).map(rounded);
      const pairs = points.flatMap((x) => points.map((y) => [x, y] as const));
      views(FIRST).set(pairs.map(([x]) => x));
      views(SECOND).set(pairs.map(([, y]) => y));
      exports[name('power', lanes)]!(Math.ceil(pairs.length / lanes.count) * 16);
      pairs.forEach(([x, y], k) => {
        const [expected, got] = [rounded(x ** y), views(RESULT)[k]!];
        const message = `${x} ** ${y} = ${got}, not ${expected}`;
        if (expected === 0) expect(Object.is(got, expected), message).toBe(true);
        expect(distance(got, expected, lanes), message).toBeLessThanOrEqual(
          boundOf('power', lanes),
        );
      });
    });

    it('powers are within their bound', () => {
      const worst: Worst = { ulp: 0, at: '' };
      const stream = new Stream(2, 'power', lanes.shape);
      const uniform = (most: number) => stream.uniform(-most, most);
      const logRange = lanes.shape === 'f32x4' ? 100 : 740;
      const generators: (() => readonly [number, number])[] = [
        () => [stream.uniform(0, 2), uniform(10)],
        () => [Math.exp(uniform(logRange)), uniform(2)],
        () => [1 + uniform(1e-3), uniform(logRange * 1e3)],
        () => [uniform(10), Math.round(uniform(100))],
        () => [stream.uniform(0, 1000) * SMALLEST[lanes.shape], uniform(1)],
        () => [uniform(10), uniform(3)],
      ];
      for (const generator of generators) {
        for (let k = 0; k < COUNT; k++) {
          const [x, y] = generator();
          views(FIRST)[k] = x;
          views(SECOND)[k] = y;
        }
        compare('power', lanes, COUNT, worst);
      }
      expect(worst.ulp, worst.at).toBeLessThanOrEqual(boundOf('power', lanes));
    });
  },
);

describe('numbers', () => {
  const points = specials(DOUBLE);

  it.each(UNARY)('%s is that of a lane', (fn) => {
    doubles(FIRST).set(points);
    exports[name(fn, DOUBLE)]!(points.length * 8);
    points.forEach((x, k) => {
      expect(exports[fn]!(x), `${fn}(${x})`).toBe(doubles(RESULT)[k]);
    });
  });

  it('have the powers of a lane', () => {
    for (const x of points) {
      for (const y of [0, 0.5, -1, 2, 3, Number.NaN, Number.NEGATIVE_INFINITY]) {
        const ulp = distance(exports.power!(x, y), x ** y, DOUBLE);
        expect(ulp, `${x} ** ${y}`).toBeLessThanOrEqual(boundOf('power', DOUBLE));
      }
    }
  });
});

describe('in a body', () => {
  it('are applied one upon the other, above other operands', () => {
    const writer = moduleWriter();
    const functions = functionsOf(writer);
    const parameters = [{ type: 'f32', name: 'x' }] as const;
    writer.define({ name: 'f', parameters, results: ['f32'], exported: true }, (code) => {
      const x = () => {
        code.get(code.parameters[0]!);
        code.op('f32x4.splat');
      };
      // exp(x) − log(softplus(x) ** tanh(x))
      x();
      functions.unary(code, 'exp', SINGLE);
      x();
      functions.unary(code, 'softplus', SINGLE);
      x();
      functions.unary(code, 'tanh', SINGLE);
      functions.power(code, SINGLE);
      functions.unary(code, 'log', SINGLE);
      code.op('f32x4.sub');
      code.lane('f32x4.extract_lane', 2);
    });
    const module = new WebAssembly.Module(writer.binary(0));
    const { f } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    const expected = (x: number) => Math.exp(x) - Math.log(Math.log1p(Math.exp(x)) ** Math.tanh(x));
    for (const x of [-3, -0.1, 0, 0.7, 5]) {
      expect((f as (x: number) => number)(x)).toBeCloseTo(expected(x), 5);
    }
  });

  it('are written in place for single precision, once for double', () => {
    const writer = readableModuleWriter();
    const functions = functionsOf(writer);
    for (const lanes of [SINGLE, DOUBLE]) {
      writer.define({ name: `f_${lanes.shape}` }, (code) => {
        for (let k = 0; k < 2; k++) {
          code.f32x4(1);
          functions.unary(code, 'exp', lanes);
          code.f32x4(2);
          functions.power(code, lanes);
          code.op('drop');
          code.f64(1);
          functions.numberUnary(code, 'exp');
          code.op('drop');
        }
      });
    }
    expect(WebAssembly.validate(writer.binary(0))).toBe(true);
    const defined = [...writer.text().matchAll(/\(func \$(\S+)/g)].map(([, found]) => found);
    const expected = ['exp_f64', 'exp_f64x2', 'f_f32x4', 'f_f64x2', 'power_f32x4', 'power_f64x2'];
    expect(defined.sort()).toEqual(expected);
  });
});
