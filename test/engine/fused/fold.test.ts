import { describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import type { ValueType } from '../../../src/engine/fused/wasm/code.js';
import { effectOf, folded, type Item } from '../../../src/engine/fused/wasm/fold.js';
import { moduleWriter, readableModuleWriter } from '../../../src/engine/fused/wasm/module.js';
import { opcodes } from '../../../src/engine/fused/wasm/opcodes.js';

/** Folded text means: operands from left to right, then the instruction. */
function unfolded(lines: readonly string[]): string[] {
  const found: string[] = [];
  const open: string[] = [];
  for (const [token] of lines.join('\n').matchAll(/\(|\)|[^()\n]+/g)) {
    const words = token.trim();
    if (token === '(') open.push('');
    else if (token === ')') found.push(open.pop()!);
    else if (words !== '' && open.length === 0) found.push(words);
    else if (words !== '') open[open.length - 1] = words;
  }
  return found;
}

/** A body that leaves nothing on the stack when it ends, and may leave something across a loop. */
function randomItems(stream: Stream): Item[] {
  const items: Item[] = [];
  let [height, depth] = [0, 0];
  const add = (text: string, taken: number, left: number): void => {
    items.push({ depth, text: `${text} ${items.length}`, effect: [taken, left] });
    height += left - taken;
  };
  for (let k = 0; k < 40; k++) {
    const kind = stream.integer(10);
    if (kind < 4 || height === 0) add('local.get', 0, 1);
    else if (kind === 4) add('f32x4.neg', 1, 1);
    else if (kind === 5) add('local.set', 1, 0);
    else if (kind === 6) items.push({ depth, text: `;; ${k}` });
    else if (kind === 7) items.push({ depth: depth++, text: 'loop' });
    else if (kind === 8 && depth > 0) items.push({ depth: --depth, text: 'end' });
    else if (height >= 3 && kind === 9) add('v128.bitselect', 3, 1);
    else if (height >= 2) add('f32x4.add', 2, 1);
  }
  while (height > 0) add('drop', 1, 0);
  return items;
}

describe('folded text', () => {
  it('has the same instructions in the same order', () => {
    for (let k = 0; k < 500; k++) {
      const items = randomItems(new Stream(k, 'folded'));
      expect(unfolded(folded(items))).toEqual(items.map(({ text }) => text));
    }
  });

  it('knows how many values every instruction without immediates takes and leaves', () => {
    const seen = new Set<string>();
    for (const [name, { immediates }] of opcodes) {
      if (immediates !== 'none') continue;
      // Not every Node offers what is relaxed.
      if (name.includes('relaxed') && !offersRelaxed()) continue;
      const [taken, left] = effectOf(name);
      seen.add(`${taken} ${left}`);
      const isAccepted = OPERANDS.some((types) => accepts(name, types.slice(0, taken), left));
      expect(isAccepted, `${name} takes ${taken}, leaves ${left}`).toBe(true);
    }
    expect([...seen].sort()).toEqual(['0 0', '1 0', '1 1', '2 1', '3 0', '3 1']);
  });
});

const TYPES = ['i32', 'i64', 'f32', 'f64', 'v128'] as const;
/** Whatever types the operands of an instruction may have. */
const OPERANDS = TYPES.flatMap((a) => TYPES.flatMap((b) => TYPES.map((c) => [a, b, c])));

/** Whether WebAssembly accepts the instruction with these operands, and has so many values to drop. */
function accepts(name: string, types: readonly ValueType[], left: number): boolean {
  const writer = moduleWriter();
  writer.define({ name: 'f' }, (code) => {
    for (const type of types) {
      if (type === 'v128') code.i32x4(0);
      else if (type === 'i64') code.i64(0n);
      else code[type](0);
    }
    code.op(name);
    for (let k = 0; k < left; k++) code.op('drop');
  });
  return WebAssembly.validate(writer.binary(1));
}

function offersRelaxed(): boolean {
  const writer = moduleWriter();
  writer.define({ name: 'f' }, (code) => {
    for (let k = 0; k < 3; k++) code.f32x4(0);
    code.op('f32x4.relaxed_madd');
    code.op('drop');
  });
  return WebAssembly.validate(writer.binary(1));
}

describe('a value that is put away and taken out again at once', () => {
  it('stays on the stack', () => {
    const writer = readableModuleWriter();
    const results = ['i32'] as const;
    writer.define({ name: 'twice', results, exported: true }, (code) => {
      const x = code.local('i32', 'x');
      code.i32(21);
      code.set(x);
      code.get(x);
      code.get(x);
      code.op('i32.add');
      // Here something lies between.
      code.set(x);
      code.comment('between');
      code.get(x);
    });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(writer.binary(1)), {
      env: { memory: new WebAssembly.Memory({ initial: 1 }) },
    });
    expect((instance.exports as { twice(): number }).twice()).toBe(42);
    expect(writer.text()).toContain('(local.tee $x (i32.const 21))');
    expect(writer.text()).toContain('(local.set $x (i32.add');
  });
});
