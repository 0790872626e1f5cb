import type { Arrays } from '../../src/engine/engine.js';
import { ofStream } from '../../src/program/slots.js';
import type { LiteralRule } from './literal/literal.js';
import { countOf, extentOf, type Replayed, type ReplaySetting } from './replayed.js';

/** What the definition says of every recorded number: values after all steps, one after the other. */
export function literalRecord(
  { literal, steps, program, episode }: Replayed,
  setting: ReplaySetting,
): Arrays {
  const record: Record<string, number[]> = {};
  const known = new Set(program.states.map(({ name }) => name));
  const push = (slot: string, values: readonly number[]): void => {
    record[slot] ??= [];
    record[slot].push(...values);
  };
  const { streams, preSize, postSize } = setting;
  const drive = episode.start.drive!;
  const existing = new Map(
    [...literal.keys()].map((kind) => [kind, episode.start[`mask ${kind}`]]),
  );
  for (let t = 0; t < episode.steps; t++) {
    const arrived = Array.from({ length: streams }, () => new Array<number>(postSize).fill(0));
    for (const [kind, rule] of literal) {
      rule.advance(steps.get(kind)![t]!);
      const exists = existing.get(kind);
      push(
        kind,
        rule.weights.flat().map((w, k) => (exists?.[k] === 0 ? 0 : w)),
      );
      for (let s = 0; s < streams; s++) {
        rule.sent[s]!.forEach((row, i) => {
          row.forEach((sent, j) => {
            if (exists?.[i * preSize + j] !== 0) arrived[s]![i]! += drive[j]! * sent;
          });
        });
        for (const { name, sides } of rule.memories) {
          const slot = ofStream(`${kind}: ${name}`, s);
          if (known.has(slot)) push(slot, memoryValues(rule, name, sides, s, setting, exists));
        }
      }
    }
    arrived.forEach((values, s) => {
      push(ofStream('arrived', s), values);
    });
  }
  return Object.fromEntries(
    Object.entries(record).map(([slot, values]) => [slot, Float64Array.from(values)]),
  );
}

function memoryValues(
  rule: LiteralRule,
  name: string,
  sides: ReadonlySet<string>,
  stream: number,
  setting: ReplaySetting,
  exists: Float64Array | undefined,
): number[] {
  const extent = extentOf(sides);
  const { preSize } = setting;
  return Array.from({ length: countOf(extent, setting) }, (_, k) => {
    if (extent === 'pre') return rule.memoryAt(name, stream, 0, k);
    if (extent !== 'synapse') return rule.memoryAt(name, stream, k, 0);
    if (exists?.[k] === 0) return 0;
    return rule.memoryAt(name, stream, Math.floor(k / preSize), k % preSize);
  });
}

/** ‖a − b‖ / ‖b‖, over the slots one by one; the worst, and where. Numbers below `floor` count as that large. */
export function worstSlot(a: Arrays, b: Arrays, floor = 1e-3): { slot: string; distance: number } {
  let worst = { slot: '', distance: 0 };
  for (const [slot, wanted] of Object.entries(b)) {
    const found = a[slot];
    let [difference, norm] = [0, 0];
    if (found?.length === wanted.length) {
      for (let k = 0; k < wanted.length; k++) {
        difference += (found[k]! - wanted[k]!) ** 2;
        norm += wanted[k]! ** 2;
      }
    } else difference = Number.POSITIVE_INFINITY;
    const distance = Math.sqrt(difference) / Math.max(Math.sqrt(norm), floor);
    if (!(distance <= worst.distance)) worst = { slot, distance };
  }
  return worst;
}
