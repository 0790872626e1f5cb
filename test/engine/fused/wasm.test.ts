import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Code, FunctionSpec, ValueType } from '../../../src/engine/fused/wasm/code.js';
import { moduleWriter, readableModuleWriter } from '../../../src/engine/fused/wasm/module.js';
import { opcodes } from '../../../src/engine/fused/wasm/opcodes.js';

type Run = (...values: (number | bigint)[]) => number | bigint;

const memory = new WebAssembly.Memory({ initial: 1 });

/** The exported function of a module of one. */
function run(parameters: readonly ValueType[], result: ValueType, body: (code: Code) => void): Run {
  const writer = moduleWriter();
  const named = parameters.map((type, k) => ({ type, name: `x${k}` }));
  writer.define({ name: 'f', parameters: named, results: [result], exported: true }, body);
  const module = new WebAssembly.Module(writer.binary(1));
  return new WebAssembly.Instance(module, { env: { memory } }).exports.f as Run;
}

const constant = (code: Code, type: ValueType): void => {
  if (type === 'i32') code.i32(1);
  else if (type === 'i64') code.i64(1n);
  else if (type === 'f32') code.f32(1);
  else if (type === 'f64') code.f64(1);
  else code.i32x4(1);
};

const TYPES_OF_CONSTANTS = ['i32', 'i64', 'f32', 'f64', 'v128'] as const;

const laneType: Readonly<Record<string, ValueType>> = {
  i8x16: 'i32',
  i16x8: 'i32',
  i32x4: 'i32',
  i64x2: 'i64',
  f32x4: 'f32',
  f64x2: 'f64',
};

/** Operands and results of an instruction by what its name says. */
function effect(name: string): [operands: ValueType[], results: ValueType[]] {
  const [head, tail] = name.split('.') as [ValueType, string];
  if (name === 'unreachable' || name === 'nop') return [[], []];
  if (name === 'drop') return [['f64'], []];
  if (name === 'select') return [['f64', 'f64', 'i32'], ['f64']];
  if (name.startsWith('memory.')) return [['i32', 'i32', 'i32'], []];
  if (tail.includes('store')) return [['i32', head], []];
  if (tail.endsWith('_lane') && tail.startsWith('load')) return [['i32', 'v128'], ['v128']];
  if (tail.startsWith('load')) return [['i32'], [head]];
  if (head === 'v128' || head in laneType) {
    if (tail === 'splat') return [[laneType[head]!], ['v128']];
    if (tail === 'extract_lane') return [['v128'], [laneType[head]!]];
    if (tail === 'replace_lane') return [['v128', laneType[head]!], ['v128']];
    if (/^(all_true|any_true|bitmask)$/.test(tail)) return [['v128'], ['i32']];
    if (/^sh[lr]/.test(tail)) return [['v128', 'i32'], ['v128']];
    if (/bitselect|madd|laneselect/.test(tail)) return [['v128', 'v128', 'v128'], ['v128']];
    const unary = /^(abs|neg|sqrt|ceil|floor|trunc|nearest|not|popcnt)$|convert|mote|trunc_|extend/;
    return unary.test(tail) ? [['v128'], ['v128']] : [['v128', 'v128'], ['v128']];
  }
  const from = /_([if](?:32|64))(?:_[su])?$/.exec(tail)?.[1] as ValueType | undefined;
  if (from !== undefined) return [[from], [head]];
  if (tail === 'eqz') return [[head], ['i32']];
  if (/^(eq|ne|[lg][te])(_[su])?$/.test(tail)) return [[head, head], ['i32']];
  if (/^(clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt|extend\d+_s)$/.test(tail)) {
    return [[head], [head]];
  }
  return [[head, head], [head]];
}

beforeAll(() => setFlagsFromString('--experimental-wasm-relaxed-simd'));

