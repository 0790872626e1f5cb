import type { Code, FunctionSpec, Label, Local } from './code.js';
import { Bytes, valueTypeBytes } from './encode.js';
import { type Effect, effectOf, folded } from './fold.js';
import { opcode } from './opcodes.js';
import { filled, floatText, named, singleText } from './text.js';

/** A function's code, assembled and in words. */
export interface Body {
  readonly code: Code;
  /** Of the code section: locals and instructions. */
  bytes(): Bytes;
  /** Parameters, locals and instructions in the text format; indented by two levels. */
  text(): { readonly parameters: string; readonly lines: string[] };
}

const EMPTY_BLOCK = 0x40;
const END = 0x0b;
const V128_CONST = [0xfd, 12];
const SHUFFLE = [0xfd, 13];

const PUSHES: Effect = [0, 1];

const isInt32 = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 32;

const checkLane = (instruction: string, lane: number, lanes: number): void => {
  if (!Number.isInteger(lane) || lane < 0 || lane >= lanes) {
    throw new RangeError(`${instruction} has no lane ${lane}`);
  }
};

const atOffset = (instruction: string, offset: number): string =>
  offset === 0 ? instruction : `${instruction} offset=${offset}`;

/** Names in the text: the given ones, with numbers where they would coincide. */
interface Names {
  readonly local: (local: Local) => string;
  readonly label: (label: Label) => string;
}

/** A line of the text, put into words when the text is asked for: most modules are never read. */
interface Line {
  readonly depth: number;
  readonly words: string | ((names: Names) => string);
  /** Of instructions that do not begin or end anything. */
  readonly effect?: Effect | (() => Effect);
}

