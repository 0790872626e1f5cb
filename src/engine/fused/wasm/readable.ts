import { BodyWriter, type Structure } from './body.js';
import type { Callable, Label, Local, Words } from './code.js';
import { type Effect, effectOf, folded } from './fold.js';
import { filled, floatText, named, singleText, wordsOf } from './text.js';

/** Names in the text: the given ones, with numbers where they would coincide. */
interface Names {
  readonly local: (local: Local) => string;
  readonly label: (label: Label) => string;
}

/** A line of the text, put into words when that is asked for. */
interface Line {
  readonly depth: number;
  readonly words: string | ((names: Names) => string);
  /** Of instructions that do not begin or end anything. */
  readonly effect?: Effect;
}

/** Parameters, locals and instructions in the text format; indented by two levels. */
export interface BodyText {
  readonly parameters: string;
  readonly lines: string[];
}

const PUSHES: Effect = [0, 1];

const atOffset = (instruction: string, offset: number): string =>
  offset === 0 ? instruction : `${instruction} offset=${offset}`;

/** A function body in the making, as the same bytes and in words. */
export class ReadableBody extends BodyWriter {
  private readonly lines: Line[] = [];

  override get(local: Local): void {
    const stays = this.isPutAway(local);
    super.get(local);
    if (stays) {
      this.lines.pop();
      this.access('local.tee', local, [1, 1]);
    } else this.access('local.get', local, PUSHES);
  }

  override set(local: Local): void {
    super.set(local);
    this.access('local.set', local, [1, 0]);
  }

  override tee(local: Local): void {
    super.tee(local);
    this.access('local.tee', local, [1, 1]);
  }

  override i32(value: number): void {
    super.i32(value);
    this.line(`i32.const ${value | 0}`, PUSHES);
  }

  override i64(value: bigint): void {
    super.i64(value);
    this.line(`i64.const ${BigInt.asIntN(64, value)}`, PUSHES);
  }

  override f32(value: number): void {
    super.f32(value);
    this.line(`f32.const ${singleText(value)}`, PUSHES);
  }

  override f64(value: number): void {
    super.f64(value);
    this.line(`f64.const ${floatText(value)}`, PUSHES);
  }

  override f32x4(...lanes: [number] | [number, number, number, number]): void {
    super.f32x4(...lanes);
    this.vector('f32x4', lanes.map(singleText), 4);
  }

  override f64x2(...lanes: [number] | [number, number]): void {
    super.f64x2(...lanes);
    this.vector('f64x2', lanes.map(floatText), 2);
  }

  override i32x4(...lanes: [number] | [number, number, number, number]): void {
    super.i32x4(...lanes);
    const texts = lanes.map((lane) => String(lane | 0));
    this.vector('i32x4', texts, 4);
  }

  override i64x2(...lanes: [bigint] | [bigint, bigint]): void {
    super.i64x2(...lanes);
    const texts = lanes.map((lane) => String(BigInt.asIntN(64, lane)));
    this.vector('i64x2', texts, 2);
  }

  override op(instruction: string): void {
    super.op(instruction);
    this.line(instruction, effectOf(instruction));
  }

  override memory(instruction: string, offset: number): void {
    super.memory(instruction, offset);
    this.line(atOffset(instruction, offset), instruction.includes('.store') ? [2, 0] : [1, 1]);
  }

  override lane(instruction: string, lane: number): void {
    super.lane(instruction, lane);
    this.line(`${instruction} ${lane}`, instruction.endsWith('extract_lane') ? [1, 1] : [2, 1]);
  }

  override memoryLane(instruction: string, offset: number, lane: number): void {
    super.memoryLane(instruction, offset, lane);
    const effect: Effect = instruction.includes('.store') ? [2, 0] : [2, 1];
    this.line(`${atOffset(instruction, offset)} ${lane}`, effect);
  }

  override call(callee: Callable): void {
    super.call(callee);
    const { name, parameters, results } = callee;
    this.line(`call $${name}`, [parameters.length, results.length]);
  }

  override br(label: Label): void {
    super.br(label);
    this.line(({ label: nameOf }) => `br $${nameOf(label)}`, [0, 0]);
  }

  override brIf(label: Label): void {
    super.brIf(label);
    this.line(({ label: nameOf }) => `br_if $${nameOf(label)}`, [1, 0]);
  }

  override return(): void {
    super.return();
    this.line('return');
  }

  override comment(text: Words): void {
    super.comment(text);
    this.line(() => {
      const words = wordsOf(text);
      return words === '' ? '' : words.replaceAll(/^/gm, ';; ');
    });
  }

  text(): BodyText {
    const names: Names = { local: named(), label: named() };
    const count = this.parameters.length;
    const declared = this.variables.map(
      (local) => `${local.index < count ? 'param' : 'local'} $${names.local(local)} ${local.type}`,
    );
    const parameters = declared.slice(0, count).map((words) => ` (${words})`);
    const locals = filled(declared.slice(count).map((words) => `(${words})`));
    const code = this.lines.map(({ words, depth, effect }) => ({
      depth: depth + 2,
      text: typeof words === 'string' ? words : words(names),
      effect,
    }));
    return {
      parameters: parameters.join(''),
      lines: [...locals.map((line) => `    ${line}`), ...folded(code)],
    };
  }

  protected override shuffleBytes(bytes: readonly number[]): void {
    super.shuffleBytes(bytes);
    this.line(`i8x16.shuffle ${bytes.join(' ')}`, [2, 1]);
  }

  protected override structure(word: Structure, label: Label, body: (label: Label) => void): void {
    this.line(({ label: nameOf }) => (word === 'if' ? word : `${word} $${nameOf(label)}`));
    super.structure(word, label, body);
    this.line('end');
  }

  protected override else(): void {
    super.else();
    this.lines.push({ depth: this.labels.length - 1, words: 'else' });
  }

  private line(words: Line['words'], effect?: Effect): void {
    this.lines.push({ depth: this.labels.length, words, ...(effect && { effect }) });
  }

  private access(instruction: string, local: Local, effect: Effect): void {
    this.line(({ local: nameOf }) => `${instruction} $${nameOf(local)}`, effect);
  }

  private vector(shape: string, lanes: readonly string[], count: number): void {
    const all = Array.from({ length: count }, (_, k) => lanes[k] ?? lanes[0]!);
    this.line(`v128.const ${shape} ${all.join(' ')}`, PUSHES);
  }
}
