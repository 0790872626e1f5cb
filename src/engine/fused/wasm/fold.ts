import { WIDTH } from './text.js';

/*
 * The text format lets instructions stand around what they work on, as formulas do:
 * (f32x4.add (local.get $sum) (f32x4.mul …)). It means the same instructions in the same order.
 */

/** How many values an instruction takes from the stack, and how many it leaves. */
export type Effect = readonly [taken: number, left: number];

/** Lines of a function body, at their depth in blocks and loops; what is no instruction has no effect. */
export interface Item {
  readonly depth: number;
  readonly text: string;
  readonly effect?: Effect | undefined;
}

interface Tree {
  readonly text: string;
  readonly operands: readonly Tree[];
}

const INDENT = '  ';

/** The lines with instructions folded, where what they work on stands immediately before them. */
export function folded(items: readonly Item[]): string[] {
  const lines: string[] = [];
  let waiting: Tree[] = [];
  let depth = 0;
  const flush = (): void => {
    for (const tree of waiting) lines.push(...layOut(tree, depth));
    waiting = [];
  };
  for (const { text, effect, depth: own } of items) {
    if (!effect) {
      if (text === '') continue;
      flush();
      for (const part of text.split('\n')) lines.push(INDENT.repeat(own) + part);
      continue;
    }
    depth = own;
    const [taken, left] = effect;
    const operands = waiting.splice(Math.max(0, waiting.length - taken), taken);
    const tree = { text, operands };
    if (left === 1) waiting.push(tree);
    else {
      flush();
      lines.push(...layOut(tree, depth));
    }
  }
  flush();
  return lines;
}

const inline = ({ text, operands }: Tree): string =>
  `(${[text, ...operands.map(inline)].join(' ')})`;

/** On one line if it fits, otherwise an operand a line. */
function layOut(tree: Tree, depth: number): string[] {
  const indent = INDENT.repeat(depth);
  const line = indent + inline(tree);
  if (line.length <= WIDTH || tree.operands.length === 0) return [line];
  const inner = tree.operands.flatMap((operand) => layOut(operand, depth + 1));
  return [`${indent}(${tree.text}`, ...inner.slice(0, -1), `${inner.at(-1)})`];
}

const UNARY =
  /\.(abs|neg|sqrt|ceil|floor|trunc|nearest|eqz|clz|ctz|popcnt|splat|not|any_true|all_true|bitmask|(convert|trunc|relaxed_trunc|promote|demote|reinterpret|extend|wrap)\w*)$/;

/** The effect of an instruction without immediates. */
export function effectOf(instruction: string): Effect {
  if (instruction === 'nop' || instruction === 'unreachable') return [0, 0];
  if (instruction === 'drop') return [1, 0];
  if (instruction.startsWith('memory.')) return [3, 0];
  if (/^select$|\.(bitselect|relaxed_n?madd|relaxed_laneselect)$/.test(instruction)) return [3, 1];
  return UNARY.test(instruction) ? [1, 1] : [2, 1];
}
