import { unknownWord } from '../base/diagnostics/usage.js';
import { type Result, success } from '../base/result.js';
import { type Listing, listingOf, PARTS, type Part } from '../engine/fused/listing.js';
import type { CheckedRule } from '../language/checked.js';
import type { Graph, Program } from '../program/ir.js';
import { printFormulas } from '../program/plan/print-formulas.js';
import { printKernelPlan } from '../program/plan/print-kernels.js';
import { printEpisodePlan } from '../program/plan/print-plan.js';
import type { CircuitFlags } from './circuit.js';
import { section, wrap } from './layout.js';
import { type Outcome, UsageError } from './outcome.js';
import type { GivenSettings } from './settings.js';
import { type Standing, standingOf } from './standing.js';
import type { Style } from './style.js';

/** What a rule becomes on its way to numbers. */
type Stage = 'program' | 'plan' | 'kernel';

interface StageFlags extends CircuitFlags {
  readonly precision: 'float32' | 'float64';
  readonly relaxed: boolean;
  /** Names of parts; empty: those that are usually read. */
  readonly only: readonly string[];
}

/** Wider lines are broken, also in a file. */
const WIDEST = 100;

/** A rule as a program, a plan or kernels. */
export function shownAs(
  stage: Stage,
  rule: CheckedRule,
  flags: StageFlags,
  settings: GivenSettings,
): Result<Outcome> {
  const standing = standingOf(rule, flags, settings);
  if (!standing.ok) return standing;
  const { program } = standing.value;
  switch (stage) {
    case 'program':
      return success(programShown(standing.value, program, flags));
    case 'plan':
      return success(planShown(standing.value, listingOf(program, flags), flags));
    case 'kernel':
      return success(kernelShown(standing.value, listingOf(program, flags), flags));
  }
}

/** A piece of a stage, to be chosen with `--only`. */
interface Piece {
  readonly part: string;
  readonly heading: string;
  readonly text: string;
}

function programShown(standing: Standing, program: Program, { only }: StageFlags): Outcome {
  const piece = (part: string, heading: string, graph: Graph): Piece => ({
    part,
    heading,
    text: printFormulas(graph),
  });
  const pieces = [
    piece('step', 'A step', program.step),
    piece('readout', 'The read-out', program.readout),
    piece('step-adjoint', 'The adjoint of a step', program.stepAdjoint),
    piece('readout-adjoint', 'The adjoint of the read-out', program.readoutAdjoint),
  ];
  return outcome('program', standing, pieces, chosen('program', pieces, only), MEANING);
}

const MEANING =
  'W′ is what becomes of W; i counts its rows (postsynaptic neurons), j its columns (presynaptic neurons).';

function planShown(standing: Standing, { plan, kernels }: Listing, { only }: StageFlags): Outcome {
  const overview = { part: 'overview', heading: '', text: printEpisodePlan(plan, kernels) };
  const pieces = [
    overview,
    ...PARTS.map((part) => ({
      part: flagOf(part),
      heading: HEADINGS[part],
      text: printKernelPlan(kernels[part]),
    })),
  ];
  const asked = only.length > 0 ? only : ['overview', 'forward', 'backward'];
  const shown = chosen('plan', pieces, asked);
  const others = pieces.filter((piece) => !shown.includes(piece)).map(({ part }) => part);
  const hint = others.length > 0 ? `Not shown (--only): ${others.join(', ')}.` : '';
  return outcome('plan', standing, pieces, shown, `${MEANING} ${hint}`.trimEnd());
}

function kernelShown(standing: Standing, listing: Listing, { only }: StageFlags): Outcome {
  const pieces = PARTS.map((part) => ({ part: flagOf(part), heading: '', text: '' }));
  const asked = new Set(chosen('kernel', pieces, only).map(({ part }) => part));
  const text = listing.text(PARTS.filter((part) => asked.has(flagOf(part))));
  return {
    document: { ...described(standing), kernel: text },
    text: (style) => commentsFitted(text, widthFor(style)),
  };
}