describe('instructions', () => {
  it.each([...opcodes])('%s takes and leaves what its name says', (name, { immediates }) => {
    const [operands, results] = effect(name);
    const write = (left: readonly ValueType[]): boolean => {
      const writer = moduleWriter();
      writer.define({ name: 'f', results: left }, (code) => {
        for (const type of operands) constant(code, type);
        if (immediates === 'none') code.op(name);
        else if (immediates === 'memory') code.memory(name, 16);
        else if (immediates === 'lane') code.lane(name, 1);
        else code.memoryLane(name, 16, 1);
      });
      return WebAssembly.validate(writer.binary(1));
    };
    expect(write(results)).toBe(true);
    if (name !== 'unreachable') expect(write([...results, 'i32'])).toBe(false);
  });

  it('compute what they say', () => {
    const two = (type: ValueType, name: string, a: number | bigint, b: number | bigint) =>
      run([type, type], effect(name)[1][0]!, (code) => {
        for (const parameter of code.parameters) code.get(parameter);
        code.op(name);
      })(a, b);
    expect(two('i32', 'i32.rem_s', -7, 3)).toBe(-1);
    expect(two('i32', 'i32.shr_u', -1, 28)).toBe(15);
    expect(two('i64', 'i64.mul', 1n << 40n, 3n)).toBe(3n << 40n);
    expect(two('f32', 'f32.div', 1, 3)).toBe(Math.fround(1 / 3));
    expect(two('f64', 'f64.copysign', 2, -0)).toBe(-2);
    expect(two('f64', 'f64.le', 2, 2)).toBe(1);
  });

  it('on lanes compute what they say', () => {
    // Lane 2 (of four) or 1 (of two) of the operation on different lanes.
    const wide = (name: string, a: readonly number[], b: readonly number[]) =>
      run([], a.length === 4 ? 'f32' : 'f64', (code) => {
        for (const lanes of [a, b]) {
          if (lanes.length === 4) code.f32x4(...(lanes as [number, number, number, number]));
          else code.f64x2(...(lanes as [number, number]));
        }
        code.op(name);
        if (a.length === 4) code.lane('f32x4.extract_lane', 2);
        else code.lane('f64x2.extract_lane', 1);
      })();
    expect(wide('f32x4.sub', [1, 2, 3, 4], [5, 6, 7.5, 8])).toBe(-4.5);
    expect(wide('f64x2.div', [1, 2], [5, 6])).toBe(1 / 3);
    expect(wide('f32x4.pmin', [1, 2, 3, 4], [5, 6, -7, 8])).toBe(-7);
    expect(wide('f64x2.max', [1, 2], [5, Number.NaN])).toBeNaN();
  });
});

describe('constants', () => {
  it.each([0, -0, 1, -1, 63, 64, -64, -65, 8191, 2 ** 31 - 1, -(2 ** 31), 123456789])(
    'i32 %d',
    (x) => {
      expect(run([], 'i32', (code) => code.i32(x))()).toBe(x | 0);
    },
  );

  it.each([0n, -1n, 63n, 64n, -64n, -65n, (1n << 63n) - 1n, -(1n << 63n)])('i64 %d', (x) => {
    expect(run([], 'i64', (code) => code.i64(x))()).toBe(x);
  });

  it.each([0, -0, 1e-320, 1 / 3, Math.PI * 1e300, Infinity, NaN])('f64 %d', (x) => {
    expect(run([], 'f64', (code) => code.f64(x))()).toBe(x);
    expect(run([], 'f32', (code) => code.f32(x))()).toBe(Math.fround(x));
  });

  it('are refused out of range', () => {
    expect(() => run([], 'i32', (code) => code.i32(0.5))).toThrow(RangeError);
    expect(() => run([], 'i32', (code) => code.i32(2 ** 32))).toThrow(RangeError);
    expect(() => run([], 'f32', (code) => code.lane('f32x4.extract_lane', 4))).toThrow(RangeError);
  });
});

