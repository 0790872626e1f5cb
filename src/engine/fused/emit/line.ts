import { isNumber } from '../../../program/builder.js';
import type { Node } from '../../../program/ir.js';
import type { Line } from '../../../program/plan/kernels.js';
import { careFor, overColumns } from './chunks.js';
import { Expressions, type Leaves, usesBelow } from './expression.js';
import type { Frame } from './frame.js';
import { paddingsOf } from './padding.js';
import { readAs, rootOf } from './places.js';
import { pushNumberAcross, takingIn } from './reduce.js';
import { isLong } from './registers.js';
import {
  beginPartial,
  mendPadding,
  needsCare,
  overwritten,
  type Partial,
  storeVector,
  takeIn,
} from './sinks.js';
import { Splats } from './splats.js';

/** One loop over vectors of a length. */
export function emitLine(frame: Frame, line: Line): void {
  const { code, names, places } = frame;
  const own = new Set(line.nodes);
  const stored = line.nodes.filter((node) => places.has(node));
  const isLoaded = (node: Node): boolean =>
    !isNumber(node) && places.has(node) && !own.has(rootOf(node));
  const at = code.local('i32', 'at');
  const splats = new Splats(frame);
  const leaves: Leaves = {
    has: (node) => isNumber(node) || isLoaded(node),
    get: (node) => (isNumber(node) ? splats.get(node) : () => frame.load(places.of(node), at)),
  };
  const padding = paddingsOf(isLoaded, isNumber);
  const partials: Partial[] = line.reductions.map((node) => ({
    node,
    local: code.local('v128', () => `partial ${names.of(node)}`),
    padding: padding(readAs(node.operands[0]!)),
  }));
  const sinks = stored.map((node) => ({ node, padding: padding(node) }));
  const uses = usesBelow(
    [...stored, ...partials.map(({ node }) => readAs(node.operands[0]!))],
    leaves.has,
  );
  const values = new Expressions(frame, leaves, uses.counts);
  const early = overwritten(frame, uses.leaves, stored);
  const isNeeded = [...sinks, ...partials].some(needsCare);
  const care = careFor(line.length, isNeeded, line.nodes.some(isLong));

  splats.prepare(uses.leaves);
  for (const partial of partials) beginPartial(frame, partial);
  overColumns(frame, at, line.length, care, (chunk) => {
    values.forget();
    if (chunk.holds !== 'padding') for (const leaf of early) values.keep(leaf);
    for (const sink of sinks) storeVector(frame, values, sink, chunk, [at, 0]);
    for (const partial of partials) takeIn(frame, values, partial, chunk);
  });
  if (care === 'none') {
    for (const sink of sinks) mendPadding(frame, sink, line.length, [undefined, 0]);
  }
  for (const { node, local } of partials) {
    frame.storeNumber(places.of(node), () => {
      pushNumberAcross(frame, local, takingIn(node.operation));
    });
  }
}
