import type { Callable, Code, FunctionSpec, Label, Local, ValueType } from './code.js';
import {
  distinctNames,
  floatText,
  pushF32,
  pushF64,
  pushI32,
  pushI64,
  pushSigned,
  pushSized,
  pushUnsigned,
  pushVector,
  valueTypeBytes,
} from './encode.js';
import { opcode } from './opcodes.js';

/** A function's code, assembled and in words. */
export interface Body {
  readonly code: Code;
  /** Of the code section: locals and instructions, with their length before. */
  bytes(): number[];
  /** Lines of the text format, indented by two levels: locals, then instructions. */
  lines(): string[];
}

const EMPTY_BLOCK = 0x40;
const END = 0x0b;
const V128_CONST = [0xfd, 12];
const SHUFFLE = [0xfd, 13];

const isInt32 = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 32;

/** A body in the making; names in the text are the given ones, with numbers where they would coincide. */
export function functionBody(spec: FunctionSpec): Body {
  const out: number[] = [];
  const lines: string[] = [];
  const locals: Local[] = [];
  const labels: Label[] = [];
  const localName = distinctNames();
  const labelName = distinctNames();
  const parameters: Local[] = (spec.parameters ?? []).map(({ type, name }, index) => ({
    type,
    index,
    name: localName(name),
  }));
  const known = new Set<Local>(parameters);
  let indent = '    ';

  const line = (text: string): void => {
    lines.push(indent + text);
  };
  const pushBytes = (bytes: readonly number[]): void => {
    for (const byte of bytes) out.push(byte);
  };
  const checkLane = (instruction: string, lane: number, lanes: number): void => {
    if (!Number.isInteger(lane) || lane < 0 || lane >= lanes) {
      throw new RangeError(`${instruction} has no lane ${lane}`);
    }
  };
  const access = (byte: number, instruction: string, local: Local): void => {
    if (!known.has(local)) {
      throw new RangeError(`"${local.name}" is no local variable of function "${spec.name}"`);
    }
    out.push(byte);
    pushUnsigned(out, local.index);
    line(`${instruction} $${local.name}`);
  };
  const vector = <T>(
    shape: string,
    lanes: readonly T[],
    count: number,
    push: (out: number[], lane: T) => void,
    text: (lane: T) => string,
  ): void => {
    const all = lanes.length === 1 ? Array.from({ length: count }, () => lanes[0]!) : lanes;
    pushBytes(V128_CONST);
    for (const lane of all) push(out, lane);
    line(`v128.const ${shape} ${all.map(text).join(' ')}`);
  };
  const shuffle = (picks: readonly number[], width: number): void => {
    const bytes = picks.flatMap((pick) => {
      checkLane('i8x16.shuffle', pick, 32 / width);
      return Array.from({ length: width }, (_, k) => pick * width + k);
    });
    pushBytes(SHUFFLE);
    pushBytes(bytes);
    line(`i8x16.shuffle ${bytes.join(' ')}`);
  };
  const nested = (label: Label, write: () => void): void => {
    labels.push(label);
    const outer = indent;
    indent += '  ';
    write();
    indent = outer;
    labels.pop();
  };
  const structure = (
    byte: number,
    word: string,
    name: string,
    body: (label: Label) => void,
  ): void => {
    const label: Label = { name: labelName(name) };
    out.push(byte, EMPTY_BLOCK);
    line(`${word} $${label.name}`);
    nested(label, () => body(label));
    out.push(END);
    line('end');
  };
  const jump = (byte: number, word: string, label: Label): void => {
    const at = labels.lastIndexOf(label);
    if (at < 0) throw new RangeError(`a jump to "${label.name}" from outside of it`);
    out.push(byte);
    pushUnsigned(out, labels.length - 1 - at);
    line(`${word} $${label.name}`);
  };

  const code: Code = {
    parameters,
    local(type, name) {
      const local: Local = {
        type,
        index: parameters.length + locals.length,
        name: localName(name),
      };
      locals.push(local);
      known.add(local);
      return local;
    },
    get: (local) => access(0x20, 'local.get', local),
    set: (local) => access(0x21, 'local.set', local),
    tee: (local) => access(0x22, 'local.tee', local),
    i32(value) {
      if (!Number.isInteger(value) || !isInt32(value)) {
        throw new RangeError(`not a 32-bit integer: ${value}`);
      }
      out.push(0x41);
      pushSigned(out, BigInt(value | 0));
      line(`i32.const ${value | 0}`);
    },
    i64(value) {
      const wrapped = BigInt.asIntN(64, value);
      out.push(0x42);
      pushSigned(out, wrapped);
      line(`i64.const ${wrapped}`);
    },
    f32(value) {
      out.push(0x43);
      pushF32(out, value);
      line(`f32.const ${floatText(Math.fround(value))}`);
    },
    f64(value) {
      out.push(0x44);
      pushF64(out, value);
      line(`f64.const ${floatText(value)}`);
    },
    f32x4: (...lanes) =>
      vector('f32x4', lanes, 4, pushF32, (lane: number) => floatText(Math.fround(lane))),
    f64x2: (...lanes) => vector('f64x2', lanes, 2, pushF64, floatText),
    i32x4: (...lanes) => vector('i32x4', lanes, 4, pushI32, (lane: number) => String(lane | 0)),
    i64x2: (...lanes) =>
      vector('i64x2', lanes, 2, pushI64, (lane: bigint) => String(BigInt.asIntN(64, lane))),
    op(instruction) {
      pushBytes(opcode(instruction, 'none').bytes);
      line(instruction);
    },
    memory(instruction, offset) {
      const { bytes, alignment } = opcode(instruction, 'memory');
      pushBytes(bytes);
      out.push(alignment);
      pushUnsigned(out, offset);
      line(offset === 0 ? instruction : `${instruction} offset=${offset}`);
    },
    lane(instruction, lane) {
      const { bytes, lanes } = opcode(instruction, 'lane');
      checkLane(instruction, lane, lanes);
      pushBytes(bytes);
      out.push(lane);
      line(`${instruction} ${lane}`);
    },
    memoryLane(instruction, offset, lane) {
      const { bytes, alignment, lanes } = opcode(instruction, 'memoryLane');
      checkLane(instruction, lane, lanes);
      pushBytes(bytes);
      out.push(alignment);
      pushUnsigned(out, offset);
      out.push(lane);
      line(`${instruction}${offset === 0 ? '' : ` offset=${offset}`} ${lane}`);
    },
    shuffle32: (...picks) => shuffle(picks, 4),
    shuffle64: (...picks) => shuffle(picks, 8),
    call(callee: Callable) {
      out.push(0x10);
      pushUnsigned(out, callee.index);
      line(`call $${callee.name}`);
    },
    block: (name, body) => structure(0x02, 'block', name, body),
    loop: (name, body) => structure(0x03, 'loop', name, body),
    if(write, otherwise) {
      const label: Label = { name: 'if' };
      out.push(0x04, EMPTY_BLOCK);
      line('if');
      nested(label, write);
      if (otherwise !== undefined) {
        out.push(0x05);
        line('else');
        nested(label, otherwise);
      }
      out.push(END);
      line('end');
    },
    br: (label) => jump(0x0c, 'br', label),
    brIf: (label) => jump(0x0d, 'br_if', label),
    return() {
      out.push(0x0f);
      line('return');
    },
    comment(text) {
      for (const part of text.split('\n')) line(`;; ${part}`);
    },
  };

  /** Locals as runs of one type, in the order of their indices. */
  const runs = (): { type: ValueType; count: number }[] => {
    const found: { type: ValueType; count: number }[] = [];
    for (const { type } of locals) {
      const last = found.at(-1);
      if (last?.type === type) last.count++;
      else found.push({ type, count: 1 });
    }
    return found;
  };

  return {
    code,
    bytes() {
      const body: number[] = [];
      pushVector(body, runs(), (bytes, { type, count }) => {
        pushUnsigned(bytes, count);
        bytes.push(valueTypeBytes[type]);
      });
      for (const byte of out) body.push(byte);
      body.push(END);
      const sized: number[] = [];
      pushSized(sized, body);
      return sized;
    },
    lines: () => [...locals.map(({ name, type }) => `    (local $${name} ${type})`), ...lines],
  };
}