describe('structure', () => {
  it('counts depths of labels', () => {
    // Leaves the outer block from within the loop once the count is 5.
    const f = run([], 'i32', (code) => {
      const k = code.local('i32', 'k');
      code.block('out', (out) => {
        code.loop('again', (again) => {
          code.get(k);
          code.i32(5);
          code.op('i32.ge_s');
          code.if(() => code.br(out));
          code.get(k);
          code.i32(1);
          code.op('i32.add');
          code.set(k);
          code.br(again);
        });
      });
      code.get(k);
    });
    expect(f()).toBe(5);
  });

  it('has both sides of a choice, and returns', () => {
    const f = run(['f64'], 'f64', (code) => {
      code.get(code.parameters[0]!);
      code.f64(0);
      code.op('f64.lt');
      code.if(
        () => {
          code.f64(-1);
          code.return();
        },
        () => code.op('nop'),
      );
      code.f64(1);
    });
    expect([f(-3), f(3)]).toEqual([-1, 1]);
  });

  it('keeps locals of different types apart', () => {
    const f = run(['f64'], 'f64', (code) => {
      const [x] = code.parameters;
      const v = code.local('v128', 'v');
      const a = code.local('f64', 'a');
      const w = code.local('v128', 'v');
      const b = code.local('f64', 'b');
      code.get(x!);
      code.tee(a);
      code.op('f64x2.splat');
      code.tee(v);
      code.get(v);
      code.op('f64x2.add');
      code.set(w);
      code.get(w);
      code.lane('f64x2.extract_lane', 1);
      code.set(b);
      code.get(a);
      code.get(b);
      code.op('f64.mul');
    });
    expect(f(3)).toBe(18);
  });

  it('calls functions written before, with types shared', () => {
    const writer = moduleWriter();
    const one = (name: string): FunctionSpec => ({
      name,
      parameters: [{ type: 'f64', name: 'x' }],
      results: ['f64'],
    });
    const double = writer.define(one('double'), (code) => {
      code.get(code.parameters[0]!);
      code.get(code.parameters[0]!);
      code.op('f64.add');
    });
    writer.define({ ...one('f'), exported: true }, (code) => {
      const negate = writer.define(one('negate'), (inner) => {
        inner.get(inner.parameters[0]!);
        inner.op('f64.neg');
      });
      code.get(code.parameters[0]!);
      code.call(double);
      code.call(negate);
    });
    const module = new WebAssembly.Module(writer.binary(0));
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    expect((exports.f as Run)(4)).toBe(-8);
    expect(Object.keys(exports)).toEqual(['f']);
    expect(() => new WebAssembly.Instance(module, {})).toThrow(TypeError);
  });

  it('refuses what is no instruction, other immediates, foreign locals and labels', () => {
    expect(() => run([], 'f32', (code) => code.op('f32.tan'))).toThrow(TypeError);
    expect(() => run([], 'f32', (code) => code.op('f32.load'))).toThrow(TypeError);
    expect(() => run([], 'f32', (code) => code.memory('f32.load', -4))).toThrow(RangeError);
    expect(() => run([], 'f32', (code) => code.br({ name: 'out' }))).toThrow(RangeError);
    expect(() => run([], 'f32', (code) => code.get({ type: 'f32', index: 0, name: 'x' }))).toThrow(
      RangeError,
    );
    const writer = moduleWriter();
    writer.define({ name: 'f', exported: true }, () => {});
    expect(() => writer.define({ name: 'f', exported: true }, () => {})).toThrow(RangeError);
    expect(() => writer.binary(65537)).toThrow(RangeError);
  });
});

describe('memory', () => {
  it('is read and written at offsets, in lanes', () => {
    const values = new Float32Array(memory.buffer);
    values.set([1, 2, 3, 4, 5, 6, 7, 8]);
    const f = run(['i32'], 'f32', (code) => {
      const [at] = code.parameters;
      code.get(at!);
      code.get(at!);
      code.memory('v128.load', 0);
      code.get(at!);
      code.memory('v128.load', 16);
      code.shuffle32(0, 7, 2, 5);
      code.memory('v128.store', 1024);
      code.get(at!);
      code.get(at!);
      code.memory('v128.load32_splat', 8);
      code.memoryLane('v128.store32_lane', 2048, 3);
      code.get(at!);
      code.memory('f32.load', 2048);
    });
    expect(f(0)).toBe(3);
    expect([...values.subarray(256, 260)]).toEqual([1, 8, 3, 6]);
    run([], 'i32', (code) => {
      for (const value of [4096, 1024, 16]) code.i32(value);
      code.op('memory.copy');
      code.i32(0);
    })();
    expect([...values.subarray(1024, 1028)]).toEqual([1, 8, 3, 6]);
  });

  it('of 64-bit lanes', () => {
    const f = run([], 'f64', (code) => {
      code.f64x2(1, 2);
      code.f64x2(3, 4);
      code.shuffle64(3, 0);
      code.lane('f64x2.extract_lane', 0);
    });
    expect(f()).toBe(4);
  });
});