/** How parts are called on the command line: `leave-adjoint`. */
const flagOf = (part: Part): string =>
  part.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);

const HEADINGS: Readonly<Record<Part, string>> = {
  enter: 'Where a segment begins',
  forward: 'A step',
  leave: 'Where a segment ends',
  readout: 'The read-out and its adjoint',
  leaveAdjoint: 'The way back: where a segment ends',
  backward: 'The way back: a step',
  enterAdjoint: 'The way back: where a segment begins',
};

function chosen(stage: Stage, pieces: readonly Piece[], only: readonly string[]): Piece[] {
  const known = pieces.map(({ part }) => part);
  const unknown = only.find((part) => !known.includes(part));
  if (unknown !== undefined) {
    const facts = { what: `part of a ${stage} called`, given: unknown, known };
    throw new UsageError(unknownWord({ ...facts, listedBy: 'engrammar show --help' }));
  }
  return pieces.filter(({ part }) => only.length === 0 || only.includes(part));
}

const described = ({ circuit, projections, program }: Standing) => ({
  name: program.name,
  circuit,
  projections,
});

function outcome(
  stage: Stage,
  standing: Standing,
  all: readonly Piece[],
  shown: readonly Piece[],
  remark: string,
): Outcome {
  const whole = shown.map(({ heading, text }) => (heading === '' ? text : `${heading}\n${text}`));
  return {
    document: {
      ...described(standing),
      [stage]: whole.join('\n\n'),
      parts: Object.fromEntries(all.map(({ part, text }) => [part, text])),
    },
    text: (style) => {
      const width = widthFor(style);
      const sections = shown.map(({ heading, text }) =>
        heading === ''
          ? withHeadings(fitted(text, width), style)
          : section(heading, fitted(text, width - 2), style),
      );
      const name = style.bold(standing.program.name);
      const remarks = remark === '' ? [] : [style.dim(wrap(remark, width).join('\n'))];
      return [name, ...sections, ...remarks].join('\n\n');
    },
  };
}

const widthFor = ({ width }: Style): number => Math.min(width, WIDEST);

/** Lines that are not indented are headings; a heading has an empty line above it. */
const withHeadings = (text: string, style: Style): string =>
  text.replaceAll(/^\S.*$/gm, (line) => `\n${style.heading(line)}`).trimStart();

/** Long lines broken: formulas before operators, others between words. */
function fitted(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => {
    if (line.length <= width) return [line];
    const [indent = ''] = /^ */.exec(line)!;
    const words = line.slice(indent.length);
    const room = width - indent.length - CONTINUED.length;
    const [first = '', ...more] = line.includes(' = ')
      ? broken(words, room)
      : wrapList(words, room);
    return [indent + first, ...more.map((each) => indent + CONTINUED + each)];
  });
  return lines.join('\n');
}

/** Words and shapes, which stay whole. */
const wrapList = (text: string, width: number): string[] =>
  wrap(
    text.replaceAll(/\[\d+, \d+\]/g, (shape) => shape.replace(' ', FIXED)),
    width,
  ).map((line) => line.replaceAll(FIXED, ' '));

/** A space where no line is broken. */
const FIXED = '\u00a0';

/** What stands before the rest of a broken line. */
const CONTINUED = '    ';

/** A formula broken between the terms of its sums; within them only where a term is too long. */
function broken(formula: string, width: number): string[] {
  const terms = formula.split(/ (?=[-+] |where |else )/);
  const pieces = terms.flatMap((term) => (term.length > width ? term.split(/ (?=[*/] )/) : [term]));
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const joined = `${last} ${piece}`;
    if (last === undefined || joined.length > width) lines.push(piece);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** Code stays as it is; long comments go on in comments. */
function commentsFitted(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const comment = /^( *;; ?)(.*)$/.exec(line);
    if (!comment || line.length <= width) return [line];
    const [, mark = '', words = ''] = comment;
    return fitted(words, width - mark.length)
      .split('\n')
      .map((each) => mark + each);
  });
  return lines.join('\n');
}
