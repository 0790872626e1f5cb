import type { Callable, Code, FunctionSpec, Label, Local, ValueType, Words } from './code.js';
import { Bytes, valueTypeBytes } from './encode.js';
import { opcode } from './opcodes.js';
import { wordsOf } from './text.js';

const EMPTY_BLOCK = 0x40;
const END = 0x0b;
const V128_CONST = [0xfd, 12];
const SHUFFLE = [0xfd, 13];
const STRUCTURES = { block: 0x02, loop: 0x03, if: 0x04 } as const;
const LOCAL = { get: 0x20, set: 0x21, tee: 0x22 } as const;

export type Structure = keyof typeof STRUCTURES;

const isInt32 = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 32;

function checkLane(instruction: string, lane: number, lanes: number): void {
  if (!Number.isInteger(lane) || lane < 0 || lane >= lanes) {
    throw new RangeError(`${instruction} has no lane ${lane}`);
  }
}

/** A function body in the making, as bytes. */
export class BodyWriter implements Code {
  readonly parameters: readonly Local[];
  protected readonly variables: Local[];
  /** The blocks around what comes next, the innermost last. */
  protected readonly labels: Label[] = [];
  private readonly out = new Bytes();
  private readonly name: string;
  /** The last local variable that was set, and where the instruction that did so begins and ends. */
  private putAway: Local | null = null;
  private putAwayAt = 0;
  private putAwayEnd = 0;

  constructor({ name, parameters = [] }: FunctionSpec) {
    this.name = name;
    this.parameters = parameters.map((each, index) => ({ ...each, index }));
    this.variables = [...this.parameters];
  }

  local(type: ValueType, name: Words): Local {
    const local: Local = { type, index: this.variables.length, name };
    this.variables.push(local);
    return local;
  }

  get(local: Local): void {
    if (this.isPutAway(local)) {
      // Put away and taken out again at once: it may as well stay.
      this.out.replace(this.putAwayAt, LOCAL.tee);
      this.putAway = null;
    } else this.write(LOCAL.get, local);
  }

  set(local: Local): void {
    this.putAwayAt = this.out.size;
    this.write(LOCAL.set, local);
    this.putAway = local;
    this.putAwayEnd = this.out.size;
  }

  tee(local: Local): void {
    this.write(LOCAL.tee, local);
  }

  i32(value: number): void {
    if (!Number.isInteger(value) || !isInt32(value)) {
      throw new RangeError(`not a 32-bit integer: ${value}`);
    }
    this.out.byte(0x41);
    this.out.signed32(value);
  }

  i64(value: bigint): void {
    this.out.byte(0x42);
    this.out.signed64(BigInt.asIntN(64, value));
  }

  f32(value: number): void {
    this.out.byte(0x43);
    this.out.f32(value);
  }

  f64(value: number): void {
    this.out.byte(0x44);
    this.out.f64(value);
  }

  f32x4(...lanes: [number] | [number, number, number, number]): void {
    this.out.all(V128_CONST);
    for (let k = 0; k < 4; k++) this.out.f32(lanes[k] ?? lanes[0]);
  }

  f64x2(...lanes: [number] | [number, number]): void {
    this.out.all(V128_CONST);
    for (let k = 0; k < 2; k++) this.out.f64(lanes[k] ?? lanes[0]);
  }

  i32x4(...lanes: [number] | [number, number, number, number]): void {
    this.out.all(V128_CONST);
    for (let k = 0; k < 4; k++) this.out.i32(lanes[k] ?? lanes[0]);
  }

  i64x2(...lanes: [bigint] | [bigint, bigint]): void {
    this.out.all(V128_CONST);
    for (let k = 0; k < 2; k++) this.out.i64(lanes[k] ?? lanes[0]);
  }

  op(instruction: string): void {
    this.out.all(opcode(instruction, 'none').bytes);
  }

  memory(instruction: string, offset: number): void {
    const { bytes, alignment } = opcode(instruction, 'memory');
    this.out.all(bytes);
    this.out.byte(alignment);
    this.out.unsigned(offset);
  }

  lane(instruction: string, lane: number): void {
    const { bytes, lanes } = opcode(instruction, 'lane');
    checkLane(instruction, lane, lanes);
    this.out.all(bytes);
    this.out.byte(lane);
  }

  memoryLane(instruction: string, offset: number, lane: number): void {
    const { bytes, alignment, lanes } = opcode(instruction, 'memoryLane');
    checkLane(instruction, lane, lanes);
    this.out.all(bytes);
    this.out.byte(alignment);
    this.out.unsigned(offset);
    this.out.byte(lane);
  }

  shuffle32(...picks: [number, number, number, number]): void {
    this.shuffle(picks, 4);
  }

  shuffle64(...picks: [number, number]): void {
    this.shuffle(picks, 8);
  }

  call({ index }: Callable): void {
    this.out.byte(0x10);
    this.out.unsigned(index);
  }

  block(name: string, body: (label: Label) => void): void {
    this.structure('block', { name }, body);
  }

  loop(name: string, body: (label: Label) => void): void {
    this.structure('loop', { name }, body);
  }

  if(then: () => void, otherwise?: () => void): void {
    this.structure('if', { name: 'if' }, () => {
      then();
      if (otherwise === undefined) return;
      this.else();
      otherwise();
    });
  }

  br(label: Label): void {
    this.out.byte(0x0c);
    this.out.unsigned(this.distanceTo(label));
  }

  brIf(label: Label): void {
    this.out.byte(0x0d);
    this.out.unsigned(this.distanceTo(label));
  }

  return(): void {
    this.out.byte(0x0f);
  }

  comment(_text: Words): void {
    this.putAway = null;
  }

  /** Of the code section: locals and instructions. */
  bytes(): Bytes {
    const body = new Bytes();
    // Locals as runs of one type, in the order of their indices.
    const runs: { type: ValueType; count: number }[] = [];
    for (const { type } of this.variables.slice(this.parameters.length)) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    body.vector(runs, ({ type, count }) => {
      body.unsigned(count);
      body.byte(valueTypeBytes[type]);
    });
    body.all(this.out.view());
    body.byte(END);
    return body;
  }

  /** Whether a local variable was set by what was written last. */
  protected isPutAway(local: Local): boolean {
    return this.putAway === local && this.putAwayEnd === this.out.size;
  }

  protected shuffleBytes(bytes: readonly number[]): void {
    this.out.all(SHUFFLE);
    this.out.all(bytes);
  }

  protected structure(word: Structure, label: Label, body: (label: Label) => void): void {
    this.out.byte(STRUCTURES[word]);
    this.out.byte(EMPTY_BLOCK);
    this.labels.push(label);
    body(label);
    this.labels.pop();
    this.out.byte(END);
  }

  protected else(): void {
    this.out.byte(0x05);
  }

  private write(code: number, local: Local): void {
    if (this.variables[local.index] !== local) {
      throw new RangeError(
        `"${wordsOf(local.name)}" is no local variable of function "${this.name}"`,
      );
    }
    this.out.byte(code);
    this.out.unsigned(local.index);
  }

  private shuffle(picks: readonly number[], width: number): void {
    const bytes: number[] = [];
    for (const pick of picks) {
      checkLane('i8x16.shuffle', pick, 32 / width);
      for (let k = 0; k < width; k++) bytes.push(pick * width + k);
    }
    this.shuffleBytes(bytes);
  }

  private distanceTo(label: Label): number {
    const at = this.labels.lastIndexOf(label);
    if (at < 0) throw new RangeError(`a jump to "${label.name}" from outside of it`);
    return this.labels.length - 1 - at;
  }
}