describe('text', () => {
  it('changes nothing in the bytes', () => {
    const written = [moduleWriter(), readableModuleWriter()].map((writer) => {
      const parameters = [{ type: 'i32', name: 'x' }] as const;
      const callee = writer.define({ name: 'callee' }, (code) => code.return());
      writer.define({ name: 'f', parameters, exported: true }, (code) => {
        const [x] = code.parameters as [(typeof code.parameters)[number]];
        const y = code.local('i32', 'y');
        code.get(x);
        code.set(y);
        code.get(y);
        code.set(y);
        code.comment('between');
        code.get(y);
        code.if(
          () => code.call(callee),
          () => code.block('block', (label) => code.br(label)),
        );
        code.loop('loop', (label) => {
          code.get(x);
          code.brIf(label);
        });
        for (const type of TYPES_OF_CONSTANTS) constant(code, type);
        code.f64x2(1, -0);
        code.i64x2(-1n);
        code.shuffle64(0, 3);
        code.i32x4(1, 2, 3, -4);
        code.shuffle32(0, 1, 6, 7);
        code.lane('f32x4.extract_lane', 1);
        for (let k = 0; k <= TYPES_OF_CONSTANTS.length; k++) code.op('drop');
        code.get(x);
        code.get(x);
        code.memory('v128.load', 16);
        code.memoryLane('v128.store32_lane', 32, 3);
      });
      return writer.binary(1);
    });
    expect(WebAssembly.validate(written[0]!)).toBe(true);
    expect(written[1]).toEqual(written[0]);
  });

  it('reads like WebAssembly written by hand', () => {
    const writer = readableModuleWriter();
    const square = writer.define(
      { name: 'square', parameters: [{ type: 'v128', name: 'x' }], results: ['v128'] },
      (code) => {
        code.get(code.parameters[0]!);
        code.get(code.parameters[0]!);
        code.op('f32x4.mul');
      },
    );
    writer.define(
      {
        name: 'row sums',
        parameters: [{ type: 'i32', name: 'from' }],
        results: ['f64'],
        exported: true,
        about: 'The sum of squares\nof 400 numbers.',
      },
      (code) => {
        const [from] = code.parameters;
        const end = code.local('i32', 'end');
        const sum = code.local('v128', 'sum′');
        code.local('v128', 'sum′');
        code.get(from!);
        code.i32(1600);
        code.op('i32.add');
        code.set(end);
        code.comment('four numbers at a time');
        code.loop('columns', (columns) => {
          code.get(from!);
          code.memory('v128.load', 64);
          code.call(square);
          code.f32x4(0.1);
          code.op('f32x4.mul');
          code.get(sum);
          code.op('f32x4.add');
          code.set(sum);
          code.get(from!);
          code.i32(16);
          code.op('i32.add');
          code.tee(from!);
          code.get(end);
          code.op('i32.lt_u');
          code.brIf(columns);
        });
        code.get(sum);
        code.f64x2(-0, Number.POSITIVE_INFINITY);
        code.op('drop');
        code.lane('f32x4.extract_lane', 3);
        code.op('f64.promote_f32');
      },
    );
    expect(WebAssembly.validate(writer.binary(1))).toBe(true);
    expect(writer.text()).toMatchInlineSnapshot(`
      "(module
        (import "env" "memory" (memory 0))

        (func $square (param $x v128) (result v128)
          (f32x4.mul (local.get $x) (local.get $x))
        )

        ;; The sum of squares
        ;; of 400 numbers.
        (func $row_sums (export "row sums") (param $from i32) (result f64)
          (local $end i32) (local $sum' v128) (local $sum'.2 v128)
          (local.set $end (i32.add (local.get $from) (i32.const 1600)))
          ;; four numbers at a time
          loop $columns
            (local.set $sum'
              (f32x4.add
                (f32x4.mul
                  (call $square (v128.load offset=64 (local.get $from)))
                  (v128.const f32x4 0.1 0.1 0.1 0.1))
                (local.get $sum')))
            (br_if $columns
              (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 16))) (local.get $end)))
          end
          (local.get $sum')
          (drop (v128.const f64x2 -0 inf))
          (f64.promote_f32 (f32x4.extract_lane 3))
        )
      )
      "
    `);
  });
});