/** A body in the making. */
export function functionBody(spec: FunctionSpec): Body {
  const out = new Bytes();
  const lines: Line[] = [];
  const labels: Label[] = [];
  const parameters: Local[] = (spec.parameters ?? []).map(({ type, name }, index) => ({
    type,
    index,
    name,
  }));
  const variables: Local[] = [...parameters];

  /** The last value that was put away, as long as nothing follows. */
  let putAway: { readonly local: Local; readonly at: number; readonly line: number } | null = null;

  const line = (words: Line['words'], effect?: Line['effect']): void => {
    lines.push({ depth: labels.length, words, ...(effect && { effect }) });
  };
  const access = (byte: number, instruction: string, local: Local, effect: Effect): void => {
    if (variables[local.index] !== local) {
      throw new RangeError(`"${local.name}" is no local variable of function "${spec.name}"`);
    }
    out.byte(byte);
    out.unsigned(local.index);
    line(({ local: name }) => `${instruction} $${name(local)}`, effect);
  };
  const vector = <T>(
    shape: string,
    lanes: readonly T[],
    count: number,
    write: (lane: T) => void,
    text: (lane: T) => string,
  ): void => {
    out.all(V128_CONST);
    for (let k = 0; k < count; k++) write(lanes.length === 1 ? lanes[0]! : lanes[k]!);
    line(() => {
      const all = lanes.length === 1 ? Array.from({ length: count }, () => lanes[0]!) : lanes;
      return `v128.const ${shape} ${all.map(text).join(' ')}`;
    }, PUSHES);
  };
  const shuffle = (picks: readonly number[], width: number): void => {
    out.all(SHUFFLE);
    const bytes: number[] = [];
    for (const pick of picks) {
      checkLane('i8x16.shuffle', pick, 32 / width);
      for (let k = 0; k < width; k++) bytes.push(pick * width + k);
    }
    out.all(bytes);
    line(() => `i8x16.shuffle ${bytes.join(' ')}`, [2, 1]);
  };
  const nested = (label: Label, write: () => void): void => {
    labels.push(label);
    write();
    labels.pop();
  };
  const structure = (
    byte: number,
    word: string,
    name: string,
    body: (label: Label) => void,
  ): void => {
    const label: Label = { name };
    out.byte(byte);
    out.byte(EMPTY_BLOCK);
    line(({ label: nameOf }) => `${word} $${nameOf(label)}`);
    nested(label, () => body(label));
    out.byte(END);
    line('end');
  };
  const jump = (byte: number, word: string, label: Label, effect: Effect): void => {
    const at = labels.lastIndexOf(label);
    if (at < 0) throw new RangeError(`a jump to "${label.name}" from outside of it`);
    out.byte(byte);
    out.unsigned(labels.length - 1 - at);
    line(({ label: nameOf }) => `${word} $${nameOf(label)}`, effect);
  };

  const code: Code = {
    parameters,
    local(type, name) {
      const local: Local = {
        type,
        index: variables.length,
        get name() {
          return typeof name === 'function' ? name() : name;
        },
      };
      variables.push(local);
      return local;
    },
    get(local) {
      if (putAway?.local !== local || putAway.line !== lines.length - 1) {
        access(0x20, 'local.get', local, PUSHES);
        return;
      }
      // Put away and taken out again at once: it may as well stay.
      out.view()[putAway.at] = 0x22;
      lines.pop();
      line(({ local: name }) => `local.tee $${name(local)}`, [1, 1]);
      putAway = null;
    },
    set(local) {
      putAway = { local, at: out.size, line: lines.length };
      access(0x21, 'local.set', local, [1, 0]);
    },
    tee: (local) => access(0x22, 'local.tee', local, [1, 1]),
    i32(value) {
      if (!Number.isInteger(value) || !isInt32(value)) {
        throw new RangeError(`not a 32-bit integer: ${value}`);
      }
      out.byte(0x41);
      out.signed32(value);
      line(() => `i32.const ${value | 0}`, PUSHES);
    },
    i64(value) {
      const wrapped = BigInt.asIntN(64, value);
      out.byte(0x42);
      out.signed64(wrapped);
      line(() => `i64.const ${wrapped}`, PUSHES);
    },
    f32(value) {
      out.byte(0x43);
      out.f32(value);
      line(() => `f32.const ${singleText(value)}`, PUSHES);
    },
    f64(value) {
      out.byte(0x44);
      out.f64(value);
      line(() => `f64.const ${floatText(value)}`, PUSHES);
    },
    f32x4: (...lanes) => vector<number>('f32x4', lanes, 4, (lane) => out.f32(lane), singleText),
    f64x2: (...lanes) => vector<number>('f64x2', lanes, 2, (lane) => out.f64(lane), floatText),
    i32x4: (...lanes) =>
      vector<number>(
        'i32x4',
        lanes,
        4,
        (lane) => out.i32(lane),
        (lane) => String(lane | 0),
      ),
    i64x2: (...lanes) =>
      vector<bigint>(
        'i64x2',
        lanes,
        2,
        (lane) => out.i64(lane),
        (lane) => String(BigInt.asIntN(64, lane)),
      ),
    op(instruction) {
      out.all(opcode(instruction, 'none').bytes);
      line(instruction, () => effectOf(instruction));
    },
    memory(instruction, offset) {
      const { bytes, alignment } = opcode(instruction, 'memory');
      out.all(bytes);
      out.byte(alignment);
      out.unsigned(offset);
      line(() => atOffset(instruction, offset), instruction.includes('.store') ? [2, 0] : [1, 1]);
    },
    lane(instruction, lane) {
      const { bytes, lanes } = opcode(instruction, 'lane');
      checkLane(instruction, lane, lanes);
      out.all(bytes);
      out.byte(lane);
      line(() => `${instruction} ${lane}`, instruction.endsWith('extract_lane') ? [1, 1] : [2, 1]);
    },
    memoryLane(instruction, offset, lane) {
      const { bytes, alignment, lanes } = opcode(instruction, 'memoryLane');
      checkLane(instruction, lane, lanes);
      out.all(bytes);
      out.byte(alignment);
      out.unsigned(offset);
      out.byte(lane);
      const effect: Effect = instruction.includes('.store') ? [2, 0] : [2, 1];
      line(() => `${atOffset(instruction, offset)} ${lane}`, effect);
    },
    shuffle32: (...picks) => shuffle(picks, 4),
    shuffle64: (...picks) => shuffle(picks, 8),
    call({ index, name, parameters: taken, results }) {
      out.byte(0x10);
      out.unsigned(index);
      line(() => `call $${name}`, [taken.length, results.length]);
    },
    block: (name, body) => structure(0x02, 'block', name, body),
    loop: (name, body) => structure(0x03, 'loop', name, body),
    if(write, otherwise) {
      const label: Label = { name: 'if' };
      out.byte(0x04);
      out.byte(EMPTY_BLOCK);
      line('if');
      nested(label, write);
      if (otherwise !== undefined) {
        out.byte(0x05);
        line('else');
        nested(label, otherwise);
      }
      out.byte(END);
      line('end');
    },
    br: (label) => jump(0x0c, 'br', label, [0, 0]),
    brIf: (label) => jump(0x0d, 'br_if', label, [1, 0]),
    return() {
      out.byte(0x0f);
      line('return');
    },
    comment(text) {
      line(() => {
        const words = typeof text === 'function' ? text() : text;
        return words === '' ? '' : words.replaceAll(/^/gm, ';; ');
      });
    },
  };

  return {
    code,
    bytes() {
      const body = new Bytes();
      // Locals as runs of one type, in the order of their indices.
      const runs: { type: Local['type']; count: number }[] = [];
      for (const { type } of variables.slice(parameters.length)) {
        const last = runs.at(-1);
        if (last?.type === type) last.count++;
        else runs.push({ type, count: 1 });
      }
      body.vector(runs, ({ type, count }) => {
        body.unsigned(count);
        body.byte(valueTypeBytes[type]);
      });
      body.all(out.view());
      body.byte(END);
      return body;
    },
    text() {
      const names: Names = { local: named(), label: named() };
      const declared = variables.map(
        (local) =>
          `${local.index < parameters.length ? 'param' : 'local'} $${names.local(local)} ${local.type}`,
      );
      return {
        parameters: declared
          .slice(0, parameters.length)
          .map((words) => ` (${words})`)
          .join(''),
        lines: [
          ...filled(declared.slice(parameters.length).map((words) => `(${words})`)).map(
            (line) => `    ${line}`,
          ),
          ...folded(
            lines.map(({ words, depth, effect }) => ({
              depth: depth + 2,
              text: typeof words === 'string' ? words : words(names),
              effect: typeof effect === 'function' ? effect() : effect,
            })),
          ),
        ],
      };
    },
  };
}
