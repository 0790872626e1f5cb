import type { Program } from '../../program/ir.js';
import type { EpisodePlan } from '../../program/plan/episode-plan.js';
import type { KernelPlan } from '../../program/plan/kernels.js';
import { plainName } from '../../program/plan/node-names.js';
import { sizeText } from '../../program/plan/print-formulas.js';
import { writeGraphs } from './compile.js';
import { designOf } from './design.js';
import { type FusedOptions, LEAST_DECAY } from './engine.js';
import { DOUBLE, SINGLE } from './lanes.js';
import type { Layout, Placed, Places } from './layout.js';
import { readableModuleWriter } from './wasm/module.js';

/** What is compiled for an episode with derivatives, in the order in which it is called. */
export const PARTS = [
  'enter',
  'forward',
  'leave',
  'readout',
  'leaveAdjoint',
  'backward',
  'enterAdjoint',
] as const;
export type Part = (typeof PARTS)[number];

/** What the fused engine makes of a program, to be read. */
export interface Listing {
  readonly plan: EpisodePlan;
  readonly kernels: Readonly<Record<Part, KernelPlan>>;
  /** The module of these functions (default: all), as commented WebAssembly text. */
  text(parts?: readonly Part[]): string;
}

export function listingOf(
  program: Program,
  { precision = 'float32', relaxed = false }: Pick<FusedOptions, 'precision' | 'relaxed'> = {},
): Listing {
  const lanes = { ...(precision === 'float32' ? SINGLE : DOUBLE), relaxed };
  const { plan, layout, gradient } = designOf(program, lanes, true, LEAST_DECAY[precision]);
  const requests = new Map(gradient().map((request) => [request.name, request]));
  const write = (parts: readonly Part[]) => {
    const writer = readableModuleWriter();
    const asked = parts.map((part) => requests.get(part)!);
    return { writer, ...writeGraphs(writer, asked, lanes, layout.scratch) };
  };
  const { kernels } = write(PARTS);
  return {
    plan,
    kernels: Object.fromEntries(
      PARTS.map((part) => [part, kernels.get(part)!]),
    ) as Listing['kernels'],
    text: (parts = PARTS) =>
      `${memoryComment(program, layout, precision)}\n${write(parts).writer.text().trimEnd()}`,
  };
}

/** Where everything is, as comments. */
function memoryComment(
  { name }: Program,
  layout: Layout,
  precision: 'float32' | 'float64',
): string {
  const { stepInputs, tape, stepBytes, tapeBytes, scratch, plannedRegion: _, ...more } = layout;
  const always = [
    ...new Set(Object.values(more).flatMap((each) => (each instanceof Map ? entriesOf(each) : []))),
  ];
  const bits = precision === 'float32' ? '32' : '64';
  return [
    name,
    '',
    `Arrays: numbers of ${bits} bits, rows padded with zeros to multiples of 4.`,
    'Single numbers: 64 bits. Addresses are in bytes.',
    '',
    'In memory:',
    ...rows(always),
    `  ${scratch}  what lives within one function`,
    ...(stepInputs.size > 0
      ? [`From $step on, ${stepBytes} bytes for each step:`, ...rows(entriesOf(stepInputs))]
      : []),
    ...(tape.size > 0
      ? [`From $tape on, ${tapeBytes} bytes for each step:`, ...rows(entriesOf(tape))]
      : []),
  ]
    .map((line) => `;; ${line}`.trimEnd())
    .join('\n');
}

const entriesOf = (places: Places): Placed[] => [...places.values()];

function rows(given: readonly Placed[]): string[] {
  const places = [...given].sort((a, b) => a.place.offset - b.place.offset);
  const [addresses, names] = [
    places.map(({ place }) => String(place.offset)),
    places.map(({ name }) => plainName(name)),
  ];
  const widthOf = (texts: readonly string[]): number =>
    Math.max(...texts.map((text) => text.length));
  return places.map(
    ({ shape }, k) =>
      `  ${addresses[k]!.padStart(widthOf(addresses))}  ${names[k]!.padEnd(widthOf(names))}  ${sizeText(shape)}`,
  );
}
